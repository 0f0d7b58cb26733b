package json

import (
	"math"
	"math/big"
	"reflect"
	"slices"
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

func newStringify(vm *goja.Runtime) *stringify {
	function := func(object, name string) goja.Callable {
		f, _ := goja.AssertFunction(vm.Get(object).(*goja.Object).Get(name))
		return f
	}
	return &stringify{
		vm: vm, keys: function("Object", "keys"), isArray: function("Array", "isArray"),
		object: vm.NewObject().Prototype(),
	}
}

// call is JSON.stringify(value, replacer, space).
func (s *stringify) call(call goja.FunctionCall) goja.Value {
	w := s.spare
	s.spare = nil // a call within this one has its own
	if w == nil {
		w = &writer{stringify: s}
	}
	w.ascii = true
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
	switch {
	case w.lone != nil:
		return w.indented()
	case w.ascii:
		return engine.ASCII(string(w.out))
	}
	return s.vm.ToValue(string(w.out))
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
	out   []byte
	ascii bool // out has no other characters

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

func (w *writer) primitive(v goja.Value) bool {
	switch {
	case v == nil || goja.IsUndefined(v):
		return false
	case goja.IsNull(v):
		w.out = append(w.out, "null"...)
		return true
	}
	if s, ok := v.(goja.String); ok {
		w.quote(s)
		return true
	}
	switch v.ExportType() {
	case intType:
		w.out = strconv.AppendInt(w.out, v.ToInteger(), 10)
	case floatType:
		if f := v.ToFloat(); math.IsNaN(f) || math.IsInf(f, 0) {
			w.out = append(w.out, "null"...)
		} else {
			w.out = append(w.out, v.String()...)
		}
	case boolType:
		w.out = strconv.AppendBool(w.out, v.ToBoolean())
	default:
		if goja.IsBigInt(v) {
			panic(nodeerr.New(w.vm, nodeerr.TypeError, "", "Do not know how to serialize a BigInt"))
		}
		return false // a symbol
	}
	return true
}

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
		w.write(o.Get("rawJSON").String())
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
	w.quoteName(name)
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
