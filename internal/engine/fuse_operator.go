package engine

import (
	"math"
	"strconv"

	"github.com/dop251/goja"
)

// operator adds an operator; false when it is none that is known.
func (r *reader) operator(name string) bool {
	if calculate := calculations[name]; calculate != nil {
		if of, ok := r.top(2); ok {
			r.replace(2, &calculation{of[0], of[1], calculate})
			return true
		}
		return false
	}
	switch name {
	case "_op_strict_eq", "_op_strict_neq":
		if of, ok := r.top(2); ok {
			r.replace(2, &equality{of[0], of[1], name == "_op_strict_neq"})
			return true
		}
	case "_op_eq", "_op_neq":
		if of, ok := r.top(2); ok && isNull(of[1]) {
			r.replace(2, &absence{of[0], name == "_op_neq"})
			return true
		}
	case "_op_lt", "_op_gt", "_op_lte", "_op_gte":
		of, ok := r.top(2)
		if !ok {
			return false
		}
		a, b := of[0], of[1]
		if name == "_op_gt" || name == "_op_gte" {
			r.replace(2, &order{b, a, name == "_op_gte"})
		} else {
			r.replace(2, &order{a, b, name == "_op_lte"})
		}
		return true
	case "_not":
		if of, ok := r.top(1); ok {
			r.replace(1, &negation{asCondition(of[0])})
			return true
		}
	case "_inc", "_dec":
		if of, ok := r.top(1); ok {
			by := int64(1)
			if name == "_dec" {
				by = -1
			}
			r.replace(1, &step{of[0], by})
			return true
		}
	}
	return false
}

// truth is a condition's value.
func truth(yes, ok bool) goja.Value {
	switch {
	case !ok:
		return nil
	case yes:
		return booleans[1]
	}
	return booleans[0]
}

// asCondition returns an expression as a condition.
func asCondition(n node) condition {
	if c, is := n.(condition); is {
		return c
	}
	return &truthy{n}
}

// truthy is an expression that is asked whether it is true.
type truthy struct{ node }

func (t *truthy) test(m *machine) (yes, ok bool) {
	v := t.value(m)
	if v == nil {
		return false, false
	}
	return v.ToBoolean(), true
}

// negation is !a.
type negation struct{ of condition }

func (n *negation) value(m *machine) goja.Value { return truth(n.test(m)) }

func (n *negation) test(m *machine) (yes, ok bool) {
	yes, ok = n.of.test(m)
	return !yes, ok
}

// equality is a === b, or a !== b.
type equality struct {
	a, b node
	not  bool
}

func (e *equality) value(m *machine) goja.Value { return truth(e.test(m)) }

func (e *equality) test(m *machine) (yes, ok bool) {
	a, b := e.a.value(m), e.b.value(m)
	if a == nil || b == nil {
		return false, false
	}
	return same(a, b) != e.not, true
}

// same is a === b.
func same(a, b goja.Value) bool {
	x, y := asValue(a), asValue(b)
	if x.tab != y.tab {
		return a.StrictEquals(b)
	}
	switch x.tab {
	case known.ascii:
		return *(*string)(x.data) == *(*string)(y.data)
	case known.object:
		return x.data == y.data
	case known.integer:
		return *(*int64)(x.data) == *(*int64)(y.data)
	}
	return a.StrictEquals(b)
}

// order is a < b, or a <= b.
type order struct {
	a, b  node
	equal bool
}

func (o *order) value(m *machine) goja.Value { return truth(o.test(m)) }

func (o *order) test(m *machine) (yes, ok bool) {
	a, b := o.a.value(m), o.b.value(m)
	if a == nil || b == nil {
		return false, false
	}
	x, y := asValue(a), asValue(b)
	if x.tab == known.integer && y.tab == known.integer {
		i, j := *(*int64)(x.data), *(*int64)(y.data)
		return i < j || o.equal && i == j, true
	}
	f, isNumber := number(x)
	g, areNumbers := number(y)
	return f < g || o.equal && f == g, isNumber && areNumbers
}

// number returns a number.
func number(v iface) (f float64, ok bool) {
	switch v.tab {
	case known.integer:
		return float64(*(*int64)(v.data)), true
	case known.float:
		return *(*float64)(v.data), true
	}
	return 0, false
}

// step is a + 1 or a - 1 of a whole number.
type step struct {
	of node
	by int64
}

func (s *step) value(m *machine) goja.Value {
	of := s.of.value(m)
	if of == nil {
		return nil
	}
	v := asValue(of)
	if v.tab != known.integer {
		return nil
	}
	return Int(m.r, *(*int64)(v.data)+s.by)
}

// calculation is an operator of two numbers, or + of two strings.
type calculation struct {
	a, b      node
	calculate func(m *machine, x, y iface) goja.Value
}

func (c *calculation) value(m *machine) goja.Value {
	a, b := c.a.value(m), c.b.value(m)
	if a == nil || b == nil {
		return nil
	}
	return c.calculate(m, asValue(a), asValue(b))
}

// calculations by the names of the instructions.
var calculations = map[string]func(m *machine, x, y iface) goja.Value{
	"_add": sum,
	"_sub": func(m *machine, x, y iface) goja.Value {
		if i, j, ok := integers(x, y); ok {
			return Int(m.r, i-j)
		}
		return floats(m, x, y, func(f, g float64) float64 { return f - g })
	},
	"_mul": func(m *machine, x, y iface) goja.Value {
		return floats(m, x, y, func(f, g float64) float64 { return f * g })
	},
	"_div": func(m *machine, x, y iface) goja.Value {
		return floats(m, x, y, func(f, g float64) float64 { return f / g })
	},
	"_mod": func(m *machine, x, y iface) goja.Value {
		if i, j, ok := integers(x, y); ok && i >= 0 && j > 0 {
			return Int(m.r, i%j)
		}
		return nil
	},
	"_and": func(m *machine, x, y iface) goja.Value {
		if i, j, ok := integers(x, y); ok {
			return Int(m.r, int64(int32(i)&int32(j))) //nolint:gosec // JavaScript has 32 bits here
		}
		return nil
	},
	"_or": func(m *machine, x, y iface) goja.Value {
		if i, j, ok := integers(x, y); ok {
			return Int(m.r, int64(int32(i)|int32(j))) //nolint:gosec // JavaScript has 32 bits here
		}
		return nil
	},
}

func sum(m *machine, x, y iface) goja.Value {
	if i, j, ok := integers(x, y); ok {
		return Int(m.r, i+j)
	}
	if x.tab == known.ascii && y.tab == known.ascii {
		return ASCII(*(*string)(x.data) + *(*string)(y.data))
	}
	if x.tab == known.ascii && y.tab == known.integer {
		return ASCII(*(*string)(x.data) + strconv.FormatInt(*(*int64)(y.data), 10))
	}
	if x.tab == known.integer && y.tab == known.ascii {
		return ASCII(strconv.FormatInt(*(*int64)(x.data), 10) + *(*string)(y.data))
	}
	return floats(m, x, y, func(f, g float64) float64 { return f + g })
}

// integers returns two whole numbers.
func integers(x, y iface) (i, j int64, ok bool) {
	if x.tab != known.integer || y.tab != known.integer {
		return 0, 0, false
	}
	return *(*int64)(x.data), *(*int64)(y.data), true
}

// exact is the bound below which the product of two whole numbers is one that
// both float64 and int64 can hold.
const exact = 1 << 26

// floats calculates with two numbers, of which whole ones are small.
func floats(m *machine, x, y iface, calculate func(f, g float64) float64) goja.Value {
	f, isNumber := number(x)
	g, areNumbers := number(y)
	if !isNumber || !areNumbers {
		return nil
	}
	if x.tab == known.integer && y.tab == known.integer && (math.Abs(f) > exact || math.Abs(g) > exact) {
		return nil
	}
	return Float(m.r, calculate(f, g))
}
