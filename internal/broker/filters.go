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

// node is a level in the tree of all topic filters.
type node struct {
	levels map[string]*node
	subs   map[*session]*subscription // of filters that end here
	shared map[string]*group          // by share name
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
	at := &b.filters
	for level := range strings.SplitSeq(filter, "/") {
		if at.levels == nil {
			at.levels = make(map[string]*node)
		}
		next := at.levels[level]
		if next == nil {
			next = new(node)
			at.levels[level] = next
		}
		at = next
	}
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
	_, rest := filter, filter
	if sub.group != "" {
		_, rest = splitShare(packet.V5, filter)
	}
	b.filters.remove(strings.Split(rest, "/"), sub)
	return true
}

// remove takes a subscription out of the tree, and the levels that are empty
// then.
func (n *node) remove(levels []string, sub *subscription) {
	if len(levels) > 0 {
		next := n.levels[levels[0]]
		if next == nil {
			return
		}
		next.remove(levels[1:], sub)
		if len(next.levels) == 0 && len(next.subs) == 0 && len(next.shared) == 0 {
			delete(n.levels, levels[0])
		}
		return
	}
	if sub.group == "" {
		delete(n.subs, sub.session)
		return
	}
	if g := n.shared[sub.group]; g != nil {
		g.remove(sub.session)
		if len(g.members) == 0 {
			delete(n.shared, sub.group)
		}
	}
}

// match calls found for each subscription that gets a message with the topic,
// and of each share group for the member whose turn it is.
func (n *node) match(topic string, found func(*subscription)) {
	n.walk(topic, topic[0] == '$', found)
}

// walk goes down the levels that match; guarded says that a wildcard here does
// not match [MQTT-4.7.2-1].
func (n *node) walk(topic string, guarded bool, found func(*subscription)) {
	level, rest, more := strings.Cut(topic, "/")
	if !guarded {
		n.levels["#"].yield(found)
	}
	for _, name := range [2]string{level, "+"} {
		next := n.levels[name]
		if next == nil || guarded && name == "+" {
			continue
		}
		if more {
			next.walk(rest, false, found)
			continue
		}
		next.yield(found)
		next.levels["#"].yield(found) // "#" stands for its parent too [MQTT-4.7.1-2]
	}
}

func (n *node) yield(found func(*subscription)) {
	if n == nil {
		return
	}
	for _, sub := range n.subs {
		found(sub)
	}
	for _, g := range n.shared {
		found(g.next())
	}
}
