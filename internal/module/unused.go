package module

import (
	"reflect"

	"github.com/dop251/goja"
	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
)

// unused holds the places of calls by a certain name whose value no script can
// see, because the call is a statement of its own: f(x); if (a) f(x); a && f(x);
// A native function by that name may then leave out making the value, which
// is worth it for a promise.
type unused struct {
	name   string
	places map[file.Position]struct{}
	known  map[goja.StackFrame]bool // by the caller's place in its program
	last   goja.StackFrame          // the caller before, and what known has for it
	is     bool
	frames [2]goja.StackFrame
}

// unusedName is the function that asks with Unused.
const unusedName = "publish"

// maxKnown bounds the callers that are remembered. Code that eval makes has
// new places each time.
const maxKnown = 1024

func newUnused(name string) *unused {
	return &unused{name: name, places: make(map[file.Position]struct{}), known: make(map[goja.StackFrame]bool)}
}

// Unused tells a native function by the name of publish that the value of the
// call that is running cannot be seen. It is false when in doubt, such as when
// other native code is between the script and the function.
func (s *System) Unused() bool {
	u := s.unused
	frames := s.vm.CaptureCallStack(len(u.frames), u.frames[:0])
	if len(frames) < 2 || frames[0].SrcName() != "<native>" || frames[0].FuncName() != u.name {
		return false
	}
	caller := frames[1]
	if caller == u.last {
		return u.is
	}
	is, ok := u.known[caller]
	if !ok {
		_, is = u.places[caller.Position()]
		if len(u.known) >= maxKnown {
			clear(u.known)
		}
		u.known[caller] = is
	}
	u.last, u.is = caller, is
	return is
}

// collect finds the calls in a file. All its code stands in the module's
// function, where statements have no value.
func (u *unused) collect(prg *js_ast.Program) {
	walk(reflect.ValueOf(prg.Body), func(node any) {
		if s, ok := node.(*js_ast.ExpressionStatement); ok {
			u.statement(s.Expression, prg.File)
		}
	})
}

var declarations = reflect.TypeFor[[]*js_ast.VariableDeclaration]()

// walk goes through a tree and visits each node before what is in it; what
// functions keep beside their bodies is in them too.
func walk(v reflect.Value, visit func(node any)) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Pointer {
			visit(v.Interface())
		}
		walk(v.Elem(), visit)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		if v.Type() == declarations {
			return
		}
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	}
}

// statement notes the call whose value would be the statement's.
func (u *unused) statement(e js_ast.Expression, source *file.File) {
	switch e := e.(type) {
	case *js_ast.CallExpression:
		if u.isNamed(e.Callee) {
			u.places[source.Position(int(e.LeftParenthesis)-1)] = struct{}{}
		}
	case *js_ast.ConditionalExpression:
		u.statement(e.Consequent, source)
		u.statement(e.Alternate, source)
	case *js_ast.BinaryExpression:
		if e.Operator == token.LOGICAL_AND || e.Operator == token.LOGICAL_OR || e.Operator == token.COALESCE {
			u.statement(e.Right, source)
		}
	}
}

func (u *unused) isNamed(callee js_ast.Expression) bool {
	switch callee := callee.(type) {
	case *js_ast.Identifier:
		return callee.Name.String() == u.name
	case *js_ast.DotExpression:
		return callee.Identifier.Name.String() == u.name
	}
	return false
}
