// Package filters finds the topic filters that match a topic among many, in a
// time that depends on the levels of the topic and not on how many there are.
//
// # Concurrency
//
// A Tree belongs to one goroutine at a time.
package filters

import "strings"

// Tree holds a value of type V for each of a set of topic filters. The zero
// value is an empty tree. Filters are valid ones, and what follows the share
// name where they are those of shared subscriptions.
type Tree[V any] struct {
	levels map[string]*Tree[V]
	value  *V // of the filter that ends here; nil: none does
}

// Empty tells whether the tree holds no filter.
func (t *Tree[V]) Empty() bool { return t.value == nil && len(t.levels) == 0 }

// At returns the value of a filter, a new zero one when the filter is new.
func (t *Tree[V]) At(filter string) *V {
	for level := range strings.SplitSeq(filter, "/") {
		if t.levels == nil {
			t.levels = make(map[string]*Tree[V])
		}
		next := t.levels[level]
		if next == nil {
			next = new(Tree[V])
			t.levels[level] = next
		}
		t = next
	}
	if t.value == nil {
		t.value = new(V)
	}
	return t.value
}

// Get returns the value of a filter, nil when there is none.
func (t *Tree[V]) Get(filter string) *V {
	for level := range strings.SplitSeq(filter, "/") {
		if t = t.levels[level]; t == nil {
			return nil
		}
	}
	return t.value
}

// Remove takes a filter out of the tree, and the levels that are empty then.
// It does nothing when there is no such filter.
func (t *Tree[V]) Remove(filter string) {
	level, rest, more := strings.Cut(filter, "/")
	next := t.levels[level]
	if next == nil {
		return
	}
	if more {
		next.Remove(rest)
	} else {
		next.value = nil
	}
	if next.Empty() {
		delete(t.levels, level)
	}
}

// Match calls found with the value of each filter that matches a topic, which
// is not empty, in no order. found must not change the tree.
func (t *Tree[V]) Match(topic string, found func(*V)) { t.walk(topic, topic[0] == '$', found) }

// walk goes down the levels that match; guarded says that a wildcard here does
// not match [MQTT-4.7.2-1].
func (t *Tree[V]) walk(topic string, guarded bool, found func(*V)) {
	level, rest, more := strings.Cut(topic, "/")
	if !guarded {
		t.levels["#"].yield(found)
	}
	for _, name := range [2]string{level, "+"} {
		next := t.levels[name]
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

func (t *Tree[V]) yield(found func(*V)) {
	if t != nil && t.value != nil {
		found(t.value)
	}
}
