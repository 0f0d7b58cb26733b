package engine

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/dop251/goja"
)

// Field is how a method of typed arrays reads or writes a number in their
// memory, such as readInt16LE: the number of bytes (1, 2 or 4, and 4 or 8 with a
// fraction), whether there are negative ones, and the order of the bytes.
type Field struct {
	Size          int
	Signed, Float bool
	Little        bool
}

// ReadsField is Reads for the method that reads a number at the place that its
// argument says.
func ReadsField(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, f *Field) *goja.Object {
	fn := &function{usual: usual, reads: true, field: f}
	fn.direct = func(this goja.Value, args []goja.Value) (v goja.Value, ok bool) {
		if len(args) == 0 {
			return nil, false
		}
		c := f.read(this, cellOf(args[0]))
		return c.boxed(vm), c.kind != noCell
	}
	return vm.ToValue(fn.call).(*goja.Object)
}

// WritesField is Function for the method that writes its first argument at the
// place that the second says, and returns the place behind it.
func WritesField(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, f *Field) *goja.Object {
	fn := &function{usual: usual, field: f}
	fn.direct = func(this goja.Value, args []goja.Value) (v goja.Value, ok bool) {
		if len(args) < 2 {
			return nil, false
		}
		end, ok := f.write(this, cellOf(args[0]), cellOf(args[1]))
		if !ok {
			return nil, false
		}
		return Int(vm, int64(end)), true
	}
	return vm.ToValue(fn.call).(*goja.Object)
}

// writes tells whether a value is a function that WritesField made.
func writes(v goja.Value) bool {
	f := madeBy(v)
	return f != nil && f.field != nil && !f.reads
}

// read returns the number at a place of a typed array; there is nothing in the
// cell when it takes the usual way.
func (f *Field) read(of goja.Value, at cell) cell {
	b, _, ok := f.in(of, at)
	if !ok {
		return cell{}
	}
	return f.load(b)
}

// write puts a number at a place of a typed array. ok is false, and nothing has
// happened, when it takes the usual way.
func (f *Field) write(of goja.Value, what, at cell) (end int, ok bool) {
	b, n, ok := f.in(of, at)
	if !ok || !f.store(b, what) {
		return 0, false
	}
	return n + f.Size, true
}

// in returns the bytes at a place of a typed array.
func (f *Field) in(of goja.Value, at cell) (b []byte, n int, ok bool) {
	o, isObject := of.(*goja.Object)
	place, isWhole := at.whole()
	if !isObject || !isWhole {
		return nil, 0, false
	}
	data, ok := Memory(o)
	if !ok || place < 0 || place > int64(len(data)-f.Size) {
		return nil, 0, false
	}
	n = int(place)
	return data[n : n+f.Size], n, true
}

// load returns the number that some bytes are.
func (f *Field) load(b []byte) cell {
	var u uint64
	switch f.Size {
	case 1:
		u = uint64(b[0])
	case 2:
		u = uint64(binary.LittleEndian.Uint16(b))
	case 4:
		u = uint64(binary.LittleEndian.Uint32(b))
	case 8:
		u = binary.LittleEndian.Uint64(b)
	}
	u = f.ordered(u)
	switch {
	case f.Float && f.Size == 4:
		return cellOfFloat(float64(math.Float32frombits(uint32(u)))) //nolint:gosec // there are no more bits
	case f.Float:
		return cellOfFloat(math.Float64frombits(u))
	case f.Signed:
		shift := 64 - 8*f.Size
		return cellOfInt(int64(u<<shift) >> shift) //nolint:gosec // the bits
	}
	return cellOfInt(int64(u)) //nolint:gosec // of four bytes at most
}

// store makes some bytes a number. ok is false when it takes the usual way.
func (f *Field) store(b []byte, what cell) (ok bool) {
	u, ok := f.bitsOf(what)
	if !ok {
		return false
	}
	u = f.ordered(u)
	switch f.Size {
	case 1:
		b[0] = byte(u)
	case 2:
		binary.LittleEndian.PutUint16(b, uint16(u)) //nolint:gosec // the lower bits
	case 4:
		binary.LittleEndian.PutUint32(b, uint32(u)) //nolint:gosec // the lower bits
	case 8:
		binary.LittleEndian.PutUint64(b, u)
	}
	return true
}

// bitsOf returns the bits of a number; ok is false when it takes the usual way to
// find them.
func (f *Field) bitsOf(what cell) (u uint64, ok bool) {
	if f.Float {
		n, ok := what.number()
		if f.Size == 4 {
			return uint64(math.Float32bits(float32(n))), ok
		}
		return math.Float64bits(n), ok
	}
	n, ok := what.whole()
	low, high := int64(0), int64(1)<<(8*f.Size)-1
	if f.Signed {
		low, high = -(high/2)-1, high/2
	}
	return uint64(n), ok && n >= low && n <= high //nolint:gosec // the bits
}

// ordered turns the bytes of a number around, unless they are in memory from the
// lowest on.
func (f *Field) ordered(u uint64) uint64 {
	if f.Little {
		return u
	}
	return bits.ReverseBytes64(u) >> (64 - 8*f.Size)
}
