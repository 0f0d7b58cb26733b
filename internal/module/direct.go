package module

import (
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja"
	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/eventloop"
)

// The engine takes as long to find a method of a typed array by its name as
// all the rest of the call takes, because it tries to read the name as a number
// first. So calls of a Buffer's methods that read and write numbers are compiled
// as calls of functions that are given the Buffer: buf.readUInt8(2) as
// readUInt8(buf, 2). Such a function does what the method does when it is given
// a Buffer whose method is Node's, and calls what the method's name stands for
// otherwise. A call is left alone when its arguments could make a difference,
// since they come before the method is looked up now.

// Direct is a method that can be called so. ok is false when this is not what
// the method is for.
type Direct func(this goja.Value, args []goja.Value) (v goja.Value, ok bool)

// directPrefix is before the name of a method in the names of these functions.
// No source can name one.
const directPrefix = "Buffer."

// isDirect tells whether a method by that name is called so.
func isDirect(name string) bool {
	rest, reads := strings.CutPrefix(name, "read")
	if !reads {
		var writes bool
		if rest, writes = strings.CutPrefix(name, "write"); !writes {
			return false
		}
	}
	return slices.Contains(directNumbers, strings.Replace(rest, "Uint", "UInt", 1))
}

var directNumbers = []string{
	"Int8", "UInt8", "Int16LE", "Int16BE", "UInt16LE", "UInt16BE", "Int32LE", "Int32BE", "UInt32LE", "UInt32BE",
	"FloatLE", "FloatBE", "DoubleLE", "DoubleBE",
}

// directs is the calls of one file.
type directs struct {
	payloads map[unistring.String]bool // names of second parameters of onMessage, whose toString is called directly
	used     []string                  // names of methods
}

// rewrite changes the calls in a file, whose text is looked at before to save
// the way through the tree.
func (d *directs) rewrite(prg *js_ast.Program, text string) {
	if !strings.Contains(text, ".read") && !strings.Contains(text, ".write") && !strings.Contains(text, ".toString(") {
		return
	}
	d.payloads = make(map[unistring.String]bool)
	walk(reflect.ValueOf(prg.Body), d.findPayloads)
	walk(reflect.ValueOf(prg.Body), d.rewriteCall)
}

// findPayloads notes what handlers call their payloads.
func (d *directs) findPayloads(node any) {
	switch n := node.(type) {
	case *js_ast.PropertyKeyed:
		if key, ok := n.Key.(*js_ast.StringLiteral); ok && key.Value == "onMessage" {
			d.notePayload(n.Value)
		}
	case *js_ast.AssignExpression:
		if to, ok := n.Left.(*js_ast.DotExpression); ok && to.Identifier.Name == "onMessage" {
			d.notePayload(n.Right)
		}
	case *js_ast.FunctionLiteral:
		if n.Name != nil && n.Name.Name == "onMessage" {
			d.notePayload(n)
		}
	}
}

func (d *directs) notePayload(function js_ast.Expression) {
	var list *js_ast.ParameterList
	switch f := function.(type) {
	case *js_ast.FunctionLiteral:
		list = f.ParameterList
	case *js_ast.ArrowFunctionLiteral:
		list = f.ParameterList
	}
	if list == nil || len(list.List) < 2 {
		return
	}
	if name, ok := list.List[1].Target.(*js_ast.Identifier); ok {
		d.payloads[name.Name] = true
	}
}

func (d *directs) rewriteCall(node any) {
	call, ok := node.(*js_ast.CallExpression)
	if !ok {
		return
	}
	method, ok := call.Callee.(*js_ast.DotExpression)
	if !ok || !isPath(method.Left) || slices.ContainsFunc(call.ArgumentList, canMatter) {
		return
	}
	name := string(method.Identifier.Name)
	if !isDirect(name) && !d.isPayloadText(method) {
		return
	}
	if !slices.Contains(d.used, name) {
		d.used = append(d.used, name)
	}
	call.Callee = &js_ast.Identifier{Name: unistring.String(directPrefix + name), Idx: method.Identifier.Idx}
	call.ArgumentList = append([]js_ast.Expression{method.Left}, call.ArgumentList...)
}

// isPayloadText tells whether a call is that of toString of a payload.
func (d *directs) isPayloadText(method *js_ast.DotExpression) bool {
	of, ok := method.Left.(*js_ast.Identifier)
	return ok && d.payloads[of.Name] && method.Identifier.Name == "toString"
}

// isPath tells whether an expression is a name, or this, with names behind it.
func isPath(e js_ast.Expression) bool {
	switch e := e.(type) {
	case *js_ast.Identifier, *js_ast.ThisExpression:
		return true
	case *js_ast.DotExpression:
		return isPath(e.Left)
	}
	return false
}

// canMatter tells whether an argument may do more than have a value.
func canMatter(e js_ast.Expression) bool {
	switch e := e.(type) {
	case *js_ast.Identifier, *js_ast.NumberLiteral, *js_ast.StringLiteral, *js_ast.BooleanLiteral:
		return false
	case *js_ast.UnaryExpression:
		return e.Postfix || canMatter(e.Operand)
	case *js_ast.BinaryExpression:
		return canMatter(e.Left) || canMatter(e.Right)
	}
	return true
}

// directFunctions returns the functions for the methods that a file uses.
func (s *System) directFunctions(names []string) []goja.Value {
	var list []goja.Value
	for _, name := range names {
		fn := s.directs[name]
		if fn == nil {
			fn = s.directFunction(name)
			if s.directs == nil {
				s.directs = make(map[string]goja.Value)
			}
			s.directs[name] = fn
		}
		list = append(list, fn)
	}
	return list
}

func (s *System) directFunction(name string) goja.Value {
	var direct Direct
	if s.Direct != nil {
		direct = s.Direct(name)
	}
	var usual goja.Callable
	return eventloop.Function(s.vm, name, 0, func(call goja.FunctionCall) goja.Value {
		if direct != nil {
			if v, ok := direct(call.Arguments[0], call.Arguments[1:]); ok {
				return v
			}
		}
		if usual == nil {
			f, err := s.vm.RunScript("mqscript:call", "(o, ...a) => o."+name+"(...a)")
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
	})
}
