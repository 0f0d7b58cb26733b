package engine

import (
	"math"

	"github.com/dop251/goja"
)

// goja keeps a number that is not a small whole one in memory of its own. What
// is computed with in between needs none: within a row of instructions a number
// is a cell, of which a value is made where the row leaves it to goja.

// kind tells what is in a cell.
type kind uint8

// The kinds of cells. The zero cell is that of nothing.
const (
	noCell    kind = iota // it takes goja to find the value
	wholeCell             // a number that goja keeps as a whole one
	floatCell             // another number
	otherCell             // a value that is no number
)

// cell is a number, or any other value.
type cell struct {
	kind kind
	bits uint64     // of a number: int64, or float64
	v    goja.Value // of what is none
}

// typed is an expression that can be found as a cell. What its value says of
// goja is also true here.
type typed interface {
	node
	cell(m *machine) cell
}

// asTyped returns an expression as one that can be found as a cell.
func asTyped(n node) typed {
	if t, is := n.(typed); is {
		return t
	}
	return &untyped{n}
}

// untyped is an expression whose value is made first.
type untyped struct{ node }

func (u *untyped) cell(m *machine) cell { return cellOf(u.value(m)) }

// cellOf returns a value as a cell.
func cellOf(v goja.Value) cell {
	if v == nil {
		return cell{}
	}
	switch i := asValue(v); i.tab {
	case known.integer:
		return cell{kind: wholeCell, bits: *(*uint64)(i.data)}
	case known.float:
		return cell{kind: floatCell, bits: *(*uint64)(i.data)}
	}
	return cell{kind: otherCell, v: v}
}

// cellOfInt returns a whole number, or the nearest that JavaScript has.
func cellOfInt(n int64) cell {
	if n > maxInt || n < -maxInt {
		return cell{kind: floatCell, bits: math.Float64bits(float64(n))}
	}
	return cell{kind: wholeCell, bits: uint64(n)} //nolint:gosec // the bits
}

// cellOfFloat returns a number, as a whole one where goja has it so. There is
// one NaN.
func cellOfFloat(f float64) cell {
	switch {
	case f != f:
		f = math.NaN()
	case f == math.Trunc(f) && math.Abs(f) <= maxInt && (f != 0 || !math.Signbit(f)):
		return cell{kind: wholeCell, bits: uint64(int64(f))} //nolint:gosec // the bits
	}
	return cell{kind: floatCell, bits: math.Float64bits(f)}
}

// whole returns a whole number.
func (c cell) whole() (n int64, ok bool) { return int64(c.bits), c.kind == wholeCell } //nolint:gosec // the bits

// number returns a number.
func (c cell) number() (f float64, ok bool) {
	switch c.kind {
	case wholeCell:
		return float64(int64(c.bits)), true //nolint:gosec // the bits
	case floatCell:
		return math.Float64frombits(c.bits), true
	}
	return 0, false
}

// boxed returns what is in a cell as a value, nil when there is nothing.
func (c cell) boxed(vm *goja.Runtime) goja.Value {
	switch c.kind {
	case wholeCell:
		return integer(int64(c.bits)) //nolint:gosec // the bits
	case floatCell:
		return Float(vm, math.Float64frombits(c.bits))
	}
	return c.v
}
