// Package regexp gives scripts regular expressions with Unicode properties, such
// as /\p{L}/u, which the engine takes for the letter p. The constructor RegExp
// writes the code points of a property out before the engine compiles the
// pattern; what a script sees of the expression is as it wrote it.
//
// # Concurrency
//
// Install touches a VM and is called on its goroutine. Check and NeedsRewriting
// may be called on any. The tables are shared by all VMs and do not change once
// they are read.
package regexp

import (
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// maxKept bounds, in bytes of their patterns, the compiled expressions with
// properties that a VM keeps. Beyond it they are forgotten, and compiled again
// when they are used again.
const maxKept = 1 << 20

// Install replaces RegExp when a script first names it. It comes before
// everything that takes the constructor for itself. On the loop.
func Install(loop *eventloop.Loop) {
	loop.Globals().Replace("RegExp", func(original *goja.Object) *goja.Object {
		c := &constructor{vm: loop.VM(), kept: make(map[written]*goja.Object)}
		return c.replace(original)
	})
}

// written is a regular expression as a script wrote it.
type written struct{ pattern, flags string }

type constructor struct {
	vm        *goja.Runtime
	made      *goja.Object // what scripts know as RegExp
	construct func(newTarget *goja.Object, args ...goja.Value) (*goja.Object, error)
	kept      map[written]*goja.Object // compiled ones with properties, which no script has in hand
	size      int                      // of their patterns
}

// shell is the constructor that scripts see. It is JavaScript, because the
// engine tells no function of Go whether it was called with new.
var shell = goja.MustCompile("mqscript:regexp", `(make) => function RegExp(pattern, flags) { return make(this, new.target, pattern, flags) }`, true)

// constructing tells whether a function was called with new: then this is an
// object that was made for it. The engine leaves new.target as it is when a
// constructor calls a function, so that alone does not say.
func constructing(this, target goja.Value) (*goja.Object, bool) {
	made, ok := this.(*goja.Object)
	of, isObject := target.(*goja.Object)
	return of, ok && isObject && made.Prototype() != nil && made.Prototype().SameAs(of.Get("prototype"))
}

func (c *constructor) replace(original *goja.Object) *goja.Object {
	c.construct, _ = goja.AssertConstructor(original)
	v, err := c.vm.RunProgram(shell)
	if err != nil {
		panic(err)
	}
	wrap, _ := goja.AssertFunction(v)
	v, err = wrap(goja.Undefined(), c.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		return c.call(call.Argument(0), call.Argument(1), call.Argument(2), call.Argument(3))
	}))
	if err != nil {
		panic(err)
	}
	c.made = v.(*goja.Object)
	proto, _ := original.Get("prototype").(*goja.Object)
	_ = proto.DefineDataProperty("constructor", c.made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	c.replaceCompile(proto)
	for _, name := range []string{"hasIndices", "unicodeSets"} {
		get := eventloop.Function(c.vm, "get "+name, 0, func(call goja.FunctionCall) goja.Value {
			if proto.SameAs(call.This) {
				return goja.Undefined()
			}
			return c.vm.ToValue(false)
		})
		_ = proto.DefineAccessorProperty(name, get, nil, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	_ = c.made.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	get := eventloop.Function(c.vm, "get [Symbol.species]", 0, func(call goja.FunctionCall) goja.Value { return call.This })
	_ = c.made.DefineAccessorPropertySymbol(goja.SymSpecies, get, nil, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return c.made
}

// replaceCompile replaces the method compile, which is given what the
// constructor makes of a pattern.
func (c *constructor) replaceCompile(proto *goja.Object) {
	original, _ := goja.AssertFunction(proto.Get("compile"))
	fn := eventloop.Function(c.vm, "compile", 2, func(call goja.FunctionCall) goja.Value {
		pattern, flags := call.Argument(0), call.Argument(1)
		if obj, ok := pattern.(*goja.Object); !ok || obj.ClassName() != "RegExp" {
			pattern, flags = c.make(c.made, pattern, flags), goja.Undefined()
		}
		v, err := original(call.This, pattern, flags)
		if err != nil {
			panic(err)
		}
		return v
	})
	_ = proto.DefineDataProperty("compile", fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// call is RegExp(pattern, flags), with new or without.
func (c *constructor) call(this, target, pattern, flags goja.Value) goja.Value {
	if target, ok := constructing(this, target); ok {
		return c.make(target, pattern, flags)
	}
	if obj, ok := pattern.(*goja.Object); ok && goja.IsUndefined(flags) && isRegExp(obj) && c.made.SameAs(obj.Get("constructor")) {
		return obj
	}
	return c.make(c.made, pattern, flags)
}

// make is new RegExp(pattern, flags).
func (c *constructor) make(target *goja.Object, pattern, flags goja.Value) *goja.Object {
	if obj, ok := pattern.(*goja.Object); ok {
		real := obj.ClassName() == "RegExp"
		if real && goja.IsUndefined(flags) {
			made := c.copy(target, obj)
			if sets := obj.Get("unicodeSets"); sets != nil && sets.ToBoolean() {
				c.showSets(made, obj.Get("flags").String())
			}
			return made
		}
		if real || isRegExp(obj) {
			pattern = obj.Get("source")
			if goja.IsUndefined(flags) {
				flags = obj.Get("flags")
			}
		}
	}
	source, isText := text(pattern)
	letters, areText := text(flags)
	if !isText || !areText { // null, a number: nothing is in it; or a Symbol, which is refused
		made, err := c.construct(target, pattern, flags)
		if err != nil {
			panic(err)
		}
		return made
	}
	return c.fromText(target, source, letters)
}

// isRegExp tells whether an object says of itself that it is one.
func isRegExp(obj *goja.Object) bool {
	if is := obj.GetSymbol(goja.SymMatch); is != nil && !goja.IsUndefined(is) {
		return is.ToBoolean()
	}
	return obj.ClassName() == "RegExp"
}

// text is the string of an argument that is a string, an object or undefined,
// which stands for the empty one.
func text(v goja.Value) (s goja.String, ok bool) {
	if v == nil || goja.IsUndefined(v) {
		v = engine.ASCII("")
	}
	s, ok = v.ToString().(goja.String)
	return s, ok
}

func (c *constructor) fromText(target *goja.Object, pattern, flags goja.String) *goja.Object {
	given := written{pattern.String(), flags.String()}
	if err := checkFlags(given.flags); err != "" {
		panic(nodeerr.New(c.vm, "SyntaxError", "", err))
	}
	if !NeedsRewriting(given.pattern, given.flags) {
		return c.compile(target, c.escaped(pattern, given.pattern), flags, given)
	}
	given.pattern = wellFormed(pattern)
	kept := c.kept[given]
	if kept == nil {
		rewritten, err := rewrite(given.pattern, given.flags)
		if err != nil {
			panic(nodeerr.New(c.vm, "SyntaxError", "", err.Error()))
		}
		understood := engine.Text(c.vm, strings.Replace(given.flags, "v", "u", 1))
		kept = c.compile(nil, engine.Text(c.vm, rewritten), understood, given)
		engine.SetRegExpSource(kept, c.escaped(pattern, given.pattern))
		c.keep(given, kept, len(rewritten))
	}
	made := c.copy(target, kept)
	if strings.Contains(given.flags, "v") {
		c.showSets(made, given.flags)
	}
	return made
}

// showSets has an expression show the flag v in place of u.
func (c *constructor) showSets(expression *goja.Object, flags string) {
	letters := []byte(flags)
	slices.Sort(letters)
	for name, v := range map[string]goja.Value{
		"flags": engine.ASCII(string(letters)), "unicodeSets": c.vm.ToValue(true), "unicode": c.vm.ToValue(false),
	} {
		_ = expression.DefineDataProperty(name, v, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}

func (c *constructor) keep(given written, expression *goja.Object, size int) {
	if c.size += size; c.size > maxKept {
		clear(c.kept)
		c.size = size
	}
	if size <= maxKept {
		c.kept[given] = expression
	}
}

// copy makes another of a regular expression, which need not be compiled again.
func (c *constructor) copy(target, of *goja.Object) *goja.Object {
	made, err := c.construct(nil, of)
	if err != nil {
		panic(err)
	}
	// The engine gives it the prototype of the one that is copied.
	if proto, ok := target.Get("prototype").(*goja.Object); ok && !proto.SameAs(made.Prototype()) {
		_ = made.SetPrototype(proto)
	}
	if !engine.Fits() {
		if source, ok := text(of.Get("source")); ok {
			engine.SetRegExpSource(made, source)
		}
	}
	return made
}

// compile lets the engine make one, and puts its errors into Node's words.
func (c *constructor) compile(target *goja.Object, pattern, flags goja.Value, given written) *goja.Object {
	made, err := c.construct(target, pattern, flags)
	if err != nil {
		panic(c.inNodesWords(err, given))
	}
	return made
}

// escaped is a pattern whose slashes are escaped as source shows them. The
// engine would show their numbers.
func (c *constructor) escaped(v goja.String, pattern string) goja.String {
	if !strings.Contains(pattern, "/") {
		return v
	}
	var b strings.Builder
	inClass := false
	s := wellFormed(v)
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			b.WriteByte('\\')
			if i++; i == len(s) {
				return v
			}
		case '[':
			inClass = true
		case ']':
			inClass = false
		case '/':
			if !inClass {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(s[i])
	}
	result, _ := text(engine.Text(c.vm, b.String()))
	return result
}

// wellFormed is a pattern with halves of surrogate pairs as escapes.
func wellFormed(s goja.String) string {
	var b strings.Builder
	for i := 0; i < s.Length(); i++ {
		unit := rune(s.CharAt(i))
		if !utf16.IsSurrogate(unit) {
			b.WriteRune(unit)
			continue
		}
		if i+1 < s.Length() {
			if whole := utf16.DecodeRune(unit, rune(s.CharAt(i+1))); whole != '\ufffd' {
				b.WriteRune(whole)
				i++
				continue
			}
		}
		writeEscape(&b, int(unit))
	}
	return b.String()
}
