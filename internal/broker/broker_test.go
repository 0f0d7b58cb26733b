package broker

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/packet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestVersionsAndQoS(t *testing.T) {
	b := start(t, Options{})
	for _, v := range []packet.Version{packet.V31, packet.V311, packet.V5} {
		for qos := range byte(3) {
			t.Run(fmt.Sprintf("%v QoS %d", v, qos), func(t *testing.T) {
				p := connected(t, b, v, fmt.Sprintf("client-%d-%d", v, qos))
				p.subscribe(packet.Subscription{Filter: "a/+", QoS: qos})
				p.send(&packet.Publish{Topic: "a/b", Payload: []byte("hello"), QoS: qos, ID: uint16(qos) * 7})
				got := exchange(p, qos)
				if got.Topic != "a/b" || string(got.Payload) != "hello" || got.QoS != qos {
					t.Errorf("got %+v", got)
				}
				p.send(&packet.Disconnect{})
				p.ended()
			})
		}
	}
}

// exchange answers the broker until a message of that QoS went both ways.
func exchange(p *peer, qos byte) (message *packet.Publish) {
	p.t.Helper()
	outgoing := qos == 0
	incoming := false
	for !outgoing || !incoming {
		pk, err := p.read()
		if err != nil {
			p.t.Fatal(err)
		}
		switch pk := pk.(type) {
		case *packet.Publish:
			message = pk
			incoming = pk.QoS == 0 || incoming
			if pk.QoS == 1 {
				p.send(&packet.Ack{Kind: packet.PUBACK, ID: pk.ID})
				incoming = true
			}
			if pk.QoS == 2 {
				p.send(&packet.Ack{Kind: packet.PUBREC, ID: pk.ID})
			}
		case *packet.Ack:
			switch pk.Kind {
			case packet.PUBACK, packet.PUBCOMP:
				outgoing = true
			case packet.PUBREC:
				p.send(&packet.Ack{Kind: packet.PUBREL, ID: pk.ID})
			case packet.PUBREL:
				p.send(&packet.Ack{Kind: packet.PUBCOMP, ID: pk.ID})
				incoming = true
			}
		}
	}
	return message
}

func TestLimitsAreAnnounced(t *testing.T) {
	b := start(t, Options{MaxPacketSize: 1000})
	ack := dial(t, b, packet.V5).connect(&packet.Connect{Version: packet.V5, CleanStart: true})
	for id, want := range map[packet.PropertyID]uint32{
		packet.PropMaximumPacketSize: 1000,
		packet.PropTopicAliasMaximum: aliasMaximum,
	} {
		if got := ack.Properties.Int(id, 0); got != want {
			t.Errorf("property %#x is %d, want %d", id, got, want)
		}
	}
}

func TestUsers(t *testing.T) {
	b := start(t, Options{Users: map[string]string{"ann": "secret"}})
	for _, c := range []struct {
		user, password string
		want           packet.ReasonCode
	}{
		{"ann", "secret", packet.Success},
		{"ann", "wrong", packet.BadUserNameOrPassword},
		{"bob", "", packet.BadUserNameOrPassword},
		{"", "", packet.BadUserNameOrPassword},
	} {
		ack := dial(t, b, packet.V5).connect(&packet.Connect{
			Version: packet.V5, CleanStart: true,
			HasUsername: true, Username: c.user, HasPassword: true, Password: []byte(c.password),
		})
		if ack.ReasonCode != c.want {
			t.Errorf("%q with %q: %v, want %v", c.user, c.password, ack.ReasonCode, c.want)
		}
	}
	ack := dial(t, b, packet.V311).connect(&packet.Connect{Version: packet.V311, CleanStart: true})
	if ack.ReasonCode != 4 {
		t.Errorf("without a user, 3.1.1: return code %d, want 4", ack.ReasonCode)
	}
}

func TestEnhancedAuthenticationIsRefused(t *testing.T) {
	b := start(t, Options{})
	p := dial(t, b, packet.V5)
	ack := p.connect(&packet.Connect{
		Version: packet.V5, CleanStart: true,
		Properties: packet.Properties(nil).AppendString(packet.PropAuthenticationMethod, "x"),
	})
	if ack.ReasonCode != packet.BadAuthenticationMethod {
		t.Errorf("CONNACK has the code %v", ack.ReasonCode)
	}
	p.ended()
}

func TestAddressInUse(t *testing.T) {
	first := start(t, Options{})
	_, err := Start(Options{Addr: first.Addr()})
	if err == nil || !strings.Contains(err.Error(), first.Addr()+" is in use") {
		t.Errorf("error is %v", err)
	}
	second := start(t, Options{Addr: first.Addr(), Fallback: true})
	if second.Addr() == first.Addr() {
		t.Error("both brokers have the same address")
	}
	_, err = Start(Options{Addr: "127.0.0.1:0", WebSocket: first.Addr()})
	if err == nil || !strings.Contains(err.Error(), "is in use") {
		t.Errorf("error for the WebSocket address is %v", err)
	}
}

func TestAddressThatOthersReach(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0"} {
		_, err := Start(Options{Addr: addr})
		if err == nil || !strings.Contains(err.Error(), "other machines") {
			t.Errorf("%s: error is %v", addr, err)
		}
	}
	_, err := Start(Options{Addr: "127.0.0.1:0", WebSocket: ":0"})
	if err == nil || !strings.Contains(err.Error(), "other machines") {
		t.Errorf("WebSocket: error is %v", err)
	}
	_, err = Start(Options{Addr: "nonsense"})
	if err == nil || !strings.Contains(err.Error(), `"nonsense" is not an address`) {
		t.Errorf("error is %v", err)
	}
}

func TestCloseTellsClientsAndMayBeRepeated(t *testing.T) {
	b := start(t, Options{})
	p := connected(t, b, packet.V5, "a")
	silent := dial(t, b, packet.V5) // never sends CONNECT
	eventually(t, func() bool { return b.Stats().Accepted == 2 })
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	if reason := p.ended(); reason != packet.ServerShuttingDown {
		t.Errorf("DISCONNECT has the reason %v", reason)
	}
	silent.ended()
	wg.Wait()
	if s := b.Stats(); s.Connections != 0 || s.Accepted != 2 {
		t.Errorf("counters are %+v", s)
	}
	if nc, err := net.Dial("tcp", b.Addr()); err == nil {
		_ = nc.Close()
		t.Error("the closed broker still listens")
	}
}

// A client that reads nothing must hold up neither its publisher nor Close.
func TestCloseWithAClientThatDoesNotRead(t *testing.T) {
	b := start(t, Options{})
	stuck := connected(t, b, packet.V311, "stuck")
	stuck.subscribe(packet.Subscription{Filter: "#"})
	p := connected(t, b, packet.V311, "p")
	for range 32 {
		p.send(&packet.Publish{Topic: "t", Payload: make([]byte, 1<<20)})
	}
	p.send(&packet.Pingreq{})
	receive[*packet.Pingresp](p)
	began := time.Now()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > closeTimeout+patience/5 {
		t.Errorf("Close took %v", took)
	}
}

func TestConnectionLimit(t *testing.T) {
	b := start(t, Options{MaxConnections: 2})
	connected(t, b, packet.V5, "a")
	second := connected(t, b, packet.V5, "b")
	dial(t, b, packet.V5).ended()
	second.send(&packet.Disconnect{})
	second.ended()
	eventually(t, func() bool { return b.Stats().Connections == 1 })
	connected(t, b, packet.V5, "c")
}

func TestCountersAndDrops(t *testing.T) {
	var log syncBuffer
	b := start(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	slow := connected(t, b, packet.V311, "slow")
	slow.subscribe(packet.Subscription{Filter: "#"})
	fast := connected(t, b, packet.V311, "fast")
	wire, err := (&packet.Publish{Topic: "t", Payload: make([]byte, 4096)}).Append(nil, packet.V311)
	if err != nil {
		t.Fatal(err)
	}
	batch := bytes.Repeat(wire, 100)
	sent := 0
	eventually(t, func() bool {
		fast.write(batch)
		sent += 100
		return b.Stats().Dropped > 0
	})
	eventually(t, func() bool { return b.Stats().Received == int64(sent) })
	if n := strings.Count(log.String(), "does not keep up"); n != 1 {
		t.Errorf("the log has %d warnings:\n%s", n, log.String())
	}
	if b.Stats().Sent == 0 {
		t.Error("nothing was counted as sent")
	}
}

func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not come to pass")
		}
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
