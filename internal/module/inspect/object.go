package inspect

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/buffer"
)

func index(i int) string { return strconv.Itoa(i) }

// shape is what an object is shown as.
type shape struct {
	ctor    string // name of its constructor
	noProto bool   // it has no prototype
	tag     string // Symbol.toStringTag where it says more
	keys    []key
	block
	// fill writes the entries before the properties; nil: none.
	fill func(depth int) []string
	// values are the elements of a list, to align numbers.
	values *goja.Object
	// done is the whole text when there is nothing to put in braces.
	done string
}

// key is a property to show.
type key struct {
	name   string
	symbol *goja.Symbol
}

// object writes an object that stands depth levels down.
func (p *printer) object(obj *goja.Object, depth int) string {
	s := &shape{block: block{open: "{", close: "}"}}
	s.ctor, s.noProto = p.constructorName(obj)
	s.tag = p.tagOf(obj)
	p.classify(obj, s, depth)
	if s.done != "" {
		return s.done
	}
	if depth > p.Depth {
		name := strings.TrimSuffix(s.prefix("Object", ""), " ")
		if !s.noProto {
			name = "[" + name + "]"
		}
		return name
	}
	depth++
	p.seen = append(p.seen, obj)
	p.current = depth
	if s.fill != nil {
		s.entries = s.fill(depth)
	}
	for _, k := range s.keys {
		s.entries = append(s.entries, p.property(obj, k, depth))
	}
	p.seen = p.seen[:len(p.seen)-1]
	if i := slices.Index(p.circular, obj); i >= 0 {
		reference := "<ref *" + strconv.Itoa(i+1) + ">"
		if s.base != "" {
			reference += " "
		}
		s.base = reference + s.base
	}
	if p.Sorted && !s.list {
		slices.Sort(s.entries)
	}
	return p.layout(s.block, depth, s.values)
}

// prefix writes the name before the braces.
func (s *shape) prefix(fallback, size string) string {
	if s.noProto {
		if s.tag != "" && fallback != s.tag {
			return "[" + fallback + size + ": null prototype] [" + s.tag + "] "
		}
		return "[" + fallback + size + ": null prototype] "
	}
	if s.tag != "" && s.ctor != s.tag {
		return s.ctor + size + " [" + s.tag + "] "
	}
	return s.ctor + size + " "
}

// constructorName looks for the class along the prototypes.
func (p *printer) constructorName(obj *goja.Object) (name string, noProto bool) {
	for o := obj; o != nil; o = o.Prototype() {
		d := p.descriptor(o, "constructor")
		if d == nil {
			continue
		}
		ctor, ok := d.Get("value").(*goja.Object)
		if !ok {
			continue
		}
		if _, isFunction := goja.AssertFunction(ctor); !isFunction {
			continue
		}
		if n, ok := ctor.Get("name").(goja.String); ok && n.Length() > 0 && p.instanceOf(obj, ctor) {
			return n.String(), false
		}
	}
	if obj.Prototype() == nil {
		return "", true
	}
	return "Object <Complex prototype>", false
}

// instanceOf compares prototypes itself, so that no code of the script runs.
func (p *printer) instanceOf(obj, ctor *goja.Object) bool {
	proto, ok := ctor.Get("prototype").(*goja.Object)
	if !ok {
		return false
	}
	for o := obj.Prototype(); o != nil; o = o.Prototype() {
		if o == proto {
			return true
		}
	}
	return false
}

func (p *printer) descriptor(obj *goja.Object, name string) *goja.Object {
	return p.describeKey(obj, p.vm.ToValue(name))
}

func (p *printer) describeKey(obj *goja.Object, name goja.Value) *goja.Object {
	d, err := p.describe(goja.Undefined(), obj, name)
	if err != nil {
		panic(err)
	}
	o, _ := d.(*goja.Object)
	return o
}

func (p *printer) tagOf(obj *goja.Object) string {
	v := obj.GetSymbol(goja.SymToStringTag)
	if v == nil || !goja.IsString(v) || v.String() == "" {
		return ""
	}
	if own, err := p.enumerable(obj, goja.SymToStringTag); err == nil && own.ToBoolean() {
		return ""
	}
	return v.String()
}

// keysOf lists the properties to show; elements of a list are left out.
func (p *printer) keysOf(obj *goja.Object, list bool) []key {
	names := obj.Keys()
	if p.ShowHidden {
		names = obj.GetOwnPropertyNames()
	}
	var keys []key
	for _, name := range names {
		if list && isIndex(name) {
			continue
		}
		keys = append(keys, key{name: name})
	}
	// The engine gives the matches of regular expressions their properties in
	// another order than Node.
	if list && len(keys) == 3 && keys[0].name == "input" && keys[1].name == "index" && keys[2].name == "groups" {
		keys[0], keys[1] = keys[1], keys[0]
	}
	for _, symbol := range obj.Symbols() {
		if on, err := p.enumerable(obj, symbol); p.ShowHidden || err == nil && on.ToBoolean() {
			keys = append(keys, key{symbol: symbol})
		}
	}
	return keys
}

func isIndex(name string) bool {
	n, err := strconv.ParseUint(name, 10, 32)
	return err == nil && strconv.FormatUint(n, 10) == name
}

// property writes "name: value" for a key of obj.
func (p *printer) property(obj *goja.Object, k key, depth int) string {
	name := goja.Value(k.symbol)
	if k.symbol == nil {
		name = p.vm.ToValue(k.name)
	}
	d := p.describeKey(obj, name)
	if d == nil {
		return p.keyText(k, true) + ": undefined"
	}
	return p.keyText(k, d.Get("enumerable").ToBoolean()) + ": " + p.propertyValue(obj, d, depth)
}

func (p *printer) propertyValue(obj, d *goja.Object, depth int) string {
	get, set := d.Get("get"), d.Get("set")
	hasGet := get != nil && !goja.IsUndefined(get)
	hasSet := set != nil && !goja.IsUndefined(set)
	switch {
	case hasGet && p.Getters:
		return p.getter(obj, get, hasSet, depth)
	case hasGet && hasSet:
		return "[Getter/Setter]"
	case hasGet:
		return "[Getter]"
	case hasSet:
		return "[Setter]"
	}
	return p.indented(2, d.Get("value"), depth)
}

func (p *printer) getter(obj *goja.Object, get goja.Value, hasSet bool, depth int) string {
	label := "Getter"
	if hasSet {
		label = "Getter/Setter"
	}
	fn, _ := goja.AssertFunction(get)
	v, err := fn(obj)
	if err != nil {
		return "[" + label + ": <Inspection threw>]"
	}
	if _, isObject := v.(*goja.Object); isObject {
		return "[" + label + "] " + p.indented(2, v, depth)
	}
	return "[" + label + ": " + p.primitive(v) + "]"
}

func (p *printer) indented(by int, v goja.Value, depth int) string {
	p.indent += by
	text := p.value(v, depth)
	p.indent -= by
	return text
}

func (p *printer) keyText(k key, enumerable bool) string {
	switch {
	case k.symbol != nil:
		return "[" + symbolText(k.symbol) + "]"
	case k.name == "__proto__":
		return "['__proto__']"
	case !enumerable:
		return "[" + k.name + "]"
	case identifier.MatchString(k.name):
		return k.name
	}
	return quote(p.vm.ToValue(k.name).(goja.String))
}

// classify decides how an object is shown.
func (p *printer) classify(obj *goja.Object, s *shape, depth int) {
	class := obj.ClassName()
	if class == "Array" {
		p.array(obj, s)
		return
	}
	if _, isFunction := goja.AssertFunction(obj); isFunction {
		s.keys = p.keysOf(obj, false)
		s.base = p.functionBase(obj, s)
		s.doneIfEmpty(s.base)
		return
	}
	switch obj.ExportType() {
	case mapType:
		p.mapEntries(obj, s)
		return
	case listType:
		p.setEntries(obj, s)
		return
	case promiseRef:
		p.promise(obj, s)
		return
	}
	if kind := buffer.Kind(obj); kind != buffer.NotBinary {
		p.binary(obj, s, kind)
		return
	}
	s.keys = p.keysOf(obj, false)
	switch class {
	case "Error":
		s.base = p.errorBase(obj, s)
		s.doneIfEmpty(s.base)
	case "Date":
		s.base = p.named(s, "Date", p.dateBase(obj))
		s.doneIfEmpty(s.base)
	case "RegExp":
		s.base = p.named(s, "RegExp", p.regexp(obj))
		if depth > p.Depth {
			s.done = s.base
		}
		s.doneIfEmpty(s.base)
	case "Number", "String", "Boolean":
		p.boxed(obj, s, class)
	default:
		p.plain(obj, s, class)
	}
}

func (s *shape) doneIfEmpty(text string) {
	if len(s.keys) == 0 && s.fill == nil {
		s.done = text
	}
}

func (p *printer) plain(obj *goja.Object, s *shape, class string) {
	switch {
	case s.tag == "DataView" && p.dataView(obj, s):
		return
	case s.tag == "Symbol" || s.tag == "BigInt":
		if p.boxed(obj, s, s.tag) {
			return
		}
	case class == "Arguments":
		s.open = "[Arguments] {"
	case s.tag == "WeakMap" || s.tag == "WeakSet":
		s.open = s.prefix(s.tag, "") + "{"
		s.fill = func(int) []string { return []string{"<items unknown>"} }
	case s.ctor != "Object" || s.tag != "" || s.noProto:
		s.open = s.prefix("Object", "") + "{"
	}
	s.doneIfEmpty(s.open + "}")
}

func (p *printer) call(f goja.Callable, this goja.Value) string {
	v, err := f(this)
	if err != nil {
		return ""
	}
	return v.String()
}

// named puts the name in front of a date or pattern of a subclass.
func (p *printer) named(s *shape, class, text string) string {
	if prefix := s.prefix(class, ""); prefix != class+" " {
		return prefix + text
	}
	return text
}
