package engine

import (
	"testing"

	"github.com/dop251/goja"
)

func TestForOf(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		testForOf(t, func(*goja.Program) {})
		testForOf(t, Faster)
	})
}

func testForOf(t *testing.T, faster func(*goja.Program)) {
	t.Helper()
	vm := goja.New()
	FasterForOf(vm, func(name string, f func(goja.FunctionCall) goja.Value) *goja.Object {
		fn := vm.ToValue(f).(*goja.Object)
		_ = fn.DefineDataProperty("name", vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		return fn
	})
	for _, c := range [][2]string{
		{"let a = ''; for (const x of [1, 'two', null, undefined]) a += x + ','; a", "1,two,null,undefined,"},
		{"a = ''; for (const x of [1, , 3]) a += x + ','; a", "1,undefined,3,"},
		{"a = ''; for (const x of [1, 2]) for (const y of [x, 'b']) a += `${x}${y},`; a", "11,1b,22,2b,"},
		{"a = ''; const list = [1, 2, 3]; for (const x of list) { a += x; if (list.length < 6) list.push(x * 10) } a", "123102030"},
		{"a = ''; const shrink = [1, 2, 3, 4]; for (const x of shrink) { a += x; shrink.pop() } a", "12"},
		{"a = ''; for (const x of list) { if (x === 2) continue; if (x === 10) break; a += x } a", "13"},
		{"const fs = []; for (const x of [1, 2, 3]) fs.push(() => x); fs.map((f) => f()).join()", "1,2,3"},
		{"a = ''; for (const [k, v] of [[1, 2], [3, 4]]) a += k + '=' + v + ','; a", "1=2,3=4,"},
		{"a = ''; for (const [i, x] of ['p', 'q'].entries()) a += i + x; for (const i of ['p'].keys()) a += i; a", "0p1q0"},
		{"a = ''; for (const x of new Uint8Array([7, 8])) a += x; for (const c of 'hi') a += c; a", "78hi"},
		{"a = ''; (function () { for (const x of arguments) a += x })(4, 5); a", "45"},
		{"class Mine extends Array {} a = ''; for (const x of Mine.from([1, 2])) a += x; a", "12"},
		{"a = ''; const sparse = []; sparse[3] = 1; sparse[1e6] = 2; let n = 0; for (const x of sparse) { if (++n > 5) break; a += x } a", "undefinedundefinedundefined1undefined"},
		{"a = ''; const getter = Object.defineProperty([1, 2], 1, { get() { return 'got' } }); for (const x of getter) a += x; a", "1got"},
		{"const it = [1, 2, 3][Symbol.iterator](); const r1 = it.next(), r2 = it.next(); [r1 === r2, r1.value, r2.value, r1.done, Object.keys(r1)].join()", "false,1,2,false,value,done"},
		{"a = ''; const shared = [1, 2, 3, 4][Symbol.iterator](); for (const x of shared) { const r = shared.next(); r.value += 10; a += x + '-' + r.value + ',' } a + JSON.stringify(shared.next())", `1-12,3-14,{"done":true}`},
		{"function* inner() { yield* [1, 2]; yield 3 } const g = inner(); const g1 = g.next(), g2 = g.next(); [g1 === g2, g1.value, g2.value, ...inner()].join()", "false,1,2,1,2,3"},
		{"a = ''; for (const x of inner()) for (const y of [x]) a += y; a", "123"},
		{"const keep = []; const next = it.next; for (const o of [[1], [2]]) keep.push(next.call(o[Symbol.iterator]())); [keep[0] === keep[1], keep[0].value, keep[1].value].join()", "false,1,2"},
		{"const [p, q = 'd', ...rest] = [1, undefined, 3, 4]; [p, q, rest].join() + [...[1, 2], ...'x'].join() + Math.max(...[3, 9])", "1,d,3,41,2,x9"},
		{"try { for (const x of [1, 2]) { if (x === 2) throw new Error('out') } } catch (e) { e.message }", "out"},
		{"new Map([[1, 2]]).size + new Set([1, 1]).size + Array.from([5, 6]).join() + Object.fromEntries([['k', 'v']]).k", "25,6v"},
		{"try { next.call({}) } catch (e) { e.name }", "TypeError"},
		{"[next.name, next.length, Object.keys(Object.getPrototypeOf(it)).length, String(next).includes('native code')].join()", "next,0,0,true"},
		{"async function f() { let s = ''; for (const x of [1, 2, 3]) { await null; for (const y of [x]) s += y } result = s } f(); ''", ""},
		{"result", "123"},
		{"a = ''; const breaks = [1, 2, 3][Symbol.iterator](); for (const x of breaks) { a += x; break } for (const x of breaks) a += x; a + [...breaks].length", "1230"},
		{"a = ''; const returned = { [Symbol.iterator]() { const it = [1, 2][Symbol.iterator](); return { next: it.next.bind(it), return() { a += 'returned'; return {} } } } }; for (const x of returned) { a += x; break } a", "1returned"},
		{"a = ''; const own = [7, 8][Symbol.iterator](); own.next = () => ({ done: a.length > 2, value: 'o' }); for (const x of own) a += x; a", "ooo"},
		{"a = ''; for (const m of new Map([[1, 2]])) a += m; for (const m of new Map([[1, 2]]).values()) a += m; for (const m of new Set('ab')) a += m; a", "1,22ab"},
		{"Object.getPrototypeOf(it).next = function () { return { done: true } }; a = 'none'; for (const x of [1]) a += x; Object.getPrototypeOf(it).next = next; for (const x of [1]) a += x; a", "none1"},
	} {
		program := goja.MustCompile("", c[0], false)
		faster(program)
		if v, err := vm.RunProgram(program); err != nil {
			t.Errorf("%s: %v", c[0], err)
		} else if v.String() != c[1] {
			t.Errorf("%s\ngot  %s\nwant %s", c[0], v, c[1])
		}
	}
}

func BenchmarkForOf(b *testing.B) {
	for _, way := range []string{"known", "by the API"} {
		b.Run(way, func(b *testing.B) {
			vm := goja.New()
			if way == "known" {
				FasterForOf(vm, func(_ string, f func(goja.FunctionCall) goja.Value) *goja.Object { return vm.ToValue(f).(*goja.Object) })
			}
			v, err := vm.RunString("(list) => { let n = 0; for (const x of list) n += x; return n }")
			if err != nil {
				b.Fatal(err)
			}
			f, _ := goja.AssertFunction(v)
			list := vm.NewArray(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f(goja.Undefined(), list); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
