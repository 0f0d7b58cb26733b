package broker

import (
	"bufio"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/mqscript/mqscript/internal/packet"

	mochi "github.com/mochi-mqtt/server/v2"
)

// conn is one client's connection as mochi sees it. Reading, it hands over
// one packet at a time and only packets that internal/packet found correct;
// writing, it keeps to the client's receive maximum. mochi fails at both.
//
// Read is called by the connection's own goroutine; Write from any, but for
// one packet after the other; the rest from any goroutine.
type conn struct {
	net.Conn
	in      *bufio.Reader
	limit   int                        // largest packet in bytes
	refuse  func(*conn, *packet.Error) // tells the client why it is disconnected
	version packet.Version             // 0 until CONNECT was read
	known   [aliasMaximum + 1]bool     // topic aliases that the client has registered
	packet  []byte                     // the memory behind ready
	ready   []byte                     // what is left of a packet to hand over
	window  window

	client atomic.Pointer[mochi.Client] // set once CONNECT was accepted
	last   atomic.Pointer[time.Time]    // no write goes on longer; set by hurry
	warned atomic.Bool                  // the log has a word about dropped messages
}

func newConn(nc net.Conn, limit int, refuse func(*conn, *packet.Error)) *conn {
	// mochi sets no deadline before it has read CONNECT.
	_ = nc.SetReadDeadline(time.Now().Add(connectTimeout))
	return &conn{Conn: nc, in: bufio.NewReader(nc), limit: limit, refuse: refuse}
}

// Read hands over the next correct packet, or as much of it as p holds. A
// packet that is not correct ends the connection with an error.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.ready) == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.ready)
	c.ready = c.ready[n:]
	return n, nil
}

func (c *conn) next() error {
	version := c.version
	if version == 0 {
		version = packet.V5 // CONNECT itself says which
	}
	pk, err := packet.Read(c.in, version, c.limit)
	if err == nil {
		err = c.check(pk)
	}
	var wrong *packet.Error
	if errors.As(err, &wrong) {
		c.refuse(c, wrong)
	}
	if err != nil {
		return err
	}
	c.packet, err = pk.Append(c.packet[:0], version)
	c.ready = c.packet
	return err
}

// check applies the rules that depend on more than the packet.
func (c *conn) check(pk packet.Packet) error {
	if c.version == 0 {
		connect, ok := pk.(*packet.Connect)
		if !ok {
			return &packet.Error{Code: packet.ProtocolError, Statement: "MQTT-3.1.0-1", Message: "the first packet is not CONNECT"}
		}
		c.version = connect.Version
		c.window.open(connect)
		dropEmptyCredentials(connect)
		return nil
	}
	switch pk := pk.(type) {
	case *packet.Publish:
		return c.checkAlias(pk)
	case *packet.Ack:
		return c.window.acknowledge(pk, c.transmit)
	case *packet.Auth:
		return &packet.Error{Code: packet.ProtocolError, Statement: "MQTT-4.12.0-1", Message: "AUTH without an authentication method"}
	}
	return nil
}

// dropEmptyCredentials leaves out what mochi takes for an error although it is
// none, and what says no more than its absence.
func dropEmptyCredentials(c *packet.Connect) {
	c.HasPassword = len(c.Password) > 0
	c.HasUsername = c.Username != "" || c.HasPassword && c.Version != packet.V5
}

// checkAlias keeps mochi from publishing to the empty topic.
func (c *conn) checkAlias(p *packet.Publish) error {
	prop, ok := p.Properties.Get(packet.PropTopicAlias)
	switch {
	case !ok:
		return nil
	case prop.Int == 0 || prop.Int > aliasMaximum:
		return &packet.Error{Code: packet.TopicAliasInvalid, Statement: "MQTT-3.3.2-9", Message: "topic alias out of range"}
	case p.Topic != "":
		c.known[prop.Int] = true
	case !c.known[prop.Int]:
		return &packet.Error{Code: packet.ProtocolError, Statement: "MQTT-3.3.4-2", Message: "topic alias that was never set"}
	}
	return nil
}

// Write sends whole packets, except for those that must wait until the client
// has acknowledged others.
func (c *conn) Write(p []byte) (int, error) {
	return len(p), c.window.send(p, c.transmit)
}

// transmit writes to the network, for a bounded time.
func (c *conn) transmit(p []byte) error {
	_ = c.Conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	if last := c.last.Load(); last != nil {
		_ = c.Conn.SetWriteDeadline(*last)
	}
	_, err := c.Conn.Write(p)
	return err
}

// SetDeadline sets the read deadline, with which mochi watches the keepalive.
// Writes have their own: a client without keepalive that stops reading must
// not hold up those who publish to it for ever.
func (c *conn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// hurry lets writes, the one going on included, take closeTimeout from now.
func (c *conn) hurry() {
	last := time.Now().Add(closeTimeout)
	c.last.Store(&last)
	_ = c.Conn.SetWriteDeadline(last)
}
