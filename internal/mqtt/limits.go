package mqtt

import (
	"strings"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// Limits are what the server said that it takes, MQTT 5. Before MQTT 5 they
// have the values that restrict nothing.
type Limits struct {
	ReceiveMaximum      uint16 // QoS 1 and 2 publications on their way
	MaximumQoS          byte
	RetainAvailable     bool
	MaximumPacketSize   uint32 // bytes; 0: no limit
	TopicAliasMaximum   uint16 // 0: no aliases
	Wildcards           bool
	SubscriptionIDs     bool
	SharedSubscriptions bool
	KeepAlive           *time.Duration // the server's own; nil: it leaves it to the client
	SessionExpiry       *uint32        // seconds; nil: as the client asked
}

// limitsOf reads them from CONNACK; what is not there has its default
// [MQTT-3.2.2-3].
func limitsOf(p *packet.Connack, v packet.Version) Limits {
	props := p.Properties
	l := Limits{
		ReceiveMaximum:      uint16(props.Int(packet.PropReceiveMaximum, 65_535)),
		MaximumQoS:          byte(props.Int(packet.PropMaximumQoS, 2)),
		RetainAvailable:     props.Int(packet.PropRetainAvailable, 1) == 1,
		MaximumPacketSize:   props.Int(packet.PropMaximumPacketSize, 0),
		TopicAliasMaximum:   uint16(props.Int(packet.PropTopicAliasMaximum, 0)),
		Wildcards:           props.Int(packet.PropWildcardSubscriptionAvailable, 1) == 1,
		SubscriptionIDs:     props.Int(packet.PropSubscriptionIdentifierAvailable, 1) == 1 && v == packet.V5,
		SharedSubscriptions: props.Int(packet.PropSharedSubscriptionAvailable, 1) == 1,
	}
	if k, ok := props.Get(packet.PropServerKeepAlive); ok {
		d := time.Duration(k.Int) * time.Second
		l.KeepAlive = &d
	}
	if e, ok := props.Get(packet.PropSessionExpiryInterval); ok {
		l.SessionExpiry = &e.Int
	}
	return l
}

// publish checks a PUBLISH as it would go on the wire.
func (l *Limits) publish(p *packet.Publish, size int) error {
	switch {
	case p.QoS > l.MaximumQoS:
		return reasonError(packet.QoSNotSupported,
			"the server takes QoS %d at most (Maximum QoS), the message has QoS %d", l.MaximumQoS, p.QoS)
	case p.Retain && !l.RetainAvailable:
		return reasonError(packet.RetainNotSupported, "the server takes no retained messages (Retain Available is 0)")
	}
	return l.size(packet.PUBLISH, size)
}

// size checks a packet's size in bytes [MQTT-3.2.2-15].
func (l *Limits) size(t packet.Type, size int) error {
	if l.MaximumPacketSize > 0 && uint64(size) > uint64(l.MaximumPacketSize) {
		return reasonError(packet.PacketTooLarge,
			"the server takes packets of %d bytes at most (Maximum Packet Size), the %v has %d", l.MaximumPacketSize, t, size)
	}
	return nil
}

// subscribe checks a SUBSCRIBE against what the server offers.
func (l *Limits) subscribe(p *packet.Subscribe) error {
	for _, s := range p.Subscriptions {
		switch {
		case !l.SharedSubscriptions && isShared(s.Filter):
			return reasonError(packet.SharedSubscriptionsNotSupported,
				"the server has no shared subscriptions (Shared Subscription Available is 0): %s", s.Filter)
		case !l.Wildcards && strings.ContainsAny(s.Filter, "+#"):
			return reasonError(packet.WildcardSubscriptionsNotSupported,
				"the server has no wildcard subscriptions (Wildcard Subscription Available is 0): %s", s.Filter)
		}
	}
	if _, ok := p.Properties.Get(packet.PropSubscriptionIdentifier); ok && !l.SubscriptionIDs {
		return reasonError(packet.SubscriptionIdentifiersNotSupported,
			"the server has no subscription identifiers (Subscription Identifier Available is 0)")
	}
	return nil
}

// isShared tells whether a filter is that of a shared subscription.
func isShared(filter string) bool { return strings.HasPrefix(filter, "$share/") }
