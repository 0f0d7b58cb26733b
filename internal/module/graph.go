package module

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	js_ast "github.com/dop251/goja/ast"
)

// Problem is a mistake that was found in a file without running it.
type Problem struct {
	File         string
	Line, Column int    // from 1; the column counts bytes
	Source       string // the line of source
	Message      string
	Warning      bool // the script may well run as it is
	Fatal        bool // the script does not load
}

// Caret returns the line of source with a mark below the column, "" when the
// source is not known.
func (p *Problem) Caret() string {
	if p.Source == "" {
		return ""
	}
	return p.Source + "\n" + caretIndent(p.Source, p.Column) + "^"
}

// Graph is a script's file and all that it leads to by imports and by calls of
// require with a name that is written out, read without running any of it.
type Graph struct {
	// Files are the files that were read, the script's own first, and the
	// package.json files that had a say. All paths are absolute and real.
	Files []string
	// Problems are in the order of the files and of their lines.
	Problems []Problem
	// Main is the tree of the script's own file; nil when it has none.
	Main *Tree
}

// Graph reads the file of a script and what it leads to. An error says that
// there is no such file. Inside a turn; the script must not have been loaded.
func (s *System) Graph(path string) (*Graph, error) {
	path, err := mainFile(path)
	if err != nil {
		return nil, err
	}
	r := &graphReader{system: s, graph: &Graph{}, seen: map[string]bool{path: true}, queue: []string{path}}
	for len(r.queue) > 0 {
		next := r.queue[0]
		r.queue = r.queue[1:]
		r.read(next)
	}
	for _, m := range s.resolver.packages.known {
		if m != nil {
			r.graph.Files = append(r.graph.Files, m.file())
		}
	}
	slices.Sort(r.graph.Files[r.own:])
	return r.graph, nil
}

// graphReader reads one file after the other.
type graphReader struct {
	system *System
	graph  *Graph
	own    int // how many of graph.Files are JavaScript and JSON
	seen   map[string]bool
	queue  []string
}

// packaged tells whether a file belongs to an installed package, whose author
// may have meant what looks like a mistake.
func packaged(path string) bool {
	return strings.Contains(filepath.ToSlash(path), "/node_modules/")
}

// read looks at one file.
func (r *graphReader) read(path string) {
	g := r.graph
	g.Files = append(g.Files, path)
	r.own = len(g.Files)
	source, err := r.system.resolver.packages.files.ReadCode(path)
	if err != nil {
		g.Problems = append(g.Problems, Problem{File: path, Line: 1, Column: 1, Message: err.Error(), Fatal: true})
		return
	}
	if strings.EqualFold(filepath.Ext(path), ".json") {
		text := strings.TrimPrefix(string(source), "\ufeff")
		r.syntax(jsonError(path, text, errors.New("not JSON")))
		return
	}
	main := g.Main == nil && len(g.Files) == 1
	strict, err := r.system.resolver.isModule(path)
	if err != nil {
		r.syntax(&SyntaxError{File: path, Line: 1, Column: 1, Message: err.Error()})
		return
	}
	tree, err := parse(path, source, strict, main)
	if err != nil {
		r.syntax(err)
		return
	}
	if main {
		g.Main = tree
	}
	from := len(g.Problems)
	r.follow(tree)
	if !packaged(path) {
		r.checkNames(tree)
	}
	slices.SortStableFunc(g.Problems[from:], func(a, b Problem) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
}

// syntax adds what an error of compiling says; other errors than a SyntaxError
// are none.
func (r *graphReader) syntax(err error) {
	var e *SyntaxError
	if !errors.As(err, &e) {
		return
	}
	for _, one := range append([]*SyntaxError{e}, e.others...) {
		r.graph.Problems = append(r.graph.Problems, Problem{
			File: one.File, Line: one.Line, Column: one.Column, Source: one.Source, Message: "SyntaxError: " + one.Message,
			Fatal: !packaged(one.File),
		})
	}
}

// follow resolves what a file asks for.
func (r *graphReader) follow(t *Tree) {
	as := modeRequire
	if t.esm {
		as = modeImport
	}
	for _, request := range t.requests() {
		found, err := r.system.resolver.resolve(filepath.Dir(t.path), request.name, as)
		if err == nil && filepath.Ext(found.path) == ".node" {
			err = fmt.Errorf("native code cannot be loaded in scripts: %s", found.path)
		}
		switch {
		case err != nil:
			r.unanswered(t, request, err)
		case found.path != "" && !r.seen[found.path]:
			r.seen[found.path] = true
			r.queue = append(r.queue, found.path)
		}
	}
}

// unanswered reports a request that nothing answers. One inside of try is
// expected to fail, and a package that asks under a condition has its reason.
func (r *graphReader) unanswered(t *Tree, request request, err error) {
	if request.caught || packaged(t.path) && request.when != always {
		return
	}
	message := err.Error()
	var absent *notFound
	if errors.As(err, &absent) && absent.install != "" {
		message += "; this line installs the package, in the script's folder: npm install " + absent.install
	}
	p := t.requestProblem(request, message)
	p.Warning, p.Fatal = request.when == perhaps, request.when == always
	r.graph.Problems = append(r.graph.Problems, p)
}

// checkNames looks whether built-in modules have what a file takes of them.
func (r *graphReader) checkNames(t *Tree) {
	for _, use := range t.names() {
		exports := r.system.Builtin(use.module)
		if exports == nil {
			continue
		}
		obj := exports.ToObject(r.system.vm)
		if obj.Get(use.name) != nil {
			continue
		}
		message := fmt.Sprintf("the module '%s' has no %s", use.module, use.name)
		if near := nearestName(use.name, obj.Keys()); near != "" {
			message += "; did you mean " + near + "?"
		}
		r.graph.Problems = append(r.graph.Problems, t.Problem(use.at, message))
	}
}

// nearestName is the name that another was probably meant to be: the same but
// for its case or for one letter too many, missing or wrong.
func nearestName(name string, list []string) string {
	for _, candidate := range list {
		if oneApart(strings.ToLower(name), strings.ToLower(candidate)) {
			return candidate
		}
	}
	return ""
}

// oneApart tells whether two words are the same after one letter is inserted,
// removed or replaced, or two neighbours are exchanged.
func oneApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(b) == len(a)+1:
		return a[i:] == b[i+1:]
	case len(a) != len(b):
		return false
	case i >= len(a)-1 || a[i+1:] == b[i+1:]:
		return true
	}
	return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// body returns the statements of a parsed file.
func body(prg *js_ast.Program, wrapped bool) []js_ast.Statement {
	if !wrapped {
		return prg.Body
	}
	statement, _ := prg.Body[0].(*js_ast.ExpressionStatement)
	if statement == nil {
		return nil
	}
	fn, _ := statement.Expression.(*js_ast.FunctionLiteral)
	if fn == nil {
		return nil
	}
	return fn.Body.List
}
