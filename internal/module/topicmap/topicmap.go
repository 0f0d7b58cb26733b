// Package topicmap is the class TopicMap of require('mqscript'): a Map whose
// keys are topic filters, which finds the values of those that match a topic.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package topicmap

import (
	_ "embed" // the module's source
	"errors"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/filters"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/packet"
)

//go:embed topicmap.js
var text string

var source = native.NewSource("mqscript/topicmap", text)

// Exports makes the class.
func Exports(env *native.Env) goja.Value {
	return env.Exports(source, func(f *native.Functions) {
		f.Sync("table", func(native.Args) (any, error) { return new(table), nil })
		f.Sync("problem", problem)
		f.Sync("set", func(a native.Args) (any, error) {
			a.Handle(0).(*table).set(a.String(1), a.At(2))
			return nil, nil
		})
		f.Sync("remove", func(a native.Args) (any, error) {
			a.Handle(0).(*table).remove(a.String(1))
			return nil, nil
		})
		f.Sync("clear", func(a native.Args) (any, error) {
			*a.Handle(0).(*table) = table{}
			return nil, nil
		})
		f.Sync("first", func(a native.Args) (any, error) { return a.Handle(0).(*table).first(a.String(1)), nil })
		f.Sync("matches", func(a native.Args) (any, error) {
			return a.Array(a.Handle(0).(*table).matches(a.String(1))...), nil
		})
	})
}

// problem says why a text is no topic filter, "" when it is one.
func problem(a native.Args) (any, error) {
	err := packet.ValidTopicFilter(a.String(0))
	if err == nil {
		return "", nil
	}
	var violation *packet.Error
	if errors.As(err, &violation) {
		return violation.Message, nil
	}
	return err.Error(), nil
}

// table is the filters of one TopicMap.
type table struct {
	tree  filters.Tree[[]entry]
	order uint64 // of the filter that was added last
	found []entry
}

// entry is a filter with its value. Several filters are at one place of the
// tree when they differ in the share name only.
type entry struct {
	filter string
	order  uint64
	value  goja.Value
}

// place is where a filter is in the tree: that of a shared subscription is
// where the rest of it is [MQTT-4.8.2-2].
func place(filter string) string {
	if after, shared := strings.CutPrefix(filter, "$share/"); shared {
		_, filter, _ = strings.Cut(after, "/")
	}
	return filter
}

func (t *table) set(filter string, value goja.Value) {
	at := t.tree.At(place(filter))
	for i := range *at {
		if (*at)[i].filter == filter {
			(*at)[i].value = value // it keeps its place in the order, as in a Map
			return
		}
	}
	t.order++
	*at = append(*at, entry{filter, t.order, value})
}

func (t *table) remove(filter string) {
	at := t.tree.Get(place(filter))
	if at == nil {
		return
	}
	*at = slices.DeleteFunc(*at, func(e entry) bool { return e.filter == filter })
	if len(*at) == 0 {
		t.tree.Remove(place(filter))
	}
}

// first returns the value of the matching filter that was added before the
// others; undefined when none matches.
func (t *table) first(topic string) (value any) {
	if topic == "" {
		return goja.Undefined()
	}
	best := entry{value: goja.Undefined()}
	t.tree.Match(topic, func(at *[]entry) {
		for _, e := range *at {
			if best.order == 0 || e.order < best.order {
				best = e
			}
		}
	})
	return best.value
}

// matches returns the values of all matching filters in the order in which they
// were added.
func (t *table) matches(topic string) (values []any) {
	if topic == "" {
		return nil
	}
	t.found = t.found[:0]
	t.tree.Match(topic, func(at *[]entry) { t.found = append(t.found, *at...) })
	slices.SortFunc(t.found, func(a, b entry) int { return int(a.order) - int(b.order) })
	for _, e := range t.found {
		values = append(values, e.value)
	}
	clear(t.found)
	return values
}
