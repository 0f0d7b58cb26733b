package inspect

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// printer is one call of Inspect.
type printer struct {
	*Inspector
	Options

	indent   int
	current  int // depth of the object that was begun last
	seen     []*goja.Object
	circular []*goja.Object // objects that appear inside themselves
}

var (
	proxyType  = reflect.TypeFor[goja.Proxy]()
	mapType    = reflect.TypeFor[[][2]any]()
	listType   = reflect.TypeFor[[]any]()
	promiseRef = reflect.TypeFor[*goja.Promise]()
)

// value writes a value that stands depth levels down. typed tells that it is
// inside a typed array's properties.
func (p *printer) value(v goja.Value, depth int) string {
	obj, ok := v.(*goja.Object)
	if !ok {
		return p.primitive(v)
	}
	for obj.ExportType() == proxyType {
		proxy, _ := obj.Export().(goja.Proxy)
		target := proxy.Target()
		if target == nil {
			return "<Revoked Proxy>"
		}
		obj = target
	}
	if text, done := p.customised(obj, depth); done {
		return text
	}
	if slices.Contains(p.seen, obj) {
		i := slices.Index(p.circular, obj)
		if i < 0 {
			p.circular = append(p.circular, obj)
			i = len(p.circular) - 1
		}
		return "[Circular *" + strconv.Itoa(i+1) + "]"
	}
	if len(p.seen) >= deepest {
		return "[" + p.shortName(obj) + ": Inspection interrupted prematurely. Maximum call stack size exceeded.]"
	}
	return p.object(obj, depth)
}

// deepest is how many objects inside each other are shown, whatever the
// option depth says: more would use up the goroutine's stack.
const deepest = 1000

func (p *printer) shortName(obj *goja.Object) string {
	name, noProto := p.constructorName(obj)
	if noProto {
		return "Object: null prototype"
	}
	return name
}

// customised calls the object's own inspection, if it has one.
func (p *printer) customised(obj *goja.Object, depth int) (text string, done bool) {
	if p.NoCustom || p.custom == nil {
		return "", false
	}
	fn, ok := goja.AssertFunction(obj.GetSymbol(p.custom))
	if !ok {
		return "", false
	}
	left := p.Depth
	if left != math.MaxInt {
		left -= depth
	}
	v, err := fn(obj, p.vm.ToValue(left), p.optionsObject(), p.inspectFunction())
	if err != nil {
		panic(err)
	}
	if v == goja.Value(obj) {
		return "", false
	}
	if s, isString := v.(goja.String); isString {
		return strings.ReplaceAll(s.String(), "\n", "\n"+strings.Repeat(" ", p.indent)), true
	}
	return p.value(v, depth), true
}

func (p *printer) optionsObject() goja.Value {
	o := p.vm.NewObject()
	_ = o.Set("depth", p.Depth)
	if p.Depth == math.MaxInt {
		_ = o.Set("depth", math.Inf(1))
	}
	_ = o.Set("breakLength", p.BreakLength)
	_ = o.Set("compact", p.Compact)
	_ = o.Set("showHidden", p.ShowHidden)
	_ = o.Set("stylize", func(call goja.FunctionCall) goja.Value { return p.vm.ToValue(call.Argument(0).String()) })
	return o
}

func (p *printer) inspectFunction() goja.Value {
	return p.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		return p.vm.ToValue(p.InspectWith(call.Argument(0), OptionsFrom(call.Argument(1))))
	})
}

// primitive writes what is no object.
func (p *printer) primitive(v goja.Value) string {
	switch {
	case v == nil || goja.IsUndefined(v):
		return "undefined"
	case goja.IsNull(v):
		return "null"
	case goja.IsBigInt(v):
		return v.String() + "n"
	case goja.IsNumber(v):
		return Number(v)
	}
	if s, ok := v.(goja.String); ok {
		return p.text(s)
	}
	if s, ok := v.(*goja.Symbol); ok {
		return symbolText(s)
	}
	return v.String()
}

func symbolText(s *goja.Symbol) string { return "Symbol(" + s.String() + ")" }

// Number writes a number; the negative zero keeps its sign.
func Number(v goja.Value) string {
	if f := v.ToFloat(); f == 0 && math.Signbit(f) {
		return "-0"
	}
	return v.String()
}

// text writes a string in quotes, a long one split at its line breaks.
func (p *printer) text(s goja.String) string {
	trailer := ""
	if n := s.Length(); n > p.MaxStringLength {
		rest := n - p.MaxStringLength
		s = s.Substring(0, p.MaxStringLength)
		trailer = "... " + more(rest, "character")
	}
	const shortest = 16
	plain := s.String()
	if s.Length() > shortest && s.Length() > p.BreakLength-p.indent-4 && strings.Contains(plain, "\n") {
		lines := strings.SplitAfter(plain, "\n")
		if lines[len(lines)-1] == "" {
			lines = lines[:len(lines)-1]
		}
		for i, line := range lines {
			lines[i] = quote(p.vm.ToValue(line).(goja.String))
		}
		return strings.Join(lines, " +\n"+strings.Repeat(" ", p.indent+2)) + trailer
	}
	return quote(s) + trailer
}

// more counts what is not shown, such as "3 more items".
func more(n int, what string) string {
	if n > 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " more " + what
}
