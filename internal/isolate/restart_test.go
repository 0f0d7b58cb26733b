package isolate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// dies is JavaScript that ends the process, quickly.
const dies = `(function* g() { yield* g() })().next()`

func restarts(when Restart) func(*Config, *script.Options) {
	return func(cfg *Config, _ *script.Options) { cfg.Restart, cfg.Memory = when, 256<<20 }
}

// What a process had not settled, its successor gets, in the order; what it had
// settled, it does not.
func TestSuccessorGetsWhatIsUnsettled(t *testing.T) {
	r := start(t, `
const fs = require('fs')
let life = 0
try { life = Number(fs.readFileSync('life')) } catch {}
fs.writeFileSync('life', String(life + 1))
console.log('life', life)
module.exports = {
  onConnect() { console.log('connected', life) },
  onMessage(t, p) {
    console.log(life, String(p))
    if (String(p) === 'pending' && life === 0) return new Promise(() => {})
    if (String(p) === 'die' && life === 0) `+dies+`
  },
}`, restarts(OnFailure)).running()
	r.Notify(&script.Event{Kind: script.EventConnect, Version: packet.V5, Packet: &packet.Connack{}})
	r.message(1, "done")
	r.message(2, "pending")
	r.message(0, "zero")
	r.message(1, "die")
	for i := range 5 {
		r.message(1, fmt.Sprint("later ", i))
	}
	r.until("all to be settled", func() bool { return len(r.settled) == 8 })
	r.message(0, "after")
	r.prints("1 after")
	want := `life 0
connected 0
0 done
0 pending
0 zero
0 die
! the script was ended: its recursion was deeper than its process could bear; it starts again in 1ms
life 1
connected 1
1 pending
1 die
1 later 0
1 later 1
1 later 2
1 later 3
1 later 4
1 after`
	if r.text() != want {
		t.Errorf("the console:\n%s", r.text())
	}
	if got := r.settledNow(); got != "done true,pending true,die true,later 0 true,later 1 true,later 2 true,later 3 true,later 4 true" {
		t.Errorf("settled %s", got)
	}
	r.until("an empty inbox", func() bool { m, b := r.Backlog(); return m == 0 && b == 0 })
	if s := r.Stats(); s.MessagesReceived != 10 || s.MessagesHandled != 10 || s.MessagesDropped != 0 {
		t.Errorf("%+v", s)
	}
}

// A message with which one process after the other dies is given up, and costs
// no other message.
func TestDeadlyMessageIsGivenUp(t *testing.T) {
	r := start(t, `exports.onMessage = (t, p) => { console.log('gets', String(p)); if (String(p) === 'deadly') `+dies+` }`, restarts(OnFailure)).running()
	for i := range 10 {
		r.message(1, fmt.Sprint("a", i))
	}
	r.message(1, "deadly")
	for i := range 10 {
		r.message(1, fmt.Sprint("b", i))
	}
	r.message(1, "deadly")
	r.message(2, "last")
	r.until("all to be settled", func() bool { return len(r.settled) == 23 })
	text := r.text()
	if n := strings.Count(text, "a message on 't' was given up: 3 processes died while they had it"); n != 2 {
		t.Errorf("%d messages were given up:\n%s", n, text)
	}
	if n := strings.Count(text, "it starts again"); n < 4 || n > 6 {
		t.Errorf("%d restarts:\n%s", n, text)
	}
	for i := range 10 {
		for _, name := range []string{"a", "b"} {
			if n := strings.Count(text, fmt.Sprintf("gets %s%d\n", name, i)); n != 1 {
				t.Errorf("%s%d was handled %d times", name, i, n)
			}
		}
	}
	if s := r.Stats(); s.MessagesDropped != 2 || s.MessagesHandled != 21 || s.Backlog != 0 {
		t.Errorf("%+v", s)
	}
}

func TestWhenItRestarts(t *testing.T) {
	const counts = `
const fs = require('fs')
let life = 0
try { life = Number(fs.readFileSync('life')) } catch {}
fs.writeFileSync('life', String(++life))
`
	for _, c := range []struct {
		name    string
		when    Restart
		source  string
		restart bool
		says    string
	}{
		{"never, dies", Never, `exports.onMessage = () => {` + dies + `}`, false, "recursion"},
		{"never, exits", Never, `exports.onMessage = () => exit()`, false, ""},
		{"on failure, exits", OnFailure, `exports.onMessage = () => exit()`, false, ""},
		{"on failure, does not load", OnFailure, `throw new Error('not yet')`, false, ""},
		{"on failure, fails while it awaits", OnFailure, `module.exports = (async () => { await null; throw new Error('not yet') })(); await module.exports`, false, ""},
		{"on failure, dies and does not load then", OnFailure, `if (life === 2) throw new Error('not yet'); exports.onMessage = () => {` + dies + `}`, true, "not yet"},
		{"on failure, dies at load", OnFailure, `if (life === 1) ` + dies, true, "recursion"},
		{"always, exits", Always, `if (life === 1) exit()`, true, "the script has ended; it starts again in 1ms"},
		{"always, does not load", Always, `if (life < 3) throw new Error('not yet')`, true, "not yet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := start(t, counts+c.source+`
if (life >= 3 || life === 2 && !`+fmt.Sprint(strings.Contains(c.source, "not yet"))+`) console.log('lives again')`, restarts(c.when))
			r.await("loading", r.Loaded())
			_ = r.Deliver(message(1, "go"))
			if !c.restart {
				if state, _ := r.ended(); state != script.StateFailed && state != script.StateExited {
					t.Error(state)
				}
			} else {
				r.prints("lives again")
			}
			if !strings.Contains(r.text(), c.says) || strings.Contains(r.text(), "lives again") != c.restart {
				t.Errorf("the console:\n%s", r.text())
			}
		})
	}
}

// The wait doubles from time to time, up to a bound.
func TestBackoff(t *testing.T) {
	r := start(t, `exit()`, func(cfg *Config, _ *script.Options) {
		cfg.Restart, cfg.FirstDelay, cfg.LongestDelay = Always, time.Millisecond, 5*time.Millisecond
	})
	r.prints("in 1ms\n! the script has ended; it starts again in 2ms\n! the script has ended; it starts again in 4ms\n! the script has ended; it starts again in 5ms\n! the script has ended; it starts again in 5ms")
	r.Stop()
	if state, err := r.ended(); err != nil || state != script.StateStopped && state != script.StateExited {
		t.Errorf("%v %v", state, err)
	}

	calm := start(t, `exit()`, func(cfg *Config, _ *script.Options) {
		cfg.Restart, cfg.FirstDelay, cfg.StableAfter = Always, time.Millisecond, time.Nanosecond
	})
	calm.prints("in 1ms\n! the script has ended; it starts again in 1ms\n! the script has ended; it starts again in 1ms")
}

// While it waits for its next process a script can be stopped, and what waits
// for it is bounded.
func TestStopBetweenTwoProcesses(t *testing.T) {
	for _, end := range []func(*Script){(*Script).Stop, (*Script).Kill} {
		r := start(t, `exports.onMessage = () => {`+dies+`}`, func(cfg *Config, o *script.Options) {
			cfg.Restart, cfg.FirstDelay, cfg.Memory = OnFailure, time.Hour, 256<<20
			o.InboxMessages = 3
		}).running()
		r.message(1, "one")
		r.prints("it starts again in 1h0m0s")
		if state, _ := r.Result(); state != script.StateLoading {
			t.Error(state)
		}
		if !r.WantsMessages() || !r.Wants(script.EventPacketSend) {
			t.Error("what it will want is not known")
		}
		r.message(1, "two")
		r.message(0, "three")
		if r.Deliver(message(1, "four")) {
			t.Error("its inbox has no bound")
		}
		r.Warn("a warning")
		end(r.Script)
		if state, err := r.ended(); state != script.StateStopped || err != nil {
			t.Errorf("%v %v", state, err)
		}
		if got := r.settledNow(); got != "one false,two false" {
			t.Errorf("settled %s", got)
		}
		r.prints("! a warning")
	}
}

// The answers to one process mean nothing to the next, whose questions have the
// same numbers.
func TestAnswersAreForTheOneThatAsked(t *testing.T) {
	r := start(t, `
const fs = require('fs')
let life = 0
try { life = Number(fs.readFileSync('life')) } catch {}
fs.writeFileSync('life', String(++life))
const later = publish('t', 'from ' + life, { qos: 1 }).then(() => console.log('answered', life), (e) => console.log('refused', life, e.message))
exports.onMessage = () => {`+dies+`}`, restarts(OnFailure)).running()
	r.until("the first publish", func() bool { return len(r.requests) == 1 })
	r.message(0, "die")
	r.until("the second", func() bool { return len(r.requests) == 2 })
	r.PublishDone(r.requests[0].ID, &script.ClientError{Name: "Error", Message: "too late"})
	r.PublishDone(r.requests[1].ID, nil)
	r.prints("answered 2")
	if strings.Contains(r.text(), "refused") {
		t.Errorf("the console:\n%s", r.text())
	}
	if s := r.Stats(); s.MessagesDropped != 1 || s.MessagesHandled != 0 {
		t.Errorf("the QoS 0 message that the process died with is lost, and counted: %+v", s)
	}
}
