package regexp

import (
	"bytes"
	"strconv"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop"
)

// lastNames are the beginnings of what a file says that asks for the last match.
var lastNames = []string{".$", ".last", ".left", ".right", ".input", "[\"", "['", "[`"}

// NamesLastMatch tells whether a file may ask RegExp for the last match, as by
// RegExp.$1.
func NamesLastMatch(source []byte) bool {
	for {
		_, after, found := bytes.Cut(source, []byte("RegExp"))
		if !found {
			return false
		}
		for _, name := range lastNames {
			if bytes.HasPrefix(after, []byte(name)) {
				return true
			}
		}
		source = after
	}
}

// groups is how many groups of the last match RegExp has names for.
const groups = 9

// lastMatch is what the properties of RegExp say of the last match.
type lastMatch struct {
	input      goja.String
	start, end int
	groups     [groups]goja.Value
	paren      goja.Value // the last group
}

// RememberMatches gives RegExp the properties $1 to $9, lastMatch, lastParen,
// leftContext, rightContext and input, and their short names. From then on every
// match goes through a method exec of ours and takes longer, which is why it is
// only called for scripts that ask for them. On the loop; not more than once.
func RememberMatches(vm *goja.Runtime) {
	class, ok := vm.Get("RegExp").(*goja.Object)
	if !ok {
		return // the script has put something else there
	}
	proto, ok := class.Get("prototype").(*goja.Object)
	if !ok {
		return
	}
	empty := engine.Text(vm, "").(goja.String)
	last := &lastMatch{input: empty}
	last.reset(empty)
	exec := engine.Original(proto, "exec")
	fn := eventloop.Function(vm, "exec", 1, func(call goja.FunctionCall) goja.Value {
		v, err := exec(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		if found, ok := v.(*goja.Object); ok {
			last.take(found, empty)
		}
		return v
	})
	_ = proto.DefineDataProperty("exec", fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = proto.DefineDataProperty("test", testByExec(vm), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	last.define(vm, class)
}

// testByExec makes the method test of ECMAScript, which calls exec. That of the
// engine does not.
func testByExec(vm *goja.Runtime) *goja.Object {
	return eventloop.Function(vm, "test", 1, func(call goja.FunctionCall) goja.Value {
		expression, ok := call.This.(*goja.Object)
		if !ok {
			panic(vm.NewTypeError("Method RegExp.prototype.test called on incompatible receiver %s", call.This))
		}
		exec, ok := goja.AssertFunction(expression.Get("exec"))
		if !ok {
			panic(vm.NewTypeError("exec is not a function"))
		}
		found, err := exec(expression, call.Argument(0).ToString())
		if err != nil {
			panic(err)
		}
		return vm.ToValue(!goja.IsNull(found))
	})
}

func (l *lastMatch) reset(empty goja.Value) {
	for i := range l.groups {
		l.groups[i] = empty
	}
	l.paren = empty
}

// take notes a match, given as exec returns it.
func (l *lastMatch) take(found *goja.Object, empty goja.Value) {
	input, ok := found.Get("input").(goja.String)
	whole, isText := found.Get("0").(goja.String)
	if !ok || !isText {
		return
	}
	l.input, l.start = input, int(found.Get("index").ToInteger())
	l.end = l.start + whole.Length()
	l.reset(empty)
	for i := 1; i < int(found.Get("length").ToInteger()); i++ {
		v := found.Get(strconv.Itoa(i))
		if goja.IsUndefined(v) {
			v = empty
		}
		if i <= groups {
			l.groups[i-1] = v
		}
		l.paren = v
	}
}

func (l *lastMatch) define(vm *goja.Runtime, class *goja.Object) {
	ignore := eventloop.Function(vm, "set", 1, func(goja.FunctionCall) goja.Value { return goja.Undefined() })
	property := func(get func() goja.Value, names ...string) {
		for _, name := range names {
			getter := eventloop.Function(vm, "get "+name, 0, func(goja.FunctionCall) goja.Value { return get() })
			_ = class.DefineAccessorProperty(name, getter, ignore, goja.FLAG_TRUE, goja.FLAG_FALSE)
		}
	}
	for i := range l.groups {
		property(func() goja.Value { return l.groups[i] }, "$"+strconv.Itoa(i+1))
	}
	property(func() goja.Value { return l.input.Substring(l.start, l.end) }, "lastMatch", "$&")
	property(func() goja.Value { return l.paren }, "lastParen", "$+")
	property(func() goja.Value { return l.input.Substring(0, l.start) }, "leftContext", "$`")
	property(func() goja.Value { return l.input.Substring(l.end, l.input.Length()) }, "rightContext", "$'")
	property(func() goja.Value { return l.input }, "input", "$_")
}
