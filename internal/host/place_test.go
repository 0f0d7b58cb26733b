package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// placed is a script that is written anew and replaced.
type placed struct {
	*Place
	f    *fixture
	path string
}

func (f *fixture) place(name, source string) *placed {
	f.t.Helper()
	p := &placed{f: f, path: filepath.Join(f.t.TempDir(), name+".js")}
	p.write(source)
	p.Place = f.AddPlace(script.Options{
		Path: p.path, Name: name, Console: console{f.notes}, HandlerLimit: 5 * time.Second, ExitLimit: 300 * time.Millisecond,
	})
	<-p.Script().Loaded()
	return p
}

func (p *placed) write(source string) {
	p.f.t.Helper()
	if err := os.WriteFile(p.path, []byte(source), 0o600); err != nil {
		p.f.t.Fatal(err)
	}
}

// replace writes the script anew and replaces it; want is the state afterwards.
func (p *placed) replace(source string, want script.State) {
	p.f.t.Helper()
	p.write(source)
	if err := p.Replace(context.Background()); err != nil {
		p.f.t.Fatal(err)
	}
	if state, err := p.Script().Result(); state != want {
		p.f.t.Fatalf("the script is %v (%v), want %v", state, err, want)
	}
}

// says prints what it gets with a mark.
func says(mark string) string {
	return `module.exports = { onMessage(t, p) { console.log('` + mark + ` ' + p) }, onWillExit() { console.log('` + mark + ` ends') } }`
}

// An older script's handlers are let come to their end; what it has not begun
// or not finished is for the next one, in order, with what comes meanwhile.
func TestReplaceHandsOverWhatIsNotHandled(t *testing.T) {
	f := newFixture(t, nil)
	p := f.place("s", `module.exports = {
		onMessage(t, p) {
			console.log('old ' + p)
			if (p.toString() === 'held') return new Promise(() => {})
		},
		onWillExit() { console.log('old ends'); return new Promise((done) => setTimeout(done, 100)) },
	}`)
	conn := f.connect()
	conn.Send(message(1, 1, "first"), message(2, 1, "held"), message(3, 2, "third"))
	f.notes.await(t, "old third")
	if ack := conn.ExpectAck(packet.PUBACK); ack.ID != 1 {
		t.Errorf("PUBACK %d", ack.ID)
	}
	if ack := conn.ExpectAck(packet.PUBREC); ack.ID != 3 {
		t.Errorf("PUBREC %d", ack.ID)
	}
	replaced := make(chan error)
	p.write(says("new"))
	go func() { replaced <- p.Replace(context.Background()) }()
	f.notes.await(t, "old ends")
	conn.Send(message(4, 1, "fourth"), message(0, 0, "fifth"), message(5, 2, "sixth"))
	if err := <-replaced; err != nil {
		t.Fatal(err)
	}
	for _, id := range []uint16{2, 4} {
		if ack := conn.ExpectAck(packet.PUBACK); ack.ID != id {
			t.Errorf("PUBACK %d, want %d", ack.ID, id)
		}
	}
	if ack := conn.ExpectAck(packet.PUBREC); ack.ID != 5 {
		t.Errorf("PUBREC %d", ack.ID)
	}
	text := f.notes.String()
	if got := strings.Index(text, "new held\nnew fourth\nnew fifth\nnew sixth\n"); got < 0 {
		t.Errorf("the next script got:\n%s", text)
	}
	if stats := f.Stats().Scripts; len(stats) != 1 || stats[0].MessagesHandled != 6 || stats[0].Backlog != 0 {
		t.Errorf("counted %+v", stats)
	}
}

func TestFailedScriptLeavesItsMessagesToTheNext(t *testing.T) {
	f := newFixture(t, nil)
	f.add("other", prints)
	p := f.place("s", says("old"))
	conn := f.connect()
	p.replace("throw new Error('no')", script.StateFailed)
	f.notes.await(t, "Error: no")
	conn.Send(message(1, 1, "one"), message(0, 0, "two"), message(2, 2, "three"))
	f.notes.await(t, "prints three")
	p.replace("throw new Error('no again')", script.StateFailed)
	conn.Send(message(3, 1, "four"))
	f.notes.await(t, "prints four")
	if stats := f.Stats().Scripts[1]; stats.Backlog != 3 || stats.Dropped != 1 {
		t.Errorf("counted %+v", stats)
	}
	p.replace(says("new"), script.StateRunning)
	f.notes.await(t, "new one\nnew three\nnew four\n")
	acknowledged := make(map[uint16]packet.Type)
	for range 3 {
		ack := mqtttest.Expect[*packet.Ack](conn)
		acknowledged[ack.ID] = ack.Kind
	}
	if acknowledged[1] != packet.PUBACK || acknowledged[2] != packet.PUBREC || acknowledged[3] != packet.PUBACK {
		t.Errorf("acknowledged %v", acknowledged)
	}
	f.notes.lacks(t, "new two")
}

// A script that fails while it awaits gives back what was held for it.
func TestScriptThatFailsLaterLeavesItsMessages(t *testing.T) {
	f := newFixture(t, nil)
	p := f.place("s", `const { nextMessage } = require('mqscript'); await nextMessage('go'); throw new Error('no')`)
	conn := f.connect()
	conn.Send(message(1, 1, "one"), &packet.Publish{Topic: "go", ID: 2, QoS: 1})
	<-p.Script().Done()
	conn.Send(message(3, 1, "three"))
	p.replace(says("new"), script.StateRunning)
	f.notes.await(t, "new one\nnew \nnew three\n")
	for id := uint16(1); id <= 3; id++ {
		if ack := conn.ExpectAck(packet.PUBACK); ack.ID != id {
			t.Errorf("PUBACK %d, want %d", ack.ID, id)
		}
	}
}

// Nothing waits for a script that wanted to end.
func TestExitedScriptLeavesNothing(t *testing.T) {
	f := newFixture(t, nil)
	f.add("other", prints)
	p := f.place("s", `module.exports = { onMessage(t, p) { console.log('old ' + p); exit() } }`)
	conn := f.connect()
	conn.Send(message(1, 1, "one"))
	<-p.Script().Done()
	conn.ExpectAck(packet.PUBACK)
	if state, _ := p.Script().Result(); state != script.StateExited {
		t.Fatalf("it is %v", state)
	}
	conn.Send(message(2, 1, "two"))
	conn.ExpectAck(packet.PUBACK)
	p.replace(says("new"), script.StateRunning)
	conn.Send(message(3, 1, "three"))
	f.notes.await(t, "new three")
	f.notes.lacks(t, "new two")
	conn.ExpectAck(packet.PUBACK)
}

// The next script need not want messages.
func TestReplacedByOneWithoutOnMessage(t *testing.T) {
	f := newFixture(t, nil)
	p := f.place("s", `module.exports = { onMessage() { return new Promise(() => {}) } }`)
	conn := f.connect()
	conn.Send(message(1, 1, "one"))
	mqtttest.Eventually(t, "the message to be there", func() bool { n, _ := p.Script().Backlog(); return n == 1 })
	p.replace(`module.exports = { onClose() {} }`, script.StateRunning)
	conn.ExpectAck(packet.PUBACK)
}

// What a script published before its end is not answered to the next one.
func TestAnswersGoToTheScriptThatAsked(t *testing.T) {
	f := newFixture(t, nil)
	source := func(mark string) string {
		return `publish('t', '` + mark + `', { qos: 1 }).then(() => console.log('` + mark + ` published'))
			module.exports = { onMessage() {} }`
	}
	p := f.place("s", source("old"))
	conn := f.connect()
	old := mqtttest.Expect[*packet.Publish](conn)
	p.replace(source("new"), script.StateRunning)
	next := mqtttest.Expect[*packet.Publish](conn)
	conn.Ack(packet.PUBACK, old.ID, 0)
	conn.Ack(packet.PUBACK, next.ID, 0)
	f.notes.await(t, "new published")
	if n := strings.Count(f.notes.String(), "new published"); n != 1 {
		t.Errorf("it was answered %d times", n)
	}
}

func TestStopWhileAScriptIsReplaced(t *testing.T) {
	f := newFixture(t, nil)
	p := f.place("s", `module.exports = { onMessage() {}, onWillExit() { console.log('ends'); return new Promise(() => {}) } }`)
	conn := f.connect()
	replaced := make(chan error)
	go func() { replaced <- p.Replace(context.Background()) }()
	f.notes.await(t, "ends")
	conn.Send(message(1, 1, "one"))
	stopped := make(chan error)
	go func() { stopped <- f.Stop(context.Background()) }()
	if err := <-replaced; err == nil {
		t.Log("the next script had started already")
	}
	for {
		p, err := conn.ReadPacket()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := p.(*packet.Disconnect); ok {
			break
		}
		if ack, ok := p.(*packet.Ack); ok && ack.Kind == packet.PUBACK {
			t.Error("a message that nobody handled was acknowledged")
		}
	}
	_ = conn.Close()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if err := p.Replace(context.Background()); !errors.Is(err, ErrSealed) {
		t.Errorf("replaced after the end: %v", err)
	}
}

// Through replacement after replacement, every QoS 1 and 2 message is handled by
// one script, once and in order.
func TestNothingIsLostInReplacement(t *testing.T) {
	eachServer(t, []packet.Version{packet.V311, packet.V5}, func(t *testing.T, url string, v packet.Version, qos byte) {
		if qos == 0 {
			return // may be lost
		}
		const messages = 3000
		f := live(t, url, v, []packet.Subscription{{Filter: "n/#", QoS: qos}}, func(c *mqtt.Config) {
			c.QueueLimit = messages + 1
		})
		source := func(mark int) string {
			return fmt.Sprintf(`module.exports = { async onMessage(t, p) {
				if (Number(p) %% 7 === 0) await new Promise((done) => setTimeout(done, 1))
				console.log('handled', p.toString(), %d)
			} }`, mark)
		}
		p := f.place("s", source(0))
		f.Start()
		f.notes.await(t, "subscribed to n/#")
		done := make(sent, messages)
		c, err := mqtt.New(mqtt.Config{URL: url, Version: v, CleanStart: true, Handler: done})
		if err != nil {
			t.Fatal(err)
		}
		c.Start()
		t.Cleanup(func() { _ = c.End(context.Background(), false) })
		for i := range messages {
			pub := &mqtt.Publication{Packet: packet.Publish{Topic: "n/x", Payload: fmt.Appendf(nil, "%d", i), QoS: qos}}
			if err := c.Publish(pub); err != nil {
				t.Fatal(err)
			}
		}
		handled := func() []string { return f.notes.heard("handled") }
		generations := 0
		for len(handled()) < messages {
			generations++
			p.replace(source(generations), script.StateRunning)
			// Some go on for a while before the next one.
			seen := len(handled())
			mqtttest.Eventually(t, "some messages", func() bool {
				n := len(handled())
				return n >= messages || n >= seen+generations%50
			})
		}
		times := make(map[string]int)
		by := make(map[string]bool)
		for _, line := range handled() {
			number, mark, _ := strings.Cut(line, " ")
			times[number]++
			by[mark] = true
		}
		for i := range messages {
			if n := times[fmt.Sprint(i)]; n != 1 {
				t.Errorf("message %d was handled %d times", i, n)
			}
		}
		t.Logf("%d scripts handled %d messages, of %d scripts", len(by), len(handled()), generations+1)
		if len(by) < 2 {
			t.Error("one script has handled them all")
		}
	})
}
