package engine

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// convert adds what makes strings of values, or asks for their types; false when
// it is something else.
func (r *reader) convert(name string, pc int) bool {
	switch name {
	case "_toString":
		if of, ok := r.top(1); ok {
			r.replace(1, &text{of[0]})
			return true
		}
	case "_typeof":
		if of, ok := r.top(1); ok {
			r.replace(1, &typeName{of[0]})
			return true
		}
	case "concatStrings":
		n := r.number(pc)
		if of, ok := r.top(n); ok && n > 0 && n <= maxJoined {
			r.replace(n, &joined{append([]node(nil), of...)})
			return true
		}
	}
	return false
}

// text is a value as a string, of strings and whole numbers.
type text struct{ of node }

func (t *text) value(m *machine) goja.Value {
	of := t.of.value(m)
	if of == nil {
		return nil
	}
	switch v := asValue(of); v.tab {
	case known.ascii:
		return of
	case known.integer:
		return ASCII(strconv.FormatInt(*(*int64)(v.data), 10))
	}
	return nil
}

// maxJoined bounds the strings of a template.
const maxJoined = 8

// joined is the strings of a template, one after another.
type joined struct{ of []node }

func (j *joined) value(m *machine) goja.Value {
	var parts [maxJoined]string
	for i, n := range j.of {
		v := n.value(m)
		if v == nil || asValue(v).tab != known.ascii {
			return nil
		}
		parts[i] = *(*string)(asValue(v).data)
	}
	return ASCII(strings.Join(parts[:len(j.of)], ""))
}

// typeName is typeof a value.
type typeName struct{ of node }

// What typeof says.
var (
	isString, isNumber, isBoolean = ASCII("string"), ASCII("number"), ASCII("boolean")
	isUndefined, isObject         = ASCII("undefined"), ASCII("object")
)

func (t *typeName) value(m *machine) goja.Value {
	of := t.of.value(m)
	if of == nil {
		return nil
	}
	switch v := asValue(of); v.tab {
	case known.ascii:
		return isString
	case known.integer, known.float:
		return isNumber
	case asValue(booleans[0]).tab:
		return isBoolean
	case asValue(goja.Undefined()).tab:
		return isUndefined
	case known.object:
		switch (*object)(v.data).self.tab {
		case known.plain, known.array, known.typedArray:
			return isObject
		}
	}
	return nil
}

// absence is a == null, which is so of undefined as well, or a != null.
type absence struct {
	of  node
	not bool
}

func (a *absence) value(m *machine) goja.Value { return truth(a.test(m)) }

func (a *absence) test(m *machine) (yes, ok bool) {
	of := a.of.value(m)
	if of == nil {
		return false, false
	}
	return (goja.IsNull(of) || goja.IsUndefined(of)) != a.not, true
}

// isNull tells whether an expression is null itself.
func isNull(n node) bool {
	c, ok := n.(*constant)
	return ok && goja.IsNull(c.v)
}
