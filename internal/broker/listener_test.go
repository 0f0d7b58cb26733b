package broker

import (
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/mqscript/mqscript/internal/packet"
)

func TestWebSocket(t *testing.T) {
	b := start(t, Options{WebSocket: "127.0.0.1:0"})
	ws := dialWebSocket(t, b, "")
	if ws == nil {
		t.Fatal("the broker did not accept the WebSocket")
	}
	p := newPeer(t, &stream{Conn: ws.NetConn(), ws: ws}, packet.V5)
	ack := p.connect(&packet.Connect{Version: packet.V5, CleanStart: true, ClientID: "web"})
	if ack.ReasonCode != packet.Success {
		t.Fatalf("CONNACK has the code %v", ack.ReasonCode)
	}
	p.subscribe(packet.Subscription{Filter: "t"})
	p.roundTrip("t")
	plain := connected(t, b, packet.V311, "plain")
	plain.subscribe(packet.Subscription{Filter: "t"})
	p.roundTrip("t")
	if got := receive[*packet.Publish](plain); string(got.Payload) != "ping" {
		t.Errorf("got %+v", got)
	}
}

func TestWebSocketTextMessageEndsTheConnection(t *testing.T) {
	b := start(t, Options{WebSocket: "127.0.0.1:0"})
	ws := dialWebSocket(t, b, "")
	if err := ws.WriteMessage(websocket.TextMessage, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	newPeer(t, ws.NetConn(), packet.V5).ended()
}

func TestWebSocketOrigins(t *testing.T) {
	open := start(t, Options{WebSocket: "127.0.0.1:0"})
	guarded := start(t, Options{WebSocket: "127.0.0.1:0", Users: map[string]string{"a": "b"}})
	for _, c := range []struct {
		broker *Broker
		origin string
		want   bool
	}{
		{open, "", true},
		{open, "http://localhost:3000", true},
		{open, "http://127.0.0.1:3000", true},
		{open, "http://" + open.ws.Addr().String(), true},
		{open, "https://example.org", false},
		{open, "http://localhost.example.org", false},
		{open, "null", false},
		{open, "://", false},
		{guarded, "https://example.org", true},
	} {
		ws := dialWebSocket(t, c.broker, c.origin)
		if got := ws != nil; got != c.want {
			t.Errorf("origin %q: accepted %v, want %v", c.origin, got, c.want)
		}
	}
}

// dialWebSocket returns nil when the broker refuses.
func dialWebSocket(t *testing.T, b *Broker, origin string) *websocket.Conn {
	t.Helper()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	dialer := websocket.Dialer{Subprotocols: []string{"mqtt"}, HandshakeTimeout: patience}
	ws, response, err := dialer.Dial(b.WebSocketURL(), header)
	if response != nil {
		_ = response.Body.Close()
	}
	if err != nil {
		return nil
	}
	t.Cleanup(func() { _ = ws.Close() })
	if got := ws.Subprotocol(); got != "mqtt" {
		t.Errorf("subprotocol is %q", got)
	}
	return ws
}

// A panic in what serves a connection ends that connection alone, and leaves
// nothing of its client behind.
func TestFaultIsContained(t *testing.T) {
	var log syncBuffer
	b := start(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	victim := connected(t, b, packet.V5, "victim")
	victim.subscribe(packet.Subscription{Filter: "t"})
	b.mu.Lock()
	for c := range b.conns {
		c.refuse = func(*conn, *packet.Error) { panic("as if mochi had failed") }
	}
	b.mu.Unlock()
	victim.write([]byte{0, 0})
	victim.ended()
	eventually(t, func() bool { return b.Stats().Connections == 0 })
	if s := b.Stats(); s.Faults != 1 {
		t.Errorf("counters are %+v", s)
	}
	if !strings.Contains(log.String(), "as if mochi had failed") {
		t.Errorf("the log does not tell:\n%s", log.String())
	}
	if _, known := b.server.Clients.Get("victim"); known {
		t.Error("the client is still known")
	}
	p := connected(t, b, packet.V5, "other")
	p.subscribe(packet.Subscription{Filter: "t"})
	p.roundTrip("t")
}

// CONNECT has to come in time, or idle connections would use up the limit.
func TestDeadlineBeforeConnect(t *testing.T) {
	near, far := net.Pipe()
	defer func() { _, _ = near.Close(), far.Close() }()
	c := newConn(deadlineRecorder{Conn: near, set: new(int)}, 100, nil)
	if n := *c.Conn.(deadlineRecorder).set; n != 1 {
		t.Errorf("%d read deadlines were set, want 1", n)
	}
}

type deadlineRecorder struct {
	net.Conn
	set *int
}

// SetReadDeadline counts.
func (d deadlineRecorder) SetReadDeadline(t time.Time) error {
	*d.set++
	return d.Conn.SetReadDeadline(t)
}
