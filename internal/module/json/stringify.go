package json

import (
	"math"
	"math/big"
	"reflect"
	"strconv"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// stringify is JSON.stringify of one VM.
type stringify struct {
	vm      *goja.Runtime
	keys    goja.Callable // Object.keys
	isArray goja.Callable // Array.isArray
	get     goja.Callable // a property of any value by any name, once it is needed
	object  *goja.Object  // Object.prototype

	spare *writer // the one before, for its memory
}

// The bounds of the memory that is kept for the next text.
const (
	maxKeptBytes  = 64 << 10
	maxKeptValues = 1024
)

func newStringify(vm *goja.Runtime, class *goja.Object, isArray goja.Callable) *stringify {
	return &stringify{
		vm: vm, keys: engine.Original(class, "keys"),
		isArray: isArray,
		object:  vm.NewObject().Prototype(),
	}
}

// call is JSON.stringify(value, replacer, space).
func (s *stringify) call(call goja.FunctionCall) goja.Value {
	w := s.spare
	s.spare = nil // a call within this one has its own
	if w == nil {
		w = &writer{stringify: s}
	}
	w.look()
	w.replaceBy(call.Argument(1))
	w.indentBy(call.Argument(2))
	var holder *goja.Object
	if w.replacer != nil {
		holder = s.vm.NewObject()
		_ = holder.DefineDataProperty("", call.Argument(0), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
	}
	if !w.property(holder, key{}, call.Argument(0)) {
		return goja.Undefined()
	}
	defer w.keep()
	if w.lone != nil {
		return w.indented()
	}
	return engine.TextOf(s.vm, w.out)
}

// keep makes the memory of a text that is done that of the next one.
func (w *writer) keep() {
	if cap(w.out) > maxKeptBytes || cap(w.values) > maxKeptValues || cap(w.within) > maxKeptValues {
		return
	}
	clear(w.values[:cap(w.values)])
	clear(w.within[:cap(w.within)])
	*w = writer{
		stringify: w.stringify, out: w.out[:0], indent: w.indent[:0],
		within: w.within[:0], names: w.names[:0], values: w.values[:0],
	}
	w.spare = w
}

var getting = goja.MustCompile("mqscript:get", "(v, name) => v[name]", true)

// fetchAny returns a property that goja's API has no way to.
func (s *stringify) fetchAny(v, name goja.Value) goja.Value {
	if s.get == nil {
		f, err := s.vm.RunProgram(getting)
		s.get, _ = goja.AssertFunction(must(f, err))
	}
	return must(s.get(goja.Undefined(), v, name))
}

// key is the name of a property, or the index of an element.
type key struct {
	name    unistring.String
	index   int
	element bool
}

// value returns the key as JavaScript sees it.
func (k key) value() goja.Value {
	if k.element {
		return engine.ASCII(strconv.Itoa(k.index))
	}
	if units := k.name.AsUtf16(); units != nil {
		return goja.StringFromUTF16(units[1:])
	}
	return engine.ASCII(string(k.name))
}

// writer writes one text. The steps and their order are those of ECMAScript's
// SerializeJSONProperty, since JavaScript can watch them; only looking at plain
// objects and arrays, which it cannot watch, takes a short way.
type writer struct {
	*stringify
	out []byte

	replacer goja.Callable
	list     []unistring.String // the only properties to write, when listed
	listed   bool
	gap      string
	lone     []uint16 // the gap, when it has half a surrogate pair
	indent   []byte   // the gaps of the present depth

	within []step                    // the objects around
	deep   map[*goja.Object]struct{} // those beyond the first few
	ran    int                       // how often JavaScript may have run: what was looked at before may differ since
	clean  int                       // the ran at which Object.prototype had no toJSON; -1 when it had one

	// Of the plain objects around: their properties when they were begun.
	names  []unistring.String
	values []goja.Value
}

// step is an object that is being written, and its key.
type step struct {
	key    key
	object *goja.Object
}

var (
	intType   = reflect.TypeFor[int64]()
	floatType = reflect.TypeFor[float64]()
	boolType  = reflect.TypeFor[bool]()

	bigIntType = reflect.TypeFor[*big.Int]()
)

// property writes a value; false means that it is left out: nothing was
// written. holder is nil when there is no replacer that could see it.
func (w *writer) property(holder *goja.Object, k key, v goja.Value) bool {
	if obj, isObject := v.(*goja.Object); isObject || v != nil && goja.IsBigInt(v) {
		if toJSON, ok := goja.AssertFunction(w.toJSON(obj, v)); ok {
			w.ran++
			v = must(toJSON(v, k.value()))
		}
	}
	if w.replacer != nil {
		w.ran++
		v = must(w.replacer(holder, k.value(), orUndefined(v)))
	}
	if obj, isObject := v.(*goja.Object); isObject {
		return w.structure(k, obj)
	}
	return w.primitive(v)
}

func orUndefined(v goja.Value) goja.Value {
	if v == nil {
		return goja.Undefined()
	}
	return v
}

// look notes whether Object.prototype is as nearly always.
func (w *writer) look() {
	w.clean = w.ran
	if engine.Added(w.object, "toJSON") {
		w.clean = -1
	}
}

// toJSON returns the property toJSON of v, which is obj when it is an object.
func (w *writer) toJSON(obj *goja.Object, v goja.Value) goja.Value {
	if obj == nil {
		w.ran++
		return w.fetchAny(v, w.vm.ToValue("toJSON"))
	}
	if p, plain := engine.AsPlain(obj); plain && p.Prototype() == w.object {
		if w.clean != w.ran && w.clean >= 0 {
			w.look()
		}
		if found, usual := p.Value("toJSON"); usual && (found != nil || w.clean == w.ran) {
			return found
		}
	}
	w.ran++
	return obj.Get("toJSON")
}

func (w *writer) primitive(v goja.Value) (ok bool) {
	if w.out, ok = appendPrimitive(w.out, v); !ok && v != nil && goja.IsBigInt(v) {
		panic(nodeerr.New(w.vm, nodeerr.TypeError, "", "Do not know how to serialize a BigInt"))
	}
	return ok
}

// appendPrimitive appends a primitive value to a text. ok is false for undefined,
// symbols and big integers, and for objects.
func appendPrimitive(text []byte, v goja.Value) (longer []byte, ok bool) {
	if s, ok := engine.Characters(v); ok {
		return appendText(text, s), true
	}
	if n, ok := engine.Whole(v); ok {
		return strconv.AppendInt(text, n, 10), true
	}
	if yes, ok := engine.Bool(v); ok {
		return strconv.AppendBool(text, yes), true
	}
	switch {
	case v == nil || goja.IsUndefined(v):
		return text, false
	case goja.IsNull(v):
		return append(text, "null"...), true
	}
	if s, ok := v.(goja.String); ok {
		return appendString(text, s), true
	}
	switch v.ExportType() {
	case intType:
		return strconv.AppendInt(text, v.ToInteger(), 10), true
	case floatType:
		return appendNumber(text, v), true
	case boolType:
		return strconv.AppendBool(text, v.ToBoolean()), true
	}
	return text, false
}

// The bounds between which JavaScript writes numbers without an exponent.
const (
	leastPlain  = 1e-6
	beyondPlain = 1e21
)

// appendNumber appends a number that may have a fraction.
func appendNumber(text []byte, v goja.Value) []byte {
	switch f := v.ToFloat(); {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return append(text, "null"...)
	case math.Abs(f) >= leastPlain && math.Abs(f) < beyondPlain:
		return strconv.AppendFloat(text, f, 'f', -1, 64)
	}
	return append(text, v.String()...)
}
