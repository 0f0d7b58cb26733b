// Package buffer is Node's Buffer for goja: a subclass of Uint8Array over
// memory that Go shares.
//
// # Concurrency
//
// A Class belongs to one VM and is used on that VM's goroutine only. Memory
// handed to Wrap belongs to JavaScript from then on.
package buffer

import (
	"reflect"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// MaxLength is the largest Buffer in bytes. It is far below Node's, so that a
// wrong length is an error and does not take the machine's memory.
const MaxLength = 1 << 30

// Class is the Buffer constructor of one VM. It and its methods are made when
// they are first used.
type Class struct {
	vm    *goja.Runtime
	lazy  *engine.Lazy // Buffer.prototype
	proto *goja.Object // the same
	ctor  *goja.Object // Buffer, once made

	uint8      goja.Constructor // Uint8Array as it was before any script ran
	bytes      *engine.Bytes    // makes Buffers
	isView     goja.Callable
	bufferOf   goja.Callable // the getters of %TypedArray%.prototype
	offsetOf   goja.Callable
	typedArray *goja.Object // %TypedArray%.prototype

	numbers []goja.Value // the functions of numberMethods, once made

	renter *engine.Renter // of alloc; nil when there is none
}

// maker makes a function: engine.Function, or engine.Reads for one that keeps
// nothing that it is given.
type maker func(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, direct engine.Direct) *goja.Object

// method is what a method of the instances does.
type method func(self []byte, call goja.FunctionCall) goja.Value

// directMethod is the direct way of a method, see engine.Direct.
type directMethod func(c *Class, self []byte, this *goja.Object, args []goja.Value) (v goja.Value, ok bool)

// New creates the class in a VM, without making it a global. There is little to
// it before the first Buffer is made, or a script names a class of memory that
// it could change.
func New(vm *goja.Runtime, globals *engine.Lazy) *Class {
	c := &Class{vm: vm}
	c.isView = globals.Late("ArrayBuffer", func(v *goja.Object) goja.Value { return v.Get("isView") })
	for _, name := range typedArrays {
		globals.WhenMade(name, func(*goja.Object) { c.begin() })
	}
	globals.WhenMade("Uint8Array", c.make)
	return c
}

// typedArrays are the other classes with the prototype of Uint8Array's.
var typedArrays = []string{
	"Int8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
	"Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array",
}

// begin makes what Buffers need, when that is not there yet.
func (c *Class) begin() {
	if c.bytes == nil {
		c.vm.GlobalObject().Get("Uint8Array") // which calls make
	}
}

// make makes what Buffers need of Uint8Array, which nothing has changed.
func (c *Class) make(uint8Array *goja.Object) {
	vm := c.vm
	c.uint8, _ = goja.AssertConstructor(uint8Array)
	parent := uint8Array.Get("prototype").(*goja.Object)
	c.typedArray = parent.Prototype()
	c.bufferOf = engine.Getter(c.vm, c.typedArray, "buffer")
	c.offsetOf = engine.Getter(c.vm, c.typedArray, "byteOffset")

	c.lazy = engine.NewLazy(vm, parent)
	c.proto = c.lazy.Object()
	c.lazy.Define("constructor", func() goja.Value { return c.Constructor() })
	c.bytes = engine.NewBytes(vm, uint8Array, c.proto)
	c.defineText()
	c.defineMemory()
	c.defineSearch()
	c.defineNumbers()
}

// Constructor returns Buffer itself.
func (c *Class) Constructor() *goja.Object {
	if c.ctor == nil {
		c.begin()
		c.makeConstructor()
	}
	return c.ctor
}

func (c *Class) makeConstructor() {
	vm := c.vm
	c.ctor = vm.ToValue(c.construct).(*goja.Object)
	_ = c.ctor.DefineDataProperty("name", vm.ToValue("Buffer"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = c.ctor.DefineDataProperty("length", vm.ToValue(3), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = c.ctor.Set("prototype", c.proto)
	parent := c.proto.Prototype().Get("constructor").(*goja.Object)
	_ = c.ctor.SetPrototype(parent)
	c.defineStatics()
}

// Exports returns the exports of the module "buffer".
func (c *Class) Exports() goja.Value {
	exports := c.vm.NewObject()
	_ = exports.Set("Buffer", c.Constructor())
	_ = exports.Set("kMaxLength", MaxLength)
	constants := c.vm.NewObject()
	_ = constants.Set("MAX_LENGTH", MaxLength)
	_ = constants.Set("MAX_STRING_LENGTH", 1<<29-24)
	_ = exports.Set("constants", constants)
	_ = exports.Set("kStringMaxLength", 1<<29-24)
	_ = exports.Set("INSPECT_MAX_BYTES", 50)
	_ = exports.Set("isUtf8", c.isText("isUtf8", utf8.Valid))
	_ = exports.Set("isAscii", c.isText("isAscii", isASCII))
	for _, name := range []string{"atob", "btoa", "Blob", "File"} {
		c.defineGlobal(exports, name)
	}
	return exports
}

// defineGlobal adds to the exports a global of that name, which is made when it
// is first asked for.
func (c *Class) defineGlobal(exports *goja.Object, name string) {
	get := c.vm.ToValue(func(goja.FunctionCall) goja.Value {
		v := c.vm.Get(name)
		_ = exports.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
		return v
	})
	_ = exports.DefineAccessorProperty(name, get, nil, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

// isText makes a function that tells something of the bytes of its argument.
func (c *Class) isText(name string, is func([]byte) bool) goja.Value {
	return engine.Native(c.vm, name, 1, func(call goja.FunctionCall) goja.Value {
		data, ok := c.Memory(call.Argument(0))
		if !ok {
			panic(nodeerr.ArgType(c.vm, "input", "an instance of ArrayBuffer, Buffer, or TypedArray", call.Argument(0)))
		}
		return c.vm.ToValue(is(data))
	})
}

func isASCII(data []byte) bool {
	return !slices.ContainsFunc(data, func(b byte) bool { return b >= utf8.RuneSelf })
}

// Wrap makes a Buffer of data without copying it.
func (c *Class) Wrap(data []byte) *goja.Object {
	c.begin()
	return c.bytes.Make(data)
}

// Uint8Array makes one that is no Buffer over an ArrayBuffer.
func (c *Class) Uint8Array(memory goja.Value) *goja.Object {
	c.begin()
	obj, err := c.uint8(nil, memory)
	if err != nil {
		panic(err)
	}
	return obj
}

// view makes a Buffer over part of the memory of an ArrayBuffer.
func (c *Class) view(arrayBuffer goja.Value, offset, length int) *goja.Object {
	obj, err := c.uint8(c.Constructor(), arrayBuffer, c.vm.ToValue(offset), c.vm.ToValue(length))
	if err != nil {
		panic(err)
	}
	return obj
}

// TakeBack says that no function is running that was called before, so that
// alloc may give what those have dropped.
func (c *Class) TakeBack() { c.renter.TakeBack() }

// NewLender makes Buffers that are lent; nil when the engine cannot.
func (c *Class) NewLender() *engine.Lender {
	c.begin()
	return c.bytes.NewLender()
}

// Is tells whether v is a Buffer.
func (c *Class) Is(v goja.Value) bool {
	obj, ok := v.(*goja.Object)
	if !ok || c.bytes == nil {
		return false
	}
	if c.bytes.Made(obj) {
		return true
	}
	if Kind(obj) != Uint8 {
		return false
	}
	for p := obj.Prototype(); p != nil; p = p.Prototype() {
		if p == c.proto {
			return true
		}
	}
	return false
}

// ViewKind tells what kind of binary object a value is.
type ViewKind byte

// The kinds of binary objects. Uint8 includes Buffer and Uint8ClampedArray.
const (
	NotBinary ViewKind = iota
	Uint8
	TypedArray // any other typed array
	ArrayBuffer
)

// uint8s is what most binary objects export; the map is for the others.
var uint8s = reflect.TypeFor[[]uint8]()

var kinds = map[reflect.Type]ViewKind{
	uint8s:                              Uint8,
	reflect.TypeFor[[]int8]():           TypedArray,
	reflect.TypeFor[[]uint16]():         TypedArray,
	reflect.TypeFor[[]int16]():          TypedArray,
	reflect.TypeFor[[]uint32]():         TypedArray,
	reflect.TypeFor[[]int32]():          TypedArray,
	reflect.TypeFor[[]float32]():        TypedArray,
	reflect.TypeFor[[]float64]():        TypedArray,
	reflect.TypeFor[[]int64]():          TypedArray,
	reflect.TypeFor[[]uint64]():         TypedArray,
	reflect.TypeFor[goja.ArrayBuffer](): ArrayBuffer,
}

// Own returns the bytes of a Buffer that is as Wrap makes them, which is what
// nearly every Buffer is.
func (c *Class) Own(v goja.Value) (data []byte, ok bool) {
	if obj, isObject := v.(*goja.Object); isObject && c.bytes != nil && c.bytes.Made(obj) {
		return engine.Memory(obj)
	}
	return nil, false
}

// Kind tells what kind of binary object obj is. A DataView is NotBinary.
func Kind(obj *goja.Object) ViewKind {
	t := obj.ExportType()
	if t == uint8s {
		return Uint8
	}
	if t == nil || t.Kind() == reflect.Map || t.Kind() == reflect.Func {
		return NotBinary
	}
	return kinds[t]
}

// Memory returns the bytes of a Buffer, typed array, DataView or ArrayBuffer,
// shared with JavaScript; ok is false for anything else.
func (c *Class) Memory(v goja.Value) (data []byte, ok bool) {
	obj, isObject := v.(*goja.Object)
	if !isObject {
		return nil, false
	}
	if data, ok = engine.Memory(obj); ok {
		return data, true
	}
	return c.memoryOfOther(obj)
}

// memoryOfOther is Memory for what goja has to be asked about.
func (c *Class) memoryOfOther(obj *goja.Object) (data []byte, ok bool) {
	switch Kind(obj) {
	case Uint8:
		data, ok = obj.Export().([]byte)
		return data, ok
	case TypedArray:
		return data, c.vm.ExportTo(obj, &data) == nil
	case ArrayBuffer:
		ab, _ := obj.Export().(goja.ArrayBuffer)
		return ab.Bytes(), !ab.Detached()
	}
	if is, err := c.isView(goja.Undefined(), obj); err == nil && is.ToBoolean() {
		return data, c.vm.ExportTo(obj, &data) == nil
	}
	return nil, false
}

// static defines a function of the class.
func (c *Class) static(name string, length int, f func(goja.FunctionCall) goja.Value) {
	c.staticOf(engine.Function, name, length, f, nil)
}

// staticOf is static for a function with a direct way, and what makes it.
func (c *Class) staticOf(of maker, name string, length int, f func(goja.FunctionCall) goja.Value, direct engine.Direct) {
	// In Node they are listed, and packages copy them to classes of their own.
	_ = c.ctor.DefineDataProperty(name, c.function(of, name, length, f, direct), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

// method defines a function of the instances.
func (c *Class) method(name string, length int, f method) {
	c.lazy.DefineEnumerable(name, func() goja.Value { return c.newMethod(nil, name, length, f, nil) })
}

// methods defines one under several names. direct may be nil.
func (c *Class) methods(of maker, length int, f method, direct directMethod, names ...string) {
	one := sync.OnceValue(func() goja.Value { return c.newMethod(of, names[0], length, f, direct) })
	for _, name := range names {
		c.lazy.DefineEnumerable(name, one)
	}
}

func (c *Class) newMethod(of maker, name string, length int, f method, direct directMethod) goja.Value {
	usual := func(call goja.FunctionCall) goja.Value {
		self, ok := c.Memory(call.This)
		if !ok {
			panic(nodeerr.ArgType(c.vm, "this", "an instance of Buffer", call.This))
		}
		return f(self, call)
	}
	if direct == nil {
		return c.function(of, name, length, usual, nil)
	}
	return c.function(of, name, length, usual, func(this goja.Value, args []goja.Value) (v goja.Value, ok bool) {
		obj, ok := this.(*goja.Object)
		if !ok {
			return nil, false
		}
		self, ok := engine.Memory(obj)
		if !ok {
			return nil, false
		}
		return direct(c, self, obj, args)
	})
}

// function makes a function; of is nil for one that is nothing special, direct
// when it has no direct way.
func (c *Class) function(of maker, name string, length int, f func(goja.FunctionCall) goja.Value, direct engine.Direct) *goja.Object {
	if of == nil {
		return engine.Native(c.vm, name, length, f)
	}
	fn := of(c.vm, f, direct)
	_ = fn.DefineDataProperty("name", c.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = fn.DefineDataProperty("length", c.vm.ToValue(length), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return fn
}
