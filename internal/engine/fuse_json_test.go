package engine

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// writtenLiterals are calls of JSON.stringify of object literals of a and b, which are
// any values.
var writtenLiterals = []string{
	"JSON.stringify({ a })", "JSON.stringify({ a, b })", "JSON.stringify({ x: a, y: b, z: 1, n: null, t: true, s: 'text' })",
	"JSON.stringify({ a: a === b, b: a + b, l: a.length })", "JSON.stringify({ a, inner: { b, more: { a } }, c: 1 })", "JSON.stringify({ inner: { a }, b })",
	"JSON.stringify({ a, a: b })", "JSON.stringify({ b, 1: a })", "JSON.stringify({ toJSON: a, b })", "JSON.stringify({ __proto__: a, b })", "JSON.stringify({ a, ['b']: b })",
	"JSON.stringify({ 'b c': a, 'ä': b })", "JSON.stringify({ 'b\\n': a })", "JSON.stringify({ '': a, _: b })", "JSON.stringify({ a, get b() { return b } })", "JSON.stringify({ a, b() {} })",
	"JSON.stringify({ ...a, b })", "JSON.stringify({ a, inner: {} })", "JSON.stringify({})", "JSON.stringify({ a }, null, 2)", "JSON.stringify({ a }, ['b'])", "JSON.stringify({ a }).length + b",
	"JSON.stringify({ b, text: JSON.stringify({ a }), c: JSON.stringify({ b }) })", "[JSON.stringify({ a }), { b }, b]", "JSON.stringify([a, { b }])", "JSON.stringify(a, { b })", "JSON.stringify({ a } && b)", "JSON.stringify({ a }.a)",
	"JSON.stringify({ a: 1 }, { b })", "JSON?.stringify({ a, b })", "JSON['stringify']({ a, b })", "new JSON.stringify({ a })", "JSON.stringify`a`", "((JSON) => JSON.stringify({ a }))({ stringify: () => b })",
}

// installStringify makes JSON.stringify a function of Stringify, and returns how
// often the short way is gone.
func installStringify(vm *goja.Runtime) (times *int) {
	times = new(int)
	object := vm.Get("JSON").(*goja.Object)
	usual, _ := goja.AssertFunction(object.Get("stringify"))
	call := func(call goja.FunctionCall) goja.Value {
		v, err := usual(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	}
	stringify := Stringify(vm, call, func(text []byte, v goja.Value) ([]byte, bool) {
		*times++
		return appendAsUsual(text, v)
	})
	_ = object.DefineDataProperty("stringify", stringify, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return times
}

// appendAsUsual is an Append.
func appendAsUsual(text []byte, v goja.Value) (longer []byte, ok bool) {
	switch v.(type) {
	case *goja.Object, *goja.Symbol:
		return text, false
	}
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	switch export := v.Export().(type) {
	case string:
		_ = to.Encode(export)
		return append(text, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...), true
	case bool, int64, nil:
		return append(text, v.String()...), !goja.IsUndefined(v)
	case float64:
		if math.IsNaN(export) || math.IsInf(export, 0) {
			return append(text, "null"...), true
		}
		return append(text, v.String()...), true
	}
	return text, false
}

func TestLiteralsAreWrittenAsObjectsAre(t *testing.T) {
	for _, source := range writtenLiterals {
		for _, prepare := range []string{
			"", "Object.prototype.toJSON = function () { return Object.keys(this) };", "String.prototype.toJSON = Number.prototype.toJSON = () => 'patched';",
			"JSON.stringify = (...a) => 'own ' + a.length;", "Object.defineProperty(JSON, 'stringify', { get() { return () => 'got' } });",
			"globalThis.JSON = { stringify: JSON.stringify };", "delete JSON.stringify;", "Object.setPrototypeOf(JSON, JSON.stringify);", "Object.prototype.a = Object.prototype.b = 'inherited';",
			"Object.defineProperty(Object.prototype, 'a', { set() { throw new Error('set') } });", "var Json = JSON; delete globalThis.JSON;",
		} {
			compare(t, source, prepare, 31)
		}
	}
}

// The short way is gone where it can be, and only there.
func TestLiteralsAreWrittenWithoutTheObject(t *testing.T) {
	for source, want := range map[string]int{
		writtenLiterals[0]: 1, writtenLiterals[1]: 2, writtenLiterals[2]: 6, writtenLiterals[4]: 4, writtenLiterals[5]: 2,
		"JSON.stringify({ a, toJSON: b })": 2, "JSON.stringify({ a, a: b })": 0, "JSON.stringify({ 1: a })": 0, "JSON.stringify({ a }, null)": 0,
	} {
		vm := goja.New()
		times := installStringify(vm)
		program := goja.MustCompile("test.js", "(function (a, b) { return "+source+" })", false)
		Faster(program)
		v, err := vm.RunProgram(program)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := goja.AssertFunction(v)
		if _, err := f(goja.Undefined(), vm.ToValue(1), vm.ToValue("x")); err != nil || *times != want {
			t.Errorf("%s: %d values in the short way, want %d (%v)", source, *times, want, err)
		}
	}
}

func TestTextOf(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm := goja.New()
		for _, unit := range []string{"a", "ä", "\U0001F600"} {
			for n := range 150 {
				b := []byte(strings.Repeat(unit, n))
				want := vm.ToValue(string(b))
				v := TextOf(vm, b)
				kept := slices.Clone(b)
				clear(b)
				if v.String() != string(kept) || !v.StrictEquals(want) || v.(goja.String).Length() != want.(goja.String).Length() {
					t.Errorf("%d of %s: %s", n, unit, v)
				}
			}
		}
	})
}

// Values of all kinds are told apart.
func TestPrimitives(t *testing.T) {
	_, list, _ := vmFor(t, "")
	bothWays(t, func(t *testing.T) {
		for _, v := range list {
			if yes, ok := Bool(v); ok && (v.Export() != yes || !known.fits) {
				t.Errorf("%v is %v", v, yes)
			}
			if s, ok := Characters(v); ok && (v.Export() != s || !known.fits) {
				t.Errorf("%v is %v", v, s)
			}
		}
	})
}
