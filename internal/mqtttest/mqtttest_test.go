package mqtttest

import (
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/packet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// dial connects a client of packets to addr.
func dial(t *testing.T, addr string) *PeerConn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return NewPeerConn(t, conn, packet.V5)
}

func TestProxyPassesOnUntilItIsCut(t *testing.T) {
	peer := NewPeer(t, packet.V5)
	proxy := NewProxy(t, peer.Addr)
	client := dial(t, proxy.Addr)
	server := peer.Accept()
	client.Send(&packet.Publish{Topic: "there"})
	if p := Expect[*packet.Publish](server); p.Topic != "there" {
		t.Errorf("got %q", p.Topic)
	}
	server.Ack(packet.PUBACK, 7, 0)
	if a := client.ExpectAck(packet.PUBACK); a.ID != 7 {
		t.Errorf("got %d", a.ID)
	}
	proxy.Cut()
	client.ExpectEnd()
	server.ExpectEnd()
	proxy.Refuse(true)
	dial(t, proxy.Addr).ExpectEnd()
	if n := proxy.Accepted(); n != 1 {
		t.Errorf("%d connections were passed on, want 1", n)
	}
}

func TestProxyHoldsBack(t *testing.T) {
	peer := NewPeer(t, packet.V5)
	proxy := NewProxy(t, peer.Addr)
	client := dial(t, proxy.Addr)
	server := peer.Accept()
	proxy.Stall(true)
	client.Send(&packet.Publish{Topic: "held"})
	other := dial(t, peer.Addr) // what goes around the proxy arrives meanwhile
	other.Send(&packet.Publish{Topic: "direct"})
	if p := Expect[*packet.Publish](peer.Accept()); p.Topic != "direct" {
		t.Errorf("got %q", p.Topic)
	}
	if err := server.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := server.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Errorf("%d bytes passed a proxy that holds everything back", n)
	}
	proxy.Stall(false)
	if p := Expect[*packet.Publish](server); p.Topic != "held" {
		t.Errorf("got %q", p.Topic)
	}
	proxy.Slow(20*time.Millisecond, 10_000)
	before := time.Now()
	client.Send(&packet.Publish{Topic: "slow", Payload: make([]byte, 1000)})
	Expect[*packet.Publish](server)
	if took := time.Since(before); took < 120*time.Millisecond {
		t.Errorf("1,000 bytes at 10,000 a second came after %v", took)
	}
	proxy.Stall(true)
	client.Send(&packet.Publish{Topic: "lost"})
	proxy.Cut()
	client.ExpectEnd()
	server.ExpectEnd()
}

func TestBrokerComesBackOnTheSamePort(t *testing.T) {
	broker := Mosquitto(t, BrokerOptions{})
	for range 2 {
		conn := dial(t, broker.Addr)
		conn.Send(&packet.Connect{Version: packet.V5, CleanStart: true, ClientID: "x"})
		if a := Expect[*packet.Connack](conn); a.ReasonCode != packet.Success {
			t.Fatalf("refused: %v", a.ReasonCode)
		}
		broker.Restart(t)
		conn.ExpectEnd()
	}
	broker.Stop()
	if broker.Log() == "" {
		t.Error("the broker wrote nothing")
	}
}
