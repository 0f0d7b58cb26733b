package engine

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// procedures are functions that only compute; the calls have a and b.
var procedures = []struct{ function, call string }{
	{"(x, y) => x === y", "f(a, b)"},
	{"(x, y) => { let n = 0; for (let i = 0; i < x.length; i++) { if (x[i] === y) continue; n = n + i } return n }", "f(a, b)"},
	{"(x, y) => { let s = ''; let i = 0; while (i < 3) { s = s + x + y; i++ } return s }", "f(a, b)"},
	{"(x, y) => { for (let i = 0; i < 5; i++) { const v = x[i]; if (v === undefined) return y; if (v > y) return v } }", "f(a, b)"},
	{"(x, y) => x > y ? x : y", "f(a, b)"},
	{"(x, y) => (x > y ? x : y) + (x < y ? 1 : 'z')", "f(a, b)"},
	{"(x, y) => x && y || x", "f(a, b)"},
	{"(x, y) => { if (x && y || !x) return 'one'; if (x || y && x) return 'two'; return 'three' }", "f(a, b)"},
	{"(x, y) => { const z = x || y; const w = x && y; return z === w ? z : [z, w].length }", "f(a, b)"},
	{"(x, y) => x ?? y", "f(a, b)"},
	{"(x, y) => x?.length ?? y?.a", "f(a, b)"},
	{"(x, y) => { switch (x) { case y: return 'same'; case 1: case 'a': return 'one'; default: return 'other' } }", "f(a, b)"},
	{"(x, y) => { let r; switch (typeof x) { case 'number': r = 1; break; case 'string': { const n = x.length; r = n; break } default: r = y } return r }", "f(a, b)"},
	{"(x, y = 3) => x === y", "f(a, b)"},
	{"(x, y = 3) => { const z = x + y; return z }", "f(a)"},
	{"(x, y) => { x = y; y = 1; return x + y }", "f(a, b)"},
	{"(x, y) => y === undefined ? x : y", "f(a)"},
	{"(x) => x", "f(a, b, a)"},
	{"() => 1", "f(a)"},
	{"(x, y) => { var z; if (x) z = y; return z }", "f(a, b)"},
	{"(x, y) => { if (x) { return z } let z = y; return z }", "f(a, b)"},
	{"(x, y) => { if (x) z = y; let z; return z }", "f(a, b)"},
	{"(x, y) => { if (x) { return z } let z = y; return z }", "f(0, b) + f(1, b)"},
	{"(x, y) => { for (let i = 0; i < 2; i++) { if (i === 1) return z; let z = x } }", "f(a, b)"},
	{"(x, y) => { switch (x ? 1 : y) { case (y ? 1 : 2): return x; case y || 2: return y } return (x ? 1 : 2) + (y ? 3 : 4) + (x ? y : 6) }", "f(a, b)"},
	{"(x, y) => { let i = 0; do { i++; if (x === i) break } while (i < 4); return y < i }", "f(a, b)"},
	{"(x, y) => { outer: for (let i = 0; i < 3; i++) { for (let k = 0; k < 3; k++) { if (x === k) continue outer; if (y === i) break outer } } return x }", "f(a, b)"},
	{"(x, y) => { let n; const m = (n = x) + y; return n === m }", "f(a, b)"},
	{"(x, y) => { let i = x; const n = i++ + i; return n + --i }", "f(a, b)"},
	{"(x, y) => { { let z = x; { let z = y; if (z) return z } return z } }", "f(a, b)"},
	{"(x, y) => { for (let i = 0; i < 2; i++) { let z; if (i === 1) return z; z = x } }", "f(a, b)"},
	{"function (x, y) { return x === y ? f.length : 2 }", "f(a, b)"},
	{"function (x, y) { return x.slice(1) + y }", "f(a, b) + f(b, a)"},
	{"(x, y) => `${x}/${y}`", "f(a, b)"},
	{"(x, y) => { let i = x; const n = i++; const m = i--; return n === m ? i : [n, m].length }", "f(a, b)"},
	{"(x, y) => { let n = 3; while (n-- > 0) x += y; return x === y ? n : y }", "f(a, b)"},
	{"(x, y) => { let i = 0; const s = (x ? i++ : 7) + i++ + (y ? i++ : 9); return s + i }", "f(a, b)"},
	{"(x, y) => { let i = 0, k = 1; return (i = k) + (k = i + 1) + (x ? (i = 5) : i) + k + i }", "f(a, b)"},
	{"(x, y) => { while (x) { return y } return x }", "f(f(a, b), f(b, a))"},
	{"(x, y) => y < 1 || !(y > 0) ? x : f(x, y - 1)", "f(a, b > 9 ? 9 : b)"},
	{"(x, y) => y < 1 || !(y > 0) ? x : f(x, y - 1)", "f(a, b > 90 ? 90 : b)"},
	{"(x, y) => { x.length; return y }", "f(a, b)"},
	{"(x, y) => { x.missing.more; return y }", "f(a, b)"},
	{"(x, y) => g(x, y) + h", "f(a, b)"},
	{"(x, y) => { let c = 0; for (let i = 0; i < 4; i++) { c += g(i, x) } return c > y }", "f(a, b)"},
	{"function (x, y) { 'use strict'; return this === undefined ? x : y }", "f(a, b)"},
	{"function (x, y) { return this ? x : y }", "f(a, b) === f.call(a, b)"},
	{"function (x, y) { return arguments.length + x }", "f(a, b, 1)"},
	{"(x, y) => { h = x; return y }", "f(a, b) + h"},
	{"(...x) => x.length", "f(a, b)"},
	{"({ length }, [y]) => length + y", "f(a, b)"},
	{"async (x, y) => x", "typeof f(a, b)"},
	{"function* (x, y) { return x }", "typeof f(a, b)"},
	{"(x, y) => Number(x.slice(0, x.indexOf(y))) + 1", "f(a, b)"},
	{"(x, y) => eval('x')", "f(a, b)"},
	{"(x, y) => new.target", "typeof f"},
	{"class { constructor(x) { return x } }", "f(a)"},
	{"(x, y) => () => x", "f(a)() === a"},
}

// aroundProcedure is where the functions above are called: with others around
// them, in a loop, so that they are called more often than once.
func aroundProcedure(function, call string) string {
	return "(() => { let h = 2; const g = (p, q) => p === q ? 1 : p > 1 ? 2 : 3; const f = " + function + "; let r = ''; for (let i = 0; i < 2; i++) { const v = " + call + "; r = [r, v, typeof v] } return r })()"
}

func TestProceduresDoTheSame(t *testing.T) {
	for _, p := range procedures {
		compare(t, aroundProcedure(p.function, p.call), "", 7)
	}
	for _, source := range expressions {
		compare(t, "(() => { const f = (a, b) => "+source+"; const r = f(a, b); return r === r ? r : f(b, a) })()", "", 13)
		compare(t, "(() => { const f = (a, b) => { if ("+source+") { const c = b; return c } return a }; return f(a, b) })()", "", 17)
	}
}

// TestProcedures says which functions are procedures; so the test above tests
// something.
func TestProcedures(t *testing.T) {
	for source, want := range map[string]bool{
		"(x) => x": true, "() => undefined": true, "(x, y = 1) => x < y": true,
		"(x) => x > 1 ? g(x - 1) : x": true,
		"(x, y) => { switch (x) { case 1: return y; default: return x?.a ?? y } }":          true,
		"(x, y) => { for (let i = 0; i < x.length; i++) { if (x[i] === y) return i } }":     true,
		"(x, y) => { let n = (x ? 1 : 2) + (y ? 3 : 4); while (n-- > 0) x += y; return x }": true,
		"function (x) { return this }":           false,
		"(x) => { count++ }":                     false,
		"(x) => { x.y = 1 }":                     false,
		"(x) => { for (const y of x) return y }": false,
		"(x) => { try { return x } catch {} }":   false,
		"(x) => ({ x })":                         false, "(x) => [x]": false, "(x) => x.y()": false,
		"function* (x) { return x }": false, "(x) => new Date(x)": false,
		"(...x) => x": false, "(x) => { throw x }": false,
	} {
		program := goja.MustCompile("p.js", "let count = 0; const g = "+source, false)
		Faster(program)
		if n := instructions(reflect.ValueOf(program), reflect.TypeFor[*entrance]()); n > 0 != want {
			t.Errorf("%s: %d procedures", source, n)
		}
	}
}

// TestEndlessProcedure stops one from outside.
func TestEndlessProcedure(t *testing.T) {
	for _, source := range []string{
		"const f = (x) => { for (;;) {} }; const y = f(1) + 1",
		"const f = (x) => { while (x) { x = x + 1 } }; if (f(1)) 2",
		"const f = (n) => n < 1 ? 1 : f(n - 1) + f(n - 1) + f(n - 1); const y = f(30)",
		"const g = (x) => { while (x) {} }; const f = (x) => g(x); for (;;) { const y = f(1) }",
	} {
		program := goja.MustCompile("p.js", "(function () { "+source+"})()", false)
		Faster(program)
		vm := goja.New()
		timer := time.AfterFunc(20*time.Millisecond, func() { vm.Interrupt("enough") })
		_, err := vm.RunProgram(program)
		timer.Stop()
		var interrupted *goja.InterruptedError
		if !errors.As(err, &interrupted) {
			t.Errorf("%s: %v", source, err)
		}
	}
}

// TestDeepProcedures goes deeper than procedures do, and than goja does.
func TestDeepProcedures(t *testing.T) {
	program := goja.MustCompile("p.js", `(function () {
		const down = (n) => n < 1 ? 0 : down(n - 1) + 1
		const both = (n) => n < 2 ? n : both(n - 1) + both(n - 2)
		return [down(10), down(40), down(2000), both(15)].join()
	})()`, false)
	Faster(program)
	vm := goja.New()
	vm.SetMaxCallStackSize(5000)
	if v, err := vm.RunProgram(program); err != nil || v.String() != "10,40,2000,610" {
		t.Errorf("%v, %v", v, err)
	}
	endless := goja.MustCompile("p.js", "(function () { const f = (n) => f(n + 1); return f(0) })()", false)
	Faster(endless)
	_, err := vm.RunProgram(endless)
	var overflow *goja.StackOverflowError
	if !errors.As(err, &overflow) {
		t.Errorf("a recursion without an end: %v", err)
	}
}

// TestProceduresOfManyScripts runs one program in several VMs at a time, as the
// scripts of a file do.
func TestProceduresOfManyScripts(t *testing.T) {
	program := goja.MustCompile("p.js", `(function (own) {
		let n = 0
		const helpers = [(x) => x + 1, (x) => { n++; return x + 2 }, own]
		let sum = 0
		for (let i = 0; i < 3000; i++) {
			const f = helpers[i % 3 === 2 ? 2 : own ? 0 : 1]
			const v = f ? f(i) : i
			sum = sum + v
		}
		return sum + n
	})`, false)
	Faster(program)
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			vm := goja.New()
			v, err := vm.RunProgram(program)
			if err != nil {
				t.Error(err)
				return
			}
			f, _ := goja.AssertFunction(v)
			own := goja.Undefined()
			want := "4504500" // 2 for each of 2000, and as many calls
			if i%2 == 0 {
				own = vm.ToValue(func(call goja.FunctionCall) goja.Value { return call.Argument(0) })
				want = "4500500"
			}
			if got, err := f(nil, own); err != nil || got.String() != want {
				t.Errorf("%v, %v, want %s", got, err, want)
			}
		})
	}
	group.Wait()
}

// TestProcedureOfLent gives arrays that are lent to functions that hand them on.
func TestProcedureOfLent(t *testing.T) {
	vm := goja.New()
	class := vm.Get("Uint8Array").(*goja.Object)
	bytes := NewBytes(vm, class, class.Get("prototype").(*goja.Object))
	lender := bytes.NewLender()
	if lender == nil {
		t.Skip("nothing is lent: goja does not fit")
	}
	program := goja.MustCompile("p.js", `(function () {
		const same = (x) => x
		const held = []
		return (payload) => { held[held.length] = same(payload); return held }
	})()`, false)
	Faster(program)
	v, err := vm.RunProgram(program)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := goja.AssertFunction(v)
	var held goja.Value
	for i := range 20 {
		if held, err = f(nil, lender.Lend([]byte{byte(i), 9})); err != nil {
			t.Fatal(err)
		}
		lender.TakeBack()
	}
	var text strings.Builder
	list, _ := Elements(held.(*goja.Object))
	for i, v := range list {
		want := fmt.Sprintf("%d,9", i)
		if v.String() != want {
			fmt.Fprintf(&text, "%d: %s ", i, v)
		}
	}
	if text.Len() > 0 {
		t.Error(text.String())
	}
}
