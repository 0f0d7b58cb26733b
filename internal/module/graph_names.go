package module

import (
	"reflect"
	"strings"

	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// nameUse is a name that a file takes of a module.
type nameUse struct {
	module, name string
	at           file.Idx
}

// names lists what a file imports by name, or takes apart where it requires:
//
//	import { publish } from 'mqscript'
//	const { publish } = require('mqscript')
//
// Other uses may be there to find out whether a name exists.
func (t *Tree) names() []nameUse {
	w := &nameWalk{tree: t, imported: map[string]string{}, seen: map[[2]string]bool{}}
	w.walk(reflect.ValueOf(t.Body))
	return w.found
}

// nameWalk goes through a tree.
type nameWalk struct {
	tree     *Tree
	imported map[string]string // the variables that imports became, with their modules
	seen     map[[2]string]bool
	found    []nameUse
}

func (w *nameWalk) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		switch n := v.Interface().(type) {
		case *js_ast.Binding:
			w.binding(n)
		case *js_ast.DotExpression:
			w.member(n)
		}
		w.walk(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Type != declarations {
				w.walk(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.walk(v.Index(i))
		}
	}
}

// binding looks at a variable that is declared as a module, or as parts of one.
func (w *nameWalk) binding(b *js_ast.Binding) {
	value := b.Initializer
	if call, ok := value.(*js_ast.CallExpression); ok && len(call.ArgumentList) > 0 {
		if callee, is := call.Callee.(*js_ast.Identifier); is && callee.Name == "__toESM" {
			value = call.ArgumentList[0]
		}
	}
	module, ok := required(value)
	if !ok {
		return
	}
	switch target := b.Target.(type) {
	case *js_ast.Identifier:
		if name := target.Name.String(); w.tree.esm && strings.HasPrefix(name, "import_") {
			w.imported[name] = module
		}
	case *js_ast.ObjectPattern:
		for _, p := range target.Properties {
			switch p := p.(type) {
			case *js_ast.PropertyShort:
				if p.Initializer == nil {
					w.use(module, p.Name.Name.String(), p.Name.Idx)
				}
			case *js_ast.PropertyKeyed:
				key, isText := p.Key.(*js_ast.StringLiteral)
				if _, hasDefault := p.Value.(*js_ast.AssignExpression); isText && !p.Computed && !hasDefault {
					w.use(module, key.Value.String(), key.Idx)
				}
			}
		}
	}
}

// member looks at a name of an import where it is used.
func (w *nameWalk) member(n *js_ast.DotExpression) {
	left, ok := n.Left.(*js_ast.Identifier)
	if !ok {
		return
	}
	if module, ok := w.imported[left.Name.String()]; ok && n.Identifier.Name != "default" {
		w.use(module, n.Identifier.Name.String(), n.Left.Idx0())
	}
}

func (w *nameWalk) use(module, name string, at file.Idx) {
	key := [2]string{module, name}
	if !w.seen[key] {
		w.seen[key] = true
		w.found = append(w.found, nameUse{module, name, at})
	}
}
