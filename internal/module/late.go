package module

import (
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja"
	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
)

// Making a Buffer of a payload takes a tenth of a short handler's time and most
// of its memory. Many handlers do nothing with it but publish it or ask for its
// text. In those that do nothing else, such calls are compiled as calls of
// functions that are given what is called: publish(a, payload) as late(publish,
// a, payload), payload.toString() as late(payload). Such a handler may be given
// something that is no Buffer yet, since nothing else can get hold of it.

// LateCall does what a call by a name does; args begin with what is called. ok is
// false when it has to be done in the usual way.
type LateCall func(name string, args []goja.Value) (v goja.Value, ok bool)

// lateNames are the calls. No source can name the functions.
var lateNames = []string{"publish", "toString"}

const latePrefix = "late."

// lates are the handlers of one file that may be given a payload late.
type lates struct {
	at   []int // where in the file's text they begin
	used bool  // they have such calls
}

// rewrite changes the calls in those handlers.
func (l *lates) rewrite(prg *js_ast.Program) {
	text := prg.File.Source()
	if !strings.Contains(text, "onMessage") {
		return
	}
	walk(reflect.ValueOf(prg.Body), func(node any) {
		if _, isWith := node.(*js_ast.WithStatement); isWith {
			text = "" // a name may stand for a property
		}
		h, ok := handlerIn(node)
		if !ok {
			return
		}
		at, ok := engine.Within(text, h.source)
		if !ok || slices.Contains(l.at, at) || !h.look() {
			return
		}
		l.at = append(l.at, at)
		for _, call := range h.calls {
			l.used = true
			rewriteLate(call)
		}
	})
}

func rewriteLate(call *js_ast.CallExpression) {
	first, name := call.Callee, "publish"
	at := first.Idx0()
	if method, ok := first.(*js_ast.DotExpression); ok {
		first, name, at = method.Left, "toString", method.Identifier.Idx
	}
	call.Callee = &js_ast.Identifier{Name: unistring.String(latePrefix + name), Idx: at}
	call.ArgumentList = append([]js_ast.Expression{first}, call.ArgumentList...)
}

// lateHandler is an onMessage with a topic and a payload.
type lateHandler struct {
	source  string
	body    any // what to look through
	payload unistring.String
	calls   []*js_ast.CallExpression
}

// handlerIn returns the handler that a part of the tree defines.
func handlerIn(node any) (h lateHandler, ok bool) {
	switch n := node.(type) {
	case *js_ast.PropertyKeyed:
		if key, isText := n.Key.(*js_ast.StringLiteral); isText && key.Value == "onMessage" {
			return handlerOf(n.Value)
		}
	case *js_ast.AssignExpression:
		if to, isDot := n.Left.(*js_ast.DotExpression); isDot && to.Identifier.Name == "onMessage" {
			return handlerOf(n.Right)
		}
	case *js_ast.FunctionDeclaration:
		if n.Function.Name != nil && n.Function.Name.Name == "onMessage" {
			return handlerOf(n.Function)
		}
	}
	return h, false
}

// handlerOf returns a function as a handler. One that goes on after it has
// returned is none, since the payload is taken back then.
func handlerOf(function js_ast.Expression) (h lateHandler, ok bool) {
	var list *js_ast.ParameterList
	switch f := function.(type) {
	case *js_ast.FunctionLiteral:
		if f.Async || f.Generator {
			return h, false
		}
		list, h.source, h.body = f.ParameterList, f.Source, f.Body
	case *js_ast.ArrowFunctionLiteral:
		if f.Async {
			return h, false
		}
		list, h.source, h.body = f.ParameterList, f.Source, &f.Body
	default:
		return h, false
	}
	if len(list.List) != 2 || list.Rest != nil || strings.Contains(h.source, "arguments") || strings.Contains(h.source, "eval") {
		return h, false
	}
	for _, p := range list.List {
		name, simple := p.Target.(*js_ast.Identifier)
		if !simple || p.Initializer != nil {
			return h, false
		}
		h.payload = name.Name // the last one's
	}
	return h, true
}

// look finds the calls. It is false when anything else is done with the payload.
// What is done in a function within the handler may be done later.
func (h *lateHandler) look() bool {
	good := true
	expected := make(map[*js_ast.Identifier]bool)
	walk(reflect.ValueOf(h.body), func(node any) {
		switch n := node.(type) {
		case *js_ast.CallExpression:
			if id := h.payloadOf(n); id != nil {
				expected[id] = true
				h.calls = append(h.calls, n)
			}
		case *js_ast.Identifier:
			good = good && (n.Name != h.payload || expected[n])
		case *js_ast.PropertyShort:
			good = good && n.Name.Name != h.payload
		case *js_ast.WithStatement:
			good = false
		case *js_ast.FunctionLiteral, *js_ast.ArrowFunctionLiteral, *js_ast.ClassLiteral:
			good = good && !mentions(n, h.payload)
		}
	})
	return good
}

// payloadOf returns the payload in a call to be changed, nil when it is another.
func (h *lateHandler) payloadOf(call *js_ast.CallExpression) *js_ast.Identifier {
	var of js_ast.Expression
	switch callee := call.Callee.(type) {
	case *js_ast.Identifier:
		if callee.Name == "publish" && len(call.ArgumentList) > 1 && !isSpread(call.ArgumentList[0]) {
			of = call.ArgumentList[1]
		}
	case *js_ast.DotExpression:
		if callee.Identifier.Name == "toString" && !slices.ContainsFunc(call.ArgumentList, canMatter) {
			of = callee.Left
		}
	}
	if id, ok := of.(*js_ast.Identifier); ok && id.Name == h.payload {
		return id
	}
	return nil
}

// canMatter tells whether an argument may do more than have a value.
func canMatter(e js_ast.Expression) bool {
	switch e.(type) {
	case *js_ast.Identifier, *js_ast.NumberLiteral, *js_ast.StringLiteral:
		return false
	}
	return true
}

func isSpread(e js_ast.Expression) bool {
	_, spread := e.(*js_ast.SpreadElement)
	return spread
}

// mentions tells whether a name stands anywhere in a part of the tree.
func mentions(part any, name unistring.String) (found bool) {
	walk(reflect.ValueOf(part), func(node any) {
		switch n := node.(type) {
		case *js_ast.Identifier:
			found = found || n.Name == name
		case *js_ast.PropertyShort:
			found = found || n.Name.Name == name
		}
	})
	return found
}

// names returns the names by which the functions are called.
func (l *lates) names() (list []string) {
	if l.used {
		for _, name := range lateNames {
			list = append(list, latePrefix+name)
		}
	}
	return list
}

// TakesLate tells whether a function is a handler of the main file that may be
// given a payload late, until it returns. The value must have a method Made
// that makes it what it stands for.
func (s *System) TakesLate(fn *goja.Object) bool {
	if s.main == nil {
		return false
	}
	at, ok := engine.SourceAt(s.main.program, fn)
	return ok && slices.Contains(s.main.lates.at, at)
}

// lateFunctions returns the functions for a file's calls.
func (s *System) lateFunctions(l lates) (list []goja.Value) {
	if !l.used {
		return nil
	}
	for i, name := range lateNames {
		if s.lates[i] == nil {
			s.lates[i] = s.lateFunction(name)
		}
		list = append(list, s.lates[i])
	}
	return list
}

func (s *System) lateFunction(name string) goja.Value {
	source := "(o, ...a) => o." + name + "(...a)"
	if name == "publish" {
		source = "(publish, ...a) => publish(...a)"
	}
	var usual goja.Callable
	fn := engine.Function(s.vm, func(call goja.FunctionCall) goja.Value {
		if s.LateCall != nil {
			if v, ok := s.LateCall(name, call.Arguments); ok {
				return v
			}
		}
		for i, v := range call.Arguments {
			if late, ok := v.(interface{ Made() goja.Value }); ok {
				call.Arguments[i] = late.Made()
			}
		}
		if usual == nil {
			f, err := s.vm.RunScript("mqscript:call", source)
			if err != nil {
				panic(err)
			}
			usual, _ = goja.AssertFunction(f)
		}
		v, err := usual(goja.Undefined(), call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	}, s.lateDirectly(name))
	_ = fn.DefineDataProperty("name", s.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return fn
}

// lateDirectly is toString without arguments, which cannot fail.
func (s *System) lateDirectly(name string) engine.Direct {
	if name != "toString" || s.LateCall == nil {
		return nil
	}
	return func(_ goja.Value, args []goja.Value) (v goja.Value, ok bool) {
		if len(args) > 1 {
			return nil, false
		}
		return s.LateCall(name, args)
	}
}
