package buffer

import (
	"math"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// construct is Buffer as a constructor: a size, or what Buffer.from takes.
func (c *Class) construct(call goja.ConstructorCall) *goja.Object {
	if goja.IsNumber(call.Argument(0)) {
		return c.Wrap(make([]byte, c.size(call.Argument(0))))
	}
	return c.from(call.Arguments)
}

func (c *Class) defineStatics() {
	c.static("from", 3, func(call goja.FunctionCall) goja.Value { return c.from(call.Arguments) })
	c.renter = c.bytes.NewRenter()
	c.staticOf(c.allocating, "alloc", 3, func(call goja.FunctionCall) goja.Value {
		data := make([]byte, c.size(call.Argument(0)))
		if fill := call.Argument(1); !goja.IsUndefined(fill) {
			c.fill(data, fill, call.Argument(2))
		}
		return c.Wrap(data)
	}, c.allocDirectly)
	c.static("allocUnsafe", 1, func(call goja.FunctionCall) goja.Value {
		return c.Wrap(make([]byte, c.size(call.Argument(0))))
	})
	c.defineAllocUnsafeSlow()
	c.static("of", 0, func(call goja.FunctionCall) goja.Value {
		data := make([]byte, len(call.Arguments))
		for i, v := range call.Arguments {
			data[i] = byte(toUint32(v))
		}
		return c.Wrap(data)
	})
	c.static("isBuffer", 1, func(call goja.FunctionCall) goja.Value { return c.vm.ToValue(c.Is(call.Argument(0))) })
	c.static("isEncoding", 1, func(call goja.FunctionCall) goja.Value {
		v := call.Argument(0)
		return c.vm.ToValue(goja.IsString(v) && EncodingOf(v.String()) != 0)
	})
	c.static("byteLength", 2, func(call goja.FunctionCall) goja.Value {
		v := call.Argument(0)
		if s, ok := v.(goja.String); ok {
			return c.vm.ToValue(c.lenientEncoding(call.Argument(1)).byteLength(s))
		}
		data, ok := c.Memory(v)
		if !ok {
			panic(nodeerr.ArgType(c.vm, "string", "of type string or an instance of Buffer or ArrayBuffer", v))
		}
		return c.vm.ToValue(len(data))
	})
	c.static("compare", 2, func(call goja.FunctionCall) goja.Value {
		return c.vm.ToValue(compare(c.bytesArg("buf1", call.Argument(0)), c.bytesArg("buf2", call.Argument(1))))
	})
	c.static("concat", 2, c.concat)
	_ = c.ctor.Set("poolSize", 8192)
}

// allocating makes alloc.
func (c *Class) allocating(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, direct engine.Direct) *goja.Object {
	return engine.Allocates(vm, usual, direct, c.renter)
}

// allocDirectly is alloc of a size alone.
func (c *Class) allocDirectly(_ goja.Value, args []goja.Value) (v goja.Value, ok bool) {
	if len(args) != 1 {
		return nil, false
	}
	size, ok := engine.Whole(args[0])
	if !ok || size < 0 || size > MaxLength {
		return nil, false
	}
	return c.Wrap(make([]byte, size)), true
}

// defineAllocUnsafeSlow makes the one of these functions that packages call
// with new, too.
func (c *Class) defineAllocUnsafeSlow() {
	const name = "allocUnsafeSlow"
	fn := c.vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		return c.Wrap(make([]byte, c.size(call.Argument(0))))
	}).(*goja.Object)
	_ = fn.DefineDataProperty("name", c.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = fn.DefineDataProperty("length", c.vm.ToValue(1), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = c.ctor.DefineDataProperty(name, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

// size reads the length of a new Buffer.
func (c *Class) size(v goja.Value) int {
	if !goja.IsNumber(v) {
		panic(nodeerr.ArgType(c.vm, "size", "of type number", v))
	}
	n := v.ToFloat()
	if !(n >= 0 && n <= MaxLength) {
		panic(nodeerr.OutOfRange(c.vm, "size", ">= 0 && <= 1073741824", v))
	}
	return int(n)
}

// bytesArg reads an argument that must be a Buffer or Uint8Array.
func (c *Class) bytesArg(name string, v goja.Value) []byte {
	if obj, ok := v.(*goja.Object); ok && Kind(obj) == Uint8 {
		data, _ := c.Memory(obj)
		return data
	}
	panic(nodeerr.ArgType(c.vm, name, "an instance of Buffer or Uint8Array", v))
}

const fromWants = "of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object"

func (c *Class) from(args []goja.Value) *goja.Object {
	arg := func(i int) goja.Value {
		if i < len(args) {
			return args[i]
		}
		return goja.Undefined()
	}
	v := arg(0)
	if s, ok := v.(goja.String); ok {
		return c.Wrap(c.encoding(arg(1)).Decode(s))
	}
	obj, ok := v.(*goja.Object)
	if _, isFunction := goja.AssertFunction(v); !ok || isFunction {
		panic(nodeerr.New(c.vm, nodeerr.TypeError, nodeerr.InvalidArgType,
			"The first argument must be "+fromWants+". Received "+nodeerr.Received(v)))
	}
	switch Kind(obj) {
	case Uint8:
		data, _ := c.Memory(obj)
		return c.Wrap(append([]byte(nil), data...))
	case ArrayBuffer:
		return c.fromArrayBuffer(obj, arg(1), arg(2))
	case TypedArray:
		return c.fromList(obj)
	}
	return c.fromObject(obj, arg(1), arg(2))
}

func (c *Class) fromArrayBuffer(obj *goja.Object, offset, length goja.Value) *goja.Object {
	data, _ := c.Memory(obj)
	start := integer(offset, 0)
	if start < 0 || start > float64(len(data)) {
		panic(nodeerr.New(c.vm, nodeerr.RangeError, "ERR_BUFFER_OUT_OF_BOUNDS", `"offset" is outside of buffer bounds`))
	}
	n := float64(len(data)) - start
	if !goja.IsUndefined(length) {
		want := max(integer(length, 0), 0)
		if want > n {
			panic(nodeerr.New(c.vm, nodeerr.RangeError, "ERR_BUFFER_OUT_OF_BOUNDS", `"length" is outside of buffer bounds`))
		}
		n = want
	}
	return c.view(obj, int(start), int(n))
}

// fromObject takes arrays, what valueOf or Symbol.toPrimitive give, the form
// that toJSON writes, and anything with a length.
func (c *Class) fromObject(obj *goja.Object, encoding, length goja.Value) *goja.Object {
	if obj.ClassName() == "Array" {
		return c.fromList(obj)
	}
	if valueOf, ok := goja.AssertFunction(obj.Get("valueOf")); ok {
		v := c.call(valueOf, obj)
		if v != goja.Value(obj) && !goja.IsNull(v) && !goja.IsUndefined(v) {
			return c.from([]goja.Value{v, encoding, length})
		}
	}
	if n := obj.Get("length"); n != nil && !goja.IsUndefined(n) {
		if !goja.IsNumber(n) {
			return c.Wrap(nil)
		}
		return c.fromList(obj)
	}
	if kind := obj.Get("type"); kind != nil && kind.String() == "Buffer" {
		if data, ok := obj.Get("data").(*goja.Object); ok && data.ClassName() == "Array" {
			return c.fromList(data)
		}
	}
	if primitive := obj.GetSymbol(goja.SymToPrimitive); primitive != nil {
		if f, ok := goja.AssertFunction(primitive); ok {
			if v := c.call(f, obj, c.vm.ToValue("string")); goja.IsString(v) {
				return c.from([]goja.Value{v, encoding})
			}
		}
	}
	panic(nodeerr.New(c.vm, nodeerr.TypeError, nodeerr.InvalidArgType,
		"The first argument must be "+fromWants+". Received "+nodeerr.Received(obj)))
}

func (c *Class) fromList(obj *goja.Object) *goja.Object {
	n := obj.Get("length").ToFloat()
	if !(n > 0) {
		return c.Wrap(nil)
	}
	if n > MaxLength {
		panic(nodeerr.OutOfRange(c.vm, "size", ">= 0 && <= 1073741824", c.vm.ToValue(n)))
	}
	data := make([]byte, int(n))
	for i := range data {
		if v := obj.Get(index(i)); v != nil {
			data[i] = byte(toUint32(v))
		}
	}
	return c.Wrap(data)
}

func (c *Class) call(f goja.Callable, this goja.Value, args ...goja.Value) goja.Value {
	v, err := f(this, args...)
	if err != nil {
		panic(err)
	}
	return v
}

func (c *Class) concat(call goja.FunctionCall) goja.Value {
	list, ok := call.Argument(0).(*goja.Object)
	if !ok || list.ClassName() != "Array" {
		panic(nodeerr.ArgType(c.vm, "list", "an instance of Array", call.Argument(0)))
	}
	n := int(list.Get("length").ToInteger())
	parts, total := make([][]byte, n), 0
	for i := range parts {
		parts[i] = c.bytesArg("list["+index(i)+"]", orUndefined(list.Get(index(i))))
		total += len(parts[i])
	}
	if want := call.Argument(1); !goja.IsUndefined(want) {
		if !goja.IsNumber(want) {
			panic(nodeerr.ArgType(c.vm, "length", "of type number", want))
		}
		total = c.size(want)
	}
	if total > MaxLength {
		panic(nodeerr.OutOfRange(c.vm, "length", ">= 0 && <= 1073741824", c.vm.ToValue(total)))
	}
	data, at := make([]byte, total), 0
	for _, part := range parts {
		at += copy(data[at:], part)
	}
	return c.Wrap(data)
}

// encoding reads an encoding argument: undefined means UTF-8, an unknown name
// is an error.
func (c *Class) encoding(v goja.Value) Encoding {
	if !goja.IsString(v) {
		return UTF8
	}
	name := v.String()
	if name == "" {
		return UTF8
	}
	e := EncodingOf(name)
	if e == 0 {
		panic(nodeerr.New(c.vm, nodeerr.TypeError, nodeerr.UnknownEncoding, "Unknown encoding: "+name))
	}
	return e
}

// lenientEncoding takes an unknown name for UTF-8.
func (c *Class) lenientEncoding(v goja.Value) Encoding {
	if goja.IsString(v) {
		if e := EncodingOf(v.String()); e != 0 {
			return e
		}
	}
	return UTF8
}

// integer converts as JavaScript does; undefined and NaN give def.
func integer(v goja.Value, def float64) float64 {
	if goja.IsUndefined(v) {
		return def
	}
	f := v.ToFloat()
	if math.IsNaN(f) {
		return def
	}
	return math.Trunc(f)
}

// toUint32 converts as an element of a typed array is converted.
func toUint32(v goja.Value) uint32 {
	f := v.ToFloat()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return uint32(int64(math.Mod(math.Trunc(f), 1<<32)))
}
