package buffer

import (
	"bytes"
	"math"
	"strconv"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// defineMemory defines the methods that work on ranges of bytes.
func (c *Class) defineMemory() {
	for _, name := range []string{"slice", "subarray"} {
		c.methods(engine.Function, 2, c.slice, sliceDirectly, name)
	}
	c.method("copy", 4, c.copy)
	c.method("fill", 4, c.fillMethod)
	c.method("write", 4, c.write)
	c.method("equals", 1, func(self []byte, call goja.FunctionCall) goja.Value {
		return c.vm.ToValue(bytes.Equal(self, c.bytesArg("otherBuffer", call.Argument(0))))
	})
	c.method("compare", 5, c.compareMethod)
	for name, size := range map[string]int{"swap16": 2, "swap32": 4, "swap64": 8} {
		c.method(name, 0, func(self []byte, call goja.FunctionCall) goja.Value {
			if len(self)%size != 0 {
				panic(nodeerr.New(c.vm, nodeerr.RangeError, "ERR_INVALID_BUFFER_SIZE",
					"Buffer size must be a multiple of "+index(8*size)+"-bits"))
			}
			for ; len(self) > 0; self = self[size:] {
				for i := range size / 2 {
					self[i], self[size-1-i] = self[size-1-i], self[i]
				}
			}
			return call.This
		})
	}
	for encoding, e := range map[string]Encoding{
		"utf8": UTF8, "hex": Hex, "base64": Base64, "base64url": Base64URL,
		"latin1": Latin1, "ascii": ASCII, "ucs2": UTF16LE,
	} {
		c.method(encoding+"Slice", 2, func(self []byte, call goja.FunctionCall) goja.Value {
			start, end := bounds(call.Argument(0), call.Argument(1), len(self))
			return e.Encode(c.vm, self[start:end])
		})
	}
	for name, of := range map[string]string{"parent": "buffer", "offset": "byteOffset"} {
		c.lazy.DefineGetter(name, func(this goja.Value) goja.Value {
			if obj, ok := this.(*goja.Object); ok && c.Is(obj) {
				return obj.Get(of)
			}
			return goja.Undefined()
		})
	}
}

// fill repeats a value over dst: a string in an encoding, bytes, or a number.
func (c *Class) fill(dst []byte, v, encoding goja.Value) {
	var pattern []byte
	if s, isString := v.(goja.String); isString {
		pattern = c.encoding(encoding).Decode(s)
		if len(pattern) == 0 && s.Length() > 0 {
			panic(nodeerr.New(c.vm, nodeerr.TypeError, nodeerr.InvalidArgValue,
				"The argument 'value' is invalid. Received '"+s.String()+"'"))
		}
		if len(pattern) == 0 {
			pattern = []byte{0}
		}
	} else if data, ok := c.Memory(v); ok {
		if len(data) == 0 {
			panic(nodeerr.New(c.vm, nodeerr.TypeError, nodeerr.InvalidArgValue,
				"The argument 'value' is invalid. Received <Buffer >"))
		}
		pattern = data
	} else {
		pattern = []byte{byte(toUint32(v))}
	}
	if len(dst) == 0 {
		return
	}
	for n := copy(dst, pattern); n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

func (c *Class) fillMethod(self []byte, call goja.FunctionCall) goja.Value {
	value, start, end, encoding := call.Argument(0), call.Argument(1), call.Argument(2), call.Argument(3)
	if goja.IsString(start) {
		start, encoding = goja.Undefined(), start
	} else if goja.IsString(end) {
		end, encoding = goja.Undefined(), end
	}
	from, to := 0, len(self)
	if !goja.IsUndefined(start) {
		from = c.index("offset", start, 1<<32)
	}
	if !goja.IsUndefined(end) {
		to = c.index("end", end, int64(len(self)))
	}
	if from < to {
		c.fill(self[from:to], value, encoding)
	}
	return call.This
}

// index reads a position from 0 to high.
func (c *Class) index(name string, v goja.Value, high int64) int {
	if !goja.IsNumber(v) {
		panic(nodeerr.ArgType(c.vm, name, "of type number", v))
	}
	f := v.ToFloat()
	if f != float64(int64(f)) {
		panic(nodeerr.OutOfRange(c.vm, name, "an integer", v))
	}
	if f < 0 || f > float64(high) {
		panic(nodeerr.OutOfRange(c.vm, name, ">= 0 && <= "+strconv.FormatInt(high, 10), v))
	}
	return int(min(f, math.MaxInt)) // which is beyond every Buffer where int has 32 bits
}

// slice makes a Buffer over part of the same memory; negative positions count
// from the end.
func (c *Class) slice(self []byte, call goja.FunctionCall) goja.Value {
	n := float64(len(self))
	position := func(v goja.Value, def float64) int {
		f := integer(v, def)
		if goja.IsUndefined(v) {
			f = def
		}
		if f < 0 {
			f = max(f+n, 0)
		}
		return int(min(f, n))
	}
	start, end := position(call.Argument(0), 0), n
	if v := call.Argument(1); !goja.IsUndefined(v) {
		end = float64(position(v, 0))
	}
	length := max(int(end)-start, 0)
	if obj, ok := call.This.(*goja.Object); ok {
		if part := c.bytes.View(obj, min(start, len(self)), length); part != nil {
			return part
		}
	}
	memory, offset := c.call(c.bufferOf, call.This), int(c.call(c.offsetOf, call.This).ToInteger())
	return c.view(memory, offset+start, length)
}

// sliceDirectly is slice of positions that are whole numbers.
func sliceDirectly(c *Class, self []byte, this *goja.Object, args []goja.Value) (v goja.Value, ok bool) {
	ends := [2]int64{0, int64(len(self))}
	for i, arg := range args[:min(len(args), 2)] {
		n, whole := engine.Whole(arg)
		if !whole {
			return nil, false
		}
		if n < 0 {
			n += int64(len(self))
		}
		ends[i] = min(max(n, 0), int64(len(self)))
	}
	part := c.bytes.View(this, int(ends[0]), int(max(ends[1]-ends[0], 0)))
	return part, part != nil
}

func (c *Class) copy(self []byte, call goja.FunctionCall) goja.Value {
	target, ok := call.Argument(0).(*goja.Object)
	if !ok || Kind(target) != Uint8 {
		panic(nodeerr.ArgType(c.vm, "target", "an instance of Buffer or Uint8Array", call.Argument(0)))
	}
	dst, _ := c.Memory(target)
	at := integer(call.Argument(1), 0)
	if at < 0 {
		panic(nodeerr.OutOfRange(c.vm, "targetStart", ">= 0", call.Argument(1)))
	}
	from := integer(call.Argument(2), 0)
	if from < 0 || from > float64(len(self)) {
		panic(nodeerr.OutOfRange(c.vm, "sourceStart", ">= 0 && <= "+index(len(self)), call.Argument(2)))
	}
	to := integer(call.Argument(3), float64(len(self)))
	if to < 0 {
		panic(nodeerr.OutOfRange(c.vm, "sourceEnd", ">= 0", call.Argument(3)))
	}
	if at >= float64(len(dst)) || from >= to {
		return c.vm.ToValue(0)
	}
	return c.vm.ToValue(copy(dst[int(at):], self[int(from):int(min(to, float64(len(self))))]))
}

// write is write(string, [offset], [length], [encoding]). A character that
// does not fit whole is not written.
func (c *Class) write(self []byte, call goja.FunctionCall) goja.Value {
	s, ok := call.Argument(0).(goja.String)
	if !ok {
		panic(nodeerr.New(c.vm, nodeerr.TypeError, nodeerr.InvalidArgType, "argument must be a string"))
	}
	offset, length, encoding := call.Argument(1), call.Argument(2), call.Argument(3)
	if goja.IsString(offset) {
		offset, length, encoding = goja.Undefined(), goja.Undefined(), offset
	} else if goja.IsString(length) {
		length, encoding = goja.Undefined(), length
	}
	at := 0
	if !goja.IsUndefined(offset) {
		at = c.index("offset", offset, int64(len(self)))
	}
	room := len(self) - at
	if !goja.IsUndefined(length) {
		room = min(room, c.index("length", length, int64(len(self))))
	}
	e := c.encoding(encoding)
	data := e.Decode(s)
	if len(data) > room {
		data = data[:e.whole(data, room)]
	}
	return c.vm.ToValue(copy(self[at:], data))
}

// whole returns how many of the first n bytes make whole characters.
func (e Encoding) whole(data []byte, n int) int {
	switch e {
	case UTF16LE:
		return n &^ 1
	case UTF8:
		for n > 0 && data[n]&0xC0 == 0x80 {
			n--
		}
	}
	return n
}

func compare(a, b []byte) int { return bytes.Compare(a, b) }

func (c *Class) compareMethod(self []byte, call goja.FunctionCall) goja.Value {
	other := c.bytesArg("target", call.Argument(0))
	part := func(data []byte, startName, endName string, from, to goja.Value) []byte {
		start, end := 0, len(data)
		if !goja.IsUndefined(from) {
			start = c.index(startName, from, 1<<53-1)
		}
		if !goja.IsUndefined(to) {
			end = c.index(endName, to, int64(len(data)))
		}
		if start >= end {
			return nil
		}
		return data[start:end]
	}
	return c.vm.ToValue(compare(
		part(self, "sourceStart", "sourceEnd", call.Argument(3), call.Argument(4)),
		part(other, "targetStart", "targetEnd", call.Argument(1), call.Argument(2))))
}
