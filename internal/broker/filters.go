package broker

import (
	"strings"

	"github.com/mqscript/mqscript/internal/packet"
)

// subscription is one topic filter of a session.
type subscription struct {
	packet.Subscription
	session *session
	id      uint32 // subscription identifier; 0 for none
	group   string // share name; "" for a subscription that is not shared
}

// subscribers is who has subscribed to one filter.
type subscribers struct {
	subs   map[*session]*subscription
	shared map[string]*group // by share name
}

// group is the subscriptions that share a filter's messages, in turn.
type group struct {
	members []*subscription
	turn    int
}

// splitShare takes the share name off a filter; shared subscriptions are MQTT
// 5's.
func splitShare(v packet.Version, filter string) (share, rest string) {
	if after, ok := strings.CutPrefix(filter, "$share/"); ok && v == packet.V5 {
		share, rest, _ = strings.Cut(after, "/")
		return share, rest
	}
	return "", filter
}

// subscribe adds or replaces a subscription and tells whether it is new.
func (b *Broker) subscribe(sub *subscription) (isNew bool) {
	share, filter := splitShare(sub.session.version, sub.Filter)
	sub.group = share
	old := sub.session.subscriptions[sub.Filter]
	sub.session.subscriptions[sub.Filter] = sub
	at := b.filters.At(filter)
	if share == "" {
		if at.subs == nil {
			at.subs = make(map[*session]*subscription)
		}
		at.subs[sub.session] = sub
		return old == nil
	}
	if at.shared == nil {
		at.shared = make(map[string]*group)
	}
	g := at.shared[share]
	if g == nil {
		g = new(group)
		at.shared[share] = g
	}
	g.remove(sub.session)
	g.members = append(g.members, sub)
	return old == nil
}

func (g *group) remove(s *session) {
	for i, member := range g.members {
		if member.session == s {
			g.members = append(g.members[:i:i], g.members[i+1:]...)
			return
		}
	}
}

// next returns the member whose turn it is; one that is connected, if any is.
func (g *group) next() *subscription {
	for range g.members {
		g.turn = (g.turn + 1) % len(g.members)
		if g.members[g.turn].session.conn != nil {
			return g.members[g.turn]
		}
	}
	return g.members[g.turn%len(g.members)]
}

// unsubscribe removes a subscription and tells whether there was one.
func (b *Broker) unsubscribe(s *session, filter string) bool {
	sub := s.subscriptions[filter]
	if sub == nil {
		return false
	}
	delete(s.subscriptions, filter)
	rest := filter
	if sub.group != "" {
		_, rest = splitShare(packet.V5, filter)
	}
	if at := b.filters.Get(rest); at != nil {
		at.remove(sub)
		if len(at.subs) == 0 && len(at.shared) == 0 {
			b.filters.Remove(rest)
		}
	}
	return true
}

func (at *subscribers) remove(sub *subscription) {
	if sub.group == "" {
		delete(at.subs, sub.session)
		return
	}
	if g := at.shared[sub.group]; g != nil {
		g.remove(sub.session)
		if len(g.members) == 0 {
			delete(at.shared, sub.group)
		}
	}
}

// match calls found for each subscription that gets a message with the topic,
// and of each share group for the member whose turn it is.
func (b *Broker) match(topic string, found func(*subscription)) {
	b.filters.Match(topic, func(at *subscribers) {
		for _, sub := range at.subs {
			found(sub)
		}
		for _, g := range at.shared {
			found(g.next())
		}
	})
}
