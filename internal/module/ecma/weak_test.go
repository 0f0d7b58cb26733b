package ecma_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestCollectedObjects lets the garbage collector run until a script has seen
// that what it holds weakly is gone, and what it holds otherwise is not.
func TestCollectedObjects(t *testing.T) {
	r := scripttest.Start(t, `
		const said = []
		const registry = new FinalizationRegistry((held) => said.push(held))
		const kept = { name: 'kept' }, token = {}
		let refs
		(function () {
			const gone = { name: 'gone' }, silent = { name: 'silent' }
			refs = [kept, gone].map((object) => new WeakRef(object))
			registry.register(gone, 'gone is gone')
			registry.register(kept, 'kept is gone')
			registry.register(silent, 'silent is gone', token)
			registry.unregister(token)
		})()
		const again = setInterval(() => {
			if (refs[1].deref() !== undefined || said.length === 0) return
			clearInterval(again)
			console.log(said.join(), refs[0].deref() === kept, refs[1].deref())
			exit()
		}, 1)`)
	deadline := time.Now().Add(scripttest.Patience)
	for {
		runtime.GC()
		select {
		case <-r.Done():
			if got := strings.Join(r.Console.Calls(), "\n"); got != "gone is gone true undefined" {
				t.Errorf("console: %s", got)
			}
			return
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing was collected")
		}
	}
}
