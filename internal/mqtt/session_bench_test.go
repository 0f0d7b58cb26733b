package mqtt

import (
	"context"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/wal"
)

// BenchmarkSession publishes QoS 1 to a server that answers at once, without a
// session on disk and with one under each policy: in a stream, and one message
// after the other.
func BenchmarkSession(b *testing.B) {
	policies := []struct {
		name    string
		session func(b *testing.B) *SessionConfig
	}{
		{"memory", func(*testing.B) *SessionConfig { return nil }},
		{"never", func(b *testing.B) *SessionConfig { return &SessionConfig{Dir: b.TempDir(), Sync: wal.SyncNever} }},
		{"second", func(b *testing.B) *SessionConfig { return &SessionConfig{Dir: b.TempDir(), Sync: wal.SyncSecond} }},
		{"always", func(b *testing.B) *SessionConfig { return &SessionConfig{Dir: b.TempDir(), Sync: wal.SyncAlways} }},
	}
	for _, p := range policies {
		b.Run("stream/"+p.name, func(b *testing.B) {
			m := newMeter(b.N)
			c := sessionClient(b, m, p.session(b))
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				publishPatiently(c, small())
			}
			<-m.done
		})
		b.Run("single/"+p.name, func(b *testing.B) {
			m := newMeter(1)
			c := sessionClient(b, m, p.session(b))
			b.ResetTimer()
			for range b.N {
				publishPatiently(c, small())
				<-m.done
				c.mu.Lock()
				m.published, m.done = 0, make(chan struct{})
				c.mu.Unlock()
			}
		})
	}
}

func small() *Publication {
	return &Publication{Packet: packet.Publish{Topic: "bench/topic", Payload: make([]byte, 64), QoS: 1}}
}

func sessionClient(b *testing.B, m *meter, session *SessionConfig) *Client {
	b.Helper()
	c, err := New(Config{URL: sink(b, answerPublishes), Version: packet.V311, Handler: m, Session: session})
	if err != nil {
		b.Fatal(err)
	}
	m.client = c
	c.Start()
	<-m.up
	b.Cleanup(func() { _ = c.End(context.Background(), true) })
	return c
}
