package mqtt

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/mqscript/mqscript/internal/packet"
)

// subscriptions remembers what the server granted. The zero value is ready to
// use.
type subscriptions struct {
	byFilter map[string]*remembered
	order    uint64
}

type remembered struct {
	packet.Subscription
	props packet.Properties
	order uint64
	known bool // the server's session has it
}

// resubscribeFilters and resubscribeBytes bound the filters in one SUBSCRIBE
// that subscribes again, so that no server finds it too large.
const (
	resubscribeFilters = 64
	resubscribeBytes   = 4 << 10
)

// granted notes the filters that the server accepted and forgets the others.
func (s *subscriptions) granted(p *packet.Subscribe, codes []packet.ReasonCode) {
	if s.byFilter == nil {
		s.byFilter = make(map[string]*remembered)
	}
	for i, sub := range p.Subscriptions {
		if codes[i].Failed() {
			delete(s.byFilter, sub.Filter)
			continue
		}
		r := s.byFilter[sub.Filter]
		if r == nil {
			s.order++
			r = &remembered{order: s.order}
			s.byFilter[sub.Filter] = r
		}
		r.Subscription, r.props, r.known = sub, p.Properties, true
	}
}

func (s *subscriptions) forget(filters []string) {
	for _, f := range filters {
		delete(s.byFilter, f)
	}
}

// connected notes whether the server still has the session.
func (s *subscriptions) connected(sessionPresent bool) {
	if sessionPresent {
		return
	}
	for _, r := range s.byFilter {
		r.known = false
	}
}

// missing builds the SUBSCRIBEs for what the server's session does not have,
// in the order in which it was first subscribed.
func (s *subscriptions) missing() []*packet.Subscribe {
	var list []*remembered
	for _, r := range s.inOrder() {
		if !r.known {
			list = append(list, r)
		}
	}
	return grouped(list)
}

// inOrder lists what is subscribed, what was subscribed first at the front.
func (s *subscriptions) inOrder() []*remembered {
	return slices.SortedFunc(maps.Values(s.byFilter), func(a, b *remembered) int { return cmp.Compare(a.order, b.order) })
}

// grouped puts subscriptions into as few SUBSCRIBEs as the bounds and their
// properties allow.
func grouped(list []*remembered) []*packet.Subscribe {
	var out []*packet.Subscribe
	size := 0
	for _, r := range list {
		last := len(out) - 1
		if last < 0 || len(out[last].Subscriptions) == resubscribeFilters || size+len(r.Filter) > resubscribeBytes ||
			!bytes.Equal(out[last].Properties, r.props) {
			out = append(out, &packet.Subscribe{Properties: r.props})
			last, size = last+1, 0
		}
		out[last].Subscriptions = append(out[last].Subscriptions, r.Subscription)
		size += len(r.Filter) + 3
	}
	return out
}
