package broker

import (
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// message is an application message on its way through the broker. It is
// shared and never changed.
type message struct {
	packet.Publish           // without a topic alias; Retain as it was published
	from           string    // client identifier of who published it
	expires        time.Time // zero for never
}

func (m *message) expired() bool { return !m.expires.IsZero() && !time.Now().Before(m.expires) }

// handlePublish takes a message from a client and answers it.
func (c *conn) handlePublish(pk *packet.Publish) error {
	c.broker.received.Add(1)
	if err := c.resolveAlias(pk); err != nil {
		return err
	}
	if _, ok := pk.Properties.Get(packet.PropSubscriptionIdentifier); ok {
		return violation(packet.ProtocolError, "MQTT-3.3.4-6", "PUBLISH from a client has a subscription identifier")
	}
	s := c.session
	var reason packet.ReasonCode
	if _, again := s.received[pk.ID]; pk.QoS < 2 || !again {
		reason = c.broker.publish(s, pk)
	}
	switch pk.QoS {
	case 1:
		c.send(&packet.Ack{Kind: packet.PUBACK, ID: pk.ID, ReasonCode: reason})
	case 2:
		if !reason.Failed() {
			s.received[pk.ID] = struct{}{}
		}
		c.send(&packet.Ack{Kind: packet.PUBREC, ID: pk.ID, ReasonCode: reason})
	}
	return nil
}

func (c *conn) resolveAlias(pk *packet.Publish) error {
	alias, ok := pk.Properties.Get(packet.PropTopicAlias)
	switch {
	case !ok:
		return nil
	case alias.Int == 0 || alias.Int > aliasMaximum:
		return violation(packet.TopicAliasInvalid, "MQTT-3.3.2-9", "topic alias out of range")
	case pk.Topic != "":
		c.aliases[alias.Int] = pk.Topic
	case c.aliases[alias.Int] == "":
		return violation(packet.ProtocolError, "MQTT-3.3.4-2", "topic alias that was never set")
	}
	pk.Topic = c.aliases[alias.Int]
	return nil
}

// publish hands a message to everybody who subscribed it, and keeps it when it
// is to be retained. from is who published it.
func (b *Broker) publish(from *session, pk *packet.Publish) packet.ReasonCode {
	m := &message{Publish: *pk, from: from.id}
	m.ID, m.Dup = 0, false
	m.Properties = pk.Properties.Without(packet.PropTopicAlias)
	if p, ok := m.Properties.Get(packet.PropMessageExpiryInterval); ok {
		m.expires = time.Now().Add(seconds(p.Int))
	}
	if m.Retain && !b.retain(m) {
		return packet.QuotaExceeded
	}
	b.route(m)
	return packet.Success
}

// retain keeps a message, or forgets the one there is when its payload is
// empty [MQTT-3.3.1-6]. It is false when there are too many.
func (b *Broker) retain(m *message) bool {
	if len(m.Payload) == 0 {
		delete(b.retained, m.Topic)
		return true
	}
	if _, there := b.retained[m.Topic]; !there && len(b.retained) >= maxRetained {
		return false
	}
	b.retained[m.Topic] = m
	return true
}

// delivery is what one session gets of a message: once, however many of its
// subscriptions match, with the highest QoS [MQTT-3.3.4-2].
type delivery struct {
	qos    byte
	retain bool
	ids    []uint32
}

func (b *Broker) route(m *message) {
	var single *session // most messages have one recipient: no map for them
	var first delivery
	var others map[*session]*delivery
	b.match(m.Topic, func(sub *subscription) {
		s := sub.session
		if sub.NoLocal && s.id == m.from { // [MQTT-3.8.3-3]
			return
		}
		if single == nil {
			single = s
		}
		if single == s {
			first.join(sub, m)
			return
		}
		if others == nil {
			others = make(map[*session]*delivery)
		}
		if others[s] == nil {
			others[s] = new(delivery)
		}
		others[s].join(sub, m)
	})
	if single != nil {
		b.deliver(single, m, &first)
	}
	for s, d := range others {
		b.deliver(s, m, d)
	}
}

func (d *delivery) join(sub *subscription, m *message) {
	d.qos = max(d.qos, min(sub.QoS, m.QoS))
	d.retain = d.retain || m.Retain && sub.RetainAsPublished // [MQTT-3.3.1-12]
	if sub.id != 0 {
		d.ids = append(d.ids, sub.id)
	}
}

// deliver sends a message to a session's client, or keeps it for it.
func (b *Broker) deliver(s *session, m *message, d *delivery) {
	p := packet.Publish{Topic: m.Topic, Payload: m.Payload, QoS: d.qos, Retain: d.retain, Properties: m.Properties}
	for i, id := range d.ids {
		if i == 0 { // others hold the same bytes
			p.Properties = append(packet.Properties(nil), p.Properties...)
		}
		p.Properties = p.Properties.AppendInt(packet.PropSubscriptionIdentifier, id)
	}
	switch {
	case d.qos > 0:
		if !s.enqueue(p, m) {
			b.drop(s, m.Topic)
		}
	case s.conn == nil: // QoS 0 is not kept
	case s.conn.out.full():
		b.drop(s, m.Topic)
	default:
		s.conn.transmit(&p, m)
	}
}

func (b *Broker) drop(s *session, topic string) {
	b.dropped.Add(1)
	if s.conn != nil && !s.conn.warned {
		s.conn.warned = true
		b.log.Warn("a client does not keep up and loses messages", "client", s.id, "topic", topic)
	}
}

// transmit sends a PUBLISH, with what is left of the time it may take
// [MQTT-3.3.2-6].
func (c *conn) transmit(p *packet.Publish, m *message) {
	c.broker.sent.Add(1)
	if m.expires.IsZero() {
		c.send(p)
		return
	}
	left := max(1, (time.Until(m.expires)+time.Second-1)/time.Second)
	timed := *p
	timed.Properties = append(packet.Properties(nil), p.Properties.Without(packet.PropMessageExpiryInterval)...).
		AppendInt(packet.PropMessageExpiryInterval, uint32(left))
	c.send(&timed)
}

// handleSubscribe adds subscriptions, answers, and sends retained messages.
func (c *conn) handleSubscribe(pk *packet.Subscribe) error {
	b, s := c.broker, c.session
	codes := make([]packet.ReasonCode, len(pk.Subscriptions))
	var retained []func()
	for i, wanted := range pk.Subscriptions {
		if len(s.subscriptions) >= maxSubscriptions && s.subscriptions[wanted.Filter] == nil {
			codes[i] = packet.QuotaExceeded
			if c.version != packet.V5 {
				codes[i] = packet.UnspecifiedError // the one failure that there was
			}
			continue
		}
		sub := &subscription{Subscription: wanted, session: s, id: pk.Properties.Int(packet.PropSubscriptionIdentifier, 0)}
		isNew := b.subscribe(sub)
		codes[i] = packet.ReasonCode(wanted.QoS)
		if sub.group == "" && (wanted.RetainHandling == 0 || wanted.RetainHandling == 1 && isNew) {
			retained = append(retained, func() { b.sendRetained(sub) })
		}
	}
	c.send(&packet.Suback{ID: pk.ID, ReasonCodes: codes})
	for _, send := range retained {
		send()
	}
	return nil
}

// sendRetained sends the retained messages that a new subscription matches
// [MQTT-3.3.1-9].
func (b *Broker) sendRetained(sub *subscription) {
	for topic, m := range b.retained {
		switch {
		case !packet.MatchTopic(sub.Filter, topic):
		case m.expired():
			delete(b.retained, topic)
		case sub.NoLocal && m.from == sub.session.id:
		default:
			d := &delivery{qos: min(sub.QoS, m.QoS), retain: true}
			if sub.id != 0 {
				d.ids = []uint32{sub.id}
			}
			b.deliver(sub.session, m, d)
		}
	}
}

func (c *conn) handleUnsubscribe(pk *packet.Unsubscribe) {
	ack := &packet.Unsuback{ID: pk.ID, ReasonCodes: make([]packet.ReasonCode, len(pk.Filters))}
	for i, filter := range pk.Filters {
		if !c.broker.unsubscribe(c.session, filter) {
			ack.ReasonCodes[i] = packet.NoSubscriptionExisted
		}
	}
	c.send(ack)
}
