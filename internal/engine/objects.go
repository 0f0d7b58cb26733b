package engine

import (
	"slices"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Objects makes plain objects of one prototype.
type Objects struct {
	vm        *goja.Runtime
	prototype *goja.Object
	begin     base // what the objects begin as
	fits      bool
}

// NewObjects prepares for a prototype; nil makes objects that have none.
func NewObjects(vm *goja.Runtime, prototype *goja.Object) *Objects {
	c := &Objects{vm: vm, prototype: prototype}
	if sample := self(vm.CreateObject(prototype)); sample != nil && len(sample.propNames) == 0 {
		c.begin, c.fits = *sample, true
		c.begin.values = nil
	}
	return c
}

// Object is an object that nobody has seen yet.
type Object struct {
	*goja.Object
	base *base // nil when goja does not fit
}

// whole is an object and what is in it, as one piece of memory.
type whole struct {
	object object
	base   base
}

// Make returns an object with room for some properties. It stands for
// vm.CreateObject(prototype).
func (c *Objects) Make(room int) Object {
	if !c.fits {
		return Object{Object: c.vm.CreateObject(c.prototype)}
	}
	w := &whole{}
	o := (*goja.Object)(unsafe.Pointer(&w.object))
	w.object = object{iface{known.plain, unsafe.Pointer(&w.base)}, c.vm}
	w.base = c.begin
	w.base.val = o
	w.base.values = make(map[unistring.String]goja.Value, room)
	w.base.propNames = make([]unistring.String, 0, room)
	return Object{o, &w.base}
}

// Put gives the object a property like others, or changes its value. It stands
// for DefineDataProperty(name, v, FLAG_TRUE, FLAG_TRUE, FLAG_TRUE).
func (o Object) Put(name unistring.String, v goja.Value) {
	if o.base == nil {
		_ = o.DefineDataProperty(name.String(), v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
		return
	}
	before := len(o.base.values)
	o.base.values[name] = v
	if len(o.base.values) > before {
		o.base.propNames = append(o.base.propNames, name)
	}
}

// Value returns the value of a property that Put has made; nil when there is
// none of that name.
func (o Object) Value(name unistring.String) goja.Value {
	if o.base != nil {
		return o.base.values[name]
	}
	if !slices.Contains(o.Keys(), name.String()) {
		return nil
	}
	return o.Get(name.String())
}

// Len returns how many properties Put has made; 0 when goja does not fit.
func (o Object) Len() int {
	if o.base == nil {
		return 0
	}
	return len(o.base.values)
}

// Plain is a look at a plain object. It shows what is there at the time of each
// call.
type Plain struct{ base *base }

// AsPlain returns the look at an object; ok is false when the object is not a
// plain one, and always when goja does not fit.
func AsPlain(o *goja.Object) (p Plain, ok bool) {
	b := self(o)
	return Plain{b}, b != nil
}

// Names appends the names of the own properties in the order of Object.keys to
// a list; ok is false when the caller has to ask goja, because a name looks like
// a number.
func (p Plain) Names(list []unistring.String) (names []unistring.String, ok bool) {
	if p.base.lastSortedPropLen < len(p.base.propNames) {
		for _, name := range p.base.propNames[p.base.lastSortedPropLen:] {
			if name != "" && name[0] >= '0' && name[0] <= '9' {
				return list, false
			}
		}
	}
	return append(list, p.base.propNames...), true
}

// Value returns the value of an own property that is like others: enumerable,
// writable, no accessor. ok is false when the caller has to ask goja. v is nil
// when there is none of that name.
func (p Plain) Value(name unistring.String) (v goja.Value, ok bool) {
	v = p.base.values[name]
	return v, v == nil || (*iface)(unsafe.Pointer(&v)).tab != known.property
}

// Prototype returns the object's prototype, nil when there is none.
func (p Plain) Prototype() *goja.Object { return p.base.prototype }

// Len returns the number of own properties.
func (p Plain) Len() int { return len(p.base.propNames) }

// Added tells whether an object of the engine's own that began without a
// property of that name, such as Object.prototype, has been given one; it is
// true when in doubt.
func Added(o *goja.Object, name unistring.String) bool {
	if !known.fits || head(o).self.tab != known.templated {
		return true
	}
	_, added := (*base)(head(o).self.data).values[name]
	return added
}

// Elements returns the elements of an array that has no elements
// of a special kind. A hole is nil. The caller must not change them, nor keep them while
// JavaScript runs. ok is false when it has to ask goja.
func Elements(o *goja.Object) (list []goja.Value, ok bool) {
	if !known.fits || head(o).self.tab != known.array {
		return nil, false
	}
	a := (*array)(head(o).self.data)
	if a.propValueCount != 0 || uint32(len(a.values)) != a.length {
		return nil, false
	}
	return a.values, true
}
