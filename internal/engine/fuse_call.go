package engine

import (
	"slices"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// native is a function of the engine's own that does no more than compute.
type native struct {
	of   string // the class whose method it is, the object that has it, or "" for a global
	name string
	room int     // how many arguments it may be given
	code uintptr // where goja has it, the same in all VMs

	// holder returns what has the function, for a value that it is called on; nil
	// when that has it from elsewhere.
	holder func(m *machine, this goja.Value) *base
	// run does what the function does, for arguments of the common kinds. One that
	// is not given is nil.
	run func(m *machine, this, a, b goja.Value) goja.Value
}

// methods are native functions by their names; functions are those that are
// global. init fills both.
var methods, functions map[string][]*native

func init() {
	if !known.fits {
		return
	}
	methods, functions = make(map[string][]*native), make(map[string][]*native)
	vm := goja.New()
	for _, n := range slices.Concat(stringMethods, collectionMethods, mathMethods, globalFunctions) {
		holder := vm.GlobalObject()
		list := functions
		if n.of != "" {
			list = methods
			if holder = vm.Get(n.of).(*goja.Object); n.of != "Math" {
				holder = holder.Get("prototype").(*goja.Object)
			}
		}
		if f, ok := holder.Get(n.name).(*goja.Object); ok {
			if n.code = nativeCode(f); n.code != 0 {
				list[n.name] = append(list[n.name], n)
			}
		}
	}
}

// nativeCode returns where the code of a native function begins, 0 for any other
// value.
func nativeCode(v goja.Value) uintptr {
	o := asValue(v)
	if o.tab != known.object {
		return 0
	}
	switch self := (*object)(o.data).self; self.tab {
	case known.native:
		return codeAt((*nativeFunc)(self.data).f)
	case known.templatedFunc:
		return codeAt((*templatedFunc)(self.data).f)
	}
	return 0
}

// call adds a call with n arguments of a native function.
func (r *reader) call(n int) bool {
	if n <= 1 && (n == 1 && r.stringify() || r.parse(n)) {
		return true
	}
	at := len(r.stack) - n - 1 // of the function
	if at < 1 || n > 2 {
		return false
	}
	c := &calling{this: r.stack[at-1], given: n}
	opened := len(r.open) - 1
	if opened >= 0 && r.open[opened] == at {
		c.name = r.names[opened]
		if n == 1 && isReading(c.name) {
			r.open, r.names = r.open[:opened], r.names[:opened]
			r.stack = append(r.stack[:at-1], &reading{c.this, asTyped(r.stack[at+1]), nameOfField(c.name)})
			return true
		}
		c.natives = methods[string(c.name)]
	} else if g, ok := r.stack[at].(*global); ok && (opened < 0 || r.open[opened] < at-1) {
		c.name, c.function, c.natives = g.name, g, functions[string(g.name)]
		opened = -1
	}
	if !slices.ContainsFunc(c.natives, func(f *native) bool { return n <= f.room }) {
		return false
	}
	for i := range n {
		*[]*node{&c.a, &c.b}[i] = r.stack[at+1+i]
	}
	if opened >= 0 {
		r.open, r.names = r.open[:opened], r.names[:opened]
	}
	r.stack = append(r.stack[:at-1], c)
	return true
}

// calling is a call of a native function.
type calling struct {
	this, a, b node
	given      int
	function   *global // nil: a method
	name       unistring.String
	natives    []*native
}

func (c *calling) value(m *machine) goja.Value {
	this := c.this.value(m)
	if this == nil {
		return nil
	}
	n := c.native(m, this)
	if n == nil || c.given > n.room {
		return nil
	}
	var a, b goja.Value
	if c.a != nil {
		if a = c.a.value(m); a == nil {
			return nil
		}
	}
	if c.b != nil {
		if b = c.b.value(m); b == nil {
			return nil
		}
	}
	return n.run(m, this, a, b)
}

// native returns the function that is called, nil when it is another one.
func (c *calling) native(m *machine, this goja.Value) *native {
	if c.function != nil {
		if f := c.function.value(m); f != nil && nativeCode(f) == c.natives[0].code {
			return c.natives[0]
		}
		return nil
	}
	for _, n := range c.natives {
		holder := n.holder(m, this)
		if holder == nil {
			continue
		}
		if f := data(holder.values[c.name]); f != nil && nativeCode(f) == n.code {
			return n
		}
		return nil
	}
	return nil
}
