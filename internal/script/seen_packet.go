package script

import (
	"reflect"
	"slices"

	"github.com/dop251/goja"
	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/packetjs"
)

// Most handlers do no more with their packet than read some of it, as in
//
//	const { responseTopic, userProperties } = packet.properties
//
// and nobody has the objects afterwards. Such handlers are found here, and
// packetjs lends them the objects: it makes no more of them than is read, and
// the same for each call.

// holder goes through what a function does with the objects of a packet.
type holder struct {
	view      *packetjs.View
	variables map[unistring.String]packetjs.Held // that have one of them
	bindings  map[*js_ast.Binding]bool           // that gave them those
	inner     bool                               // within another function, or what is assigned to
}

// viewOf returns how a handler looks at its packet, nil when that is not known.
func (f *function) viewOf(fn *goja.Object) *packetjs.View {
	target := f.parameters.List[2].Target
	h := &holder{
		view: &packetjs.View{}, variables: make(map[unistring.String]packetjs.Held), bindings: make(map[*js_ast.Binding]bool),
	}
	if f.breaks || f.parameters.List[2].Initializer != nil || !h.bind(target, packetjs.HeldPacket) {
		return nil
	}
	body := reflect.ValueOf(f.body)
	for n := -1; n < len(h.variables); {
		n = len(h.variables)
		each(body, h.findBinding)
	}
	h.pattern(target, packetjs.HeldPacket)
	for i, other := range f.parameters.List {
		if i != 2 {
			h.walk(other)
		}
	}
	h.walk(f.body)
	if !engine.LendsLiterals() || !engine.Improved(fn) {
		h.view.Keep(packetjs.HeldBytes)
	}
	return h.view
}

// findBinding notes the variables that a declaration gives one of the objects,
// outside of inner functions.
func (h *holder) findBinding(node any) (done bool) {
	switch n := node.(type) {
	case *js_ast.FunctionLiteral, *js_ast.ArrowFunctionLiteral, *js_ast.ClassLiteral:
		return true
	case *js_ast.Binding:
		if held := h.held(n.Initializer); held != packetjs.NotHeld && !h.bindings[n] {
			h.bindings[n] = h.bind(n.Target, held)
		}
	}
	return false
}

// bind notes the variables of what is given an object; ok is false when that is
// nothing that is known.
func (h *holder) bind(target any, held packetjs.Held) (ok bool) {
	switch t := target.(type) {
	case *js_ast.Identifier:
		if before, has := h.variables[t.Name]; has && before != held {
			h.view.Keep(packetjs.HeldPacket)
		}
		h.variables[t.Name] = held
		return true
	case *js_ast.ObjectPattern:
		for _, property := range t.Properties {
			name, to, _ := memberOf(property)
			if inner := held.Member(name); inner != packetjs.NotHeld {
				h.bind(to, inner)
			}
		}
		return true
	}
	return false
}

// memberOf returns the name of a property of a pattern, what is given its value,
// and what that is otherwise. The name is "" when it is worked out.
func memberOf(property js_ast.Property) (name unistring.String, to any, otherwise js_ast.Expression) {
	switch p := property.(type) {
	case *js_ast.PropertyShort:
		return p.Name.Name, &p.Name, p.Initializer
	case *js_ast.PropertyKeyed:
		if key, ok := p.Key.(*js_ast.StringLiteral); ok && !p.Computed {
			if with, ok := p.Value.(*js_ast.AssignExpression); ok {
				return key.Value, with.Left, with.Right
			}
			return key.Value, p.Value, nil
		}
	}
	return "", nil, nil
}

// held returns which of the objects an expression is.
func (h *holder) held(e js_ast.Expression) packetjs.Held {
	switch e := e.(type) {
	case *js_ast.Identifier:
		return h.variables[e.Name]
	case *js_ast.DotExpression:
		return h.held(e.Left).Member(e.Identifier.Name)
	case *js_ast.Optional:
		return h.held(e.Expression)
	case *js_ast.OptionalChain:
		return h.held(e.Expression)
	}
	return packetjs.NotHeld
}

// keepOwner notes that more is done with the object that an expression is a
// member of than reading that.
func (h *holder) keepOwner(e js_ast.Expression) {
	switch e := e.(type) {
	case *js_ast.DotExpression:
		h.view.Keep(h.held(e.Left))
	case *js_ast.BracketExpression:
		h.view.Keep(h.held(e.Left))
	case *js_ast.Optional:
		h.keepOwner(e.Expression)
	case *js_ast.OptionalChain:
		h.keepOwner(e.Expression)
	}
}

// see notes what is read for an expression that is one of the objects, or a
// member of one.
func (h *holder) see(e js_ast.Expression) {
	switch e := e.(type) {
	case *js_ast.DotExpression:
		h.see(e.Left)
		h.view.Read(h.held(e.Left), e.Identifier.Name)
	case *js_ast.Optional:
		h.see(e.Expression)
	case *js_ast.OptionalChain:
		h.see(e.Expression)
	}
}

// pattern notes what a pattern takes of an object.
func (h *holder) pattern(target any, held packetjs.Held) {
	pattern, ok := target.(*js_ast.ObjectPattern)
	if !ok {
		return
	}
	if pattern.Rest != nil || held == packetjs.HeldBytes {
		h.view.Keep(held)
		h.walk(pattern.Rest)
	}
	for _, property := range pattern.Properties {
		name, to, otherwise := memberOf(property)
		if to == nil {
			h.view.Keep(held)
			h.walk(property)
			continue
		}
		h.view.Read(held, name)
		h.walk(otherwise)
		inner := held.Member(name)
		switch to.(type) {
		case *js_ast.Identifier:
			if inner == packetjs.NotHeld {
				h.walk(to)
			}
		case *js_ast.ObjectPattern:
			if inner == packetjs.NotHeld {
				h.walk(to)
			} else {
				h.pattern(to, inner)
			}
		default:
			h.view.Keep(inner)
			h.walk(to)
		}
	}
}

func (h *holder) walk(node any) { each(reflect.ValueOf(node), h.node) }

// node looks at a node of the tree; done says that what is in it is looked at.
func (h *holder) node(node any) (done bool) {
	switch n := node.(type) {
	case *js_ast.Identifier:
		h.view.Keep(h.variables[n.Name])
		return false
	case *js_ast.PropertyShort:
		h.view.Keep(h.variables[n.Name.Name])
		return false
	case *js_ast.WithStatement:
		h.view.Keep(packetjs.HeldPacket)
	}
	return !h.inner && h.outer(node)
}

// outer is node outside of inner functions and of what is assigned to, in which
// nothing is fine.
func (h *holder) outer(node any) (done bool) {
	switch n := node.(type) {
	case *js_ast.FunctionLiteral, *js_ast.ArrowFunctionLiteral, *js_ast.ClassLiteral,
		*js_ast.ObjectPattern, *js_ast.ArrayPattern, *js_ast.ForIntoExpression:
		h.inner = true
		each(reflect.ValueOf(n).Elem(), h.node)
		h.inner = false
		return true
	case *js_ast.Binding:
		if h.bindings[n] {
			h.see(n.Initializer)
			h.pattern(n.Target, h.held(n.Initializer))
			return true
		}
	case *js_ast.DotExpression:
		if h.held(n.Left) != packetjs.NotHeld {
			h.see(n)
			h.view.Keep(h.held(n))
			return true
		}
	case *js_ast.BracketExpression:
		if _, number := n.Member.(*js_ast.NumberLiteral); number && h.held(n.Left) == packetjs.HeldBytes {
			h.see(n.Left)
			return true
		}
	case *js_ast.AssignExpression:
		h.keepOwner(n.Left)
	case *js_ast.IfStatement:
		h.test(n.Test)
		h.walk(n.Consequent)
		h.walk(n.Alternate)
		return true
	case *js_ast.BinaryExpression:
		if n.Operator == token.LOGICAL_AND {
			h.test(n.Left)
			h.walk(n.Right)
			return true
		}
	case *js_ast.UnaryExpression:
		if n.Operator == token.NOT {
			h.test(n.Operand)
			return true
		}
		if n.Operator == token.DELETE || n.Operator == token.INCREMENT || n.Operator == token.DECREMENT {
			h.keepOwner(n.Operand)
		}
	case *js_ast.TemplateLiteral:
		h.keepOwner(n.Tag)
	case *js_ast.NewExpression:
		h.keepOwner(n.Callee)
	case *js_ast.CallExpression:
		return h.call(n)
	case *js_ast.ObjectLiteral:
		for _, property := range n.Value {
			h.property(property)
		}
		return true
	}
	return false
}

// test looks at an expression that is asked whether it is true, which an object
// always is.
func (h *holder) test(e js_ast.Expression) {
	both, ok := e.(*js_ast.BinaryExpression)
	switch {
	case h.held(e) != packetjs.NotHeld:
		h.see(e)
	case ok && (both.Operator == token.LOGICAL_AND || both.Operator == token.LOGICAL_OR):
		h.test(both.Left)
		h.test(both.Right)
	default:
		h.walk(e)
	}
}

// call looks at a call of a method of one of the objects, and at one of publish,
// which binary data may be an argument of.
func (h *holder) call(n *js_ast.CallExpression) (done bool) {
	if method, ok := n.Callee.(*js_ast.DotExpression); ok && h.held(method.Left) == packetjs.HeldBytes {
		h.see(method.Left)
		h.walk(n.ArgumentList)
		return true
	}
	h.keepOwner(n.Callee)
	if callee, ok := n.Callee.(*js_ast.Identifier); !ok || callee.Name != "publish" || slices.ContainsFunc(n.ArgumentList, isSpread) {
		return false
	}
	for _, argument := range n.ArgumentList {
		h.value(argument)
	}
	return true
}

// property looks at a property of a literal, which may have binary data: where
// nobody lends the literal, engine gives that memory of its own.
func (h *holder) property(property js_ast.Property) {
	switch p := property.(type) {
	case *js_ast.PropertyShort:
		if h.variables[p.Name.Name] == packetjs.HeldBytes {
			return
		}
	case *js_ast.PropertyKeyed:
		key, ok := p.Key.(*js_ast.StringLiteral)
		if ok && !p.Computed && p.Kind == js_ast.PropertyKindValue && key.Value != "__proto__" {
			h.value(p.Value)
			return
		}
	}
	h.walk(property)
}

// value looks at an expression that may be binary data.
func (h *holder) value(e js_ast.Expression) {
	if h.held(e) == packetjs.HeldBytes {
		h.see(e)
		return
	}
	h.walk(e)
}
