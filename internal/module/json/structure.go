package json

import (
	"slices"
	"strconv"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// structure writes an object.
func (w *writer) structure(k key, o *goja.Object) bool {
	class := o.ClassName()
	if p, plain := engine.AsPlain(o); plain && class == "Object" {
		w.enter(k, o)
		w.plain(o, p)
		w.leave()
		return true
	}
	switch class {
	case "Number":
		w.ran++
		return w.primitive(o.ToNumber())
	case "String":
		w.ran++
		return w.primitive(text(w.vm, o))
	case "Boolean":
		return w.primitive(w.vm.ToValue(o.Export()))
	case "RawJSON":
		w.out = append(w.out, o.Get("rawJSON").String()...)
		return true
	}
	if _, isFunction := goja.AssertFunction(o); isFunction {
		return false
	}
	if o.ExportType() == bigIntType {
		return w.primitive(w.vm.ToValue(o.Export()))
	}
	w.enter(k, o)
	if class == "Array" || must(w.isArray(goja.Undefined(), o)).ToBoolean() {
		w.array(o)
	} else {
		w.members(o)
	}
	w.leave()
	return true
}

// few is how many objects are gone through faster than looked up.
const few = 32

func (w *writer) enter(k key, o *goja.Object) {
	_, around := w.deep[o]
	if around || slices.ContainsFunc(w.within[:min(len(w.within), few)], func(s step) bool { return s.object == o }) {
		i := slices.IndexFunc(w.within, func(s step) bool { return s.object == o })
		panic(nodeerr.New(w.vm, nodeerr.TypeError, "", circle(w.within[i:], k)))
	}
	if len(w.within) == MaxDepth {
		panic(nodeerr.New(w.vm, nodeerr.RangeError, "", "Maximum call stack size exceeded"))
	}
	w.within = append(w.within, step{k, o})
	if len(w.within) > few {
		if w.deep == nil {
			w.deep = make(map[*goja.Object]struct{})
		}
		w.deep[o] = struct{}{}
	}
	w.indent = append(w.indent, w.gap...)
}

func (w *writer) leave() {
	if last := len(w.within) - 1; last >= few {
		delete(w.deep, w.within[last].object)
	}
	w.within = w.within[:len(w.within)-1]
	w.indent = w.indent[:len(w.indent)-len(w.gap)]
}

// plain writes a plain object.
func (w *writer) plain(o *goja.Object, p engine.Plain) {
	begin := len(w.names)
	if w.listed || !w.begin(p) {
		w.names, w.values = w.names[:begin], w.values[:begin]
		w.members(o)
		return
	}
	end, ran, empty := len(w.names), w.ran, true
	w.out = append(w.out, '{')
	for i := begin; i < end; i++ {
		name, v := w.names[i], w.values[i]
		if w.ran != ran {
			v = w.fetch(o, name)
		}
		if w.member(o, name, v, empty) {
			empty = false
		}
	}
	w.close('}', empty)
	w.names, w.values = w.names[:begin], w.values[:begin]
}

// begin notes the properties of a plain object; false means that they are not
// all like others.
func (w *writer) begin(p engine.Plain) (ok bool) {
	begin := len(w.names)
	if w.names, ok = p.Names(w.names); !ok {
		return false
	}
	for _, name := range w.names[begin:] {
		v, usual := p.Value(name)
		if !usual {
			return false
		}
		w.values = append(w.values, v)
	}
	return true
}

// members writes any object.
func (w *writer) members(o *goja.Object) {
	names, empty := w.list, true
	if !w.listed {
		names = w.keysOf(o)
	}
	w.out = append(w.out, '{')
	for _, name := range names {
		if w.member(o, name, w.fetch(o, name), empty) {
			empty = false
		}
	}
	w.close('}', empty)
}

// keysOf returns the names of the enumerable own properties.
func (w *writer) keysOf(o *goja.Object) []unistring.String {
	w.ran++
	list := must(w.keys(goja.Undefined(), o)).(*goja.Object)
	names := make([]unistring.String, list.Get("length").ToInteger())
	for i := range names {
		names[i] = nameOf(list.Get(strconv.Itoa(i)).(goja.String))
	}
	return names
}

// fetch returns a property.
func (w *writer) fetch(o *goja.Object, name unistring.String) goja.Value {
	w.ran++
	if name.AsUtf16() != nil {
		return w.fetchAny(o, key{name: name}.value())
	}
	return o.Get(string(name))
}

// member writes a property with what stands in front of it.
func (w *writer) member(o *goja.Object, name unistring.String, v goja.Value, first bool) bool {
	mark := len(w.out)
	w.separate(first)
	w.out = appendName(w.out, name)
	w.out = append(w.out, ':')
	if w.gap != "" {
		w.out = append(w.out, ' ')
	}
	if !w.property(o, key{name: name}, v) {
		w.out = w.out[:mark]
		return false
	}
	return true
}

func (w *writer) array(o *goja.Object) {
	w.out = append(w.out, '[')
	n := w.length(o)
	for i := range n {
		w.separate(i == 0)
		if !w.property(o, key{index: i, element: true}, w.element(o, i)) {
			w.out = append(w.out, "null"...)
		}
	}
	w.close(']', n == 0)
}

func (w *writer) length(o *goja.Object) int {
	if list, ok := engine.Elements(o); ok {
		return len(list)
	}
	w.ran++
	n := orUndefined(o.Get("length")).ToFloat()
	if !(n > 0) {
		return 0
	}
	return int(min(n, 1<<53-1))
}

func (w *writer) element(o *goja.Object, i int) goja.Value {
	if list, ok := engine.Elements(o); ok && i < len(list) && list[i] != nil {
		return list[i]
	}
	w.ran++
	return o.Get(strconv.Itoa(i))
}

// separate writes what stands in front of a property or an element.
func (w *writer) separate(first bool) {
	if !first {
		w.out = append(w.out, ',')
	}
	if w.gap != "" {
		w.out = append(append(w.out, '\n'), w.indent...)
	}
}

func (w *writer) close(bracket byte, empty bool) {
	if w.gap != "" && !empty {
		w.out = append(append(w.out, '\n'), w.indent[:len(w.indent)-len(w.gap)]...)
	}
	w.out = append(w.out, bracket)
}
