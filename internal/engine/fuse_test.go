package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// values are of all kinds that make a difference.
const values = `
const throwing = { get length() { throw new Error('length') }, valueOf() { throw new Error('valueOf') } }
class Mine extends Array { get length() { return 'mine' } }
class MyMap extends Map { get() { return 'mine' } }
const frozen = Object.freeze({ a: 1, length: 2 })
const patched = new Map([['a', 1]]); patched.get = () => 'patched'
const values = [undefined, null, true, false, 0, -0, 1, 2, -1, 3, 255, 256, 1e3, 67108865, 2 ** 31, 2 ** 32 + 1, 2 ** 53, -(2 ** 53), 0.5, -1.5, 1e300, NaN, Infinity, -Infinity,
	10n, '', 'a', 'b', '1', '12', ' 12 ', '1.5', '.5', '5.', '1e3', '0x10', '-3', '00012.250', '1234567890123456', '123456789012345', '0.1234567890123', '1_0', 'abcabc', 'a/b//c/', '#', 'ä', 'a\u00e4b', '\ud83d\ude00', '  pad ', '\ufefft\u00a0', 'length', 'get', 'ABC',
	Symbol.iterator, [], [1, 'two', , 4], ['a', 'b'], Object.freeze([1]), Mine.from([1, 2]), { a: 1, b: 'x', length: 7 }, { 1: 'one' }, Object.create({ a: 'inherited' }), frozen, throwing,
	new Uint8Array([1, 2, 200]), new Uint16Array([5, 600]), new Uint8Array([9, 8, 7]).subarray(1), new Map([['a', 1], [1, 'one'], ['ä', 2], [0, 'zero'], [NaN, 'nan']]), new MyMap([['a', 1]]), patched, new Set(['a', 1]),
	() => 1, new String('boxed'), new Number(4), new Proxy([1, 2], {}), new Proxy({}, { get: (t, k) => String(k) }), Math, /a/, new Date(0), importedASCII, importedOther,
]
`

// expressions have a and b of these.
var expressions = []string{
	"a === b", "a !== b", "a < b", "a <= b", "a > b", "a >= b", "a + b", "a - b", "a * b", "a / b", "a % b", "a & b", "a | b", "!a", "!(a === b)",
	"a[b]", "a.length", "a.a", "a.b", "a?.length", "a && b", "a || b", "a ?? b", "a === b ? a : b", "a ? 1 : 2", "typeof a", "-a", "+a", "a == b", "a[0]", "b[1]",
	"a.slice(b)", "a.slice(1, b)", "a.slice(b, 2)", "a.slice(0, -1)", "a.slice()", "a.substring(b)", "a.substring(b, 1)", "a.substring(2, b)",
	"a.indexOf(b)", "a.indexOf('b', b)", "a.lastIndexOf(b)", "a.startsWith(b)", "a.endsWith(b)", "a.includes(b)", "a.split(b)", "a.split('/')", "a.split('')", "a.split('a', 1)",
	"a.startsWith('a')", "a.slice(1).length", "a.charCodeAt(b)", "a.charAt(b)", "a.charAt()", "a.trim()", "a.toLowerCase()", "a.toUpperCase()", "a.slice(0, a.indexOf(b))",
	"a.get(b)", "a.has(b)", "a.get('a')", "a.get(1)", "a.get(-0)", "Number(a)", "String(a)", "Number(a) + 1", "Number()", "Math.floor(a)", "Math.ceil(a)", "Math.trunc(a)", "Math.abs(a)",
	"Number(a.slice(0, a.indexOf(b)))", "a.missing(b)", "missing(a)", "a.get()", "a.length + b.length", "a[a.length - 1]", "undefined === a", "a.slice.call(b, 1)",
	"(() => { let i = a; i++; return i })()", "(() => { let i = a; return i++ })()", "(() => { let i = a; --i; return i })()", "(() => { let i = a; const f = () => i++; f(); return f() })()",
	"(() => { a.x = b; return a.x })()", "(() => { const o = { x: a }; o.x = b; o.x++; return o.x })()", "(() => { 'use strict'; a.a = b; return a.a })()",
	"(() => { const o = Object.defineProperty({}, 'x', { get() { return 'got' }, set(v) { this.y = v } }); o.x = a; return [o.x, o.y] })()",
	"(() => { const o = Object.freeze({ x: a }); o.x = b; return o.x })()",
	"(() => { let n = 0; for (let i = 0; i < 3 && i < a.length; i++) { if (a[i] === b) continue; n = n + i } return n })()",
	"(() => { let s = ''; for (const x of a) { if (x === b) break; s = s + x } return s })()",
	"(() => { if (a === b) { return x } let x = 1; return x })()", "(() => { y = a; let y; return y })()", "(() => { const f = () => z === a; if (b) return f(); let z = a; return f() })()",
	"(() => { with ({ Number: () => 'with', length: 3 }) { return [Number(a), length] } })()", "(() => { const Number = () => 'own'; return Number(a) })()",
	"(() => { eval('var Number = () => 5'); return Number(a) })()", "(() => { try { return a.length.length.length } catch (e) { return [e.name, e.message, e.stack] } })()",
	"(function () { arguments[0] = b; return a === b })(a)", "(function (c) { c = b; return [arguments[0], c === b, c.length] })(a)", "(function (c, d) { return d === undefined ? c : d })(a)",
	"[...(function* () { const c = a === b; yield c; yield a.length; let i = 0; while (i < 2) yield i++ })()]", "((c = a, { d } = { d: b }) => c === d ? c : d)()",
	"new (class { #p = a; constructor() { this.q = b } same() { return this.#p === this.q } get r() { return this.q } set r(v) { this.q = v } both() { this.r = a; return this.q === a && this.same() } })().both()",
	"(() => { switch (a) { case b: return 1; case 'a': return 2; default: return 3 } })()", "`${a}` + `${b}`", "(() => { label: for (let i = 0; i < 2; i++) { for (;;) { if (i === a) break label; continue label } } return 'out' })()",
}

// vmFor returns a VM with the values, and calls of it.
func vmFor(t testing.TB, prepare string) (vm *goja.Runtime, list []goja.Value, show goja.Callable) {
	t.Helper()
	vm = goja.New()
	installStringify(vm)
	_ = vm.Set("importedASCII", vm.ToValue("a long string that the engine has not looked at"))
	_ = vm.Set("importedOther", vm.ToValue("a long string with an ä that the engine has not looked at"))
	v, err := vm.RunString(values + prepare + `;[values, (v) => {
		const show = (v) => typeof v === 'string' ? JSON.stringify(v) : Object.is(v, -0) ? '-0' : Array.isArray(v) ? '[' + Array.from(v, show) + ']' : typeof v === 'object' && v ? 'object' : typeof v === 'bigint' ? v + 'n' : typeof v + String(v)
		return show(v)
	}]`)
	if err != nil {
		t.Fatal(err)
	}
	pair := v.(*goja.Object)
	list, _ = Elements(pair.Get("0").(*goja.Object))
	show, _ = goja.AssertFunction(pair.Get("1"))
	return vm, list, show
}

// results calls a function with one pair in some.
func results(t *testing.T, source, prepare string, fused bool, step int) (texts []string) {
	t.Helper()
	vm, list, show := vmFor(t, prepare)
	program, err := goja.Compile("test.js", "(function (a, b) { return "+source+" })", false)
	if err != nil {
		t.Fatal(source, err)
	}
	if fused {
		Faster(program)
	}
	v, err := vm.RunProgram(program)
	if err != nil {
		t.Fatal(source, err)
	}
	f, _ := goja.AssertFunction(v)
	for i, a := range list {
		for j := i % step; j < len(list); j += step {
			texts = append(texts, result(f, show, a, list[j]))
		}
	}
	return texts
}

func result(f, show goja.Callable, a, b goja.Value) string {
	v, err := f(goja.Undefined(), a, b)
	if err == nil {
		v, err = show(goja.Undefined(), v)
	}
	if err != nil {
		return err.Error()
	}
	return v.String()
}

func TestFusedProgramsDoTheSame(t *testing.T) {
	const patched = `
		String.prototype.slice = function (...a) { return 'patched ' + a }; delete String.prototype.indexOf
		Map.prototype.get = Map.prototype.has; Object.defineProperty(String.prototype, 'trim', { get() { return () => 'got' } })
		Math.floor = Math.ceil; Number = (v) => 'own'; Object.prototype.a = 'everywhere'`
	for _, source := range expressions {
		compare(t, source, "", 7)
		if strings.Contains(source, "(a") || strings.Contains(source, "a.") {
			compare(t, source, patched, 29)
		}
	}
}

// compare tells of the first pair with which a fused program does not do the same.
func compare(t *testing.T, source, prepare string, step int) {
	t.Helper()
	want, have := results(t, source, prepare, false, step), results(t, source, prepare, true, step)
	for i := range want {
		if want[i] != have[i] {
			t.Errorf("%s, pair %d: %s, want %s", source, i, have[i], want[i])
			return
		}
	}
}

// Programs that are fused have instructions that are; so the test above tests
// something.
func TestFuse(t *testing.T) {
	for _, f := range slices.Concat(stringMethods, collectionMethods, mathMethods, globalFunctions) {
		if f.code == 0 {
			t.Errorf("%s.%s is not found", f.of, f.name)
		}
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "bench", "cases", "*.js"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		program := goja.MustCompile(path, "(function (module) {"+string(source)+"})", false)
		Faster(program)
		if n := instructions(reflect.ValueOf(program), reflect.TypeFor[*block]()); n < 3 {
			t.Errorf("%s: %d instructions are fused", path, n)
		}
	}
}

// instructions counts those of a kind in a program.
func instructions(program reflect.Value, kind reflect.Type) (n int) {
	code := program.Elem().FieldByName("code")
	for i := range code.Len() {
		c := code.Index(i).Elem()
		switch {
		case c.Type() == kind:
			n++
		case c.Kind() == reflect.Pointer:
			n += inside(c.Elem(), kind)
		}
	}
	return n
}

func inside(v reflect.Value, kind reflect.Type) (n int) {
	if v.Kind() != reflect.Struct {
		return 0
	}
	for i := range v.NumField() {
		if f := v.Field(i); f.Type() == reflect.TypeFor[*goja.Program]() && !f.IsNil() {
			n += instructions(f, kind)
		} else if f.Kind() == reflect.Struct {
			n += inside(f, kind)
		}
	}
	return n
}

// Loops that do nothing but what is fused can be interrupted.
func TestFusedLoopsEnd(t *testing.T) {
	for _, source := range []string{"for (;;) n = n + 1", "while (true) { n++ }", "do { n++ } while (n > 0)", "for (;;) {}", "while (n === n) {}", "for (;;) { if (n === 0) continue; n = 0 }"} {
		program := goja.MustCompile("", "(function () { let n = 0; "+source+" })", false)
		Faster(program)
		vm := goja.New()
		v, err := vm.RunProgram(program)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := goja.AssertFunction(v)
		timer := time.AfterFunc(10*time.Millisecond, func() { vm.Interrupt("enough") })
		if _, err = f(goja.Undefined()); err == nil || !strings.Contains(err.Error(), "enough") {
			t.Errorf("%s: %v", source, err)
		}
		timer.Stop()
	}
}

func BenchmarkFused(b *testing.B) {
	for _, c := range [][2]string{
		{"loop", "(function () { const list = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]; let n = 0; for (let i = 0; i < list.length; i++) { if (list[i] > 3) n += list[i] } return n })"},
		{"text", "(function () { const text = '00012.25;volts'; return Number(text.slice(0, text.indexOf(';'))) })"},
		{"properties", "(function () { const o = { a: 1, b: 2 }; for (let i = 0; i < 10; i++) { o.a++; if (o.a < o.b) o.b = i } return o })"},
	} {
		for _, way := range []string{"fused", "usual"} {
			b.Run(fmt.Sprint(c[0], "/", way), func(b *testing.B) {
				program := goja.MustCompile("", c[1], false)
				if way == "fused" {
					Faster(program)
				}
				v, err := goja.New().RunProgram(program)
				if err != nil {
					b.Fatal(err)
				}
				f, _ := goja.AssertFunction(v)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := f(goja.Undefined()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
