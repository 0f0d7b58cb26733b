package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/isolate"
	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// The test's program is that of isolated scripts as well.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == isolate.Command {
		if err := isolate.Main(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// howScriptsLive returns what makes scripts: in this process, or, as
// MQSCRIPT_ISOLATE=true says of all tests, in processes of their own.
func howScriptsLive(t *testing.T) func(script.Options) Script {
	t.Helper()
	if os.Getenv("MQSCRIPT_ISOLATE") != "true" {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return func(opts script.Options) Script {
		return isolate.New(isolate.Config{Program: program, Args: []string{isolate.Command, opts.Name}}, opts)
	}
}

// notes is a console and a log whose lines a test can wait for.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

func (n *notes) await(t *testing.T, text string) {
	t.Helper()
	mqtttest.Eventually(t, text, func() bool { return strings.Contains(n.String(), text) })
}

// lacks fails the test when the text is there already.
func (n *notes) lacks(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(n.String(), text) {
		t.Errorf("%q is in:\n%s", text, n)
	}
}

type console struct{ notes *notes }

func (c console) Write(_ script.Level, text string) { _, _ = c.notes.Write([]byte(text + "\n")) }

// fixture is a host whose broker is played by the test.
type fixture struct {
	*Host
	t     *testing.T
	peer  *mqtttest.Peer
	notes *notes
}

func newFixture(t *testing.T, change func(*Options)) *fixture {
	t.Helper()
	f := &fixture{t: t, peer: mqtttest.NewPeer(t, packet.V5), notes: new(notes)}
	opts := Options{
		Client:     mqtt.Config{URL: f.peer.URL, ReconnectPeriod: 10 * time.Millisecond, CleanStart: true},
		New:        howScriptsLive(t),
		Log:        slog.New(slog.NewTextHandler(f.notes, nil)),
		DrainLimit: 200 * time.Millisecond,
	}
	if change != nil {
		change(&opts)
	}
	var err error
	if f.Host, err = New(opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return f
}

// add starts a script from source and waits until it has loaded.
func (f *fixture) add(name, source string) Script {
	f.t.Helper()
	path := filepath.Join(f.t.TempDir(), name+".js")
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		f.t.Fatal(err)
	}
	s := f.Add(script.Options{
		Path: path, Name: name, Console: console{f.notes}, HandlerLimit: 5 * time.Second, ExitLimit: 300 * time.Millisecond,
	})
	<-s.Loaded()
	return s
}

// connect starts the client and plays the broker's part of the handshake.
func (f *fixture) connect() *mqtttest.PeerConn {
	f.t.Helper()
	f.Start()
	conn, _ := f.peer.AcceptClient(new(packet.Connack))
	return conn
}

func message(id uint16, qos byte, text string) *packet.Publish {
	return &packet.Publish{Topic: "t", ID: id, QoS: qos, Payload: []byte(text)}
}

const (
	prints  = `module.exports = { onMessage(t, p) { console.log('prints ' + p) } }`
	pending = `module.exports = { onMessage(t, p) { console.log('pending ' + p); return new Promise((done) => { globalThis.done = done }) } }`
)

func TestAcknowledgementWaitsForEveryScript(t *testing.T) {
	f := newFixture(t, nil)
	f.add("prints", prints)
	f.add("slow", `
let held = []
module.exports = {
  onMessage(t, p) {
    if (p.toString() === 'go') return held.forEach((done) => done())
    return new Promise((done) => held.push(done))
  },
}`)
	conn := f.connect()
	conn.Send(message(1, 1, "one"))
	f.notes.await(t, "prints one")
	conn.Send(message(0, 0, "go"))
	if ack := conn.ExpectAck(packet.PUBACK); ack.ID != 1 {
		t.Errorf("PUBACK %d", ack.ID)
	}
	conn.Send(message(2, 2, "two"))
	f.notes.await(t, "prints two")
	conn.Send(message(0, 0, "go"))
	if ack := conn.ExpectAck(packet.PUBREC); ack.ID != 2 {
		t.Errorf("PUBREC %d", ack.ID)
	}
}

func TestMessageWithoutListenersIsAcknowledged(t *testing.T) {
	f := newFixture(t, nil)
	f.add("deaf", `module.exports = { onConnect() {} }`)
	conn := f.connect()
	conn.Send(message(1, 1, "one"))
	conn.ExpectAck(packet.PUBACK)
}

func TestExitOfOneScriptDoesNotHoldUpAnother(t *testing.T) {
	f := newFixture(t, nil)
	f.add("prints", prints)
	f.add("exits", `module.exports = { onMessage() { exit() } }`)
	conn := f.connect()
	conn.Send(message(1, 1, "one"), message(2, 1, "two"))
	for id := uint16(1); id <= 2; id++ {
		if ack := conn.ExpectAck(packet.PUBACK); ack.ID != id {
			t.Errorf("PUBACK %d, want %d", ack.ID, id)
		}
	}
}

// What a script left behind when it exited does not hold up the others.
func TestExitLeavesNothingUnacknowledgedToTheOthers(t *testing.T) {
	f := newFixture(t, nil)
	f.add("deaf", `module.exports = { onConnect() {} }`)
	f.add("exits", `module.exports = { onMessage(t, p) { if (p.toString() === 'go') exit(); return new Promise(() => {}) } }`)
	conn := f.connect()
	conn.Send(message(1, 1, "one"), message(2, 1, "two"), message(3, 1, "go"))
	for id := uint16(1); id <= 3; id++ {
		if ack := conn.ExpectAck(packet.PUBACK); ack.ID != id {
			t.Errorf("PUBACK %d, want %d", ack.ID, id)
		}
	}
}

// What no script has handled when the host is stopped stays with the broker.
func TestStopLeavesTheUnhandledToTheBroker(t *testing.T) {
	f := newFixture(t, nil)
	f.add("pending", pending)
	conn := f.connect()
	conn.Send(message(1, 1, "one"))
	f.notes.await(t, "pending one")
	stopped := make(chan error)
	go func() { stopped <- f.Stop(context.Background()) }()
	for {
		p, err := conn.ReadPacket()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := p.(*packet.Disconnect); ok {
			break
		}
		if ack, ok := p.(*packet.Ack); ok {
			t.Errorf("%v for a message that was not handled", ack.Kind)
		}
	}
	_ = conn.Close()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// A script that does not keep up holds the socket back at first, then loses
// QoS 0 messages, which are counted; the others get every one.
func TestStuckScriptLosesOnlyItsOwn(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.StallLimit = 500 * time.Millisecond })
	f.add("counts", `let n = 0; module.exports = { onMessage() { if (++n % 6000 === 0) console.log('counted ' + n) } }`)
	f.add("stuck", `
let first = true
module.exports = { onMessage() { if (first) { first = false; const end = Date.now() + 4000; while (Date.now() < end); } } }`)
	conn := f.connect()
	burst := make([]packet.Packet, 6000)
	for i := range burst {
		burst[i] = message(0, 0, "x")
	}
	conn.Send(burst...)
	f.notes.await(t, "counted 6000")
	f.notes.await(t, "does not keep up")
	stats := f.Stats()
	if s := stats.Scripts[0]; s.Dropped != 0 || s.MessagesReceived != 6000 {
		t.Errorf("the counting script: %+v", s)
	}
	if s := stats.Scripts[1]; s.Dropped == 0 || s.Dropped+s.MessagesReceived != 6000 {
		t.Errorf("the stuck script: %+v", s)
	}
	dropped := stats.Scripts[1].Dropped
	mqtttest.Eventually(t, "the stuck script to catch up", func() bool { return f.Stats().Scripts[1].Backlog == 0 })
	conn.Send(message(0, 0, "x")) // the gate is asked again, and sees it
	mqtttest.Eventually(t, "the script to be waited for again", func() bool { return !f.Stats().Scripts[1].Stuck })
	f.notes.await(t, fmt.Sprintf("a script has caught up\" script=stuck dropped=%d", dropped))
	conn.Send(message(0, 0, "x"))
	mqtttest.Eventually(t, "messages for it", func() bool {
		s := f.Stats().Scripts[1]
		return s.Dropped == dropped && s.Dropped+s.MessagesHandled == 6002
	})
}

// Publishing in a tight loop waits for room as long as the connection is up.
func TestPublishWaitsForRoom(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Client.QueueLimit = 10 })
	f.add("burst", `
module.exports = {
  onConnect() {
    let failed = 0
    for (let i = 0; i < 200; i++) publish('t', String(i), { qos: 1 }).catch(() => failed++)
    setTimeout(() => console.log('failed ' + failed), 1)
  },
}`)
	f.Start()
	conn, _ := f.peer.AcceptClient(&packet.Connack{Properties: packet.Properties(nil).AppendInt(packet.PropReceiveMaximum, 5)})
	for range 200 {
		conn.Ack(packet.PUBACK, mqtttest.Expect[*packet.Publish](conn).ID, 0)
	}
	f.notes.await(t, "failed 0")
}

// A script that publishes what it gets waits for room also while the reader waits
// for the script: the writer makes that room.
func TestEchoWaitsForTheSocket(t *testing.T) {
	const messages = 4 * closeAtMessages
	f := newFixture(t, func(o *Options) { o.Client.QueueLimit, o.StallLimit = 10, time.Minute })
	f.add("echo", `
const rest = Buffer.alloc(16384)
exports.onMessage = (topic, payload) => { publish('out', Buffer.concat([payload, rest])) }`)
	conn := f.connect()
	burst := make([]packet.Packet, messages)
	for i := range burst {
		burst[i] = message(0, 0, fmt.Sprintf("%05d", i))
	}
	conn.Send(burst...)
	mqtttest.Eventually(t, "the script to be held up, and the reader", func() bool {
		s := f.Stats()
		return s.Client.Queued == 10 && s.Scripts[0].Backlog >= closeAtMessages
	})
	for i := range messages {
		p := mqtttest.Expect[*packet.Publish](conn)
		if got := string(p.Payload[:5]); got != fmt.Sprintf("%05d", i) {
			t.Fatalf("message %d is %s", i, got)
		}
	}
	if s := f.Stats().Scripts[0]; s.Failed > 0 {
		t.Errorf("%+v", s)
	}
}

// While the connection is away a full queue refuses, by the limit's name.
func TestPublishIsRefusedWhenTheQueueIsFull(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Client.QueueLimit = 10 })
	f.add("early", `
let failed = 0
for (let i = 0; i < 12; i++) publish('t', String(i)).catch((e) => { if (++failed === 2) console.log(failed + ' ' + e.message) })
module.exports = { onConnect() {} }`)
	f.notes.await(t, "2 the queue is full: its limit of 10 messages is reached")
	conn := f.connect()
	for range 10 {
		mqtttest.Expect[*packet.Publish](conn)
	}
}

// What was published before an exit goes out, also when the broker comes late.
func TestStopSendsWhatWasPublished(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.DrainLimit = 10 * time.Second })
	s := f.add("leaves", `publish('t', 'last', { qos: 1 }); exit()`)
	<-s.Done()
	f.Seal()
	<-f.Empty()
	f.Start()
	stopped := make(chan error)
	go func() { stopped <- f.Stop(context.Background()) }()
	conn, _ := f.peer.AcceptClient(new(packet.Connack))
	conn.Ack(packet.PUBACK, mqtttest.Expect[*packet.Publish](conn).ID, 0)
	mqtttest.Expect[*packet.Disconnect](conn)
	_ = conn.Close()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestStopSaysWhatWasNotSent(t *testing.T) {
	f := newFixture(t, func(o *Options) {
		o.DrainLimit = 10 * time.Millisecond
		o.Client.Dial = nil
	})
	f.add("talks", `publish('t', 'never', { qos: 1 }); module.exports = { onConnect() {} }`)
	if err := f.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	f.notes.await(t, "messages=1")
}

// Scripts see CONNECT in onPacketSend, but not the password.
func TestPasswordIsNotShown(t *testing.T) {
	f := newFixture(t, func(o *Options) {
		o.Client.Username, o.Client.Password = "someone", []byte("hunter2")
	})
	f.add("tracer", `
module.exports = {
  onPacketSend(p) { console.log('sent', p.cmd, p.username, p.password?.toString(), JSON.stringify(p)) },
  onConnect() { console.log('up') },
}`)
	f.Start()
	_, connect := f.peer.AcceptClient(new(packet.Connack))
	if string(connect.Password) != "hunter2" {
		t.Errorf("the server got the password %q", connect.Password)
	}
	f.notes.await(t, "sent connect someone ***")
	f.notes.await(t, "up")
	if strings.Contains(f.notes.String(), "hunter2") {
		t.Error("the password is shown")
	}
}

func TestErrorsOfTheClientReachScripts(t *testing.T) {
	if clientError(nil) != nil {
		t.Error("nil became an error")
	}
	plain := clientError(errors.New("plain"))
	if plain.Name != "Error" || plain.Message != "plain" {
		t.Errorf("%+v", plain)
	}
	refused := clientError(&mqtt.Error{Message: "no", HasReason: true, Reason: packet.NotAuthorized})
	if refused.Name != "ErrorWithReasonCode" || refused.Reason != packet.NotAuthorized {
		t.Errorf("%+v", refused)
	}
}

func TestStatsArePrinted(t *testing.T) {
	f := newFixture(t, nil)
	f.add("prints", prints)
	conn := f.connect()
	conn.Send(message(0, 0, "one"))
	f.notes.await(t, "prints one")
	mqtttest.Eventually(t, "the message to be handled", func() bool { return f.Stats().Scripts[0].MessagesHandled == 1 })
	var out bytes.Buffer
	if err := f.Stats().Print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"connected", "prints", "running", "received"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
