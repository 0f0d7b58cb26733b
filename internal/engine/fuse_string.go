package engine

import (
	"math"
	"slices"
	"strings"
	"unsafe"

	"github.com/dop251/goja"
)

// ofString returns String.prototype for a string of ASCII.
func ofString(m *machine, this goja.Value) *base {
	if asValue(this).tab != known.ascii {
		return nil
	}
	prototype := *(**goja.Object)(unsafe.Add(unsafe.Pointer(m.r), known.stringPrototype))
	if prototype == nil || head(prototype).self.tab != known.templated {
		return nil
	}
	return (*base)(head(prototype).self.data)
}

// onString makes the method of a string of ASCII.
func onString(name string, room int, run func(m *machine, s string, this, a, b goja.Value) goja.Value) *native {
	return &native{of: "String", name: name, room: room, holder: ofString, run: func(m *machine, this, a, b goja.Value) goja.Value {
		return run(m, *(*string)(asValue(this).data), this, a, b)
	}}
}

// found makes the method that looks for another string of ASCII.
func found(name string, look func(m *machine, s, other string) goja.Value) *native {
	return onString(name, 1, func(m *machine, s string, _, a, _ goja.Value) goja.Value {
		if a == nil || asValue(a).tab != known.ascii {
			return nil
		}
		return look(m, s, *(*string)(asValue(a).data))
	})
}

// white is what trim takes away, of ASCII.
const white = " \t\n\v\f\r"

var stringMethods = []*native{
	onString("slice", 2, func(_ *machine, s string, this, a, b goja.Value) goja.Value {
		from, to, ok := bounds(s, a, b)
		if !ok {
			return nil
		}
		return cut(s, this, fromEnd(from, len(s)), fromEnd(to, len(s)))
	}),
	onString("substring", 2, func(_ *machine, s string, this, a, b goja.Value) goja.Value {
		from, to, ok := bounds(s, a, b)
		if !ok {
			return nil
		}
		from, to = within(from, len(s)), within(to, len(s))
		return cut(s, this, min(from, to), max(from, to))
	}),
	onString("indexOf", 2, func(m *machine, s string, _, a, b goja.Value) goja.Value {
		if a == nil || asValue(a).tab != known.ascii {
			return nil
		}
		from, ok := whole32(b, 0)
		if !ok {
			return nil
		}
		from = within(from, len(s))
		at := strings.Index(s[from:], *(*string)(asValue(a).data))
		if at >= 0 {
			at += from
		}
		return Int(m.r, int64(at))
	}),
	found("lastIndexOf", func(m *machine, s, other string) goja.Value { return Int(m.r, int64(strings.LastIndex(s, other))) }),
	found("startsWith", func(_ *machine, s, other string) goja.Value { return truth(strings.HasPrefix(s, other), true) }),
	found("endsWith", func(_ *machine, s, other string) goja.Value { return truth(strings.HasSuffix(s, other), true) }),
	found("includes", func(_ *machine, s, other string) goja.Value { return truth(strings.Contains(s, other), true) }),
	found("split", split),
	onString("charCodeAt", 1, func(_ *machine, s string, _, a, _ goja.Value) goja.Value {
		if at, ok := whole32(a, 0); ok && at >= 0 && at < len(s) {
			return ints[s[at]]
		}
		return nil
	}),
	onString("charAt", 1, func(_ *machine, s string, _, a, _ goja.Value) goja.Value {
		if at, ok := whole32(a, 0); ok && at >= 0 && at < len(s) {
			return characters[s[at]]
		}
		return nil
	}),
	onString("trim", 0, func(_ *machine, s string, this, _, _ goja.Value) goja.Value {
		return changed(s, this, strings.Trim(s, white))
	}),
	onString("toLowerCase", 0, func(_ *machine, s string, this, _, _ goja.Value) goja.Value {
		return changed(s, this, strings.ToLower(s))
	}),
	onString("toUpperCase", 0, func(_ *machine, s string, this, _, _ goja.Value) goja.Value {
		return changed(s, this, strings.ToUpper(s))
	}),
}

// characters are the strings of one character of ASCII, and nothing is the one
// of none.
var (
	characters [128]goja.Value
	nothing    goja.Value
	booleans   [2]goja.Value
)

func init() {
	vm := goja.New()
	booleans = [2]goja.Value{vm.ToValue(false), vm.ToValue(true)}
	nothing = ASCII("")
	for i := range characters {
		characters[i] = ASCII(string(rune(i)))
	}
}

// whole32 returns a whole number that is not large; usual when there is none or
// it is undefined.
func whole32(v goja.Value, usual int) (n int, ok bool) {
	if v == nil || goja.IsUndefined(v) {
		return usual, true
	}
	if asValue(v).tab != known.integer {
		return 0, false
	}
	i := *(*int64)(asValue(v).data)
	return int(i), i >= math.MinInt32 && i <= math.MaxInt32
}

func bounds(s string, a, b goja.Value) (from, to int, ok bool) {
	from, ok = whole32(a, 0)
	if !ok {
		return 0, 0, false
	}
	to, ok = whole32(b, len(s))
	return from, to, ok
}

// fromEnd is a position of slice.
func fromEnd(n, length int) int {
	if n < 0 {
		n += length
	}
	return within(n, length)
}

func within(n, length int) int { return min(max(n, 0), length) }

// cut returns a part of a string.
func cut(s string, this goja.Value, from, to int) goja.Value {
	switch {
	case from >= to:
		return nothing
	case to-from == 1:
		return characters[s[from]]
	}
	return changed(s, this, s[from:to])
}

// changed returns what became of a string.
func changed(s string, this goja.Value, to string) goja.Value {
	if len(s) == len(to) && s == to {
		return this
	}
	return ASCII(to)
}

// split is the split of a string at another one, with no limit.
func split(m *machine, s, at string) goja.Value {
	if at == "" {
		return nil
	}
	parts := make([]string, 0, strings.Count(s, at)+1)
	for {
		before, after, more := strings.Cut(s, at)
		parts = append(parts, before)
		if !more {
			break
		}
		s = after
	}
	values := make([]goja.Value, len(parts))
	for i := range parts {
		*(*iface)(unsafe.Pointer(&values[i])) = iface{known.ascii, unsafe.Pointer(&parts[i])}
	}
	list := m.r.NewArray()
	if head(list).self.tab != known.array {
		return nil
	}
	a := (*array)(head(list).self.data)
	a.values, a.length, a.objCount = slices.Clip(values), uint32(len(values)), len(values) //nolint:gosec // a string is not that long
	return list
}
