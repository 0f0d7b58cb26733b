package engine

import (
	"github.com/dop251/goja"
)

// What is common has expressions of its own, which ask less of what they find.

// elementOf returns an element of an expression.
func elementOf(of, at node) node {
	if a, ok := of.(place); ok {
		if i, ok := at.(place); ok {
			return &placedElement{element{of, at}, a, i}
		}
	}
	return &element{of, at}
}

// placedElement is an element where both are variables in a frame.
type placedElement struct {
	element

	in, number place
}

func (p *placedElement) value(m *machine) goja.Value {
	o, i := asValue(m.stack[m.sb+int(p.in)]), asValue(m.stack[m.sb+int(p.number)])
	if o.tab == known.object && i.tab == known.integer {
		if self := (*object)(o.data).self; self.tab == known.array {
			n, a := *(*int64)(i.data), (*array)(self.data)
			if uint64(n) < uint64(len(a.values)) { //nolint:gosec // below 0 is beyond the end
				if v := a.values[n]; v != nil && asValue(v).tab != known.property {
					return v
				}
			}
		}
	}
	return p.element.value(m)
}

// equalityOf returns a === b, or a !== b.
func equalityOf(a, b node, not bool) node {
	if c, ok := b.(*constant); ok && asValue(c.v).tab == known.ascii {
		return &equalText{equality{a, b, not}, *(*string)(asValue(c.v).data)}
	}
	return &equality{a, b, not}
}

// equalText is equality with a text that does not change.
type equalText struct {
	equality

	text string
}

func (e *equalText) value(m *machine) goja.Value { return truth(e.test(m)) }

func (e *equalText) test(m *machine) (yes, ok bool) {
	v := e.a.value(m)
	if v == nil {
		return false, false
	}
	if i := asValue(v); i.tab == known.ascii {
		return (*(*string)(i.data) == e.text) != e.not, true
	}
	return same(v, e.b.(*constant).v) != e.not, true
}

// orderOf returns a < b, or a <= b.
func orderOf(a, b node, equal bool) node {
	o := order{a, b, equal}
	for i, n := range []node{a, b} {
		if g, ok := n.(*getting); ok && g.name == "length" {
			return &orderOfLength{o, *g, i == 0}
		}
	}
	return &o
}

// orderOfLength is order where one of the two is the length of an array.
type orderOfLength struct {
	order

	length getting
	first  bool
}

func (o *orderOfLength) value(m *machine) goja.Value { return truth(o.test(m)) }

func (o *orderOfLength) test(m *machine) (yes, ok bool) {
	other := o.a
	if o.first {
		other = o.b
	}
	n, of := other.value(m), o.length.of.value(m)
	if n == nil || of == nil {
		return false, false
	}
	i, v := asValue(n), asValue(of)
	if i.tab != known.integer || v.tab != known.object || (*object)(v.data).self.tab != known.array {
		return o.order.test(m)
	}
	length, number := int64((*array)((*object)(v.data).self.data).length), *(*int64)(i.data)
	if o.first {
		length, number = number, length
	}
	return number < length || o.equal && number == length, true
}
