package engine

import (
	"strings"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Of a method by its name the search among the methods of a class takes longer
// than what it does. Where an entry of a Go map is does not change before the map
// moves to other memory, and one that is deleted has no name any more. So it is
// enough to remember where it was.

// remembering is an object of Lazy with what is remembered of its properties. It
// is told from others by where its class is in memory.
type remembering struct {
	templated templated
	slots     slots
}

var remembers = strings.Clone("Object")

// slots is where the properties of an object are.
type slots struct {
	groups unsafe.Pointer // that the map has: what is remembered is true for them
	at     [maxNumbered]remembered
}

// remembered is where a property is for as long as that has the very name that it
// had.
type remembered struct {
	at   *mapSlot
	name *byte
}

// slotsOf returns what is remembered of an object, nil when that is nothing.
func slotsOf(o *goja.Object) *slots {
	h := head(o)
	if h.self.tab != known.templated {
		return nil
	}
	if unsafe.StringData((*base)(h.self.data).class) != unsafe.StringData(remembers) {
		return nil
	}
	return &(*remembering)(h.self.data).slots
}

// find returns a property as goja keeps it; nil when there is none, and when it
// takes a look at the map.
func (s *slots) find(values map[unistring.String]goja.Value, name unistring.String, number int) goja.Value {
	groups, n := groupsOf(values)
	if groups != s.groups {
		*s = slots{groups: groups}
	}
	slot := s.at[number]
	if slot.name == nil || unsafe.StringData(string(slot.at.name)) != slot.name {
		found := search(groups, n, name)
		if found == nil {
			return nil
		}
		slot = remembered{found, unsafe.StringData(string(found.name))}
		s.at[number] = slot
	}
	return slot.at.value
}

// mapTable is what a map has its groups by that is more than one of them, table
// of internal/runtime/maps.
type mapTable struct {
	used, capacity, growthLeft uint16 //nolint:unused // they are there, as the next two are
	depth                      uint8  //nolint:unused // see above
	index                      int    //nolint:unused // see above
	groups                     unsafe.Pointer
	lengthMask                 uint64
}

// groupsOf returns the groups of a map of properties; there are none when it has
// more than one table.
func groupsOf(values map[unistring.String]goja.Value) (groups unsafe.Pointer, n int) {
	switch h := headerOf(values); {
	case h == nil:
		return nil, 0
	case h.groups == 0 && h.group != nil:
		return h.group, 1
	case h.groups == 1:
		t := *(**mapTable)(h.group)
		return t.groups, int(t.lengthMask) + 1 //nolint:gosec // there is memory for so many
	}
	return nil, 0
}

// search returns the slot that has a name.
func search(groups unsafe.Pointer, n int, name unistring.String) *mapSlot {
	for i := range n {
		g := (*mapGroup)(unsafe.Add(groups, uintptr(i)*unsafe.Sizeof(mapGroup{})))
		for k := range g.slots {
			if g.control[k] < freeSlot && g.slots[k].name == name {
				return &g.slots[k]
			}
		}
	}
	return nil
}

// lookAtTables tells whether larger maps are as known here.
func lookAtTables() bool {
	values := make(map[unistring.String]goja.Value)
	name := func(i int) unistring.String { return unistring.String(strings.Repeat("n", i+1)) }
	const most = 100
	for i := range most {
		values[name(i)] = ints[i]
		groups, n := groupsOf(values)
		for k := range i + 2 {
			if slot := search(groups, n, name(k)); (slot != nil) != (k <= i) || slot != nil && slot.value != ints[k] {
				return false
			}
		}
	}
	groups, n := groupsOf(values)
	slot := search(groups, n, name(1))
	delete(values, name(1))
	return slot.name == "" && slot.value == nil && search(groups, n, name(1)) == nil
}
