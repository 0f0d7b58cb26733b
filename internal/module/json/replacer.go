package json

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// replaceBy reads the argument replacer: a function, or a list of names.
func (w *writer) replaceBy(v goja.Value) {
	obj, ok := v.(*goja.Object)
	if !ok {
		return
	}
	w.ran++
	if w.replacer, ok = goja.AssertFunction(obj); ok {
		return
	}
	w.replacer = nil
	if !must(w.isArray(goja.Undefined(), obj)).ToBoolean() {
		return
	}
	w.listed = true
	for i := range w.length(obj) {
		item, ok := w.nameIn(w.element(obj, i))
		if ok && !slices.Contains(w.list, item) {
			w.list = append(w.list, item)
		}
	}
}

// nameIn returns the name that an item of such a list stands for.
func (w *writer) nameIn(v goja.Value) (name unistring.String, ok bool) {
	if obj, isObject := v.(*goja.Object); isObject {
		if class := obj.ClassName(); class != "Number" && class != "String" {
			return "", false
		}
	} else if v == nil || !goja.IsString(v) && (!goja.IsNumber(v) || goja.IsBigInt(v)) {
		return "", false
	}
	w.ran++
	return nameOf(text(w.vm, v)), true
}

// maxGap is how wide an indentation is at most.
const maxGap = 10

// indentBy reads the argument space: a number of spaces, or a text.
func (w *writer) indentBy(v goja.Value) {
	if obj, ok := v.(*goja.Object); ok {
		w.ran++
		switch obj.ClassName() {
		case "Number":
			v = obj.ToNumber()
		case "String":
			v = text(w.vm, obj)
		}
	}
	switch s, isString := v.(goja.String); {
	case isString:
		first := s.Substring(0, min(s.Length(), maxGap))
		w.gap = first.String()
		if strings.ContainsRune(w.gap, utf8.RuneError) {
			w.gap, w.lone = gapMark, unitsOf(first)
		}
	case v.ExportType() == intType || v.ExportType() == floatType:
		if f := v.ToFloat(); f >= 1 {
			w.gap = strings.Repeat(" ", int(math.Min(f, maxGap)))
		}
	}
}

// gapMark stands for an indentation that has half a surrogate pair. No other
// text that is written has this character.
const gapMark = "\x01"

// indented returns the text with such an indentation in its places.
func (w *writer) indented() goja.Value {
	var units []uint16
	for _, unit := range utf16.Encode([]rune(string(w.out))) {
		if unit == uint16(gapMark[0]) {
			units = append(units, w.lone...)
			continue
		}
		units = append(units, unit)
	}
	return goja.StringFromUTF16(units)
}

// How many objects of a circle a message names: behind the first, and at the
// end.
const (
	circleBegin = 2
	circleEnd   = 1
)

// circle says in V8's words by which way an object holds itself.
func circle(way []step, last key) string {
	var b strings.Builder
	b.WriteString("Converting circular structure to JSON\n    --> starting at object with constructor '" + constructorOf(way[0].object) + "'")
	rest := way[1:]
	for i, s := range rest {
		if i >= circleBegin && i < len(rest)-circleEnd {
			if i == circleBegin {
				b.WriteString("\n    |     ...")
			}
			continue
		}
		fmt.Fprintf(&b, "\n    |     %s -> object with constructor '%s'", s.key, constructorOf(s.object))
	}
	return b.String() + "\n    --- " + last.String() + " closes the circle"
}

// String is the key in a message.
func (k key) String() string {
	switch {
	case k.element:
		return "index " + strconv.Itoa(k.index)
	case k.name == "":
		return "<anonymous>"
	}
	return "property '" + k.name.String() + "'"
}

// constructorOf returns the name of an object's kind.
func constructorOf(o *goja.Object) string {
	if tag := o.GetSymbol(goja.SymToStringTag); tag != nil && goja.IsString(tag) {
		return tag.String()
	}
	if constructor, ok := o.Get("constructor").(*goja.Object); ok {
		if _, isFunction := goja.AssertFunction(constructor); isFunction {
			if name := constructor.Get("name"); name != nil && goja.IsString(name) && name.String() != "" {
				return name.String()
			}
		}
	}
	return "Object"
}
