package script_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestMessagesWaitUntilLoaded(t *testing.T) {
	r := scripttest.New(t, `exports.onMessage = (topic) => console.log(topic)`)
	for i := range 3 {
		r.Message(fmt.Sprint("t/", i), "", 0)
	}
	if n, _ := r.Backlog(); n != 3 {
		t.Errorf("backlog %d", n)
	}
	r.Script.Start()
	r.Prints("t/0\nt/1\nt/2")
	r.Until("empty backlog", func() bool { n, b := r.Backlog(); return n == 0 && b == 0 })
	if s := r.Stats(); s.MessagesReceived != 3 || s.MessagesHandled != 3 || s.MessagesDropped != 0 {
		t.Errorf("%+v", s)
	}
}

func TestPayloadBelongsToTheHandler(t *testing.T) {
	r := scripttest.Start(t, `
		exports.onMessage = (topic, payload, packet) => {
			console.log(Buffer.isBuffer(payload), packet.payload === payload, packet.topic, packet.qos, packet.constructor.name, topic)
			payload[0] = 33
			console.log(String(packet.payload))
		}`)
	m := &script.Message{Topic: "resolved", Version: packet.V5, Packet: &packet.Publish{Payload: []byte("hello"), QoS: 1, ID: 7}}
	r.Deliver(m)
	r.Prints("true true  1 Packet resolved\n!ello")
	if string(m.Packet.Payload) != "hello" {
		t.Errorf("the script changed the message: %q", m.Packet.Payload)
	}
}

func TestThirdArgumentIsThereWhenItCanBeSeen(t *testing.T) {
	for _, handler := range []string{
		`(t, p, packet) => console.log(packet.cmd)`,
		`(t, p, { cmd }) => console.log(cmd)`,
		`(t, p, { cmd } = {}) => console.log(cmd)`,
		`(t, p = 1, packet = {}) => console.log(packet.cmd)`,
		`(...all) => console.log(all[2].cmd)`,
		`(t, ...rest) => console.log(rest[1].cmd)`,
		`function () { console.log(arguments[2].cmd) }`,
		`function (t, p) { console.log(eval('argu' + 'ments')[2].cmd) }`,
		`(function (t, p, packet) { console.log(packet.cmd) }).bind(null)`,
		`new Proxy(() => {}, { apply(f, self, args) { console.log(args[2].cmd) } })`,
		`async (t, p, packet) => console.log(packet.cmd)`,
		`function* () {} && ((t, p, packet) => console.log(packet.cmd))`,
	} {
		r := scripttest.Start(t, `module.exports = { onMessage: `+handler+` }`)
		r.Message("t", "p", 0)
		r.Prints("publish")
	}
	r := scripttest.Start(t, `module.exports = { onMessage(t, p, packet) { console.log(packet.cmd, this === module.exports) } }`)
	r.Message("t", "p", 0)
	r.Prints("publish true")
}

// Each message is settled once, and only when its own handler is done, however
// those before it and behind it end.
func TestEachMessageIsSettledByItsOwnHandler(t *testing.T) {
	const messages = 600
	r := scripttest.Start(t, `
		const held = []
		exports.onMessage = (topic, payload) => {
			const n = Number(payload)
			if (topic === 'go') return held.forEach((done) => done())
			if (n % 3 === 0) return new Promise((done) => held.push(done))
			if (n % 3 === 1) return n % 2 ? Promise.resolve() : Promise.reject(1)
			if (n % 4 === 0) throw new Error('mine')
		}`)
	for i := range messages {
		r.Message("t", strconv.Itoa(i), 1)
	}
	r.Until("all that are done", func() bool { return len(r.Settled()) >= messages*2/3 })
	r.Message("go", "", 1)
	r.Until("the others", func() bool { return len(r.Settled()) > messages })
	seen := make(map[*script.Message]bool)
	for i, m := range r.Settled() {
		n, _ := strconv.Atoi(string(m.Packet.Payload))
		if late := m.Topic == "go" || n%3 == 0; late != (i >= messages*2/3) || seen[m] {
			t.Fatalf("message %d on %q is number %d that is settled; twice: %v", n, m.Topic, i, seen[m])
		}
		seen[m] = true
	}
	if n, _ := r.Backlog(); n != 0 || r.Stats().MessagesHandled != messages+1 {
		t.Errorf("%d messages are left, %+v", n, r.Stats())
	}
}

// TestAcknowledgement checks when a message of QoS 1 counts as settled.
func TestAcknowledgement(t *testing.T) {
	for _, c := range []struct {
		name, source string
		steps        []string // what to do; after each step, how many are settled
	}{
		{"sync", `exports.onMessage = () => {}`, []string{"message 1"}},
		{"throws", `exports.onMessage = () => { throw 1 }`, []string{"message 1"}},
		{"no handler", `exports.onClose = () => {}`, []string{"message 1"}},
		{"async at once", `exports.onMessage = async () => {}`, []string{"message 1"}},
		{"async later", `let go; exports.onMessage = () => new Promise(r => { go = r }); exports.onClose = () => go()`, []string{"message 0", "close 1"}},
		{"rejects later", `let go; exports.onMessage = () => new Promise((_, r) => { go = r }); exports.onClose = () => go(new Error('no'))`, []string{"message 0", "close 1"}},
		{"does not hold up", `let go; exports.onMessage = (t, p) => p.length === 4 && !go && new Promise(r => { go = r }); exports.onClose = () => go()`, []string{"message 0", "message 1", "close 2"}},
		{"never settles", `exports.onMessage = () => new Promise(() => {})`, []string{"message 0", "limit 1"}},
		{"endless", `exports.onMessage = () => { for (;;) {} }`, []string{"message 1"}},
		{"exits", `exports.onMessage = () => exit()`, []string{"message 1"}},
		{"stopped", `exports.onMessage = () => new Promise(() => {})`, []string{"message 0", "message 0", "stop 2"}},
		{"killed", `exports.onMessage = () => new Promise(() => {})`, []string{"message 0", "kill 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := scripttest.Start(t, c.source, func(o *script.Options) { o.HandlerLimit = 200 * time.Millisecond })
			for _, step := range c.steps {
				var what string
				var want int
				if _, err := fmt.Sscan(step, &what, &want); err != nil {
					t.Fatal(err)
				}
				switch what {
				case "message":
					r.Message("t", "text", 1)
				case "close":
					r.Notify(&script.Event{Kind: script.EventClose})
				case "stop":
					r.Stop()
				case "kill":
					r.Kill()
				}
				r.Until(step, func() bool { return len(r.Settled()) == want })
			}
		})
	}
}

func TestOverdueHandlerIsWarnedAboutOnce(t *testing.T) {
	r := scripttest.Start(t, `exports.onMessage = () => new Promise(() => {})`, func(o *script.Options) { o.HandlerLimit = 10 * time.Millisecond })
	r.Message("t", "", 1)
	r.Message("t", "", 0)
	r.Until("empty backlog", func() bool { n, _ := r.Backlog(); return n == 0 })
	r.Prints("[warn] onMessage: its promise is still pending after 10ms; the message counts as handled")
}

func TestInboxIsBounded(t *testing.T) {
	r := scripttest.Start(t, `exports.onMessage = () => new Promise(() => {})`, func(o *script.Options) { o.InboxMessages = 3; o.InboxBytes = 10 })
	deliver := func(size int) bool {
		return r.Deliver(&script.Message{Topic: "t", Packet: &packet.Publish{Payload: make([]byte, size)}})
	}
	got := []bool{deliver(4), deliver(4), deliver(4), deliver(2), deliver(0)}
	if want := []bool{true, true, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("taken %v, want %v", got, want)
	}
	if s := r.Stats(); s.MessagesDropped != 2 || s.Backlog != 3 || s.BacklogBytes != 10 {
		t.Errorf("%+v", s)
	}
	big := scripttest.Start(t, `exports.onMessage = (t, p) => console.log(p.length)`, func(o *script.Options) { o.InboxBytes = 10 })
	if !big.Deliver(&script.Message{Topic: "t", Packet: &packet.Publish{Payload: make([]byte, 100)}}) {
		t.Error("a message larger than the bound was refused by an empty inbox")
	}
	big.Prints("100")
}

func TestEventsReachTheirHandlers(t *testing.T) {
	r := scripttest.Start(t, `
		const show = name => (...args) => console.log(name, ...args.map(a => a instanceof Error ? [a.constructor.name, a.name, a.message, a.code, a instanceof Error] : a))
		for (const name of ['Connect', 'Reconnect', 'Disconnect', 'Close', 'End', 'Error', 'PacketSend', 'PacketReceive', 'Publish']) exports['on' + name] = show('on' + name)`)
	publish := &packet.Publish{Topic: "t", Payload: []byte("hi"), QoS: 1, ID: 3, Properties: packet.Properties(nil).AppendString(packet.PropContentType, "x")}
	for _, e := range []*script.Event{
		{Kind: script.EventConnect, Packet: &packet.Connack{Length: 3}},
		{Kind: script.EventReconnect},
		{Kind: script.EventDisconnect, Packet: &packet.Disconnect{ReasonCode: packet.ServerShuttingDown}},
		{Kind: script.EventClose},
		{Kind: script.EventEnd},
		{Kind: script.EventError, Err: &script.ClientError{Name: "Error", Message: "connect ECONNREFUSED 127.0.0.1:1", Code: "ECONNREFUSED"}},
		{Kind: script.EventError, Err: &script.ClientError{Name: "ErrorWithReasonCode", Message: "Connection refused: Not authorized", Reason: packet.NotAuthorized, HasReason: true}},
		{Kind: script.EventPacketSend, Packet: &packet.Pingreq{}},
		{Kind: script.EventPacketSend, Packet: publish, Form: script.FormString},
		{Kind: script.EventPacketReceive, Packet: &packet.Pingresp{}},
		{Kind: script.EventPublish, Packet: publish, Form: script.FormBuffer},
		{Kind: script.EventPublish, Packet: publish, Form: script.FormByteArray},
		{Kind: script.EventPublish, Packet: publish, Form: script.FormUint8Array},
		{Kind: script.EventPublish, Packet: &packet.Publish{Topic: "t"}, Form: script.FormArrayBuffer},
	} {
		if !r.Wants(e.Kind) {
			t.Errorf("event %d is not wanted", e.Kind)
		}
		e.Version = packet.V5
		r.Notify(e)
	}
	r.Prints(`onConnect Packet {
  cmd: 'connack',
  retain: false,
  qos: 0,
  dup: false,
  length: 3,
  topic: null,
  payload: null,
  sessionPresent: false,
  reasonCode: 0
}
onReconnect
onDisconnect Packet {
  cmd: 'disconnect',
  retain: false,
  qos: 0,
  dup: false,
  length: 0,
  topic: null,
  payload: null,
  reasonCode: 139
}
onClose
onEnd
onError [
  'Error',
  'Error',
  'connect ECONNREFUSED 127.0.0.1:1',
  'ECONNREFUSED',
  true
]
onError [
  'ErrorWithReasonCode',
  'ErrorWithReasonCode',
  'Connection refused: Not authorized',
  135,
  true
]
onPacketSend { cmd: 'pingreq' }
onPacketSend {
  cmd: 'publish',
  topic: 't',
  payload: 'hi',
  qos: 1,
  retain: false,
  messageId: 3,
  dup: false,
  properties: { contentType: 'x' }
}
onPacketReceive Packet {
  cmd: 'pingresp',
  retain: false,
  qos: 0,
  dup: false,
  length: 0,
  topic: null,
  payload: null
}
onPublish t <Buffer 68 69> { qos: 1, retain: false, dup: false, properties: { contentType: 'x' } }
onPublish t [ 104, 105 ] { qos: 1, retain: false, dup: false, properties: { contentType: 'x' } }
onPublish t Uint8Array(2) [ 104, 105 ] { qos: 1, retain: false, dup: false, properties: { contentType: 'x' } }
onPublish t ArrayBuffer { [Uint8Contents]: <>, byteLength: 0 } { qos: 0, retain: false, dup: false }`)
}

func TestUnwantedEventsCostNothing(t *testing.T) {
	r := scripttest.Start(t, `exports.onClose = () => console.log('closed')`)
	if r.Wants(script.EventPacketSend) || r.WantsMessages() {
		t.Error("it wants what it has no handler for")
	}
	for range 10000 {
		r.Notify(&script.Event{Kind: script.EventPacketSend, Packet: &packet.Pingreq{}})
	}
	r.Notify(&script.Event{Kind: script.EventClose})
	r.Prints("closed")
	if s := r.Stats(); s.EventsDropped != 0 {
		t.Errorf("%+v", s)
	}
}

func TestWaitingEventsAreBounded(t *testing.T) {
	r := scripttest.New(t, `exports.onPacketSend = exports.onClose = () => {}`)
	for range 5000 {
		r.Notify(&script.Event{Kind: script.EventPacketSend, Packet: &packet.Pingreq{}})
	}
	for range 1100 {
		r.Notify(&script.Event{Kind: script.EventClose})
	}
	if got := r.Stats().EventsDropped; got != 5000-4096+1100-1024 {
		t.Errorf("%d dropped", got)
	}
	r.Script.Start()
	r.Until("room", func() bool {
		before := r.Stats().EventsDropped
		r.Notify(&script.Event{Kind: script.EventClose})
		return r.Stats().EventsDropped == before
	})
}

func TestErrorsNameTheAuthorsLine(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"exports.onMessage = () => {\n  const deep = () => { throw new RangeError('boom') }\n  deep()\n}", "[error] Uncaught (in onMessage) RangeError: boom\n    at deep (FILE:2:30)\n    at FILE:3:7"},
		{"exports.onMessage = async () => {\n  await null\n  throw new Error('boom')\n}", "[error] Uncaught (in onMessage) Error: boom\n    at FILE:3:9"},
		{"exports.onMessage = () => { setTimeout(() => {\n  null.x\n}) }", "[error] Uncaught (in setTimeout) TypeError: Cannot read property 'x' of undefined\n    at FILE:2:8"},
		{"exports.onMessage = () => { Promise.reject(new Error('boom')) }", "[error] Uncaught (in promise) Error: boom\n    at FILE:1:44"},
		{"exports.onMessage = () => { throw { a: 1 } }", "[error] Uncaught (in onMessage) { a: 1 }\n    at FILE:1:29"},
		{"exports.onMessage = () => { Promise.reject('text') }", "[error] Uncaught (in promise) 'text'"},
		{"exports.onMessage = () => { for (;;) {} }", "[error] Uncaught (in onMessage) Error: interrupted after 100ms: it did not return\n    at FILE:1:21"},
		{"exports.onMessage = () => { function f() { return new Error('boom') } console.error('it is', f().stack) }", "[error] it is Error: boom\n    at f (FILE:1:51)\n    at FILE:1:95"},
		{"exports.onMessage = () => { throw Object.assign(new Error('boom'), { code: 'X' }) }", "[error] Uncaught (in onMessage) Error: boom\n    at FILE:1:49 {\n  code: 'X'\n}"},
		{"exports.onMessage = () => { throw new Proxy({}, { get() { throw 1 } }) }", "[error] Uncaught (in onMessage) {}\n    at FILE:1:29"},
		{"exports.onMessage = () => { throw { get [Symbol.toStringTag]() { throw 1 } } }", "[error] Uncaught (in onMessage) [object that cannot be shown]\n    at FILE:1:29"},
	} {
		r := scripttest.Start(t, c.source+"\nexports.onClose = () => console.log('alive')", func(o *script.Options) { o.HandlerLimit = 100 * time.Millisecond })
		r.Message("t", "", 0)
		r.Until("report", func() bool { return r.Console.Text() != "" })
		r.Notify(&script.Event{Kind: script.EventClose})
		want := strings.ReplaceAll(c.want, "FILE", r.Dir+"/script.js") + "\nalive"
		r.Until("life", func() bool { return strings.HasSuffix(r.Console.Text(), "alive") })
		got := r.Console.Text()
		if got != want {
			t.Errorf("%s\nconsole:\n%s\nwant:\n%s", c.source, got, want)
		}
		if s := r.Stats(); s.Failed != 1 && strings.Contains(want, "Uncaught") {
			t.Errorf("%+v", s)
		}
	}
}

func TestExitEverywhere(t *testing.T) {
	for _, source := range []string{
		`exit(); console.log('after')`,
		`try { exit() } catch { console.log('catch') } finally { console.log('finally') }`,
		`process.exit(1); console.log('after')`,
		`setTimeout(() => { exit(); console.log('after') })`,
		`Promise.resolve().then(exit).then(() => console.log('after'))`,
		`require('mqscript').exit(); console.log('after')`,
		`exports.onMessage = () => { exit(); console.log('after') }; exports.onWillExit = () => console.log('will exit')`,
		`exports.onMessage = async () => { await publish('t', 'x'); exit(); console.log('after') }`,
		`exports.onMessage = () => exit(); exports.onClose = () => console.log('closed')`,
	} {
		r := scripttest.New(t, source)
		r.Script.Start()
		r.Deliver(&script.Message{Topic: "t", Packet: &packet.Publish{QoS: 1}})
		r.Deliver(&script.Message{Topic: "t", Packet: &packet.Publish{QoS: 1}})
		r.Notify(&script.Event{Kind: script.EventClose})
		if state, err := r.Ended(); state != script.StateExited || err != nil {
			t.Errorf("%s: %v, %v", source, state, err)
		}
		if got := r.Console.Text(); got != "" {
			t.Errorf("%s: console %q", source, got)
		}
		if n, _ := r.Backlog(); n != 0 {
			t.Errorf("%s: backlog %d", source, n)
		}
	}
}

// TestProcessEvents ends a script from outside that listens to the events of
// process, and has errors in a handler and in a listener.
func TestProcessEvents(t *testing.T) {
	r := scripttest.New(t, `
		process.on('uncaughtException', (error) => {
			console.log('caught', error.message)
			if (error.message === 'twice') throw new Error('in the listener')
		})
		process.on('exit', (code) => console.log('exit', code))
		module.exports = {
			onMessage(topic) { throw new Error(topic) },
			onWillExit() { console.log('will exit') },
		}`)
	r.Script.Start()
	for _, topic := range []string{"once", "twice"} {
		r.Message(topic, "", 0)
	}
	r.Until("the error of the listener", func() bool { return strings.Contains(r.Console.Text(), "in the listener") })
	r.Script.Stop()
	_, _ = r.Ended()
	got := r.Console.Text()
	for _, want := range []string{"caught once\ncaught twice\n[error] Uncaught (in process) Error: in the listener", "will exit\nexit 0"} {
		if !strings.Contains(got, want) {
			t.Errorf("console lacks %q:\n%s", want, got)
		}
	}
}
