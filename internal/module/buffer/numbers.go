package buffer

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// numberMethod reads or writes a number. The methods are the same in all VMs.
type numberMethod struct {
	names  []string // Node has some under two names
	length int
	f      numberFunction
	field  *engine.Field // what it reads or writes; nil when it has no direct way
}

type numberFunction func(c *Class, self []byte, call goja.FunctionCall) goja.Value

var numberMethods []numberMethod

func init() {
	for _, bits := range []int{8, 16, 32} {
		for _, little := range []bool{true, false} {
			suffix := fmt.Sprint(bits) + order(bits, little)
			size := bits / 8
			for _, signed := range []bool{true, false} {
				fixed(typeName(signed)+suffix, size, signed, little)
			}
		}
	}
	for _, little := range []bool{true, false} {
		for _, signed := range []bool{true, false} {
			variable(typeName(signed)+order(16, little), signed, little)
			bigs("Big"+typeName(signed)+"64"+order(16, little), signed, little)
		}
		float("Float"+order(16, little), 4, little)
		float("Double"+order(16, little), 8, little)
	}
}

// define notes a method under its name, and with Uint for UInt as Node does.
func define(name string, length int, f numberFunction, field *engine.Field) {
	m := numberMethod{names: []string{name}, length: length, f: f, field: field}
	if alias := strings.Replace(name, "UInt", "Uint", 1); alias != name {
		m.names = append(m.names, alias)
	}
	numberMethods = append(numberMethods, m)
}

// defineNumbers defines the methods that read and write numbers.
func (c *Class) defineNumbers() {
	c.numbers = make([]goja.Value, len(numberMethods))
	for i := range numberMethods {
		for _, name := range numberMethods[i].names {
			c.lazy.DefineEnumerable(name, func() goja.Value { return c.number(i) })
		}
	}
}

// number returns the function of a method.
func (c *Class) number(i int) goja.Value {
	if c.numbers[i] == nil {
		m := &numberMethods[i]
		f := func(self []byte, call goja.FunctionCall) goja.Value { return m.f(c, self, call) }
		c.numbers[i] = c.newMethod(m.maker(), m.names[0], m.length, f, nil)
	}
	return c.numbers[i]
}

// maker returns what makes the function.
func (m *numberMethod) maker() maker {
	reads := strings.HasPrefix(m.names[0], "read")
	switch {
	case m.field == nil && reads:
		return engine.Reads
	case m.field == nil:
		return engine.Function
	}
	of := engine.WritesField
	if reads {
		of = engine.ReadsField
	}
	return func(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, _ engine.Direct) *goja.Object {
		return of(vm, usual, m.field)
	}
}

func typeName(signed bool) string {
	if signed {
		return "Int"
	}
	return "UInt"
}

func order(bits int, little bool) string {
	switch {
	case bits == 8:
		return ""
	case little:
		return "LE"
	}
	return "BE"
}

// fixed defines reading and writing an integer of 1, 2 or 4 bytes.
func fixed(name string, size int, signed, little bool) {
	field := &engine.Field{Size: size, Signed: signed, Little: little}
	define("read"+name, 1, func(c *Class, self []byte, call goja.FunctionCall) goja.Value {
		at := c.place(self, call.Argument(0), size)
		return engine.Int(c.vm, load(self[at:at+size], signed, little))
	}, field)
	define("write"+name, 2, func(c *Class, self []byte, call goja.FunctionCall) goja.Value {
		n := c.checked(call.Argument(0), size, signed)
		at := c.place(self, call.Argument(1), size)
		store(self[at:at+size], n, little)
		return engine.Int(c.vm, int64(at+size))
	}, field)
}

// variable defines reading and writing an integer of 1 to 6 bytes.
func variable(name string, signed, little bool) {
	sizeOf := func(c *Class, v goja.Value) int {
		if goja.IsUndefined(v) {
			panic(nodeerr.ArgType(c.vm, "byteLength", "of type number", v))
		}
		n := c.index("byteLength", v, math.MaxInt32)
		if n < 1 || n > 6 {
			panic(nodeerr.OutOfRange(c.vm, "byteLength", ">= 1 and <= 6", v))
		}
		return n
	}
	define("read"+name, 2, func(c *Class, self []byte, call goja.FunctionCall) goja.Value {
		if goja.IsUndefined(call.Argument(0)) {
			panic(nodeerr.ArgType(c.vm, "offset", "of type number", call.Argument(0)))
		}
		size := sizeOf(c, call.Argument(1))
		at := c.place(self, call.Argument(0), size)
		return engine.Int(c.vm, load(self[at:at+size], signed, little))
	}, nil)
	define("write"+name, 3, func(c *Class, self []byte, call goja.FunctionCall) goja.Value {
		size := sizeOf(c, call.Argument(2))
		n := c.checked(call.Argument(0), size, signed)
		at := c.place(self, call.Argument(1), size)
		store(self[at:at+size], n, little)
		return engine.Int(c.vm, int64(at+size))
	}, nil)
}

// place reads the offset of a number of size bytes.
func (c *Class) place(self []byte, v goja.Value, size int) int {
	if goja.IsUndefined(v) {
		v = engine.Int(c.vm, 0)
	}
	if !goja.IsNumber(v) {
		panic(nodeerr.ArgType(c.vm, "offset", "of type number", v))
	}
	f := v.ToFloat()
	high := len(self) - size
	switch {
	case f != math.Trunc(f) || math.IsInf(f, 0):
		if math.IsInf(f, 0) && high >= 0 {
			break
		}
		panic(nodeerr.OutOfRange(c.vm, "offset", "an integer", v))
	case high < 0:
		panic(nodeerr.New(c.vm, nodeerr.RangeError, "ERR_BUFFER_OUT_OF_BOUNDS", "Attempt to access memory outside buffer bounds"))
	}
	if !(f >= 0 && f <= float64(high)) {
		panic(nodeerr.OutOfRange(c.vm, "offset", ">= 0 and <= "+index(high), v))
	}
	return int(f)
}

// rangeOf returns the bounds of an integer.
func rangeOf(size int, signed bool) (low, high float64) {
	if signed {
		return -float64(uint64(1) << (8*size - 1)), float64(uint64(1)<<(8*size-1)) - 1
	}
	return 0, float64(uint64(1)<<(8*size)) - 1
}

// checked reads an integer that must fit into size bytes.
func (c *Class) checked(v goja.Value, size int, signed bool) int64 {
	f := v.ToFloat()
	low, high := rangeOf(size, signed)
	if f < low || f > high {
		want := fmt.Sprintf(">= %.0f and <= %.0f", low, high)
		if size > 4 {
			want = fmt.Sprintf(">= 0 and < 2 ** %d", 8*size)
			if signed {
				want = fmt.Sprintf(">= -(2 ** %d) and < 2 ** %d", 8*size-1, 8*size-1)
			}
		}
		panic(nodeerr.OutOfRange(c.vm, "value", want, c.vm.ToValue(f)))
	}
	if math.IsNaN(f) {
		return 0
	}
	return int64(f)
}

func load(b []byte, signed, little bool) int64 {
	var u uint64
	switch {
	case len(b) == 1:
		u = uint64(b[0])
	case len(b) == 4 && little:
		u = uint64(binary.LittleEndian.Uint32(b))
	case len(b) == 4:
		u = uint64(binary.BigEndian.Uint32(b))
	default:
		for i := range b {
			j := i
			if little {
				j = len(b) - 1 - i
			}
			u = u<<8 | uint64(b[j])
		}
	}
	if shift := 64 - 8*len(b); signed {
		return int64(u<<shift) >> shift
	}
	return int64(u)
}

func store(b []byte, n int64, little bool) {
	for i := range b {
		j := len(b) - 1 - i
		if little {
			j = i
		}
		b[j] = byte(n)
		n >>= 8
	}
}
