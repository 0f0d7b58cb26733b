package buffer

import (
	"bytes"
	"math"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// defineSearch defines indexOf, lastIndexOf and includes.
func (c *Class) defineSearch() {
	c.method("indexOf", 3, func(self []byte, call goja.FunctionCall) goja.Value {
		return c.vm.ToValue(c.search(self, call, false))
	})
	c.method("lastIndexOf", 3, func(self []byte, call goja.FunctionCall) goja.Value {
		return c.vm.ToValue(c.search(self, call, true))
	})
	c.method("includes", 3, func(self []byte, call goja.FunctionCall) goja.Value {
		return c.vm.ToValue(c.search(self, call, false) >= 0)
	})
}

func (c *Class) search(self []byte, call goja.FunctionCall, backwards bool) int {
	value, offset, encoding := call.Argument(0), call.Argument(1), call.Argument(2)
	if goja.IsString(offset) {
		offset, encoding = goja.Undefined(), offset
	}
	step := 1
	var needle []byte
	switch s, isString := value.(goja.String); {
	case isString:
		e := c.encoding(encoding)
		needle = e.Decode(s)
		if e == UTF16LE {
			step = 2
		}
	case goja.IsNumber(value):
		needle = []byte{byte(toUint32(value))}
	default:
		data, ok := c.Memory(value)
		if obj, isObject := value.(*goja.Object); !ok || isObject && Kind(obj) != Uint8 {
			panic(nodeerr.ArgType(c.vm, "value",
				"one of type number or string or an instance of Buffer or Uint8Array", value))
		}
		needle = data
	}
	return find(self, needle, c.searchStart(offset, len(self), backwards), step, backwards)
}

// searchStart reads where to begin; negative positions count from the end.
func (c *Class) searchStart(offset goja.Value, length int, backwards bool) int {
	f := math.NaN()
	if !goja.IsUndefined(offset) {
		f = offset.ToFloat()
	}
	n := float64(length)
	switch {
	case math.IsNaN(f) && backwards:
		return length
	case math.IsNaN(f):
		return 0
	case f < 0 && f+n < 0 && backwards:
		return -1
	case f < 0:
		f = max(f+n, 0)
	}
	return int(min(math.Trunc(f), n))
}

func find(data, needle []byte, start, step int, backwards bool) int {
	if start < 0 {
		return -1
	}
	if !backwards {
		if len(needle) == 0 {
			return start
		}
		for at := start; at <= len(data)-len(needle); {
			i := bytes.Index(data[at:], needle)
			if i < 0 {
				return -1
			}
			if i%step == 0 {
				return at + i
			}
			at += i + 1
		}
		return -1
	}
	if len(needle) == 0 {
		return min(start, len(data))
	}
	for at := min(start, len(data)-len(needle)); at >= 0; at-- {
		if at%step == 0 && bytes.HasPrefix(data[at:], needle) {
			return at
		}
	}
	return -1
}
