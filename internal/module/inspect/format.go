package inspect

import (
	"math"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// Format joins arguments as console.log does: a first argument that is a
// string may have placeholders for those after it.
func (in *Inspector) Format(args []goja.Value) string {
	if len(args) == 0 {
		return ""
	}
	var b strings.Builder
	var rest []goja.Value
	if first, ok := args[0].(goja.String); ok {
		if len(args) == 1 {
			return first.String()
		}
		used := in.fill(&b, first.String(), args[1:])
		rest = args[1+used:]
	} else {
		b.WriteString(in.Inspect(args[0]))
		rest = args[1:]
	}
	for _, v := range rest {
		b.WriteByte(' ')
		if s, ok := v.(goja.String); ok {
			b.WriteString(s.String())
		} else {
			b.WriteString(in.Inspect(v))
		}
	}
	return b.String()
}

// FormatWith is Format with options for the values that it shows.
func (in *Inspector) FormatWith(o Options, args []goja.Value) string {
	with := *in
	with.usual = o
	return with.Format(args)
}

// fill writes the format with its placeholders replaced and returns how many
// arguments that took.
func (in *Inspector) fill(b *strings.Builder, format string, args []goja.Value) (used int) {
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 || i+1 >= len(format) {
			b.WriteString(format)
			return used
		}
		b.WriteString(format[:i])
		c := format[i+1]
		switch {
		case c == '%':
			b.WriteByte('%')
		case strings.IndexByte("sdifjoOc", c) < 0:
			b.WriteByte('%')
			format = format[i+1:]
			continue
		case used == len(args):
			b.WriteByte('%')
			b.WriteByte(c)
		default:
			b.WriteString(in.placeholder(c, args[used]))
			used++
		}
		format = format[i+2:]
	}
}

func (in *Inspector) placeholder(c byte, v goja.Value) string {
	switch c {
	case 's':
		return in.asText(v)
	case 'd', 'i', 'f':
		return in.asNumber(c, v)
	case 'j':
		return in.asJSON(v)
	case 'o':
		o := Defaults()
		o.ShowHidden, o.Depth = true, 4
		return in.InspectWith(v, o)
	case 'O':
		return in.Inspect(v)
	}
	return "" // %c: a style, which is not shown
}

func (in *Inspector) asText(v goja.Value) string {
	obj, ok := v.(*goja.Object)
	if !ok {
		if s, isString := v.(goja.String); isString {
			return s.String()
		}
		return (&printer{Inspector: in, Options: Defaults()}).primitive(v)
	}
	if in.ownToString(obj) {
		return obj.String()
	}
	o := Defaults()
	o.Depth = 0
	return in.InspectWith(v, o)
}

// ownToString tells whether a class of the script, or the object itself, says
// how it is written.
func (in *Inspector) ownToString(obj *goja.Object) bool {
	if _, isFunction := goja.AssertFunction(obj); isFunction {
		return true
	}
	fn, ok := obj.Get("toString").(*goja.Object)
	if !ok {
		return false
	}
	source, err := in.source(fn)
	return err == nil && !strings.Contains(source.String(), "[native code]")
}

func (in *Inspector) asNumber(c byte, v goja.Value) string {
	if goja.IsBigInt(v) {
		return v.String() + "n"
	}
	if _, isSymbol := v.(*goja.Symbol); isSymbol {
		return "NaN"
	}
	if c == 'd' {
		if obj, isObject := v.(*goja.Object); isObject {
			return Number(in.vm.ToValue(obj.ToFloat()))
		}
		return Number(in.vm.ToValue(v.ToFloat()))
	}
	text := strings.TrimSpace(v.String())
	if c == 'i' {
		return integerPrefix(text)
	}
	return Number(in.vm.ToValue(floatPrefix(text)))
}

// integerPrefix reads a number as parseInt does.
func integerPrefix(text string) string {
	n := 0
	if n < len(text) && (text[n] == '-' || text[n] == '+') {
		n++
	}
	start := n
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	if n == start {
		return "NaN"
	}
	f, _ := strconv.ParseFloat(text[:n], 64)
	if f == 0 && text[0] == '-' {
		return "-0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// floatPrefix reads a number as parseFloat does.
func floatPrefix(text string) float64 {
	for n := len(text); n > 0; n-- {
		if strings.ContainsAny(text[:n], "xX_pPnN") && !strings.HasPrefix(strings.TrimLeft(text[:n], "+-"), "Infinity") {
			continue
		}
		if f, err := strconv.ParseFloat(text[:n], 64); err == nil {
			return f
		}
	}
	return math.NaN()
}

func (in *Inspector) asJSON(v goja.Value) string {
	text, err := in.stringify(goja.Undefined(), v)
	if err == nil {
		return text.String()
	}
	if strings.Contains(err.Error(), "circular") {
		return "[Circular]"
	}
	panic(err)
}
