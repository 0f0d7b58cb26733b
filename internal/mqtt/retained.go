package mqtt

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/mqscript/mqscript/internal/packet"
)

// ErrNotConnected is FetchRetained's error while there is no connection, and
// what it tells when the connection is lost before the server's answer.
var ErrNotConnected = errors.New("the client is not connected")

// Retained is one more delivery of the retained messages of what the client has
// subscribed. Its methods may be called from anywhere.
type Retained struct {
	filters []string
	// keeping are filters subscribed with retain as published: what comes by
	// them with the retain flag may as well be new.
	keeping []string
	// tags are the subscription identifiers of the copies, with those that the
	// subscriptions have otherwise, 0 for none. Without tags the copies are
	// known by their retain flag.
	tags map[uint32]uint32
}

// RetainedOf is what the retained messages are like that come because the
// client subscribed again to some filters without a Retained of its own.
func RetainedOf(subs []packet.Subscription) *Retained {
	r := &Retained{}
	for _, s := range subs {
		r.add(s)
	}
	return r
}

func (r *Retained) add(s packet.Subscription) {
	r.filters = append(r.filters, s.Filter)
	if s.RetainAsPublished {
		r.keeping = append(r.keeping, s.Filter)
	}
}

// Owns tells whether a message is a copy of this delivery, unless it is that of
// another one for the same filters.
func (r *Retained) Owns(m *Message) bool {
	if !m.Packet.Retain {
		return false
	}
	if r.tags != nil {
		_, ok := r.tagOf(m.Packet.Properties)
		return ok
	}
	return r.Matches(m.Topic) && !matchesAny(r.keeping, m.Topic)
}

// Matches tells whether a topic belongs to the filters.
func (r *Retained) Matches(topic string) bool { return matchesAny(r.filters, topic) }

func matchesAny(filters []string, topic string) bool {
	return slices.ContainsFunc(filters, func(f string) bool { return packet.MatchTopic(f, topic) })
}

func (r *Retained) tagOf(props packet.Properties) (tag uint32, ok bool) {
	for p := range props.All() {
		if p.ID == packet.PropSubscriptionIdentifier {
			if _, ok := r.tags[p.Int]; ok {
				return p.Int, true
			}
		}
	}
	return 0, false
}

// Untagged returns a message of this delivery, or another one that came on the
// way, as it would be without it: with the subscription's own identifier.
func (r *Retained) Untagged(p *packet.Publish) *packet.Publish {
	if _, ok := r.tagOf(p.Properties); !ok {
		return p
	}
	clean := *p
	clean.Properties = slices.Clip(p.Properties.Without(packet.PropSubscriptionIdentifier))
	for prop := range p.Properties.All() {
		if prop.ID != packet.PropSubscriptionIdentifier {
			continue
		}
		id, tagged := r.tags[prop.Int]
		if !tagged {
			id = prop.Int
		}
		if id != 0 {
			clean.Properties = clean.Properties.AppendInt(packet.PropSubscriptionIdentifier, id)
		}
	}
	return &clean
}

// FetchRetained has the server deliver once more the retained messages of what
// is subscribed, by subscribing to it again. Shared subscriptions and those that
// want no retained messages are left out. It is false when nothing is left.
//
// begin is called before the first copy can come; when it returns false, nothing
// is asked for. done is called, once, when the server has answered or the
// connection is gone; copies may come after that. Both are called with the
// client's lock held, begin before FetchRetained returns, and must not call the
// client. The subscriptions stay as they were. An error means that neither was
// called.
func (c *Client) FetchRetained(begin func(*Retained) bool, done func(error)) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refusal(); err != nil {
		return false, err
	}
	cn := c.conn
	if cn == nil || !cn.usable() {
		return false, ErrNotConnected
	}
	retained, packets := c.subs.again(cn.limits.SubscriptionIDs)
	if len(packets) == 0 || !begin(retained) {
		return false, nil
	}
	open, failed := len(packets), error(nil)
	answered := func(codes []packet.ReasonCode, err error) {
		for _, code := range codes {
			if code.Failed() && err == nil {
				err = reasonError(code, "subscribing again for retained messages: %v", code)
			}
		}
		failed = cmp.Or(failed, err)
		if open--; open == 0 {
			done(failed)
		}
	}
	for _, p := range packets {
		c.sendRequest(cn, &request{sub: p, done: answered, passing: true})
	}
	return true, nil
}

// Subscribed tells whether a filter is subscribed, as far as the server has
// granted it.
func (c *Client) Subscribed(filter string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.subs.byFilter[filter] != nil
}

// again builds what has retained messages delivered once more. Where a
// subscription keeps the retain flag of what is published, copies need a
// subscription identifier of their own to be known; a second SUBSCRIBE right
// behind makes the subscription what it was.
func (s *subscriptions) again(canTag bool) (*Retained, []*packet.Subscribe) {
	out := &Retained{}
	var wanted []*remembered
	for _, r := range s.inOrder() {
		if isShared(r.Filter) || r.RetainHandling == 2 {
			continue
		}
		out.add(r.Subscription)
		wanted = append(wanted, r)
	}
	packets := grouped(wanted)
	if len(out.keeping) == 0 || !canTag {
		for _, p := range packets {
			for i := range p.Subscriptions {
				p.Subscriptions[i].RetainHandling = 0
			}
		}
		return out, packets
	}
	out.tags = make(map[uint32]uint32)
	var both []*packet.Subscribe
	for i, p := range packets {
		tag := uint32(maxSubscriptionID - i)
		out.tags[tag] = p.Properties.Int(packet.PropSubscriptionIdentifier, 0)
		tagged := &packet.Subscribe{
			Subscriptions: slices.Clone(p.Subscriptions),
			Properties:    slices.Clip(p.Properties.Without(packet.PropSubscriptionIdentifier)).AppendInt(packet.PropSubscriptionIdentifier, tag),
		}
		for j := range p.Subscriptions {
			tagged.Subscriptions[j].RetainHandling, tagged.Subscriptions[j].RetainAsPublished = 0, false
			p.Subscriptions[j].RetainHandling = 2
		}
		both = append(both, tagged, p)
	}
	return out, both
}

// maxSubscriptionID is the highest subscription identifier [MQTT-3.8.2.1.2].
const maxSubscriptionID = math.MaxUint32 >> 4
