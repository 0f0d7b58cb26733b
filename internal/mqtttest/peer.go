package mqtttest

import (
	"bufio"
	"net"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// Peer is a listener for a server that plays what the test says, packet by
// packet.
type Peer struct {
	// Addr is host:port; URL is the same with mqtt:// in front.
	Addr, URL string
	// Version is the protocol version of what is read and written.
	Version packet.Version

	tb       testing.TB
	listener net.Listener
}

// NewPeer starts to listen on loopback.
func NewPeer(tb testing.TB, v packet.Version) *Peer {
	tb.Helper()
	p := &Peer{tb: tb, Version: v}
	p.Listen("127.0.0.1:0")
	tb.Cleanup(p.Close)
	return p
}

// Listen begins to listen, again after Close.
func (p *Peer) Listen(addr string) {
	p.tb.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		p.tb.Fatal(err)
	}
	p.listener, p.Addr = l, l.Addr().String()
	p.URL = "mqtt://" + p.Addr
}

// Close stops listening; connections stay.
func (p *Peer) Close() { _ = p.listener.Close() }

// Accept takes the next connection, which is closed with the test.
func (p *Peer) Accept() *PeerConn {
	p.tb.Helper()
	if err := p.listener.(*net.TCPListener).SetDeadline(time.Now().Add(Patience)); err != nil {
		p.tb.Fatal(err)
	}
	conn, err := p.listener.Accept()
	if err != nil {
		p.tb.Fatalf("waiting for a connection: %v", err)
	}
	return NewPeerConn(p.tb, conn, p.Version)
}

// PeerConn is the server's side of one connection.
type PeerConn struct {
	net.Conn
	tb      testing.TB
	version packet.Version
	in      *bufio.Reader
}

// NewPeerConn plays the server on any connection; it is closed with the test.
func NewPeerConn(tb testing.TB, conn net.Conn, v packet.Version) *PeerConn {
	tb.Cleanup(func() { _ = conn.Close() })
	return &PeerConn{Conn: conn, tb: tb, version: v, in: bufio.NewReader(conn)}
}

// AcceptClient takes the next connection, reads CONNECT and accepts with ack, which
// may be nil for an empty one.
func (p *Peer) AcceptClient(ack *packet.Connack) (*PeerConn, *packet.Connect) {
	p.tb.Helper()
	conn := p.Accept()
	connect := Expect[*packet.Connect](conn)
	if ack == nil {
		ack = new(packet.Connack)
	}
	conn.Send(ack)
	return conn, connect
}

// Next reads a packet.
func (c *PeerConn) Next() packet.Packet {
	c.tb.Helper()
	p, err := c.ReadPacket()
	if err != nil {
		c.tb.Fatalf("waiting for a packet: %v", err)
	}
	return p
}

// ReadPacket reads a packet, or the error that comes instead.
func (c *PeerConn) ReadPacket() (packet.Packet, error) {
	if err := c.SetReadDeadline(time.Now().Add(Patience)); err != nil {
		return nil, err
	}
	return packet.Read(c.in, c.version, 0)
}

// ReadUnhurried is ReadPacket without a bound on the wait, for goroutines that
// end with the connection.
func (c *PeerConn) ReadUnhurried() (packet.Packet, error) {
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		return nil, err
	}
	return packet.Read(c.in, c.version, 0)
}

// Expect reads a packet of type P and fails the test on any other.
func Expect[P packet.Packet](c *PeerConn) P {
	c.tb.Helper()
	got := c.Next()
	p, ok := got.(P)
	if !ok {
		c.tb.Fatalf("got %v %+v, want %T", got.Type(), got, p)
	}
	return p
}

// ExpectAck reads an acknowledgement of that kind.
func (c *PeerConn) ExpectAck(kind packet.Type) *packet.Ack {
	c.tb.Helper()
	p := Expect[*packet.Ack](c)
	if p.Kind != kind {
		c.tb.Fatalf("got %v of %d, want %v", p.Kind, p.ID, kind)
	}
	return p
}

// ExpectEnd fails the test unless the client closes the connection now.
func (c *PeerConn) ExpectEnd() {
	c.tb.Helper()
	if p, err := c.ReadPacket(); err == nil {
		c.tb.Fatalf("got %v %+v, want the end of the connection", p.Type(), p)
	}
}

// Send writes packets, all in one go.
func (c *PeerConn) Send(ps ...packet.Packet) {
	c.tb.Helper()
	var b []byte
	for _, p := range ps {
		var err error
		if b, err = p.Append(b, c.version); err != nil {
			c.tb.Fatalf("encoding %v: %v", p.Type(), err)
		}
	}
	c.SendBytes(b)
}

// SendBytes writes bytes as they are.
func (c *PeerConn) SendBytes(b []byte) {
	c.tb.Helper()
	if _, err := c.Write(b); err != nil {
		c.tb.Fatalf("sending: %v", err)
	}
}

// Ack sends an acknowledgement.
func (c *PeerConn) Ack(kind packet.Type, id uint16, code packet.ReasonCode) {
	c.tb.Helper()
	c.Send(&packet.Ack{Kind: kind, ID: id, ReasonCode: code})
}

// Reset closes a TCP connection with RST.
func (c *PeerConn) Reset() {
	c.tb.Helper()
	if err := c.Conn.(*net.TCPConn).SetLinger(0); err != nil {
		c.tb.Fatal(err)
	}
	_ = c.Close()
}
