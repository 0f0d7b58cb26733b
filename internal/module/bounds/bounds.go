// Package bounds gives the functions that make one gigantic value Node's limits.
// The engine would ask the system for any size, and the process ends when it
// does not get it.
//
// # Concurrency
//
// Install touches a VM and is called on its goroutine.
package bounds

import (
	"math"
	"strconv"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/buffer"
)

// maxString is the length of the longest string in Node, in UTF-16 units.
const maxString = 1<<29 - 24

// sizes are the typed arrays with the bytes of an element.
var sizes = map[string]int{
	"Int8Array": 1, "Uint8Array": 1, "Uint8ClampedArray": 1, "Int16Array": 2, "Uint16Array": 2, "Int32Array": 4,
	"Uint32Array": 4, "Float32Array": 4, "Float64Array": 8, "BigInt64Array": 8, "BigUint64Array": 8,
}

// Install replaces the functions, and each constructor when it is first asked
// for. Code of this program that took the engine's own constructors before goes
// on with those. On the loop.
func Install(loop *eventloop.Loop) {
	b := &bounds{loop.VM()}
	b.strings(b.vm.ToValue("").ToObject(b.vm).Prototype()) // values come to it without their class
	loop.Globals().WhenMade("Array", b.array)
	lazily := func(name string, size int, message func(length float64) string) {
		loop.Globals().Replace(name, func(original *goja.Object) *goja.Object {
			return b.constructor(original, name, size, message)
		})
	}
	lazily("ArrayBuffer", 1, func(float64) string { return "Invalid array buffer length" })
	for name, size := range sizes {
		lazily(name, size, func(length float64) string {
			return "Invalid typed array length: " + strconv.FormatFloat(length, 'f', -1, 64)
		})
	}
}

type bounds struct{ vm *goja.Runtime }

func (b *bounds) tooLarge(message string) *goja.Object {
	return nodeerr.New(b.vm, nodeerr.RangeError, "", message)
}

// replace puts a function that may refuse before one of the engine's.
func (b *bounds) replace(object *goja.Object, name string, length int, check func(call goja.FunctionCall)) {
	original := engine.Original(object, name)
	fn := eventloop.Function(b.vm, name, length, func(call goja.FunctionCall) goja.Value {
		check(call)
		v, err := original(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	})
	_ = object.DefineDataProperty(name, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// strings bounds repeat, padStart and padEnd. What is no plain string and no
// plain number is left to the engine, which reads it once.
func (b *bounds) strings(proto *goja.Object) {
	bound := func(of func(self, n float64) float64) func(call goja.FunctionCall) {
		return func(call goja.FunctionCall) {
			self, ok := call.This.(goja.String)
			if !ok || !goja.IsNumber(call.Argument(0)) {
				return
			}
			if n := call.Argument(0).ToFloat(); of(float64(self.Length()), n) > maxString && !math.IsInf(n, 0) {
				panic(b.tooLarge("Invalid string length"))
			}
		}
	}
	product := func(self, n float64) float64 { return self * n }
	larger := func(_, n float64) float64 { return n }
	b.replace(proto, "repeat", 1, bound(product))
	b.replace(proto, "padStart", 1, bound(larger))
	b.replace(proto, "padEnd", 1, bound(larger))
}

// array bounds Array.from of what says that it is longer than an array can be.
func (b *bounds) array(class *goja.Object) {
	b.replace(class, "from", 1, func(call goja.FunctionCall) {
		obj, ok := call.Argument(0).(*goja.Object)
		if !ok || obj.ClassName() == "Array" {
			return
		}
		if iterator := obj.GetSymbol(goja.SymIterator); iterator != nil && !goja.IsUndefined(iterator) && !goja.IsNull(iterator) {
			return
		}
		if length := obj.Get("length"); length != nil && goja.IsNumber(length) && length.ToFloat() > math.MaxUint32 {
			panic(b.tooLarge("Invalid array length"))
		}
	})
}

// constructor bounds what is constructed with a length of elements.
func (b *bounds) constructor(original *goja.Object, name string, size int, message func(length float64) string) *goja.Object {
	construct, _ := goja.AssertConstructor(original)
	var made *goja.Object
	made, _ = b.vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		length := call.Argument(0)
		if obj, ok := length.(*goja.Object); ok && obj.ClassName() == "Object" {
			length = obj.Get("length")
		}
		if length != nil && goja.IsNumber(length) {
			if n := length.ToFloat(); n < 0 || n*float64(size) > buffer.MaxLength {
				panic(b.tooLarge(message(n)))
			}
		}
		target := call.NewTarget
		if target == nil {
			target = made
		}
		v, err := construct(target, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	}).(*goja.Object)
	b.describe(original, made, name)
	return made
}

// describe makes a constructor look like the one that it replaces.
func (b *bounds) describe(original, made *goja.Object, name string) {
	proto := original.Get("prototype")
	_ = made.SetPrototype(original.Prototype())
	_ = made.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	_ = made.DefineDataProperty("name", b.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = made.DefineDataProperty("length", original.Get("length"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	for _, key := range original.GetOwnPropertyNames() {
		switch key {
		case "prototype", "name", "length":
		case "isView":
			_ = made.DefineDataProperty(key, original.Get(key), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		default: // BYTES_PER_ELEMENT
			_ = made.DefineDataProperty(key, original.Get(key), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
		}
	}
	for _, symbol := range original.Symbols() {
		get := eventloop.Function(b.vm, "get [Symbol.species]", 0, func(call goja.FunctionCall) goja.Value { return call.This })
		_ = made.DefineAccessorPropertySymbol(symbol, get, nil, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	if p, ok := proto.(*goja.Object); ok {
		_ = p.DefineDataProperty("constructor", made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}
