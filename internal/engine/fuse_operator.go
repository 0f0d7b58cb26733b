package engine

import (
	"github.com/dop251/goja"
)

// operator adds an operator; false when it is none that is known.
func (r *reader) operator(name string) bool {
	if calculate := calculations[name]; calculate != nil {
		if of, ok := r.top(2); ok {
			r.replace(2, &calculation{asTyped(of[0]), asTyped(of[1]), calculate})
			return true
		}
		return false
	}
	switch name {
	case "_op_strict_eq", "_op_strict_neq":
		if of, ok := r.top(2); ok {
			r.replace(2, equalityOf(of[0], of[1], name == "_op_strict_neq"))
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
			r.replace(2, orderOf(b, a, name == "_op_gte"))
		} else {
			r.replace(2, orderOf(a, b, name == "_op_lte"))
		}
		return true
	case "_not":
		if of, ok := r.top(1); ok {
			r.replace(1, &negation{asCondition(of[0])})
			return true
		}
	case "_neg":
		if of, ok := r.top(1); ok {
			r.replace(1, &negative{asTyped(of[0])})
			return true
		}
	case "_toNumber", "_plus":
		if of, ok := r.top(1); ok {
			r.replace(1, &numeric{of[0]})
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
