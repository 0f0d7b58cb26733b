package script_test

import (
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// A native function cannot be interrupted, and the script says so while it
// lasts.
func TestStuckInNativeCode(t *testing.T) {
	r := scripttest.Start(t, `
exports.onMessage = () => 'b,a,d,c,'.repeat(1 << 19).split(',').sort()`, func(o *script.Options) { o.HandlerLimit = 200 * time.Millisecond })
	if r.Stuck() != 0 {
		t.Errorf("stuck for %v before anything ran", r.Stuck())
	}
	r.Message("t", "go", 0)
	r.Until("the script to be stuck", func() bool { return r.Stuck() > 0 })
	r.Until("the end of the sort", func() bool { return r.Stuck() == 0 })
	r.Kill()
	<-r.Interrupted()
}
