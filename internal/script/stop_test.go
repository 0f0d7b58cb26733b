package script_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// limits makes the limits short enough for tests that reach them and leaves
// long ones to those that must not.
func limits(exit time.Duration) scripttest.Option {
	return func(o *script.Options) { o.ExitLimit = exit }
}

func TestStopRunsOnWillExit(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"sync", `exports.onWillExit = () => console.log('bye')`, "bye"},
		{"async", `exports.onWillExit = async () => { await null; console.log('bye') }`, "bye"},
		{"timer", `exports.onWillExit = () => { setTimeout(() => console.log('bye'), 20) }`, "bye"},
		{"awaited timer", `exports.onWillExit = async () => { await new Promise(r => setTimeout(r, 20)); console.log('bye') }`, "bye"},
		{"timer of a timer", `exports.onWillExit = () => { setTimeout(() => setTimeout(() => console.log('bye'), 10), 10) }`, "bye"},
		{"immediate", `exports.onWillExit = () => { setImmediate(() => console.log('bye')) }`, "bye"},
		{"interval does not hold", `setInterval(() => {}, 1); exports.onWillExit = () => { setInterval(() => {}, 1); console.log('bye') }`, "bye"},
		{"old timer does not hold", `setTimeout(() => console.log('late'), 1e6); exports.onWillExit = () => console.log('bye')`, "bye"},
		{"unref'd timer does not hold", `exports.onWillExit = () => { setTimeout(() => console.log('late'), 1e6).unref(); console.log('bye') }`, "bye"},
		{"publish", `exports.onWillExit = async () => { await publish('t', 'bye', { qos: 1 }); console.log('bye') }`, "bye"},
		{"throws", `exports.onWillExit = () => { throw 'oops' }`, "[error] Uncaught (in onWillExit) 'oops'\n    at FILE:1:30"},
		{"rejects", `exports.onWillExit = async () => { await null; throw 'oops' }`, "[error] Uncaught (in onWillExit) 'oops'"},
		{"exits", `exports.onWillExit = () => { exit(); console.log('after') }`, ""},
		{"no handler", `setInterval(() => {}, 1)`, ""},
		{"file", `exports.onWillExit = async () => { const fs = require('fs'); await fs.promises.writeFile('state.json', '{}'); console.log(fs.readFileSync('state.json', 'utf8')) }`, "{}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := scripttest.Start(t, c.source, limits(time.Minute))
			r.Stop()
			r.Stop()
			state, err := r.Ended()
			want := script.StateStopped
			if c.name == "exits" {
				want = script.StateExited
			}
			if state != want || err != nil {
				t.Errorf("%v, %v", state, err)
			}
			if got := strings.ReplaceAll(r.Console.Text(), r.Dir+"/script.js", "FILE"); got != c.want {
				t.Errorf("console %q, want %q", got, c.want)
			}
		})
	}
}

func TestStopWaitsForPublishes(t *testing.T) {
	r := scripttest.New(t, `exports.onWillExit = () => { publish('t', 'last', { qos: 1 }) }; publish('t', 'first', { qos: 1 })`, limits(time.Minute))
	r.Host.Hold = true
	r.Script.Start()
	<-r.Loaded()
	r.Stop()
	r.Until("publishes", func() bool { return len(r.Host.Published()) == 2 })
	if state, _ := r.Result(); state != script.StateStopping {
		t.Fatalf("state %v", state)
	}
	for i, p := range r.Host.Published() {
		select {
		case <-r.Done():
			t.Fatalf("ended before answer %d", i)
		default:
		}
		r.PublishDone(p.ID, nil)
	}
	if state, err := r.Ended(); state != script.StateStopped || err != nil {
		t.Errorf("%v, %v", state, err)
	}
}

func TestExitLimit(t *testing.T) {
	const said = "[error] the script was ended: it did not finish within 50ms of being stopped"
	for _, c := range []struct{ name, source string }{
		{"endless loop", `exports.onWillExit = () => { for (;;) {} }`},
		{"endless loop that catches", `exports.onWillExit = () => { for (;;) try { for (;;) {} } catch {} finally { continue } }`},
		{"promise that is never settled", `exports.onWillExit = () => new Promise(() => {})`},
		{"long timer", `exports.onWillExit = () => { setTimeout(() => {}, 1e6) }`},
		{"publish without an answer", `exports.onWillExit = () => { publish('t', 'x') }`},
		{"timers without end", `exports.onWillExit = () => { (function again() { setTimeout(again) })() }`},
		{"endless handler", `exports.onMessage = () => { console.log('in'); for (;;) {} }`},
		{"endless while loading", `for (;;) {}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := scripttest.New(t, c.source, limits(50*time.Millisecond))
			r.Host.Hold = true
			r.Script.Start()
			if c.name != "endless while loading" {
				<-r.Loaded()
			}
			if c.name == "endless handler" {
				r.Message("t", "", 1)
				r.Prints("in")
			}
			r.Stop()
			if state, err := r.Ended(); state != script.StateStopped || err != nil {
				t.Errorf("%v, %v", state, err)
			}
			if got := strings.TrimPrefix(r.Console.Text(), "in\n"); got != said {
				t.Errorf("console %q", got)
			}
		})
	}
}

func TestNoMessageIsDeliveredOnceStopped(t *testing.T) {
	r := scripttest.Start(t, `
		exports.onMessage = (t) => console.log(t)
		exports.onClose = () => console.log('closed')
		exports.onWillExit = () => { console.log('will exit'); setTimeout(() => console.log('bye'), 20) }`)
	r.Stop()
	if r.Deliver(&script.Message{}) {
		t.Error("a message was taken")
	}
	r.Notify(&script.Event{Kind: script.EventClose})
	_, _ = r.Ended()
	if got := r.Console.Text(); got != "will exit\nclosed\nbye" {
		t.Errorf("console %q", got)
	}
}

func TestQueuedMessagesAreSettledByStop(t *testing.T) {
	r := scripttest.New(t, `exports.onMessage = (t) => console.log(t); const until = Date.now() + 50; while (Date.now() < until) {}`)
	r.Script.Start()
	for range 5 {
		r.Message("t", "", 2)
	}
	r.Stop()
	_, _ = r.Ended()
	if len(r.Settled()) != 5 {
		t.Errorf("%d settled", len(r.Settled()))
	}
	if got := r.Console.Text(); got != "" {
		t.Errorf("console %q", got)
	}
}

func TestKill(t *testing.T) {
	for _, source := range []string{
		`exports.onWillExit = () => console.log('will exit')`,
		`for (;;) {}`,
		`exports.onWillExit = () => { for (;;) {} }`,
	} {
		r := scripttest.New(t, source)
		r.Script.Start()
		r.Kill()
		r.Kill()
		r.Stop()
		if state, err := r.Ended(); state != script.StateStopped || err != nil {
			t.Errorf("%s: %v, %v", source, state, err)
		}
		if r.Console.Text() != "" {
			t.Errorf("%s: console %q", source, r.Console.Text())
		}
	}
}

func TestKillDuringOnWillExit(t *testing.T) {
	r := scripttest.Start(t, `exports.onWillExit = () => { console.log('in'); for (;;) {} }`, limits(time.Minute))
	r.Stop()
	r.Prints("in")
	r.Kill()
	if state, err := r.Ended(); state != script.StateStopped || err != nil {
		t.Errorf("%v, %v", state, err)
	}
}

func TestScriptThatWasNeverStarted(t *testing.T) {
	for _, end := range []func(*scripttest.Run){
		func(r *scripttest.Run) { r.Stop() }, func(r *scripttest.Run) { r.Kill() },
	} {
		r := scripttest.New(t, ``)
		r.Message("t", "", 1)
		end(r)
		end(r)
		r.Script.Start()
		if state, err := r.Ended(); state != script.StateStopped || err != nil {
			t.Errorf("%v, %v", state, err)
		}
		if len(r.Settled()) != 1 {
			t.Errorf("%d settled", len(r.Settled()))
		}
	}
}

func TestHostsWarnings(t *testing.T) {
	r := scripttest.Start(t, `exports.onClose = () => exit()`)
	r.Warn("first")
	r.Prints("[warn] first")
	r.Notify(&script.Event{Kind: script.EventClose})
	_, _ = r.Ended()
	r.Warn("after the end")
	r.Prints("[warn] first\n[warn] after the end")
}
