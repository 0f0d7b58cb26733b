package module

import (
	"reflect"
	"strings"

	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"
)

// Tree is the syntax tree of a file, as the engine gets it: TypeScript and ES
// modules are translated, and positions are those of the file itself.
type Tree struct {
	// Body are the statements of the file.
	Body []js_ast.Statement

	path  string
	esm   bool // its text is an ES module
	lines []string
	file  *file.File
	cut   int // bytes that were put before the first line
}

// Problem makes a Problem at a place in the tree.
func (t *Tree) Problem(at file.Idx, message string) Problem {
	p := Problem{File: t.path, Line: 1, Column: 1, Message: message}
	if at > 0 {
		pos := t.file.Position(int(at) - t.file.Base())
		p.Line, p.Column = pos.Line, pos.Column
	}
	if p.Line == 1 {
		p.Column -= t.cut
	}
	if p.Line <= len(t.lines) {
		p.Source = strings.TrimRight(t.lines[p.Line-1], "\r")
	}
	return p
}

// requestProblem makes a Problem at a request. Where the translation lost its
// place, as it does with the imports of a script that awaits, that is found in
// the file.
func (t *Tree) requestProblem(r request, message string) Problem {
	p := t.Problem(r.at, message)
	quoted := func(line string, column int) bool {
		rest := line[min(max(column-1, 0), len(line)):]
		return len(rest) > 0 && strings.ContainsRune("'\"`", rune(rest[0])) && strings.HasPrefix(rest[1:], r.name)
	}
	if quoted(p.Source, p.Column) {
		return p
	}
	for i, line := range t.lines {
		at := strings.Index(line, r.name)
		if at > 0 && quoted(line, at) {
			p.Line, p.Column, p.Source = i+1, at, strings.TrimRight(line, "\r")
			break
		}
	}
	return p
}

// parse does with a file what compile does, up to its syntax tree. An error is
// a *SyntaxError.
func parse(path string, source []byte, strict, main bool) (*Tree, error) {
	text := plainText(source)
	loader, translated := loaderOf(path)
	if !translated && !strict {
		if t, err := parseText(path, text); err == nil {
			t.lines = strings.Split(text, "\n")
			return t, nil
		}
	}
	key := keyOf(path, source, strict, main)
	code, cached := translations.read(key)
	if !cached {
		var err error
		if code, err = translate(path, text, loader, main); err != nil {
			return nil, err
		}
	}
	t, err := parseText(path, code)
	if err != nil {
		return nil, gojaSyntaxError(path, text, err)
	}
	if !cached {
		translations.write(key, code)
	}
	t.lines = strings.Split(text, "\n")
	t.esm = importsOrExports(code)
	return t, nil
}

// parseText parses text that the engine understands.
func parseText(path, text string) (*Tree, error) {
	text = withPairs(text)
	prg, err := parser.ParseFile(nil, path, text, 0, mapsBeside(path))
	wrapped := err != nil && illegalReturn(err)
	t := &Tree{path: path}
	if wrapped {
		t.cut = len(wrapper)
		prg, err = parser.ParseFile(nil, path, wrapper+text+"\n})", 0, mapsBeside(path))
	}
	if err != nil {
		return nil, err
	}
	if err := rewriteRegExps(prg, text); err != nil {
		return nil, err
	}
	t.file, t.Body = prg.File, body(prg, wrapped)
	if _, err := compileParsed(prg, len(text)+t.cut); err != nil {
		return nil, err
	}
	return t, nil
}

// certainty says when a piece of code runs.
type certainty int

const (
	always  certainty = iota // whenever the file is loaded
	later                    // when a function is called
	perhaps                  // under a condition
)

// request is a call of require with a name that is written out.
type request struct {
	name   string
	at     file.Idx
	when   certainty
	caught bool // it is inside of try
}

// requests lists what a file asks for, each name once: where it is most certain.
func (t *Tree) requests() []request {
	w := &requestWalk{index: map[string]int{}}
	for _, statement := range t.Body {
		w.walk(reflect.ValueOf(statement), place{})
	}
	return w.found
}

// requestWalk goes through a tree.
type requestWalk struct {
	found []request
	index map[string]int // by name
}

// place is what is known of the surroundings of a piece of code.
type place struct {
	when   certainty
	caught bool
	own    bool // a require of the file's own is in reach there
}

func (p place) under(when certainty) place {
	p.when = max(p.when, when)
	return p
}

// walk goes through a node and what is below it.
func (w *requestWalk) walk(v reflect.Value, at place) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Pointer && w.special(v.Interface(), at) {
			return
		}
		w.walk(v.Elem(), at)
	case reflect.Struct:
		w.fields(v, at)
	case reflect.Slice:
		for i := range v.Len() {
			w.walk(v.Index(i), at)
		}
	}
}

// fields goes through the parts of a node. What functions keep beside their
// bodies is in them too.
func (w *requestWalk) fields(v reflect.Value, at place) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && f.Type != declarations {
			w.walk(v.Field(i), at)
		}
	}
}

// special walks the nodes whose parts do not run whenever the whole does.
func (w *requestWalk) special(node any, at place) bool {
	each := func(at place, parts ...any) bool {
		for _, part := range parts {
			w.walk(reflect.ValueOf(part), at)
		}
		return true
	}
	switch n := node.(type) {
	case *js_ast.FunctionLiteral:
		at.own = at.own || binds(n.ParameterList, n.DeclarationList)
		return each(at.under(later), n.ParameterList, n.Body)
	case *js_ast.ArrowFunctionLiteral:
		at.own = at.own || binds(n.ParameterList, n.DeclarationList)
		return each(at.under(later), n.ParameterList, n.Body)
	case *js_ast.IfStatement:
		return each(at, n.Test) && each(at.under(perhaps), n.Consequent, n.Alternate)
	case *js_ast.ConditionalExpression:
		return each(at, n.Test) && each(at.under(perhaps), n.Consequent, n.Alternate)
	case *js_ast.SwitchStatement:
		return each(at, n.Discriminant) && each(at.under(perhaps), n.Body)
	case *js_ast.BinaryExpression:
		if n.Operator == token.LOGICAL_AND || n.Operator == token.LOGICAL_OR || n.Operator == token.COALESCE {
			return each(at, n.Left) && each(at.under(perhaps), n.Right)
		}
	case *js_ast.TryStatement:
		inside := at
		inside.caught = at.caught || n.Catch != nil
		return each(inside, n.Body) && each(at.under(perhaps), n.Catch) && each(at, n.Finally)
	case *js_ast.CallExpression:
		w.call(n, at)
	}
	return false
}

// call notes a call of require.
func (w *requestWalk) call(n *js_ast.CallExpression, at place) {
	name, ok := required(n)
	if !ok || at.own || name == "" {
		return
	}
	r := request{name: name, at: n.ArgumentList[0].Idx0(), when: at.when, caught: at.caught}
	i, known := w.index[name]
	switch {
	case !known:
		w.index[name] = len(w.found)
		w.found = append(w.found, r)
	case r.rank() < w.found[i].rank():
		w.found[i] = r
	}
}

// rank is lower for what is more certain to fail the script.
func (r request) rank() int {
	if r.caught {
		return int(perhaps) + 1
	}
	return int(r.when)
}

// required returns what an expression requires.
func required(e js_ast.Expression) (name string, ok bool) {
	call, ok := e.(*js_ast.CallExpression)
	if !ok || len(call.ArgumentList) != 1 {
		return "", false
	}
	if callee, is := call.Callee.(*js_ast.Identifier); !is || callee.Name != "require" {
		return "", false
	}
	switch arg := call.ArgumentList[0].(type) {
	case *js_ast.StringLiteral:
		return arg.Value.String(), true
	case *js_ast.TemplateLiteral:
		if len(arg.Elements) == 1 && arg.Tag == nil {
			return arg.Elements[0].Parsed.String(), true
		}
	}
	return "", false
}

// binds tells whether a function has a require of its own, as those in a file
// that a bundler made.
func binds(parameters *js_ast.ParameterList, declared []*js_ast.VariableDeclaration) bool {
	is := func(b *js_ast.Binding) bool {
		id, ok := b.Target.(*js_ast.Identifier)
		return ok && id.Name == "require"
	}
	if parameters != nil {
		for _, b := range parameters.List {
			if is(b) {
				return true
			}
		}
	}
	for _, d := range declared {
		for _, b := range d.List {
			if is(b) {
				return true
			}
		}
	}
	return false
}
