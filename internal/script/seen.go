package script

import (
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja"
	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/packetjs"
)

// seen is what a handler may look at. A Buffer and a packet object cost more
// than the rest of a call, so what cannot be seen is left out.
type seen struct {
	arguments int  // how many
	keeps     bool // it may keep the list of them, as functions of Go may

	// Of onMessage:
	borrows bool           // it does no more with the payload than is fine with one that is lent, see engine.Lender
	parts   packetjs.Parts // of the packet
	view    *packetjs.View // of it, nil when that is not known
}

// allArguments is more than any handler is given.
const allArguments = 3

// seenBy finds out what a function may look at.
func seenBy(fn *goja.Object) seen {
	source := fn.String()
	f := functionOf(source)
	s := seen{arguments: allArguments, parts: packetjs.AllParts}
	switch {
	case f == nil:
		s.keeps = true
		return s
	case f.parameters.Rest != nil, strings.Contains(source, "arguments"), strings.Contains(source, "eval"):
		return s
	}
	s.arguments = min(len(f.parameters.List), allArguments)
	if s.arguments > 2 {
		if s.parts, s.view = f.partsSeen(), f.viewOf(fn); s.view.Lends(packetjs.HeldPacket) {
			s.parts = s.view.Parts()
		}
	}
	if s.arguments > 1 && !f.breaks && (s.arguments == 2 || !s.parts.HasPayload()) && engine.Improved(fn) {
		s.borrows = f.readsPayload()
	}
	return s
}

// function is the tree of a function.
type function struct {
	parameters *js_ast.ParameterList
	body       any
	breaks     bool // it is asynchronous or a generator
}

// functionOf parses a function's source; nil when it cannot.
func functionOf(source string) *function {
	for _, text := range []string{"(" + source + ")", "({" + source + "})"} {
		prg, err := parser.ParseFile(nil, "", text, 0, parser.WithDisableSourceMaps)
		if err != nil || len(prg.Body) != 1 {
			continue
		}
		statement, ok := prg.Body[0].(*js_ast.ExpressionStatement)
		if !ok {
			continue
		}
		expression := statement.Expression
		if literal, ok := expression.(*js_ast.ObjectLiteral); ok && len(literal.Value) == 1 {
			if keyed, ok := literal.Value[0].(*js_ast.PropertyKeyed); ok {
				expression = keyed.Value
			}
		}
		switch f := expression.(type) {
		case *js_ast.FunctionLiteral:
			return &function{f.ParameterList, f.Body, f.Async || f.Generator}
		case *js_ast.ArrowFunctionLiteral:
			return &function{f.ParameterList, f.Body, f.Async}
		}
	}
	return nil
}

// uses goes through the uses of a parameter.
type uses struct {
	name    unistring.String
	payload bool           // it is a payload, not a packet
	parts   packetjs.Parts // of a packet: those that are read
	inner   bool           // within what other functions, patterns or loops do with it
	escapes bool           // something else is done with it than is fine
}

// usesOf goes through the uses of the parameter in some place; ok is false when
// that has no name or something else is done with it than is fine.
func (f *function) usesOf(i int, u *uses) (ok bool) {
	name, isName := f.parameters.List[i].Target.(*js_ast.Identifier)
	if !isName || f.parameters.List[i].Initializer != nil {
		return false
	}
	u.name = name.Name
	for k, other := range f.parameters.List {
		if k != i {
			u.walk(reflect.ValueOf(other))
		}
	}
	u.walk(reflect.ValueOf(f.body))
	return !u.escapes
}

// partsSeen returns what a handler reads of its packet.
func (f *function) partsSeen() packetjs.Parts {
	if pattern, ok := f.parameters.List[2].Target.(*js_ast.ObjectPattern); ok && f.parameters.List[2].Initializer == nil {
		return partsIn(pattern)
	}
	u := &uses{}
	if !f.usesOf(2, u) {
		return packetjs.AllParts
	}
	return u.parts
}

// partsIn returns what a pattern takes of a packet.
func partsIn(pattern *js_ast.ObjectPattern) (parts packetjs.Parts) {
	for _, property := range pattern.Properties {
		var part packetjs.Parts
		switch p := property.(type) {
		case *js_ast.PropertyShort:
			part = packetjs.PartOf(p.Name.Name)
		case *js_ast.PropertyKeyed:
			if key, ok := p.Key.(*js_ast.StringLiteral); ok && !p.Computed {
				part = packetjs.PartOf(key.Value)
			}
		}
		if part == 0 {
			return packetjs.AllParts
		}
		parts |= part
	}
	if pattern.Rest != nil {
		return packetjs.AllParts
	}
	return parts
}

// readsPayload tells whether a handler does no more with its payload than is
// fine with one that is lent.
func (f *function) readsPayload() bool { return f.usesOf(1, &uses{payload: true}) }

func (u *uses) walk(v reflect.Value) { each(v, u.node) }

// each goes through a tree and shows each node to visit; done says that what is in it
// is looked at.
func each(v reflect.Value, visit func(node any) (done bool)) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			each(v.Elem(), visit)
		}
	case reflect.Pointer:
		if !v.IsNil() && !visit(v.Interface()) {
			each(v.Elem(), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				each(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i), visit)
		}
	}
}

// within walks through what is in a node, where nothing is fine for a payload
// and nothing but reading is for a packet.
func (u *uses) within(node any) {
	before := u.inner
	u.inner = true
	u.walk(reflect.ValueOf(node).Elem())
	u.inner = before
}

// node looks at a node of the tree; done says that what is in it is looked at.
func (u *uses) node(node any) (done bool) {
	switch n := node.(type) {
	case *js_ast.Identifier:
		u.escapes = u.escapes || n.Name == u.name
	case *js_ast.PropertyShort:
		u.escapes = u.escapes || n.Name.Name == u.name
	case *js_ast.WithStatement:
		u.escapes = true
	case *js_ast.FunctionLiteral, *js_ast.ArrowFunctionLiteral, *js_ast.ClassLiteral,
		*js_ast.ObjectPattern, *js_ast.ArrayPattern, *js_ast.ForIntoExpression:
		u.within(n)
		return true
	case *js_ast.AssignExpression:
		u.escapes = u.escapes || u.isMember(n.Left)
	case *js_ast.UnaryExpression:
		if n.Operator == token.DELETE || n.Operator == token.INCREMENT || n.Operator == token.DECREMENT {
			u.escapes = u.escapes || u.isMember(n.Operand)
		}
	case *js_ast.TemplateLiteral:
		u.escapes = u.escapes || u.isMember(n.Tag)
	case *js_ast.NewExpression:
		u.escapes = u.escapes || u.isMember(n.Callee)
	case *js_ast.CallExpression:
		return u.call(n)
	case *js_ast.BracketExpression:
		_, number := n.Member.(*js_ast.NumberLiteral)
		return u.payload && !u.inner && number && u.is(n.Left)
	case *js_ast.DotExpression:
		return u.read(n)
	}
	return false
}

// is tells whether an expression is the parameter's name.
func (u *uses) is(e js_ast.Expression) bool {
	name, ok := e.(*js_ast.Identifier)
	return ok && name.Name == u.name
}

// isMember tells whether an expression is a member of the parameter.
func (u *uses) isMember(e js_ast.Expression) bool {
	switch e := e.(type) {
	case *js_ast.DotExpression:
		return u.is(e.Left)
	case *js_ast.BracketExpression:
		return u.is(e.Left)
	}
	return false
}

// read looks at x.name.
func (u *uses) read(n *js_ast.DotExpression) (done bool) {
	if !u.is(n.Left) {
		return false
	}
	if u.payload {
		return !u.inner && n.Identifier.Name == "length"
	}
	part := packetjs.PartOf(n.Identifier.Name)
	u.parts |= part
	return part != 0
}

// call looks at a call of a method of the parameter, and at one that it may be
// passed to.
func (u *uses) call(n *js_ast.CallExpression) (done bool) {
	if !u.payload || u.inner {
		u.escapes = u.escapes || u.isMember(n.Callee)
		return false
	}
	if method, ok := n.Callee.(*js_ast.DotExpression); ok && u.is(method.Left) {
		u.walk(reflect.ValueOf(n.ArgumentList))
		return true
	}
	callee, ok := n.Callee.(*js_ast.Identifier)
	if !ok || callee.Name != "publish" || slices.ContainsFunc(n.ArgumentList, isSpread) {
		return false
	}
	for _, argument := range n.ArgumentList {
		if !u.is(argument) {
			u.walk(reflect.ValueOf(argument))
		}
	}
	return true
}

func isSpread(e js_ast.Expression) bool {
	_, ok := e.(*js_ast.SpreadElement)
	return ok
}
