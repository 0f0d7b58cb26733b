package mqtt

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mqscript/mqscript/internal/packet"
)

// heldLimit bounds the bytes of messages that are held back because they came
// beyond the receive maximum. Their number is bounded by that of the packet
// identifiers.
const heldLimit = 16 << 20

// receipt is the client's bookkeeping on a Message; nil for QoS 0.
type receipt struct {
	delivery *delivery
}

// delivery is a QoS 1 or 2 message that was handed to the Handler, guarded by
// the client's mutex.
type delivery struct {
	id   uint16
	qos  byte
	done bool  // nobody waits for it any more
	told bool  // PUBREC was sent on conn
	conn *conn // that it last arrived on; nil: in an earlier run
	kept kept  // its record in the session on disk
	msg  *Message
	pos  uint64 // on conn, behind the PUBREC
}

// Ack says that a message is dealt with: PUBACK or PUBREC follows, as soon as
// all messages of the same QoS that came before it are dealt with as well
// [MQTT-4.6.0-2] [MQTT-4.6.0-3]. It is for QoS 1 and 2 messages for which
// Handler.Message returned false, once each; it does nothing for others.
//
// When the connection has changed meanwhile, the message is acknowledged when
// the server sends it again, and does not come again while the session lasts.
func (c *Client) Ack(m *Message) {
	if m.delivery == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settle(m.delivery)
}

func (c *Client) settle(d *delivery) {
	d.done = true
	if d.qos == 2 && c.received[d.id] == d {
		c.session.received(d)
	}
	if cn := c.conn; cn != nil && cn.usable() {
		cn.flushAcks(d.qos)
	}
}

// flushAcks acknowledges, in order of arrival, what is dealt with.
func (cn *conn) flushAcks(qos byte) {
	q := &cn.acks[qos]
	for q.n > 0 && (*q.front()).done {
		d := q.pop()
		switch {
		case qos == 1:
			cn.unacked--
			cn.send(&packet.Ack{Kind: packet.PUBACK, ID: d.id})
		case cn.client.received[d.id] == d:
			d.told = true
			cn.send(&packet.Ack{Kind: packet.PUBREC, ID: d.id})
			d.pos = cn.end
		}
	}
}

// publish takes a PUBLISH.
func (cn *conn) publish(m *Message) error {
	c := cn.client
	if err := cn.resolveAlias(m); err != nil {
		return err
	}
	if c.ending {
		// Without an acknowledgement, QoS 1 and 2 stay with the server.
		c.stats.dropped++
		return nil
	}
	cn.outcome.worked = true
	if m.Packet.QoS == 0 {
		c.cfg.Handler.Message(m)
		return nil
	}
	if cn.overflowed || cn.known(m) {
		return nil
	}
	if cn.unacked < int(c.cfg.ReceiveMaximum) && cn.held.n == 0 {
		cn.deliver(m)
		return nil
	}
	cn.hold(m)
	return nil
}

// resolveAlias finds the topic of a PUBLISH and learns a new alias.
func (cn *conn) resolveAlias(m *Message) error {
	m.Topic = m.Packet.Topic
	if len(m.Packet.Properties) == 0 {
		return nil
	}
	prop, ok := m.Packet.Properties.Get(packet.PropTopicAlias)
	if !ok {
		return nil
	}
	n := int(prop.Int)
	if n == 0 || n >= len(cn.aliasesIn) {
		return protocolError(packet.TopicAliasInvalid, "MQTT-3.3.2-8", "topic alias %d is not within the maximum of %d", n, max(0, len(cn.aliasesIn)-1))
	}
	if m.Topic != "" {
		if cn.aliasesIn[n] != m.Topic {
			cn.aliasesIn[n] = strings.Clone(m.Topic) // not to keep the packet
		}
		return nil
	}
	if m.Topic = cn.aliasesIn[n]; m.Topic == "" {
		return protocolError(packet.ProtocolError, "MQTT-3.3.2-7", "topic alias %d was not introduced", n)
	}
	return nil
}

// deliver hands a QoS 1 or 2 message over.
func (cn *conn) deliver(m *Message) {
	c := cn.client
	d := &delivery{id: m.Packet.ID, qos: m.Packet.QoS, conn: cn, msg: m}
	m.delivery = d
	cn.unacked++
	cn.acks[d.qos].push(d)
	if d.qos == 2 {
		c.received[d.id] = d
	}
	if c.cfg.Handler.Message(m) {
		c.settle(d)
	}
}

// known takes a PUBLISH whose message was delivered already. It is false for a
// message that is new.
func (cn *conn) known(m *Message) bool {
	if m.Packet.QoS == 2 {
		return cn.repeated(m.Packet)
	}
	return cn.again(m)
}

// again takes a QoS 1 PUBLISH that comes once more because its connection was
// lost before its acknowledgement: the server sends it with DUP and the same
// identifier [MQTT-3.3.1-1] [MQTT-4.4.0-1]. It is acknowledged when the one
// delivery there was is dealt with.
func (cn *conn) again(m *Message) bool {
	c := cn.client
	d := c.unsettled[m.Packet.ID]
	if d == nil {
		return false
	}
	delete(c.unsettled, m.Packet.ID)
	if !m.Packet.Dup || m.Topic != d.msg.Topic || !bytes.Equal(m.Packet.Payload, d.msg.Packet.Payload) {
		return false
	}
	d.conn = cn
	cn.unacked++
	cn.acks[1].push(d)
	cn.flushAcks(1)
	return true
}

// collectUnsettled keeps, when a connection is gone, the QoS 1 messages that it
// left without an acknowledgement: no more than a few times the receive maximum,
// beyond which those come again that the server has not sent again so far.
func (c *Client) collectUnsettled(cn *conn) {
	if len(c.unsettled) > 4*int(c.cfg.ReceiveMaximum) {
		clear(c.unsettled)
	}
	for cn.acks[1].n > 0 {
		d := cn.acks[1].pop()
		c.unsettled[d.id] = d
	}
}

// repeated takes a QoS 2 PUBLISH whose message was delivered already: PUBREC
// is sent again, or later if the message is still being dealt with
// [MQTT-4.3.3-10]. It is false for a message that is new. What an earlier run
// took comes again with DUP [MQTT-3.3.1-1]; without it the server has used the
// identifier again, and the disk did not keep that it was free.
func (cn *conn) repeated(p *packet.Publish) bool {
	id := p.ID
	d := cn.client.received[id]
	switch {
	case d == nil:
		return false
	case d.conn == nil && !p.Dup:
		cn.client.session.freed(d)
		delete(cn.client.received, id)
		return false
	case d.conn != cn:
		d.conn, d.told = cn, false
		cn.unacked++
		cn.acks[2].push(d)
		cn.flushAcks(2)
	case d.told:
		cn.send(&packet.Ack{Kind: packet.PUBREC, ID: id})
	}
	return true
}

// hold takes a message beyond the receive maximum. Before MQTT 5 a server does
// not know it. An MQTT 5 server must keep to it [MQTT-3.3.4-9], but mosquitto
// 2.0 does not when it resumes a session or is busy both ways; ending the
// connection for that would only make it send everything once more.
//
// What does not fit any more is left to the server: it has no acknowledgement,
// so it comes again on the next connection, which is made as soon as all that
// is held back was delivered. Meanwhile the reader goes on, because the scripts
// may wait for the answers that it reads.
func (cn *conn) hold(m *Message) {
	size := overhead + m.Packet.Length
	if cn.held.n > 0 && cn.heldSize+size > heldLimit {
		cn.overflowed = true
		return
	}
	cn.heldSize += size
	cn.held.push(m)
}

// releaseHeld delivers what was held back as far as the bound allows.
func (cn *conn) releaseHeld() {
	c := cn.client
	for cn.held.n > 0 && cn.unacked < int(c.cfg.ReceiveMaximum) && cn.usable() && !c.ending {
		m := cn.held.pop()
		cn.heldSize -= overhead + m.Packet.Length
		if !cn.known(m) {
			cn.deliver(m)
		}
	}
	if cn.overflowed && cn.held.n == 0 && cn.usable() && !c.ending {
		cn.fail(&Error{Message: fmt.Sprintf(
			"the server sent more than %d bytes without an acknowledgement: connecting again for the rest", heldLimit)})
	}
}

// pubrel takes PUBREL: the identifier is free for a new message
// [MQTT-4.3.3-11].
func (cn *conn) pubrel(a *packet.Ack) {
	c := cn.client
	code := packet.Success
	if d := c.received[a.ID]; d == nil {
		code = packet.PacketIdentifierNotFound
	} else {
		delete(c.received, a.ID)
		c.session.freed(d)
		if d.conn == cn {
			cn.unacked--
		}
	}
	cn.send(&packet.Ack{Kind: packet.PUBCOMP, ID: a.ID, ReasonCode: code})
}
