// Package scripttest runs scripts from source text in tests, with a host that
// records what they ask for and a console that records what they write.
//
// # Concurrency
//
// All methods may be called from anywhere; the test's cleanup ends the script
// and joins it.
package scripttest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// Patience is how long a test waits for what must happen.
const Patience = 10 * time.Second

// Run is a script under test.
type Run struct {
	*script.Script
	Host    *Host
	Console *Console
	Dir     string // the folder of the script's file, empty but for it

	t       testing.TB
	mu      sync.Mutex
	settled []*script.Message
}

// Option changes the options of a script under test.
type Option func(*script.Options)

// File runs the script under that file name in place of script.js. It may be
// a path inside the script's folder.
func File(name string) Option {
	return func(o *script.Options) { o.Path = filepath.Join(filepath.Dir(o.Path), name) }
}

// New creates a script from source text without starting it.
func New(t testing.TB, source string, options ...Option) *Run {
	t.Helper()
	r := &Run{t: t, Console: &Console{}, Dir: t.TempDir()}
	if real, err := filepath.EvalSymlinks(r.Dir); err == nil {
		r.Dir = real
	}
	r.Host = &Host{run: r, Info: script.ClientInfo{
		ID: "client", URL: "mqtt://127.0.0.1:1883", Connected: true, ProtocolVersion: packet.V5,
	}}
	data := t.TempDir()
	opts := script.Options{
		Path: filepath.Join(r.Dir, "script.js"), Host: r.Host, Console: r.Console,
		DataDir: filepath.Join(data, "data"), TmpDir: filepath.Join(data, "tmp"),
		Settled: func(m *script.Message, _ bool) {
			r.mu.Lock()
			r.settled = append(r.settled, m)
			r.mu.Unlock()
		},
	}
	for _, option := range options {
		option(&opts)
	}
	r.Write(filepath.Base(opts.Path), source)
	r.Script = script.New(opts)
	t.Cleanup(func() {
		r.Kill()
		r.wait("the end", r.Done())
	})
	return r
}

// Start creates a script from source text, starts it and waits until it has
// loaded or failed.
func Start(t testing.TB, source string, options ...Option) *Run {
	t.Helper()
	r := New(t, source, options...)
	r.Script.Start()
	r.wait("loading", r.Loaded())
	return r
}

// Output runs a script that ends by itself and returns its console's text.
func Output(t testing.TB, source string, options ...Option) string {
	t.Helper()
	r := Start(t, source, options...)
	_, _ = r.Ended() // the caller judges by the text
	return r.Console.Text()
}

// Write writes a file beside the script.
func (r *Run) Write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *Run) wait(what string, ch <-chan struct{}) {
	r.t.Helper()
	select {
	case <-ch:
	case <-time.After(Patience):
		r.t.Fatalf("no %s after %v; console:\n%s", what, Patience, r.Console.Text())
	}
}

// Ended waits for the end of the script and returns its result.
func (r *Run) Ended() (script.State, error) {
	r.t.Helper()
	r.wait("end", r.Done())
	return r.Result()
}

// Until polls until ok returns true.
func (r *Run) Until(what string, ok func() bool) {
	r.t.Helper()
	deadline := time.Now().Add(Patience)
	for !ok() {
		if time.Now().After(deadline) {
			r.t.Fatalf("no %s after %v; console:\n%s", what, Patience, r.Console.Text())
		}
		time.Sleep(time.Millisecond)
	}
}

// Prints waits until the console's text is want.
func (r *Run) Prints(want string) {
	r.t.Helper()
	deadline := time.Now().Add(Patience)
	for r.Console.Text() != want {
		if time.Now().After(deadline) {
			r.t.Fatalf("console:\n%s\nwant:\n%s", r.Console.Text(), want)
		}
		time.Sleep(time.Millisecond)
	}
}

// Message delivers a message; payload as text.
func (r *Run) Message(topic, payload string, qos byte) *script.Message {
	r.t.Helper()
	m := &script.Message{Topic: topic, Version: packet.V5, Packet: &packet.Publish{
		Topic: topic, Payload: []byte(payload), QoS: qos,
	}}
	if !r.Deliver(m) {
		r.t.Fatalf("message on %q refused", topic)
	}
	return m
}

// Settled returns the messages that the script is done with, in that order.
func (r *Run) Settled() []*script.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*script.Message(nil), r.settled...)
}

// Console records what a script writes.
type Console struct {
	mu    sync.Mutex
	lines []string
}

// Write implements script.Console.
func (c *Console) Write(level script.Level, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if level != script.LevelLog {
		text = fmt.Sprintf("[%v] %s", level, text)
	}
	c.lines = append(c.lines, text)
}

// Text returns everything written, one line break between calls. What was not
// written by console.log has its level in front.
func (c *Console) Text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.lines, "\n")
}

// Calls returns the text of each call.
func (c *Console) Calls() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.lines...)
}

// Host records what a script asks for. It answers a publish at once with
// success, unless Hold or Refuse is set.
type Host struct {
	run  *Run
	Info script.ClientInfo // what Client returns
	// Hold leaves publishes and subscriptions unanswered.
	Hold bool
	// Forget keeps no record of publishes, for benchmarks.
	Forget bool
	// Refuse is the error of every publish.
	Refuse error

	mu            sync.Mutex
	published     []*script.PublishRequest
	subscribed    []Subscription
	unsubscribing []Subscription
}

// Subscription is a call of Subscribe or Unsubscribe.
type Subscription struct {
	ID            uint64
	Subscriptions []packet.Subscription // of Subscribe
	Filters       []string              // of Unsubscribe
	Properties    packet.Properties
}

var _ script.Host = (*Host)(nil)

// Publish implements script.Host.
func (h *Host) Publish(req *script.PublishRequest, _ <-chan struct{}) error {
	if h.Refuse != nil {
		return h.Refuse
	}
	if !h.Forget {
		h.mu.Lock()
		kept := *req
		kept.Packet.Payload = bytes.Clone(req.Packet.Payload)
		h.published = append(h.published, &kept)
		h.mu.Unlock()
	}
	if !h.Hold {
		h.run.PublishDone(req.ID, nil)
	}
	return nil
}

// Subscribe implements script.Host.
func (h *Host) Subscribe(id uint64, subs []packet.Subscription, props packet.Properties) {
	h.mu.Lock()
	h.subscribed = append(h.subscribed, Subscription{ID: id, Subscriptions: subs, Properties: props})
	h.mu.Unlock()
	if !h.Hold {
		codes := make([]packet.ReasonCode, len(subs))
		for i, s := range subs {
			codes[i] = packet.ReasonCode(s.QoS)
		}
		h.run.SubscribeDone(id, codes, nil)
	}
}

// Unsubscribe implements script.Host.
func (h *Host) Unsubscribe(id uint64, filters []string, props packet.Properties) {
	h.mu.Lock()
	h.unsubscribing = append(h.unsubscribing, Subscription{ID: id, Filters: filters, Properties: props})
	h.mu.Unlock()
	if !h.Hold {
		h.run.SubscribeDone(id, make([]packet.ReasonCode, len(filters)), nil)
	}
}

// Client implements script.Host.
func (h *Host) Client() script.ClientInfo { return h.Info }

// Published returns the publishes so far.
func (h *Host) Published() []*script.PublishRequest {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]*script.PublishRequest(nil), h.published...)
}

// Subscribed returns the subscribes so far.
func (h *Host) Subscribed() []Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Subscription(nil), h.subscribed...)
}

// Unsubscribed returns the unsubscribes so far.
func (h *Host) Unsubscribed() []Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Subscription(nil), h.unsubscribing...)
}
