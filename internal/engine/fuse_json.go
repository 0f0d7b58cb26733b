package engine

import (
	"slices"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// JSON.stringify of an object literal of strings, numbers, booleans, null and
// undefined is a text that nobody else sees being made: it is written without the
// object.

// Append appends the JSON of a primitive value to a text. ok is false for one that
// has none, and for objects. It takes nothing of the VM.
type Append func(text []byte, v goja.Value) (longer []byte, ok bool)

// Stringify makes the function JSON.stringify, whose way with primitive values
// is that of Append. It stands for vm.ToValue(usual).
func Stringify(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, primitive Append) *goja.Object {
	f := &function{usual: usual, primitive: primitive}
	return vm.ToValue(f.call).(*goja.Object)
}

// The names of the two functions.
const (
	stringify = unistring.String("stringify")
	parse     = unistring.String("parse")
)

// isJSON tells whether the property at a place is one of these, or a toString
// whose result JSON.parse is given.
func (r *reader) isJSON(pc int) bool {
	at := len(r.stack) - 1
	switch r.text(pc) {
	case stringify, parse:
		of, ok := r.stack[at].(*global)
		return ok && of.name == "JSON"
	case "toString":
		last := len(r.open) - 1
		return last >= 0 && r.open[last] == at-1 && r.names[last] == parse
	}
	return false
}

// beginLiteral adds an object literal, when it is what JSON.stringify is given or
// a property of such a one.
func (r *reader) beginLiteral() bool {
	last := len(r.open) - 1
	if !known.maps || last < 0 || r.open[last] != len(r.stack)-1 { // known.prototype is known with the maps
		return false
	}
	if _, within := r.stack[len(r.stack)-1].(*literal); !within && r.names[last] != stringify {
		return false
	}
	r.open, r.names = append(r.open, len(r.stack)), append(r.names, "")
	r.push(&literal{})
	return true
}

// putLiteral adds a property to it.
func (r *reader) putLiteral(name unistring.String) bool {
	at := len(r.stack) - 2
	if at < 0 {
		return false
	}
	value := r.stack[at+1]
	last := len(r.open) - 1
	if inner, ok := value.(*literal); ok {
		if len(inner.values) == 0 || last < 1 {
			return false
		}
		last--
	}
	l, ok := r.stack[at].(*literal)
	if !ok || last < 0 || r.open[last] != at || !l.put(name, value) {
		return false
	}
	r.stack = r.stack[:at+1]
	r.open, r.names = r.open[:last+1], r.names[:last+1]
	return true
}

// stringify adds the call.
func (r *reader) stringify() bool {
	at := len(r.stack) - 3 // of JSON, below the method and the literal
	if at < 0 || len(r.open) < 2 || r.open[len(r.open)-1] != at+2 || r.open[len(r.open)-2] != at+1 {
		return false
	}
	l, ok := r.stack[at+2].(*literal)
	json, is := r.stack[at].(*global)
	if !ok || !is || len(l.values) == 0 {
		return false
	}
	r.open, r.names = r.open[:len(r.open)-2], r.names[:len(r.names)-2]
	r.stack = append(r.stack[:at], &stringified{json, l})
	return true
}

// literal is an object literal. It has no value by itself.
type literal struct {
	names  []unistring.String
	begins []string // "name":
	values []node
}

func (l *literal) value(*machine) goja.Value { return nil }

// put adds a property; ok is false when it would change the order of the others
// or the way in which the object is written, or takes an escape.
func (l *literal) put(name unistring.String, value node) (ok bool) {
	if name == "" || name[0] >= '0' && name[0] <= '9' || slices.Contains(l.names, name) {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c < ' ' || c >= 0x80 || c == '"' || c == '\\' {
			return false
		}
	}
	l.names = append(l.names, name)
	l.begins = append(l.begins, `"`+string(name)+`":`)
	l.values = append(l.values, value)
	return true
}

// write appends the text of the object; ok is false when it takes goja.
func (l *literal) write(m *machine, text []byte, primitive Append) (longer []byte, ok bool) {
	text = append(text, '{')
	begun := len(text)
	for i, of := range l.values {
		inner, isLiteral := of.(*literal)
		var v goja.Value
		if !isLiteral {
			if v = of.value(m); v == nil {
				return text, false
			}
			if goja.IsUndefined(v) {
				continue
			}
		}
		if len(text) > begun {
			text = append(text, ',')
		}
		text = append(text, l.begins[i]...)
		if isLiteral {
			text, ok = inner.write(m, text, primitive)
		} else {
			text, ok = primitive(text, v)
		}
		if !ok {
			return text, false
		}
	}
	return append(text, '}'), true
}

// stringified is the call of JSON.stringify.
type stringified struct {
	json *global
	of   *literal
}

func (s *stringified) value(m *machine) goja.Value {
	f := functionOfJSON(m, s.json, stringify)
	if f == nil || f.primitive == nil {
		return nil
	}
	prototype := *(**goja.Object)(unsafe.Add(unsafe.Pointer(m.r), known.prototype))
	if Added(prototype, "toJSON") {
		return nil
	}
	room := f.room
	f.room = nil // a call within this one has its own
	text, ok := s.of.write(m, room[:0], f.primitive)
	if cap(text) <= maxRoom {
		f.room = text
	}
	if !ok {
		return nil
	}
	return TextOf(m.r, text)
}

// maxRoom bounds the memory that is kept for the next text.
const maxRoom = 64 << 10

// functionOfJSON returns JSON.stringify or JSON.parse, nil when that is not what
// Stringify or Parse made.
func functionOfJSON(m *machine, json *global, name unistring.String) *function {
	v := json.value(m)
	if v == nil || asValue(v).tab != known.object {
		return nil
	}
	switch self := (*object)(asValue(v).data).self; self.tab {
	case known.plain, known.templated:
		f, ok := data((*base)(self.data).values[name]).(*goja.Object)
		if ok && head(f).self.tab == known.native {
			return functionOf(f)
		}
	}
	return nil
}
