package inspect

import (
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/stack"
)

// errorBase writes an error's stack. Keys that only repeat it are left out,
// and its cause is added.
func (p *printer) errorBase(obj *goja.Object, s *shape) string {
	name := "Error"
	if v := obj.Get("name"); v != nil && !goja.IsUndefined(v) && !goja.IsNull(v) {
		name = v.String()
	}
	text := p.stackOf(obj)
	s.keys = slices.DeleteFunc(s.keys, func(k key) bool {
		switch k.name {
		case "name", "message", "stack":
			v := obj.Get(k.name)
			return k.name == "stack" || v != nil && strings.Contains(text, v.String())
		}
		return false
	})
	for _, hidden := range []string{"cause", "errors"} {
		known := slices.ContainsFunc(s.keys, func(k key) bool { return k.name == hidden })
		if !known && p.descriptor(obj, hidden) != nil {
			s.keys = append(s.keys, key{name: hidden})
		}
	}
	text = s.named(text, name)
	at := 0
	if message := obj.Get("message"); message != nil && message.String() != "" {
		if i := strings.Index(text, message.String()); i >= 0 {
			at = i + len(message.String())
		}
	}
	if !strings.Contains(text[at:], "\n    at") {
		text = "[" + text + "]"
	}
	if p.indent > 0 {
		text = strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", p.indent))
	}
	return text
}

func (p *printer) stackOf(obj *goja.Object) string {
	if v, ok := obj.Get("stack").(goja.String); ok && v.Length() > 0 {
		return stack.Tidy(v.String())
	}
	return p.call(p.errorText, obj)
}

// named puts the class of the error in front of its stack when the stack has
// only the name that it inherited.
func (s *shape) named(text, name string) string {
	follows := strings.TrimPrefix(text, name)
	ends := follows == "" || follows[0] == ':' || follows[0] == '\n'
	if !s.noProto && !(strings.HasSuffix(name, "Error") && len(follows) < len(text) && ends) {
		return text
	}
	prefix := strings.TrimSuffix(s.prefix("Error", ""), " ")
	switch {
	case name == prefix:
		return text
	case strings.Contains(prefix, name):
		return prefix + follows
	}
	return prefix + " [" + name + "]" + follows
}
