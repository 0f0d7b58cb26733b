package buffer

import (
	"strconv"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
)

func index(i int) string { return strconv.Itoa(i) }

func orUndefined(v goja.Value) goja.Value {
	if v == nil {
		return goja.Undefined()
	}
	return v
}

func (c *Class) defineText() {
	c.methods(engine.Reads, 3, func(self []byte, call goja.FunctionCall) goja.Value {
		if len(call.Arguments) == 0 {
			return UTF8.Encode(c.vm, self)
		}
		start, end := bounds(call.Argument(1), call.Argument(2), len(self))
		return c.encoding(call.Argument(0)).Encode(c.vm, self[start:end])
	}, textDirectly, "toString", "toLocaleString")
	c.method("toJSON", 0, func(self []byte, _ goja.FunctionCall) goja.Value {
		list := make([]any, len(self))
		for i, b := range self {
			list[i] = int64(b)
		}
		obj := c.vm.NewObject()
		_ = obj.Set("type", "Buffer")
		_ = obj.Set("data", c.vm.NewArray(list...))
		return obj
	})
}

// textDirectly is toString without arguments.
func textDirectly(c *Class, self []byte, _ *goja.Object, args []goja.Value) (v goja.Value, ok bool) {
	if len(args) > 0 {
		return nil, false
	}
	return UTF8.Encode(c.vm, self), true
}

// bounds reads a range as toString does: no error, only clamped.
func bounds(from, to goja.Value, length int) (start, end int) {
	n := float64(length)
	s := min(max(integer(from, 0), 0), n)
	e := min(max(integer(to, n), 0), n)
	if e < s {
		e = s
	}
	return int(s), int(e)
}
