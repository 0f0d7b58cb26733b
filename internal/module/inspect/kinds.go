package inspect

import (
	"encoding/hex"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/buffer"
)

func (p *printer) array(obj *goja.Object, s *shape) {
	n := int(obj.Get("length").ToInteger())
	s.keys = p.keysOf(obj, true)
	prefix := ""
	if s.ctor != "Array" || s.tag != "" {
		prefix = s.prefix("Array", "("+index(n)+")")
	}
	s.open, s.close, s.list, s.values = prefix+"[", "]", true, obj
	if n > 0 {
		s.fill = func(depth int) []string { return p.elements(obj, n, depth) }
	}
	s.doneIfEmpty(s.open + "]")
}

// elements writes the elements of an array; holes next to each other are one
// entry.
func (p *printer) elements(obj *goja.Object, n, depth int) []string {
	var out []string
	i := 0
	for i < n && len(out) < p.MaxArrayLength {
		v := obj.Get(index(i))
		if v == nil || goja.IsUndefined(v) && !p.owns(obj, i) {
			holes := 0
			for i < n && !p.owns(obj, i) {
				holes++
				i++
			}
			text := "<" + index(holes) + " empty item"
			if holes > 1 {
				text += "s"
			}
			out = append(out, text+">")
			continue
		}
		out = append(out, p.element(v, depth))
		i++
	}
	if i < n {
		out = append(out, "... "+more(n-i, "item"))
	}
	return out
}

func (p *printer) owns(obj *goja.Object, i int) bool {
	v, err := p.hasOwn(obj, p.vm.ToValue(i))
	return err == nil && v.ToBoolean()
}

func (p *printer) element(v goja.Value, depth int) string {
	if _, isObject := v.(*goja.Object); !isObject {
		p.indent += 2
		defer func() { p.indent -= 2 }()
		return p.primitive(v)
	}
	return p.indented(2, v, depth)
}

func (p *printer) regexp(obj *goja.Object) string {
	if p.regexpText == nil {
		p.vm.GlobalObject().Get("RegExp") // which nothing has named yet: it is a literal
	}
	return p.call(p.regexpText, obj)
}

func (p *printer) setEntries(obj *goja.Object, s *shape) {
	var items []goja.Value
	p.each(p.setEach, obj, func(call goja.FunctionCall) { items = append(items, call.Argument(0)) })
	s.keys = p.keysOf(obj, false)
	prefix := s.prefix("Set", "("+index(len(items))+")")
	s.open = prefix + "{"
	if len(items) > 0 {
		s.fill = func(depth int) []string {
			var out []string
			for i, v := range items {
				if i == p.MaxArrayLength {
					return append(out, "... "+more(len(items)-i, "item"))
				}
				out = append(out, p.indented(2, v, depth))
			}
			return out
		}
	}
	s.doneIfEmpty(prefix + "{}")
}

func (p *printer) mapEntries(obj *goja.Object, s *shape) {
	var items [][2]goja.Value
	p.each(p.mapEach, obj, func(call goja.FunctionCall) {
		items = append(items, [2]goja.Value{call.Argument(1), call.Argument(0)})
	})
	s.keys = p.keysOf(obj, false)
	prefix := s.prefix("Map", "("+index(len(items))+")")
	s.open = prefix + "{"
	if len(items) > 0 {
		s.fill = func(depth int) []string {
			var out []string
			for i, kv := range items {
				if i == p.MaxArrayLength {
					return append(out, "... "+more(len(items)-i, "item"))
				}
				out = append(out, p.indented(2, kv[0], depth)+" => "+p.indented(2, kv[1], depth))
			}
			return out
		}
	}
	s.doneIfEmpty(prefix + "{}")
}

func (p *printer) each(forEach goja.Callable, obj *goja.Object, f func(goja.FunctionCall)) {
	callback := p.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		f(call)
		return goja.Undefined()
	})
	if _, err := forEach(obj, callback); err != nil {
		panic(err)
	}
}

func (p *printer) promise(obj *goja.Object, s *shape) {
	promise, _ := obj.Export().(*goja.Promise)
	s.keys = p.keysOf(obj, false)
	s.open = s.prefix("Promise", "") + "{"
	s.fill = func(depth int) []string {
		if promise.State() == goja.PromiseStatePending {
			return []string{"<pending>"}
		}
		text := p.indented(2, promise.Result(), depth)
		if promise.State() == goja.PromiseStateRejected {
			text = "<rejected> " + text
		}
		return []string{text}
	}
}

// maxBufferBytes is how many bytes of a Buffer are shown.
const maxBufferBytes = 50

func (p *printer) binary(obj *goja.Object, s *shape, kind buffer.ViewKind) {
	data, _ := p.buffers.Memory(obj)
	switch {
	case kind == buffer.ArrayBuffer:
		s.keys = p.keysOf(obj, false)
		s.open = s.prefix("ArrayBuffer", "") + "{"
		s.fill = func(int) []string {
			return []string{"[Uint8Contents]: <" + hexBytes(data) + ">", "byteLength: " + index(len(data))}
		}
	case p.buffers.Is(obj):
		s.keys = p.keysOf(obj, true)
		s.done = p.bufferText(obj, s, data)
	default:
		n := int(obj.Get("length").ToInteger())
		s.keys = p.keysOf(obj, true)
		s.open, s.close, s.list = s.prefix("", "("+index(n)+")")+"[", "]", true
		if n > 0 {
			s.fill = func(depth int) []string { return p.elements(obj, n, depth) }
		}
		s.doneIfEmpty(s.open + "]")
	}
}

func (p *printer) bufferText(obj *goja.Object, s *shape, data []byte) string {
	text := hexBytes(data)
	if len(s.keys) > 0 {
		var extra []string
		for _, k := range s.keys {
			extra = append(extra, p.property(obj, k, 1))
		}
		if text != "" {
			text += ", "
		}
		text += strings.Join(extra, ", ")
	}
	return "<" + s.ctor + " " + text + ">"
}

func hexBytes(data []byte) string {
	shown := data[:min(len(data), maxBufferBytes)]
	pairs := make([]string, len(shown))
	for i, b := range shown {
		pairs[i] = hex.EncodeToString([]byte{b})
	}
	text := strings.Join(pairs, " ")
	if rest := len(data) - len(shown); rest > 0 {
		text += " ... " + more(rest, "byte")
	}
	return text
}

func (p *printer) dateBase(obj *goja.Object) string {
	if p.isoDate == nil {
		p.vm.GlobalObject().Get("Date") // which nothing has named yet: it is of Go's
	}
	if v, err := p.isoDate(obj); err == nil {
		return v.String()
	}
	return p.call(p.dateText, obj)
}

// boxed writes an object around a primitive; false when it is none.
func (p *printer) boxed(obj *goja.Object, s *shape, class string) bool {
	v, err := p.unboxer(class)(obj)
	if err != nil {
		return false
	}
	if class == "String" {
		s.keys = p.keysOf(obj, true)
	}
	name := class
	if s.noProto {
		name += " (null prototype)"
	} else if s.ctor != class {
		name += " (" + s.ctor + ")"
	}
	s.base = "[" + name + ": " + p.primitive(v) + "]"
	if s.tag != "" && s.tag != s.ctor {
		s.base += " [" + s.tag + "]"
	}
	s.doneIfEmpty(s.base)
	return true
}

func (p *printer) dataView(obj *goja.Object, s *shape) bool {
	if is, err := p.isView(goja.Undefined(), obj); err != nil || !is.ToBoolean() {
		return false
	}
	s.open = s.prefix("DataView", "") + "{"
	s.fill = func(depth int) []string {
		var out []string
		for _, name := range []string{"byteLength", "byteOffset", "buffer"} {
			out = append(out, name+": "+p.indented(2, obj.Get(name), depth))
		}
		return out
	}
	return true
}

// functionBase writes a function or class.
func (p *printer) functionBase(obj *goja.Object, s *shape) string {
	source := p.call(p.source, obj)
	name, _ := obj.Get("name").(goja.String)
	if strings.HasPrefix(source, "class") && strings.HasSuffix(source, "}") {
		return p.classBase(obj, s, name)
	}
	kind := "Function"
	switch s.ctor {
	case "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction":
		kind = s.ctor
	case "Function":
		// goja gives async methods the prototype of plain functions.
		if strings.HasPrefix(source, "async") {
			kind, s.ctor = "AsyncFunction", "AsyncFunction"
		}
	}
	base := "[" + kind
	if s.noProto {
		base += " (null prototype)"
	}
	if name == nil || name.Length() == 0 {
		base += " (anonymous)"
	} else {
		base += ": " + name.String()
	}
	base += "]"
	if s.ctor != kind && !s.noProto {
		base += " " + s.ctor
	}
	if s.tag != "" && s.tag != s.ctor {
		base += " [" + s.tag + "]"
	}
	return base
}

func (p *printer) classBase(obj *goja.Object, s *shape, name goja.String) string {
	base := "class (anonymous)"
	if name != nil && name.Length() > 0 {
		base = "class " + name.String()
	}
	if s.ctor != "Function" && !s.noProto {
		base += " [" + s.ctor + "]"
	}
	if s.tag != "" && s.tag != s.ctor {
		base += " [" + s.tag + "]"
	}
	if s.noProto {
		base += " extends null"
	} else if super := obj.Prototype(); super != nil {
		if n, ok := super.Get("name").(goja.String); ok && n.Length() > 0 {
			base += " extends " + n.String()
		}
	}
	return "[" + base + "]"
}

// Entries returns the entries of a Map or Set, nil for anything else.
func (in *Inspector) Entries(obj *goja.Object) (entries [][2]goja.Value, isMap bool) {
	p := &printer{Inspector: in}
	collect := func(call goja.FunctionCall) {
		entries = append(entries, [2]goja.Value{call.Argument(1), call.Argument(0)})
	}
	entries = [][2]goja.Value{}
	switch t := obj.ExportType(); {
	case t == mapType:
		p.each(in.mapEach, obj, collect)
		return entries, true
	case t == listType && obj.ClassName() != "Array":
		p.each(in.setEach, obj, collect)
		return entries, false
	}
	return nil, false
}

// Unboxed returns the primitive inside an object such as new Number(1), or
// undefined.
func (in *Inspector) Unboxed(obj *goja.Object) goja.Value {
	if unbox := in.unboxer(obj.ClassName()); unbox != nil {
		if v, err := unbox(obj); err == nil {
			return v
		}
	}
	return goja.Undefined()
}
