package broker

import (
	"bufio"
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

const patience = 10 * time.Second

// peer is a client reduced to packets: the tests decide every byte it sends.
type peer struct {
	t  *testing.T
	v  packet.Version
	nc net.Conn
	in *bufio.Reader
}

func start(t *testing.T, opts Options) *Broker {
	t.Helper()
	if opts.Addr == "" {
		opts.Addr = "127.0.0.1:0"
	}
	b, err := Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("closing the broker: %v", err)
		}
	})
	return b
}

func dial(t *testing.T, b *Broker, v packet.Version) *peer {
	t.Helper()
	nc, err := net.DialTimeout("tcp", b.Addr(), patience)
	if err != nil {
		t.Fatal(err)
	}
	return newPeer(t, nc, v)
}

func newPeer(t *testing.T, nc net.Conn, v packet.Version) *peer {
	t.Cleanup(func() { _ = nc.Close() })
	return &peer{t: t, v: v, nc: nc, in: bufio.NewReader(nc)}
}

// connected dials and connects with a clean session.
func connected(t *testing.T, b *Broker, v packet.Version, id string) *peer {
	t.Helper()
	p := dial(t, b, v)
	ack := p.connect(&packet.Connect{Version: v, CleanStart: true, ClientID: id})
	if ack.ReasonCode != packet.Success {
		t.Fatalf("CONNACK has the code %v", ack.ReasonCode)
	}
	return p
}

func (p *peer) connect(c *packet.Connect) *packet.Connack {
	p.t.Helper()
	p.send(c)
	return receive[*packet.Connack](p)
}

func (p *peer) send(pk packet.Packet) {
	p.t.Helper()
	wire, err := pk.Append(nil, p.v)
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(wire)
}

func (p *peer) write(wire []byte) {
	p.t.Helper()
	_ = p.nc.SetWriteDeadline(time.Now().Add(patience))
	if _, err := p.nc.Write(wire); err != nil {
		p.t.Fatalf("writing to the broker: %v", err)
	}
}

func (p *peer) read() (packet.Packet, error) {
	_ = p.nc.SetReadDeadline(time.Now().Add(patience))
	return packet.Read(p.in, p.v, 0)
}

// receive reads the next packet, which must be a T.
func receive[T packet.Packet](p *peer) T {
	p.t.Helper()
	pk, err := p.read()
	if err != nil {
		p.t.Fatalf("reading from the broker: %v", err)
	}
	want, ok := pk.(T)
	if !ok {
		p.t.Fatalf("got %v: %+v", pk.Type(), pk)
	}
	return want
}

func (p *peer) subscribe(subs ...packet.Subscription) *packet.Suback {
	p.t.Helper()
	p.send(&packet.Subscribe{ID: 1, Subscriptions: subs})
	return receive[*packet.Suback](p)
}

// ended reads until the broker closes the connection and returns the reason
// of its DISCONNECT, or 0 when there was none.
func (p *peer) ended() packet.ReasonCode {
	p.t.Helper()
	var reason packet.ReasonCode
	for {
		pk, err := p.read()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			p.t.Fatal("the broker did not close the connection")
		}
		if err != nil {
			return reason
		}
		if d, ok := pk.(*packet.Disconnect); ok {
			reason = d.ReasonCode
		}
	}
}
