package engine

import (
	"runtime"
	"strings"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// goja keeps the properties of an object in a Go map, whose making takes longer
// than all the rest of the object, and putting names into it longer still. A
// small map of Go is a header and one group of eight slots, and where a name is
// put depends on the order alone. So the map of an object with the same names as
// another is the other's with other values: it is made in one piece with the
// object, without a look at the names.

// groupSize is how many entries a map has that is one group.
const groupSize = 8

// mapHeader is what a map points to, Map of internal/runtime/maps.
type mapHeader struct {
	used                        uint64
	seed                        uintptr
	group                       unsafe.Pointer // the only one, when groups is 0
	groups                      int
	depth, shift, writing, tomb uint8
	clears                      uint64
}

// empty makes it the header of an empty map, and returns the map. Nobody may
// copy the header afterwards. It stands for make.
func (h *mapHeader) empty() map[unistring.String]goja.Value {
	if !known.maps {
		return make(map[unistring.String]goja.Value)
	}
	h.seed = known.seed
	return *(*map[unistring.String]goja.Value)(unsafe.Pointer(&h))
}

// mapGroup is the group of a map of properties.
type mapGroup struct {
	control [groupSize]byte // of each slot: a part of the hash, or freeSlot
	slots   [groupSize]mapSlot
}

type mapSlot struct {
	name  unistring.String
	value goja.Value
}

const freeSlot = 0x80

// headerOf returns what a map points to.
func headerOf(values map[unistring.String]goja.Value) *mapHeader {
	return *(**mapHeader)(unsafe.Pointer(&values))
}

// lookAtMaps tells whether small maps are as known here. It is true for the
// version of Go that it was written for, and one more look makes it sure.
func (k *knowledge) lookAtMaps() bool {
	if !strings.HasPrefix(runtime.Version(), "go1.26") {
		return false
	}
	values := make(map[unistring.String]goja.Value)
	names := []unistring.String{"a", "b", "c"}
	for _, name := range names {
		values[name] = goja.Null()
	}
	h := headerOf(values)
	if h.used != uint64(len(names)) || h.group == nil || h.groups != 0 || h.depth|h.shift|h.writing|h.tomb != 0 || h.clears != 0 {
		return false
	}
	k.seed = h.seed
	g := (*mapGroup)(h.group)
	for i := range g.slots {
		if free := i >= len(names); free != (g.control[i] == freeSlot) || !free && g.slots[i].name != names[i] {
			return false
		}
	}
	return true
}

// Shape is the names of an object's properties in their order. The zero value
// is that of no object.
type Shape struct {
	names   [groupSize]unistring.String
	n       int
	seed    uintptr
	control [groupSize]byte
}

// Len returns how many properties objects of the shape have; 0 when there are
// none.
func (s *Shape) Len() int { return s.n }

// Name returns one of the names.
func (s *Shape) Name(i int) unistring.String { return s.names[i] }

// Learn makes it the shape of an object that nobody has seen yet. It becomes
// that of no object when that one has too many properties.
func (s *Shape) Learn(o Object) {
	*s = Shape{}
	if !known.maps || o.base == nil || len(o.base.propNames) > groupSize {
		return
	}
	h := headerOf(o.base.values)
	if h.groups != 0 || h.group == nil || h.used != uint64(len(o.base.propNames)) {
		return
	}
	g := (*mapGroup)(h.group)
	for i, name := range o.base.propNames {
		if g.slots[i].name != name {
			return
		}
	}
	s.n = copy(s.names[:], o.base.propNames)
	s.seed, s.control = h.seed, g.control
}

// piece is an object with the map of its properties.
type piece struct {
	whole
	header mapHeader
	group  mapGroup
}

// The pieces with room for few names and for all. One with a few has the size
// of one of the runtime's classes.
type (
	fewNames struct {
		piece
		names [4]unistring.String
	}
	allNames struct {
		piece
		names [groupSize]unistring.String
	}
)

// Like returns an object of a shape that Learn has made, whose values Fill has
// yet to give it.
func (c *Objects) Like(s *Shape) Object {
	var p *piece
	var names []unistring.String
	if few := (*fewNames)(nil); s.n <= len(few.names) {
		few = &fewNames{}
		p, names = &few.piece, few.names[:]
	} else {
		all := &allNames{}
		p, names = &all.piece, all.names[:]
	}
	o := (*goja.Object)(unsafe.Pointer(&p.object))
	p.object = object{iface{known.plain, unsafe.Pointer(&p.base)}, c.vm}
	p.base = c.begin
	p.base.val = o
	p.base.propNames = names[:copy(names, s.names[:s.n])]
	p.header.used, p.header.seed, p.header.group = uint64(s.n), s.seed, unsafe.Pointer(&p.group) //nolint:gosec // no more than eight
	header := &p.header
	p.base.values = *(*map[unistring.String]goja.Value)(unsafe.Pointer(&header))
	p.group.control = s.control
	for i, name := range names[:s.n] {
		p.group.slots[i].name = name
	}
	return Object{o, &p.base}
}

// Fill gives the property at a place of the shape its value. It is for objects
// of Like, before Put.
func (o Object) Fill(i int, v goja.Value) {
	(*piece)(unsafe.Add(unsafe.Pointer(o.base), -int(unsafe.Offsetof(whole{}.base)))).group.slots[i].value = v
}

// Cut leaves an object of Like no more than its first properties.
func (o Object) Cut(n int) {
	p := (*piece)(unsafe.Add(unsafe.Pointer(o.base), -int(unsafe.Offsetof(whole{}.base))))
	for i := n; i < len(p.base.propNames); i++ {
		p.group.control[i], p.group.slots[i] = freeSlot, mapSlot{}
		p.base.propNames[i] = ""
	}
	p.header.used = uint64(n) //nolint:gosec // no more than eight
	p.base.propNames = p.base.propNames[:n]
}
