package buffer

import (
	"encoding/binary"
	"math"
	"math/big"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// bigs defines reading and writing an integer of 8 bytes as a bigint.
func bigs(name string, signed, little bool) {
	read := byteOrder(little)
	define("read"+name, 1, func(c *Class, self []byte, call goja.FunctionCall) goja.Value {
		at := c.place(self, call.Argument(0), 8)
		u := read.Uint64(self[at:])
		n := new(big.Int).SetUint64(u)
		if signed {
			n.SetInt64(int64(u))
		}
		return c.vm.ToValue(n)
	}, nil)
	define("write"+name, 2, func(c *Class, self []byte, call goja.FunctionCall) goja.Value {
		v := call.Argument(0)
		var n *big.Int
		if goja.IsBigInt(v) {
			n, _ = v.Export().(*big.Int)
		}
		if n == nil {
			panic(nodeerr.New(c.vm, nodeerr.TypeError, "", "Cannot mix BigInt and other types, use explicit conversions"))
		}
		if signed && !n.IsInt64() {
			panic(nodeerr.OutOfRange(c.vm, "value", ">= -(2n ** 63n) and < 2n ** 63n", v))
		}
		if !signed && !n.IsUint64() {
			panic(nodeerr.OutOfRange(c.vm, "value", ">= 0n and < 2n ** 64n", v))
		}
		at := c.place(self, call.Argument(1), 8)
		u := n.Uint64()
		if signed {
			u = uint64(n.Int64())
		}
		read.PutUint64(self[at:], u)
		return c.vm.ToValue(at + 8)
	}, nil)
}

// float defines reading and writing a number that is not whole.
func float(name string, size int, little bool) {
	read, write := floatReader(size, little), floatWriter(size, little)
	field := &engine.Field{Size: size, Float: true, Little: little}
	define("read"+name, 1, func(c *Class, self []byte, call goja.FunctionCall) goja.Value {
		at := c.place(self, call.Argument(0), size)
		return engine.Float(c.vm, read(self[at:at+size]))
	}, field)
	define("write"+name, 2, func(c *Class, self []byte, call goja.FunctionCall) goja.Value {
		f := call.Argument(0).ToFloat()
		at := c.place(self, call.Argument(1), size)
		write(self[at:at+size], f)
		return engine.Int(c.vm, int64(at+size))
	}, field)
}

func byteOrder(little bool) binary.ByteOrder {
	if little {
		return binary.LittleEndian
	}
	return binary.BigEndian
}

func floatReader(size int, little bool) func(b []byte) float64 {
	bits := byteOrder(little)
	if size == 4 {
		return func(b []byte) float64 { return float64(math.Float32frombits(bits.Uint32(b))) }
	}
	return func(b []byte) float64 { return math.Float64frombits(bits.Uint64(b)) }
}

func floatWriter(size int, little bool) func(b []byte, f float64) {
	bits := byteOrder(little)
	if size == 4 {
		return func(b []byte, f float64) { bits.PutUint32(b, math.Float32bits(float32(f))) }
	}
	return func(b []byte, f float64) { bits.PutUint64(b, math.Float64bits(f)) }
}
