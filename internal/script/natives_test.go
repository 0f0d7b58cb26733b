package script_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestLongWorkDoesNotHoldUpTheEnd ends scripts whose cryptography would take
// hours.
func TestLongWorkDoesNotHoldUpTheEnd(t *testing.T) {
	begun := time.Now()
	beside := scripttest.Start(t, `
		require('crypto').pbkdf2('p', 's', 2 ** 31 - 1, 64, 'sha512', () => {})
		exit()`)
	_, _ = beside.Ended()
	inside := scripttest.Start(t, `
		setTimeout(() => {
			console.log('works')
			require('crypto').pbkdf2Sync('p', 's', 2 ** 31 - 1, 64, 'sha512')
		}, 0)
		module.exports = { onMessage() {} }`,
		func(o *script.Options) { o.HandlerLimit = 100 * time.Millisecond })
	deadline := time.Now().Add(scripttest.Patience)
	for !strings.Contains(strings.Join(inside.Console.Calls(), "\n"), "interrupted") {
		if time.Now().After(deadline) {
			t.Fatalf("not interrupted: %v", inside.Console.Calls())
		}
		time.Sleep(time.Millisecond)
	}
	inside.Kill()
	_, _ = inside.Ended()
	if d := time.Since(begun); d > 2*scripttest.Patience {
		t.Errorf("it took %v", d)
	}
}

// TestNamesThatAreMissing uses what Node's modules have and scripts have not.
func TestNamesThatAreMissing(t *testing.T) {
	got := scripttest.Output(t, `
		const { execSync } = require('child_process')
		const os = require('os'), zlib = require('zlib'), { Readable } = require('stream')
		for (const use of [() => execSync('ls'), () => os.getPriority(), () => zlib.brotliCompressSync('a'), () => new (require('worker_threads').Worker)(''), () => Readable.from([1]).map((x) => x), () => require('stream').compose()]) {
			try { use() } catch (error) { console.log(error.code, error.message) }
		}
		console.log(Object.keys(os).includes('getPriority'))
		exit()`)
	want := `ERR_NOT_IMPLEMENTED child_process.execSync is not implemented in mqscript
ERR_NOT_IMPLEMENTED os.getPriority is not implemented in mqscript
ERR_NOT_IMPLEMENTED zlib.brotliCompressSync is not implemented in mqscript
ERR_NOT_IMPLEMENTED worker_threads.Worker is not implemented in mqscript
ERR_NOT_IMPLEMENTED Readable.prototype.map is not implemented in mqscript
ERR_NOT_IMPLEMENTED stream.compose is not implemented in mqscript
false`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
