package isolate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// The test's program is the child's as well.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == Command {
		if err := Main(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// testPatience bounds every wait for what must happen.
const testPatience = 40 * time.Second

// rig is a script in a process of its own, whose host is played by the test.
type rig struct {
	*Script
	t    *testing.T
	file string

	mu       sync.Mutex
	changed  chan struct{} // closed at each change
	lines    []string
	settled  []string // payload and whether it was handled
	requests []*script.PublishRequest
	client   script.ClientInfo
	hold     chan struct{} // Publish waits for it, if not nil
	waiting  bool          // it does
	refuse   error         // Publish returns it
}

// start runs a script from source.
func start(t *testing.T, source string, change func(*Config, *script.Options)) *rig {
	t.Helper()
	r := prepare(t, source, change)
	r.Start()
	return r
}

// prepare makes a script from source.
func prepare(t *testing.T, source string, change func(*Config, *script.Options)) *rig {
	t.Helper()
	r := &rig{t: t, changed: make(chan struct{}), client: script.ClientInfo{ID: "c", URL: "mqtt://x:1", ProtocolVersion: packet.V5}}
	r.file = filepath.Join(t.TempDir(), "script.js")
	r.write(source)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Program: program, Args: []string{Command, "script"}, Restart: Never, FirstDelay: time.Millisecond}
	opts := script.Options{
		Path: r.file, Host: r, Console: r,
		DataDir: filepath.Join(t.TempDir(), "data"), TmpDir: filepath.Join(t.TempDir(), "tmp"),
		Settled: func(m *script.Message, handled bool) {
			r.change(func() { r.settled = append(r.settled, fmt.Sprintf("%s %v", m.Packet.Payload, handled)) })
		},
	}
	if change != nil {
		change(&cfg, &opts)
	}
	r.Script = New(cfg, opts)
	t.Cleanup(func() {
		r.Kill()
		r.await("the end of the script", r.Done())
		if t.Failed() {
			t.Logf("the console:\n%s", r.text())
		}
	})
	return r
}

func (r *rig) write(source string) {
	r.t.Helper()
	if err := os.WriteFile(r.file, []byte(source), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) change(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

// Write implements [script.Console].
func (r *rig) Write(level script.Level, text string) {
	if level == script.LevelWarn || level == script.LevelError {
		text = "! " + text
	}
	r.change(func() { r.lines = append(r.lines, text) })
}

func (r *rig) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.lines, "\n")
}

// Publish implements [script.Host]; the test answers.
func (r *rig) Publish(req *script.PublishRequest, cancel <-chan struct{}) error {
	r.mu.Lock()
	hold, refuse := r.hold, r.refuse
	r.mu.Unlock()
	if refuse != nil {
		return refuse
	}
	if hold != nil {
		r.change(func() { r.waiting = true })
		select {
		case <-hold:
		case <-cancel:
		}
	}
	r.change(func() { r.requests = append(r.requests, req) })
	return nil
}

// Subscribe implements [script.Host]. All is granted.
func (r *rig) Subscribe(id uint64, subs []packet.Subscription, props packet.Properties) {
	codes := make([]packet.ReasonCode, len(subs))
	for i, sub := range subs {
		codes[i] = packet.ReasonCode(sub.QoS)
	}
	r.Write(script.LevelLog, fmt.Sprintf("subscribe %+v %x", subs, []byte(props)))
	r.SubscribeDone(id, codes, nil)
}

// Unsubscribe implements [script.Host].
func (r *rig) Unsubscribe(id uint64, filters []string, _ packet.Properties) {
	r.Write(script.LevelLog, fmt.Sprint("unsubscribe ", filters))
	r.SubscribeDone(id, nil, &script.ClientError{Name: "Error", Message: "not today", Code: "ENOTTODAY"})
}

// Client implements [script.Host].
func (r *rig) Client() script.ClientInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.client
}

func (r *rig) await(what string, ch <-chan struct{}) {
	r.t.Helper()
	select {
	case <-ch:
	case <-time.After(testPatience):
		r.t.Fatalf("no %s; the console:\n%s", what, r.text())
	}
}

// until waits until ok, which is asked at each change.
func (r *rig) until(what string, ok func() bool) {
	r.t.Helper()
	deadline := time.After(testPatience)
	for {
		r.mu.Lock()
		changed := r.changed
		good := ok()
		r.mu.Unlock()
		if good {
			return
		}
		select {
		case <-changed:
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			r.t.Fatalf("no %s; the console:\n%s", what, r.text())
		}
	}
}

// prints waits for a text on the console.
func (r *rig) prints(text string) {
	r.t.Helper()
	r.until("text "+text, func() bool { return strings.Contains(strings.Join(r.lines, "\n"), text) })
}

func (r *rig) running() *rig {
	r.t.Helper()
	r.await("loading", r.Loaded())
	return r
}

// ended waits for the end.
func (r *rig) ended() (script.State, error) {
	r.t.Helper()
	r.await("end", r.Done())
	return r.Result()
}

func (r *rig) message(qos byte, payload string) {
	r.t.Helper()
	if !r.Deliver(message(qos, payload)) {
		r.t.Errorf("the message %q was not taken", payload)
	}
}

func message(qos byte, payload string) *script.Message {
	p := &packet.Publish{Topic: "t", QoS: qos, Payload: []byte(payload)}
	if qos > 0 {
		p.ID = 7
	}
	return &script.Message{Topic: "t", Packet: p, Version: packet.V5}
}

// settledNow returns what was settled so far.
func (r *rig) settledNow() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.settled, ",")
}
