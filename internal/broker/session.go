package broker

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// forever is the session expiry interval that does not end.
const forever = 1<<32 - 1

// session is what the broker knows of a client between and during its
// connections. The broker's lock guards it.
type session struct {
	id            string
	version       packet.Version
	conn          *conn  // nil while the client is away
	expiry        uint32 // seconds that it is kept for after the connection
	subscriptions map[string]*subscription
	will          *packet.Will

	window   int                  // the client's receive maximum
	lastID   uint16               // packet identifier given last
	inflight []*outgoing          // sent and not acknowledged, in order
	byID     map[uint16]*outgoing // the same
	waiting  []*outgoing          // not sent: the window is full or the client away
	size     int                  // of the messages in both, in bytes
	received map[uint16]struct{}  // QoS 2 identifiers until PUBREL [MQTT-4.3.3-10]

	stopExpiry, stopWill func() // nil when there is nothing to stop
}

// outgoing is a QoS 1 or 2 message on its way to a client.
type outgoing struct {
	id       uint16 // 0 while it waits
	publish  packet.Publish
	message  *message
	released bool // PUBREC came, PUBREL was sent
}

// attach gives an accepted connection its session and answers CONNECT.
func (b *Broker) attach(c *conn, connect *packet.Connect) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	id := connect.ClientID
	if id == "" {
		id = randomID()
	}
	if old := b.sessions[id]; old != nil && old.conn != nil {
		old.conn.end(packet.SessionTakenOver) // [MQTT-3.1.4-3]
		b.detach(old.conn)
	}
	s := b.sessions[id]
	if s != nil && connect.CleanStart {
		b.remove(s)
		s = nil
	}
	present := s != nil
	if s == nil {
		if len(b.sessions) >= maxSessions || b.closed {
			c.send(&packet.Connack{ReasonCode: returnCode(c.version, packet.QuotaExceeded)})
			return errors.New("too many sessions")
		}
		s = &session{
			id: id, subscriptions: make(map[string]*subscription),
			byID: make(map[uint16]*outgoing), received: make(map[uint16]struct{}),
		}
		b.sessions[id] = s
	}
	s.stopTimers() // [MQTT-3.1.3-9]
	s.open(c, connect)
	c.send(b.connack(connect, id, present))
	s.replay()
	return nil
}

func randomID() string {
	id := make([]byte, 8)
	_, _ = rand.Read(id) // it never fails
	return "auto-" + hex.EncodeToString(id)
}

// open takes over what CONNECT says.
func (s *session) open(c *conn, connect *packet.Connect) {
	s.conn, c.session = c, s
	s.version = connect.Version
	s.will = connect.Will
	s.window = queuedMessages
	switch {
	case s.version == packet.V5:
		s.expiry = connect.Properties.Int(packet.PropSessionExpiryInterval, 0)
		s.window = min(s.window, int(connect.Properties.Int(packet.PropReceiveMaximum, 65535)))
	case connect.CleanStart:
		s.expiry = 0
	default:
		s.expiry = forever
	}
}

// connack states what differs from the protocol's defaults.
func (b *Broker) connack(connect *packet.Connect, id string, present bool) *packet.Connack {
	ack := &packet.Connack{SessionPresent: present}
	if connect.Version == packet.V31 {
		ack.SessionPresent = false // it has no such flag
	}
	ack.Properties = ack.Properties.
		AppendInt(packet.PropMaximumPacketSize, uint32(b.opts.MaxPacketSize)).
		AppendInt(packet.PropTopicAliasMaximum, aliasMaximum)
	if connect.ClientID == "" {
		ack.Properties = ack.Properties.AppendString(packet.PropAssignedClientIdentifier, id)
	}
	return ack
}

// detach takes a connection that has ended, or is about to, from its session,
// and publishes the will or sees to it.
func (b *Broker) detach(c *conn) {
	s := c.session
	if s == nil {
		return
	}
	c.session, s.conn = nil, nil
	if c.goodbye {
		s.will = nil
	}
	if s.will != nil && !b.closed {
		delay := min(s.will.Properties.Int(packet.PropWillDelayInterval, 0), s.expiry)
		if delay == 0 {
			b.publishWill(s)
		} else {
			s.stopWill = b.after(seconds(delay), func() { b.publishWill(s) })
		}
	}
	switch {
	case s.expiry == 0:
		b.remove(s)
	case s.expiry != forever && !b.closed:
		s.stopExpiry = b.after(seconds(s.expiry), func() { b.remove(s) })
	}
}

func seconds(n uint32) time.Duration { return time.Duration(n) * time.Second }

// remove ends a session. A will that is still delayed is published then
// [MQTT-3.1.3-9].
func (b *Broker) remove(s *session) {
	s.stopTimers()
	b.publishWill(s)
	for filter := range s.subscriptions {
		b.unsubscribe(s, filter)
	}
	delete(b.sessions, s.id)
}

func (s *session) stopTimers() {
	for _, stop := range []*func(){&s.stopExpiry, &s.stopWill} {
		if *stop != nil {
			(*stop)()
			*stop = nil
		}
	}
}

func (b *Broker) publishWill(s *session) {
	will := s.will
	s.will = nil
	if will == nil || b.closed {
		return
	}
	b.publish(s, &packet.Publish{
		Topic: will.Topic, Payload: will.Payload, QoS: will.QoS, Retain: will.Retain,
		Properties: will.Properties.Without(packet.PropWillDelayInterval),
	})
}

// replay sends again what the client has not acknowledged [MQTT-4.4.0-1], and
// then what has waited for it.
func (s *session) replay() {
	for _, o := range s.inflight {
		if o.released {
			s.conn.send(&packet.Ack{Kind: packet.PUBREL, ID: o.id})
			continue
		}
		again := o.publish
		again.Dup = true
		s.conn.transmit(&again, o.message)
	}
	s.pump()
}

// bytes is how much of queuedBytes a message takes.
func (o *outgoing) bytes() int {
	return len(o.publish.Topic) + len(o.publish.Payload) + len(o.publish.Properties)
}

// enqueue sends a QoS 1 or 2 message now or later. It is false when there is
// no room for it.
func (s *session) enqueue(p packet.Publish, m *message) bool {
	if len(s.inflight)+len(s.waiting) >= queuedMessages || s.size >= queuedBytes {
		return false
	}
	o := &outgoing{publish: p, message: m}
	s.size += o.bytes()
	s.waiting = append(s.waiting, o)
	s.pump()
	return true
}

// pump sends what waits while the client takes it [MQTT-3.3.4-9].
func (s *session) pump() {
	for len(s.waiting) > 0 && s.conn != nil && len(s.inflight) < s.window && !s.conn.out.full() {
		o := s.waiting[0]
		s.waiting[0] = nil
		s.waiting = s.waiting[1:]
		if o.message.expired() {
			s.size -= o.bytes()
			continue
		}
		s.assign(o)
		s.conn.transmit(&o.publish, o.message)
	}
}

// assign gives a message an identifier that is not in use; the window leaves
// some.
func (s *session) assign(o *outgoing) {
	for {
		s.lastID++
		if s.lastID != 0 && s.byID[s.lastID] == nil {
			break
		}
	}
	o.id, o.publish.ID = s.lastID, s.lastID
	s.byID[o.id] = o
	s.inflight = append(s.inflight, o)
}

// settle ends the way of a message.
func (s *session) settle(o *outgoing) {
	s.size -= o.bytes()
	delete(s.byID, o.id)
	if s.inflight[0] == o { // most clients acknowledge in order
		s.inflight[0] = nil
		s.inflight = s.inflight[1:]
	} else if at := slices.Index(s.inflight, o); at > 0 {
		s.inflight = slices.Delete(s.inflight, at, at+1)
	}
	s.pump()
}

// handleAck acts on a client's acknowledgement.
func (c *conn) handleAck(pk *packet.Ack) {
	if pk.Kind == packet.PUBREL {
		c.handleRelease(pk)
		return
	}
	o := c.session.byID[pk.ID]
	switch {
	case pk.Kind == packet.PUBREC && o == nil:
		c.send(&packet.Ack{Kind: packet.PUBREL, ID: pk.ID, ReasonCode: packet.PacketIdentifierNotFound})
	case o == nil: // the answer to something that is over
	case (pk.Kind == packet.PUBACK) != (o.publish.QoS == 1): // another QoS's answer
	case pk.Kind == packet.PUBREC && !pk.ReasonCode.Failed():
		o.released = true
		c.send(&packet.Ack{Kind: packet.PUBREL, ID: pk.ID})
	default:
		c.session.settle(o)
	}
}

// handleRelease ends the way of a QoS 2 message from the client
// [MQTT-4.3.3-12].
func (c *conn) handleRelease(pk *packet.Ack) {
	ack := &packet.Ack{Kind: packet.PUBCOMP, ID: pk.ID}
	if _, known := c.session.received[pk.ID]; !known {
		ack.ReasonCode = packet.PacketIdentifierNotFound
	}
	delete(c.session.received, pk.ID)
	c.send(ack)
}
