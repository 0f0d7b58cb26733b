package isolate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// pid is the process of the script, which prints it first.
func (r *rig) pid() int {
	r.t.Helper()
	r.prints("pid ")
	_, rest, _ := strings.Cut(r.text(), "pid ")
	first, _, _ := strings.Cut(rest, "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		r.t.Fatal(err)
	}
	return pid
}

func TestScriptLivesInAnotherProcess(t *testing.T) {
	r := start(t, `
console.log('pid', process.pid)
console.log('args', process.argv.slice(2).join(), process.env.GREETING)
console.warn('warning')
module.exports = {
  onMessage(topic, payload, packet) { console.log(topic, String(payload), packet.qos); publish('answer', payload, { qos: 1 }).then(() => console.log('published')) },
  onConnect(packet) { console.log('connected', packet.cmd, require('mqscript').client.connected, require('mqscript').client.id) },
  onPublish(topic, message, opts) { console.log('onPublish', topic, message, opts.qos) },
  onWillExit() { console.log('bye') },
}`, func(_ *Config, o *script.Options) {
		o.Args, o.Env = []string{"a", "b"}, map[string]string{"GREETING": "hello"}
	}).running()
	if r.pid() == os.Getpid() {
		t.Error("the script lives in this process")
	}
	r.prints("args a,b hello\n! warning")
	if r.Name() != "script" || r.Wants(script.EventReconnect) || !r.Wants(script.EventPublish) || !r.WantsMessages() {
		t.Errorf("%s wants %x", r.Name(), r.wants.Load())
	}

	r.change(func() { r.client.Connected, r.client.ID = true, "given" })
	r.Notify(&script.Event{Kind: script.EventConnect, Version: packet.V5, Packet: &packet.Connack{}})
	r.prints("connected connack true given")
	r.message(1, "one")
	r.prints("t one 1")
	r.until("the publish", func() bool { return len(r.requests) == 1 })
	req := r.requests[0]
	if req.Packet.Topic != "answer" || req.Packet.QoS != 1 || string(req.Packet.Payload) != "one" || req.Form != script.FormBuffer {
		t.Errorf("the script published %+v", req)
	}
	r.Notify(&script.Event{Kind: script.EventPublish, Version: packet.V5, Packet: &req.Packet, Form: req.Form})
	r.PublishDone(req.ID, nil)
	r.prints("onPublish answer <Buffer 6f 6e 65> 1\npublished")
	r.Warn("mind the gap")
	r.prints("! mind the gap")
	r.until("the message to be handled", func() bool { return len(r.settled) == 1 && r.settled[0] == "one true" })

	r.Stop()
	if state, err := r.ended(); state != script.StateStopped || err != nil {
		t.Errorf("%v %v", state, err)
	}
	if !strings.HasSuffix(r.text(), "bye") {
		t.Errorf("the console:\n%s", r.text())
	}
	s := r.Stats()
	if s.MessagesReceived != 1 || s.MessagesHandled != 1 || s.Publishes != 1 || s.Backlog != 0 || s.MaxHandlerTime <= 0 {
		t.Errorf("%+v", s)
	}
	if r.Deliver(message(0, "late")) {
		t.Error("a message was taken after the end")
	}
	r.Warn("too late")
	r.prints("! too late")
}

func TestSubscribeAndRefusals(t *testing.T) {
	r := start(t, `
const { subscribe, unsubscribe, request, nextMessage } = require('mqscript')
module.exports = {
  async onConnect() {
    console.log(JSON.stringify(await subscribe({ a: { qos: 1 }, b: { nl: true } })))
    await unsubscribe(['a', 'b']).catch((e) => console.log(e.code))
    await publish('t', 'x').catch((e) => console.log(e.message))
    publish('t', 'nobody looks')
    console.log('asks')
    console.log((await nextMessage('t')).payload.toString())
  },
}`, nil).running()
	r.change(func() { r.refuse = &script.ClientError{Name: "Error", Message: "the queue is full"} })
	if r.WantsMessages() {
		t.Error("the script wants messages before it waits for one")
	}
	r.Notify(&script.Event{Kind: script.EventConnect, Version: packet.V5, Packet: &packet.Connack{}})
	r.prints(`[{"topic":"a","qos":1},{"topic":"b","qos":0}]`)
	r.prints("unsubscribe [a b]")
	r.prints("ENOTTODAY\nthe queue is full\nasks")
	r.prints("! Uncaught (in promise) [Error: the queue is full]")
	r.until("the wish for messages", r.WantsMessages)
	r.message(0, "here")
	r.prints("here")
	r.until("the end of the wish", func() bool { return !r.WantsMessages() })
}

func TestEnds(t *testing.T) {
	for _, c := range []struct {
		name, source string
		stop         bool
		state        script.State
		text, reason string
	}{
		{"exit", `console.log('out'); exit(); console.log('no')`, false, script.StateExited, "out", ""},
		{"process.exit", `process.exit(3)`, false, script.StateExited, "", ""},
		{"throws at load", `throw new Error('bad start')`, false, script.StateFailed, "", "bad start"},
		{"does not parse", "let a = 1\nlet a = 2", false, script.StateFailed, "", ":2"},
		{"stopped", `exports.onWillExit = () => console.log('bye')`, true, script.StateStopped, "bye", ""},
		{"endless at the end", `exports.onWillExit = () => { for (;;) ; }`, true, script.StateStopped, "! the script was ended: it did not finish within 300ms of being stopped", ""},
		{"stuck at the end", `exports.onWillExit = () => { console.log('goes'); Array.prototype.indexOf.call({ length: 2 ** 52 }, 1) }`, true, script.StateStopped, "! the script was ended: it did not finish within 300ms of being stopped", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := start(t, c.source, func(_ *Config, o *script.Options) { o.ExitLimit = 300 * time.Millisecond })
			if c.stop {
				r.running().Stop()
			}
			state, err := r.ended()
			if state != c.state || (err == nil) != (c.reason == "") || err != nil && !strings.Contains(err.Error(), c.reason) {
				t.Errorf("%v %v", state, err)
			}
			if r.WantsMessages() || r.Wants(script.EventPublish) {
				t.Error("it wants something after its end")
			}
			if !strings.Contains(r.text(), c.text) || strings.Contains(r.text(), "no") != strings.Contains(c.text, "no") {
				t.Errorf("the console:\n%s", r.text())
			}
		})
	}
}

// What the script has not handled at its end was not handled.
func TestUnhandledAtTheEnd(t *testing.T) {
	for _, kill := range []bool{false, true} {
		r := start(t, `exports.onMessage = (t, p) => { console.log('has', String(p)); if (p == 'pending') return new Promise(() => {}) }`, nil).running()
		r.message(1, "done")
		r.message(1, "pending")
		r.message(0, "loose")
		r.prints("has loose")
		r.until("the handled", func() bool { return len(r.settled) == 1 })
		if kill {
			r.Kill()
		} else {
			r.Stop()
		}
		if state, _ := r.ended(); state != script.StateStopped {
			t.Error(state)
		}
		if got := r.settledNow(); got != "done true,pending false" {
			t.Errorf("kill %v: settled %s", kill, got)
		}
	}
}

func TestNeverStarted(t *testing.T) {
	for _, end := range []func(*Script){(*Script).Stop, (*Script).Kill} {
		r := prepare(t, ``, nil)
		r.message(1, "early")
		end(r.Script)
		r.Start()
		if state, err := r.ended(); state != script.StateStopped || err != nil || r.settledNow() != "early false" {
			t.Errorf("%v %v %s", state, err, r.settledNow())
		}
	}
}

// What the host's process is told beside: the files, and that what the script
// wants is not known yet.
func TestFilesAndAwaiting(t *testing.T) {
	var files []string
	r := prepare(t, `
import './other.js'
await new Promise((done) => { globalThis.go = done; setTimeout(() => console.log('awaits')) ; require('mqscript').nextMessage('t').then(done) })
export function onConnect() {}
console.log('goes on')`, func(_ *Config, o *script.Options) {
		o.Required = func(path string) { files = append(files, filepath.Base(path)) }
		o.Path = filepath.Join(filepath.Dir(o.Path), "script.mjs")
	})
	if err := os.Rename(r.file, filepath.Join(filepath.Dir(r.file), "script.mjs")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(r.file), "other.js"), []byte("// nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Start()
	r.prints("awaits")
	if !r.Awaits() || !r.Wants(script.EventReconnect) || !r.WantsMessages() {
		t.Errorf("while it awaits it wants %x", r.wants.Load())
	}
	r.message(1, "go on")
	r.prints("goes on")
	r.until("the wishes to be known", func() bool { return !r.Awaits() && !r.WantsMessages() && !r.Wants(script.EventReconnect) })
	r.Stop()
	if state, err := r.ended(); state != script.StateStopped || err != nil {
		t.Errorf("%v %v", state, err)
	}
	if strings.Join(files, " ") != "script.mjs other.js" {
		t.Errorf("it loaded %q", files)
	}
}

// A program that cannot be started, and one that is something else.
func TestWrongPrograms(t *testing.T) {
	for _, c := range []struct {
		program string
		args    []string
		reason  string
	}{
		{"/nowhere/mqscript", nil, "could not be started"},
		{"/bin/sh", []string{"-c", "echo hello, I am no script; cat >/dev/null"}, "could not be read"},
		{"/bin/sh", []string{"-c", "exit 3"}, "exit status 3"},
		{"/bin/sh", []string{"-c", "kill -9 $$"}, "killed from outside"},
		{"/bin/sh", []string{"-c", "printf '\\001\\000\\000\\000\\100\\011'; cat >/dev/null"}, "replaced by another version"},
		{"/bin/sh", []string{"-c", "printf '\\001\\000\\000\\000\\103'"}, "unexpected EOF"},
		{"/bin/sh", []string{"-c", "echo 'fatal error: out of memory' >&2; exit 2"}, "used more memory than"},
		{"/bin/sh", []string{"-c", "echo 'panic: a fault' >&2; exit 2"}, "exit status 2"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			t.Parallel()
			r := start(t, ``, func(cfg *Config, _ *script.Options) { cfg.Program, cfg.Args = c.program, c.args })
			state, err := r.ended()
			var death *DeathError
			if state != script.StateFailed || !errors.As(err, &death) || !strings.Contains(death.Reason, c.reason) {
				t.Errorf("%v %v", state, err)
			}
			if !strings.Contains(r.text(), "! the script was ended: "+death.Reason) {
				t.Errorf("the console:\n%s", r.text())
			}
		})
	}
}

// A child that says nothing at all is found out.
func TestSilentProcess(t *testing.T) {
	r := start(t, `console.log('pid', process.pid)`, func(cfg *Config, o *script.Options) {
		cfg.Grace, cfg.Silence = 50*time.Millisecond, 500*time.Millisecond
		o.HandlerLimit = 100 * time.Millisecond
	}).running()
	freeze(t, r.pid())
	_, err := r.ended()
	if err == nil || !strings.Contains(err.Error(), "gave no sign of life for") {
		t.Errorf("%v", err)
	}
}

// A script that publishes faster than the host takes waits, and what it has
// published is all there, in its order.
func TestPublishWaitsForTheHost(t *testing.T) {
	const n = 3000
	r := prepare(t, fmt.Sprintf(`
const filler = 'x'.repeat(1000)
for (let i = 0; i < %d; i++) publish('t', i + ' ' + filler)
console.log('published all')`, n), nil)
	hold := make(chan struct{})
	r.hold = hold
	r.Start()
	r.until("the first publish", func() bool { return r.waiting })
	close(hold)
	r.prints("published all")
	r.until("everything", func() bool { return len(r.requests) == n })
	for i, req := range r.requests {
		if !strings.HasPrefix(string(req.Packet.Payload), fmt.Sprint(i, " ")) {
			t.Fatalf("publish %d is %.20s", i, req.Packet.Payload)
		}
	}
}

// Messages in bulk, with sizes of all kinds, arrive once and in their order.
func TestManyMessages(t *testing.T) {
	const n = 20000
	r := start(t, `
let next = 0, wrong = 0
exports.onMessage = (t, p, packet) => {
  if (Number(p.toString('latin1', 0, 8)) !== next) wrong++
  if (++next === 20000) console.log('all', wrong)
}`, func(_ *Config, o *script.Options) { o.InboxMessages = n }).running()
	for i := range n {
		size := 8
		if i%100 == 0 {
			size = 20000
		}
		r.message(byte(i%3), fmt.Sprintf("%0*d", 8, i)+strings.Repeat("x", size-8))
	}
	r.prints("all 0")
	r.until("nothing to wait", func() bool { m, b := r.Backlog(); return m == 0 && b == 0 })
	if s := r.Stats(); s.MessagesHandled != n || s.MessagesDropped != 0 {
		t.Errorf("%+v", s)
	}
}

// The inbox has the bounds that it has in one process.
func TestInboxIsBounded(t *testing.T) {
	r := start(t, `exports.onMessage = () => new Promise(() => {})`, func(_ *Config, o *script.Options) {
		o.InboxMessages, o.InboxBytes = 5, 100
	}).running()
	taken := 0
	for range 10 {
		if r.Deliver(message(1, "0123456789")) {
			taken++
		}
	}
	if messages, bytes := r.Backlog(); taken != 5 || messages != 5 || bytes != 50 {
		t.Errorf("%d taken, %d messages and %d bytes", taken, messages, bytes)
	}
	if s := r.Stats(); s.MessagesDropped != 5 {
		t.Errorf("%+v", s)
	}
}
