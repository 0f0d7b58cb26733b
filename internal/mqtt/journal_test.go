package mqtt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ Handler = (*journal)(nil)

// journal is a Handler that writes everything down, in the words of the
// recordings: "packetsend(publish qos1)".
type journal struct {
	mu       sync.Mutex
	lines    []string
	messages []*Message
	results  map[*Publication][]error
	sent     []packet.Packet
	received []packet.Packet
	errs     []error
	keep     bool // messages are acknowledged by the test
}

func (j *journal) note(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

func (j *journal) Connected(p *packet.Connack) { j.note("connect(%s)", describe(p)) }
func (j *journal) Reconnecting()               { j.note("reconnect") }
func (j *journal) Closed()                     { j.note("close") }
func (j *journal) Ended()                      { j.note("end") }

func (j *journal) Disconnected(p *packet.Disconnect) { j.note("disconnect(%s)", describe(p)) }

func (j *journal) Error(err error) {
	j.note("error(%s)", describeError(err))
	j.mu.Lock()
	defer j.mu.Unlock()
	j.errs = append(j.errs, err)
}

func (j *journal) Message(m *Message) bool {
	j.mu.Lock()
	j.messages = append(j.messages, m) // before the line that tests wait for
	keep := j.keep
	j.mu.Unlock()
	j.note("message(%s %s)", m.Topic, m.Packet.Payload)
	return !keep
}

func (j *journal) PacketSent(p packet.Packet, _ *Publication) {
	j.note("packetsend(%s)", describe(p))
	j.mu.Lock()
	defer j.mu.Unlock()
	j.sent = append(j.sent, p)
}

func (j *journal) PacketReceived(p packet.Packet) {
	j.note("packetreceive(%s)", describe(p))
	j.mu.Lock()
	defer j.mu.Unlock()
	j.received = append(j.received, p)
}

func (j *journal) Published(pub *Publication, err error) {
	if err != nil {
		j.note("publish callback(%s)", describeError(err))
	} else {
		j.note("publish callback")
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.results == nil {
		j.results = make(map[*Publication][]error)
	}
	j.results[pub] = append(j.results[pub], err)
}

// describe names a packet as the recordings do.
func describe(p packet.Packet) string {
	name := strings.ToLower(p.Type().String())
	var code packet.ReasonCode
	switch p := p.(type) {
	case *packet.Publish:
		return fmt.Sprintf("%s qos%d", name, p.QoS)
	case *packet.Connack:
		code = p.ReasonCode
	case *packet.Disconnect:
		code = p.ReasonCode
	case *packet.Ack:
		code = p.ReasonCode
	}
	if code != 0 {
		return fmt.Sprintf("%s rc%d", name, code)
	}
	return name
}

// describeError writes an error as the recordings do.
func describeError(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return "Error: " + err.Error()
	}
	switch {
	case e.HasReason:
		return fmt.Sprintf("ErrorWithReasonCode: %s code=%d", e.Message, e.Reason)
	case e.Code != "":
		return fmt.Sprintf("Error: %s code=%s", e.Message, e.Code)
	}
	return "Error: " + e.Message
}

func (j *journal) snapshot() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.lines)
}

func (j *journal) count(prefix string) int {
	n := 0
	for _, l := range j.snapshot() {
		if strings.HasPrefix(l, prefix) {
			n++
		}
	}
	return n
}

// await waits until n lines begin with prefix.
func (j *journal) await(t testing.TB, prefix string, n int) {
	t.Helper()
	deadline := time.Now().Add(mqtttest.Patience)
	for j.count(prefix) < n {
		if time.Now().After(deadline) {
			t.Fatalf("still waiting for %d times %q in:\n%s", n, prefix, strings.Join(j.snapshot(), "\n"))
		}
		time.Sleep(time.Millisecond)
	}
}

// result is what became of a publication, once something did; more than one
// result fails the test.
func (j *journal) result(t testing.TB, p *Publication) error {
	t.Helper()
	var got []error
	mqtttest.Eventually(t, "the publication of "+p.Packet.Topic, func() bool {
		j.mu.Lock()
		defer j.mu.Unlock()
		got = j.results[p]
		return len(got) > 0
	})
	if len(got) > 1 {
		t.Fatalf("published %d times: %v", len(got), got)
	}
	return got[0]
}

func (j *journal) message(t testing.TB, i int) *Message {
	t.Helper()
	j.await(t, "message(", i+1)
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.messages[i]
}

// newClient makes a client that is cut off at the end of the test.
func newClient(t testing.TB, j *journal, cfg Config) *Client {
	t.Helper()
	cfg.Handler = j
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.Trace(true)
	t.Cleanup(func() { endNow(c) })
	return c
}

func endNow(c *Client) { _ = c.End(context.Background(), true) }

// publication is a message to publish.
func publication(qos byte, topic, payload string) *Publication {
	return &Publication{Packet: packet.Publish{Topic: topic, Payload: []byte(payload), QoS: qos}}
}

func mustPublish(t testing.TB, c *Client, p *Publication) *Publication {
	t.Helper()
	if err := c.Publish(p); err != nil {
		t.Fatalf("publishing: %v", err)
	}
	return p
}

// within is a context that ends with the test's patience.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), mqtttest.Patience)
	t.Cleanup(cancel)
	return ctx
}
