package engine

import (
	"math"
	"strconv"

	"github.com/dop251/goja"
)

// calculation is an operator of two numbers, or + of two strings.
type calculation struct {
	a, b      typed
	calculate func(x, y cell) cell
}

func (c *calculation) value(m *machine) goja.Value { return c.cell(m).boxed(m.r) }

func (c *calculation) cell(m *machine) cell {
	x := c.a.cell(m)
	if x.kind == noCell {
		return x
	}
	y := c.b.cell(m)
	if y.kind == noCell {
		return y
	}
	return c.calculate(x, y)
}

// calculations by the names of the instructions.
var calculations = map[string]func(x, y cell) cell{
	"_add": sum,
	"_sub": func(x, y cell) cell {
		if i, j, ok := integers(x, y); ok {
			return cellOfInt(i - j)
		}
		return floats(x, y, func(f, g float64) float64 { return f - g })
	},
	"_mul": func(x, y cell) cell {
		return floats(x, y, func(f, g float64) float64 { return f * g })
	},
	"_div": func(x, y cell) cell {
		return floats(x, y, func(f, g float64) float64 { return f / g })
	},
	"_mod": func(x, y cell) cell {
		if i, j, ok := integers(x, y); ok && i >= 0 && j > 0 {
			return cellOfInt(i % j)
		}
		return cell{}
	},
	"_and": func(x, y cell) cell {
		if i, j, ok := integers(x, y); ok {
			return cellOfInt(int64(int32(i) & int32(j))) //nolint:gosec // JavaScript has 32 bits here
		}
		return cell{}
	},
	"_or": func(x, y cell) cell {
		if i, j, ok := integers(x, y); ok {
			return cellOfInt(int64(int32(i) | int32(j))) //nolint:gosec // JavaScript has 32 bits here
		}
		return cell{}
	},
}

func sum(x, y cell) cell {
	if i, j, ok := integers(x, y); ok {
		return cellOfInt(i + j)
	}
	if x.kind != otherCell && y.kind != otherCell {
		return floats(x, y, func(f, g float64) float64 { return f + g })
	}
	a, isText := x.text()
	b, areTexts := y.text()
	if !isText || !areTexts {
		return cell{}
	}
	return cell{kind: otherCell, v: ASCII(a + b)}
}

// text returns a string of ASCII, or a whole number as one.
func (c cell) text() (s string, ok bool) {
	switch {
	case c.kind == wholeCell:
		return strconv.FormatInt(int64(c.bits), 10), true //nolint:gosec // the bits
	case c.kind == otherCell && asValue(c.v).tab == known.ascii:
		return *(*string)(asValue(c.v).data), true
	}
	return "", false
}

// integers returns two whole numbers.
func integers(x, y cell) (i, j int64, ok bool) {
	i, isWhole := x.whole()
	j, areWhole := y.whole()
	return i, j, isWhole && areWhole
}

// exact is the bound below which the product of two whole numbers is one that
// both float64 and int64 can hold.
const exact = 1 << 26

// floats calculates with two numbers, of which whole ones are small.
func floats(x, y cell, calculate func(f, g float64) float64) cell {
	f, isNumber := x.number()
	g, areNumbers := y.number()
	if !isNumber || !areNumbers {
		return cell{}
	}
	if x.kind == wholeCell && y.kind == wholeCell && (math.Abs(f) > exact || math.Abs(g) > exact) {
		return cell{}
	}
	return cellOfFloat(calculate(f, g))
}

// numeric is a number as it is.
type numeric struct{ of node }

func (n *numeric) value(m *machine) goja.Value {
	v := n.of.value(m)
	if v == nil {
		return nil
	}
	if i := asValue(v); i.tab != known.integer && i.tab != known.float {
		return nil
	}
	return v
}

// negative is -a of a number.
type negative struct{ of typed }

func (n *negative) value(m *machine) goja.Value { return n.cell(m).boxed(m.r) }

func (n *negative) cell(m *machine) cell {
	c := n.of.cell(m)
	if i, ok := c.whole(); ok && i != 0 {
		return cellOfInt(-i)
	}
	if f, ok := c.number(); ok {
		return cellOfFloat(-f)
	}
	return cell{}
}
