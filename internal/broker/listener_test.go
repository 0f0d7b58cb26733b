package broker

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

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

// A panic in what serves a connection ends that connection alone.
func TestFaultIsContained(t *testing.T) {
	var log syncBuffer
	b := start(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	victim := connected(t, b, packet.V5, "victim")
	victim.subscribe(packet.Subscription{Filter: "t"})
	b.mu.Lock()
	b.sessions["victim"].received = nil // a QoS 2 message panics now
	b.mu.Unlock()
	victim.send(&packet.Publish{Topic: "x", QoS: 2, ID: 1})
	victim.ended()
	eventually(t, func() bool { return b.Stats().Connections == 0 })
	if s := b.Stats(); s.Faults != 1 {
		t.Errorf("counters are %+v", s)
	}
	if !strings.Contains(log.String(), "assignment to entry in nil map") {
		t.Errorf("the log does not tell:\n%s", log.String())
	}
	p := connected(t, b, packet.V5, "victim")
	p.subscribe(packet.Subscription{Filter: "t"})
	p.roundTrip("t")
}
