package script

import (
	"fmt"
	"strings"

	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"

	"github.com/mqscript/mqscript/internal/module"
)

// handlerProblems tells what is wrong with the handlers of a script, as far as
// its text shows what it exports.
func handlerProblems(tree *module.Tree) []module.Problem {
	c := &exportsCheck{tree: tree, scope: map[string]js_ast.Expression{}}
	c.statements(tree.Body)
	return c.problems
}

// exportsCheck goes through the statements outside of functions.
type exportsCheck struct {
	tree     *module.Tree
	scope    map[string]js_ast.Expression // what constants stand for; functions stand for themselves
	problems []module.Problem
}

// complain notes something that keeps the script from loading.
func (c *exportsCheck) complain(at file.Idx, format string, args ...any) {
	p := c.tree.Problem(at, fmt.Sprintf(format, args...))
	p.Fatal = true
	c.problems = append(c.problems, p)
}

func (c *exportsCheck) statements(list []js_ast.Statement) {
	for _, statement := range list {
		c.declare(statement)
	}
	for _, statement := range list {
		switch s := statement.(type) {
		case *js_ast.ExpressionStatement:
			c.expression(s.Expression)
		case *js_ast.ReturnStatement: // of a script that awaits, see package module
			if getters, ok := s.Argument.(*js_ast.ObjectLiteral); ok {
				c.getters(getters)
			}
		}
	}
}

// declare notes what a statement declares and nothing can change, and what the
// translation of an export default declares.
func (c *exportsCheck) declare(statement js_ast.Statement) {
	var list []*js_ast.Binding
	switch s := statement.(type) {
	case *js_ast.FunctionDeclaration:
		if s.Function.Name != nil {
			c.scope[s.Function.Name.Name.String()] = s.Function
		}
	case *js_ast.LexicalDeclaration:
		if s.Token == token.CONST {
			list = s.List
		}
	case *js_ast.VariableStatement:
		list = s.List
	}
	_, isVar := statement.(*js_ast.VariableStatement)
	for _, b := range list {
		id, ok := b.Target.(*js_ast.Identifier)
		if ok && (!isVar || strings.HasSuffix(id.Name.String(), "_default")) {
			c.scope[id.Name.String()] = b.Initializer
		}
	}
}

// expression looks at a statement's expression: an assignment to the exports,
// or what the translation makes of exports.
func (c *exportsCheck) expression(e js_ast.Expression) {
	switch e := e.(type) {
	case *js_ast.AssignExpression:
		c.assignment(e)
	case *js_ast.CallExpression:
		if name, ok := e.Callee.(*js_ast.Identifier); ok && name.Name == "__export" && len(e.ArgumentList) == 2 {
			if getters, ok := e.ArgumentList[1].(*js_ast.ObjectLiteral); ok {
				c.getters(getters)
			}
			return
		}
		if isMember(e.Callee, "module", "__evaluate") && len(e.ArgumentList) == 1 {
			if run, ok := e.ArgumentList[0].(*js_ast.ArrowFunctionLiteral); ok {
				if block, ok := run.Body.(*js_ast.BlockStatement); ok {
					c.statements(block.List)
				}
			}
		}
	}
}

func (c *exportsCheck) assignment(e *js_ast.AssignExpression) {
	if e.Operator != token.ASSIGN {
		return
	}
	if isMember(e.Left, "module", "exports") {
		c.exports(e.Right)
		return
	}
	dot, ok := e.Left.(*js_ast.DotExpression)
	if !ok {
		return
	}
	id, isIdentifier := dot.Left.(*js_ast.Identifier)
	if isIdentifier && id.Name == "exports" || isMember(dot.Left, "module", "exports") {
		c.handler(dot.Identifier.Name.String(), dot.Identifier.Idx, e.Right)
		return
	}
	if next, ok := e.Right.(*js_ast.AssignExpression); ok { // exports = module.exports = …
		c.assignment(next)
	}
}

func isMember(e js_ast.Expression, object, member string) bool {
	dot, ok := e.(*js_ast.DotExpression)
	if !ok || dot.Identifier.Name.String() != member {
		return false
	}
	id, ok := dot.Left.(*js_ast.Identifier)
	return ok && id.Name.String() == object
}

// exports looks at a value that is all of the exports.
func (c *exportsCheck) exports(e js_ast.Expression) {
	const hint = "; export an object of handlers, such as module.exports = { onMessage(topic, payload) {} }"
	e = c.meaning(e)
	switch e := e.(type) {
	case *js_ast.ObjectLiteral:
		c.object(e)
	case *js_ast.AssignExpression:
		c.assignment(e)
	case *js_ast.ArrayLiteral:
		c.complain(e.Idx0(), "the script exports an array%s", hint)
	case *js_ast.StringLiteral, *js_ast.TemplateLiteral, *js_ast.NumberLiteral, *js_ast.BooleanLiteral, *js_ast.NullLiteral:
		c.complain(e.Idx0(), "the script exports %s%s", literalKind(e), hint)
	}
}

// object looks at an object of handlers.
func (c *exportsCheck) object(e *js_ast.ObjectLiteral) {
	for _, p := range e.Value {
		switch p := p.(type) {
		case *js_ast.PropertyShort:
			c.handler(p.Name.Name.String(), p.Name.Idx, &p.Name)
		case *js_ast.PropertyKeyed:
			key, ok := p.Key.(*js_ast.StringLiteral)
			if !ok || p.Computed {
				continue
			}
			value := p.Value
			if p.Kind != js_ast.PropertyKindValue {
				value = nil // a method, or a getter with a value that is not to be seen
			}
			c.handler(key.Value.String(), key.Idx, value)
		}
	}
}

// getters looks at an object whose functions return what is exported.
func (c *exportsCheck) getters(e *js_ast.ObjectLiteral) {
	for _, p := range e.Value {
		p, ok := p.(*js_ast.PropertyKeyed)
		if !ok {
			continue
		}
		key, isText := p.Key.(*js_ast.StringLiteral)
		value := c.meaning(returned(p.Value))
		if !isText || value == nil {
			continue
		}
		if key.Value == "default" {
			c.exports(value)
			continue
		}
		at := value.Idx0()
		if fn, ok := value.(*js_ast.FunctionLiteral); ok && fn.Name != nil {
			at = fn.Name.Idx
		}
		c.handler(key.Value.String(), at, value)
	}
}

// returned is what a function of one statement returns.
func returned(e js_ast.Expression) js_ast.Expression {
	var block *js_ast.BlockStatement
	switch f := e.(type) {
	case *js_ast.FunctionLiteral:
		block = f.Body
	case *js_ast.ArrowFunctionLiteral:
		if short, ok := f.Body.(*js_ast.ExpressionBody); ok {
			return short.Expression
		}
	}
	if block == nil || len(block.List) != 1 {
		return nil
	}
	statement, ok := block.List[0].(*js_ast.ReturnStatement)
	if !ok {
		return nil
	}
	return statement.Argument
}

// meaning is what a name stands for, or e itself.
func (c *exportsCheck) meaning(e js_ast.Expression) js_ast.Expression {
	if id, ok := e.(*js_ast.Identifier); ok {
		if value := c.scope[id.Name.String()]; value != nil {
			return value
		}
	}
	return e
}

// handler looks at one export.
func (c *exportsCheck) handler(name string, at file.Idx, value js_ast.Expression) {
	if near := nearest(name); near != "" {
		c.problems = append(c.problems,
			c.tree.Problem(at, fmt.Sprintf("the script exports %s, which is no handler; did you mean %s?", name, near)))
		return
	}
	if !isHandler(name) {
		return
	}
	if kind := literalKind(c.meaning(value)); kind != "" {
		c.complain(at, "%s is %s; it must be a function", name, kind)
	}
}

func isHandler(name string) bool {
	for _, known := range handlerNames {
		if name == known {
			return true
		}
	}
	return false
}

// literalKind names a value that is written out and is no function; "" for all
// else. null means that there is no handler.
func literalKind(e js_ast.Expression) string {
	switch e := e.(type) {
	case *js_ast.StringLiteral, *js_ast.TemplateLiteral:
		return "a string"
	case *js_ast.NumberLiteral:
		return "a number"
	case *js_ast.BooleanLiteral:
		return e.Literal
	case *js_ast.ArrayLiteral:
		return "an array"
	case *js_ast.ObjectLiteral:
		return "an object"
	case *js_ast.RegExpLiteral:
		return "a regular expression"
	}
	return ""
}
