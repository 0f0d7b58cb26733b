package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// improved are programs with instructions that are improved, in the cases in
// which they must not do what is quick. Each is the body of a function.
var improved = map[string]string{
	"elements":    `return [a[0], a[2], a[3], a[-1], a[1.5], a['1'], a['length'], u[0], u[3], u[4], u[-1], u['2'], u[0.5]]`,
	"holes":       `Array.prototype[1] = 'inherited'; try { return [[1, , 3][1], [1, , 3][9], [][1]] } finally { delete Array.prototype[1] }`,
	"getters":     `const l = [1, 2]; Object.defineProperty(l, 0, { get() { return this === l } }); return [l[0], l[1]]`,
	"frozen":      `const l = Object.freeze([1, 2]); return [l[0], l[1], l[2]]`,
	"arguments":   `return (function (x) { arguments[0] = 5; return [x, arguments[0], arguments[1], arguments.length] })(1, 2)`,
	"proxies":     `const p = new Proxy(u, { get: (t, k) => typeof k + String(k) }); return [p[0], p.length, p.at]`,
	"strings":     `return ['abc'[1], 'abc'[3], 'abc'.length, 'äö'[1], 'abc'.at(-1)]`,
	"nothing":     `return [() => none[0], () => none.a, () => none.a(), () => null.length, () => undefined[0], () => a.missing(), () => u.missing(), () => a[0](), () => (1)()].map(thrown)`,
	"length":      `return [u.length, u.byteLength, u.subarray(1).length, new Uint16Array(3).length, new Uint8Array(2000).length, u.length.constructor === Number]`,
	"own names":   `const v = new Uint8Array(2); v.name = 'own'; Object.defineProperty(v, 'length', { value: 7 }); Object.defineProperty(v, 'got', { get() { return this === v } }); return [v.name, v.length, v.got, v.missing]`,
	"inherited":   `Uint8Array.prototype.mine = 1; Object.prototype.theirs = 2; Object.defineProperty(Object.prototype, 'self', { get() { return this === u }, configurable: true }); try { return [u.mine, u.theirs, u.self] } finally { delete Uint8Array.prototype.mine; delete Object.prototype.theirs; delete Object.prototype.self }`,
	"replaced":    `Object.defineProperty(Uint8Array.prototype, 'length', { get() { return 'mine' }, configurable: true }); try { return [u.length, new Int8Array(2).length] } finally { delete Uint8Array.prototype.length }`,
	"subclass":    `class S extends Uint8Array { get length() { return super.length + 100 } sum() { return this[0] + this[1] } } const s = new S([1, 2]); return [s.length, s.sum(), s.slice(1).length]`,
	"prototype":   `const v = new Uint8Array(2); Object.setPrototypeOf(v, { length: 'plain', get g() { return this === v } }); const w = new Uint8Array(1); Object.setPrototypeOf(w, null); const p = new Uint8Array(1); Object.setPrototypeOf(p, new Proxy({}, { get: (t, k) => 'proxy ' + String(k) })); return [v.length, v.g, w.length, w[0], p.length, p[0], p[5]]`,
	"methods":     `return [u.slice(1).join(), u.at(-1), u.indexOf(3), u.map((x) => x * 2).join(), u.toString(), u.constructor.name, u.hasOwnProperty(0)]`,
	"numbers":     `return [u.Infinity, u.NaN, u['-0'], u['1e3'], u['1.0'], u['01'], u.I, u.N]`,
	"kinds":       `return [Int8Array, Uint8ClampedArray, Uint16Array, Int32Array, Float32Array, Float64Array, BigInt64Array].map((K) => { const k = new K(2); return [k[0], k[2], k.length, k.BYTES_PER_ELEMENT, k.at(0)].join() })`,
	"views":       `const b = new Uint8Array([1, 2, 3, 4, 5]).buffer, v = new Uint8Array(b, 2, 2); return [v[0], v[1], v[2], v.length, v.byteOffset, new Uint16Array(b, 2, 1).length]`,
	"direct":      `return [half(8), half(7), half('8'), half(), half.call(null, 4), Reflect.apply(half, null, [4]), [8, 9].map(half).join(), new Proxy(half, {})(6), half.bind(null, 6)(), new (class { half = half })().half(2), half(...[12]), half.name, typeof half]`,
	"thrown":      `return [() => half({}), () => half(4)(), () => new half(4)].map(thrown)`,
	"stack":       `try { half({}) } catch (e) { return e.stack }`,
	"order":       `const log = []; const o = { get m() { log.push('get'); return (x) => { log.push('call'); return x } } }; o.m(log.push('argument')); u[log.push('key') && 0]; return log.join()`,
	"classes":     `class A { static n = u.length; #p = u[1]; field = u.at(2); static { this.s = half(6) } get p() { return this.#p } *g() { yield u[0]; yield half(2) } async f() { return u.length } static m() { return [...new A().g()] } } return [A.n, A.s, new A().p, new A().field, A.m().join()]`,
	"generators":  `function* g() { yield* [u[0], u.length, half(4)] } return [...g()].join()`,
	"try":         `for (const f of [() => u.x.y, () => u[0].z.q]) try { f() } catch (e) { return e.message } finally { u[0] }`,
	"eval":        `return [eval('u[0]'), eval('half(2)'), new Function('u', 'return u.length')(u)]`,
	"literals":    `const o = { a: 1, b: u[0], c: { d: 'x' }, e: {} }, p = { a: 1, a: 2, ['b']: 3, a: 4, 'c d': 5 }; o.b++; o.f = 1; delete o.a; return [o, p, Object.keys(p), Object.getPrototypeOf(o) === Object.prototype, 'toString' in o, JSON.stringify(Object.getOwnPropertyDescriptor(o, 'b'))]`,
	"long ones":   `const o = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11 }; const q = { ...o, a: 2, l: 3 }; return [o, q, Object.keys(q).join(), { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, a: 9 }]`,
	"odd ones":    `const p = { inherited: 1 }, o = { x: 1, __proto__: p, y: 2, get z() { return this.x + this.inherited }, set z(v) {}, m() { return super.inherited }, 1: 'one', 0: 'zero', [Symbol.toStringTag]: 'T', async: 1, f: function () {}, g: () => 1, ...{ s: 1, x: 5 }, y2: 3 }; return [o, o.z, o.m(), o.f.name, o.g.name, String(o), Object.keys(o), Object.getPrototypeOf(o) === p]`,
	"many":        `const list = []; for (let i = 0; i < 500; i++) { const o = { i, j: { k: i }, l: [i] }; if (i % 2) delete o.j; else o['n' + i] = i; for (const k in o) if (i % 3 === 0) delete o[k]; list.push(o) } return list`,
	"thrown in":   `const f = () => { throw new Error('x') }; return [() => ({ a: 1, b: f() }), () => ({ a: none.x }), () => ({ ...null, a: 1 }).a].map(thrown)`,
	"frozen ones": `const o = Object.freeze({ a: 1, b: 2 }); o.a = 2; o.c = 3; const s = Object.seal({ a: 1, b: 2 }); delete s.a; s.b = 3; return [o, s, Object.isFrozen(o)]`,
	"deep":        `function f(n) { return n === 0 ? u[0] : f(n - 1) + half(2) } return f(200)`,
}

// setting is around each program.
const setting = `(function () {
	const thrown = (f) => { try { return String(f()) } catch (e) { return e.name + ': ' + e.message } }
	const none = undefined, a = [1, 'two', 3], u = new Uint8Array([1, 2, 3, 4])
	return (function () { BODY })()
})()`

// half makes a function that halves numbers, even ones in the direct way, and
// returns how often it went that way.
func half(vm *goja.Runtime) (f *goja.Object, direct *int) {
	direct = new(int)
	f = Function(vm, func(call goja.FunctionCall) goja.Value {
		if _, ok := call.Argument(0).(*goja.Object); ok {
			panic(vm.NewTypeError("an object"))
		}
		return vm.ToValue(call.Argument(0).ToFloat() / 2)
	}, func(_ goja.Value, args []goja.Value) (goja.Value, bool) {
		if len(args) == 0 {
			return nil, false
		}
		n, ok := Whole(args[0])
		if !ok || n%2 != 0 {
			return nil, false
		}
		*direct++
		return Int(vm, n/2), true
	})
	_ = f.DefineDataProperty("name", vm.ToValue("half"), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return f, direct
}

// byteReader makes a method that reads a byte.
func byteReader(vm *goja.Runtime) *goja.Object {
	return Reads(vm, func(call goja.FunctionCall) goja.Value {
		data, _ := Memory(call.This.(*goja.Object))
		if data == nil {
			_ = vm.ExportTo(call.This, &data) // goja does not fit
		}
		i := call.Argument(0).ToInteger()
		if i >= int64(len(data)) {
			panic(vm.NewTypeError("beyond %d", len(data)))
		}
		return vm.ToValue(data[i])
	}, func(this goja.Value, args []goja.Value) (goja.Value, bool) {
		data, _ := Memory(this.(*goja.Object))
		i, ok := Whole(args[0])
		if !ok || i >= int64(len(data)) {
			return nil, false
		}
		return Int(vm, int64(data[i])), true
	})
}

// run runs the body of a function, and returns what that returns or throws, and
// how often half went the direct way.
func run(t *testing.T, body string, faster bool) (result string, direct int) {
	t.Helper()
	vm := goja.New()
	f, times := half(vm)
	_ = vm.Set("half", f)
	_ = vm.Set("read", byteReader(vm))
	program, err := goja.Compile("file", strings.Replace(setting, "BODY", body, 1), false)
	if err != nil {
		t.Fatal(err)
	}
	if faster {
		Faster(program)
	}
	v, err := vm.RunProgram(program)
	if err != nil {
		return err.Error(), *times
	}
	_ = vm.Set("result", v)
	v, err = vm.RunString(`JSON.stringify(result, (k, v) => v === undefined ? 'undefined' : Object.is(v, NaN) ? 'NaN' : v)`)
	if err != nil {
		t.Fatal(err)
	}
	return v.String(), *times
}

func TestFaster(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		for name, body := range improved {
			want, _ := run(t, body, false)
			got, _ := run(t, body, true)
			if got != want || want == `""` {
				t.Errorf("%s\ngot  %s\nwant %s", name, got, want)
			}
		}
	})
	if _, n := run(t, improved["direct"], true); n == 0 {
		t.Error("no call went the direct way")
	}
}

// TestFasterAgain: a program may be made faster twice, and functions of VMs that
// share one have nothing to do with each other.
func TestFasterAgain(t *testing.T) {
	program := goja.MustCompile("file", "(u, i) => [u[i], u.length, u.at(i), half(4)].join()", false)
	Faster(program)
	Faster(program)
	for range 2 {
		vm := goja.New()
		f, _ := half(vm)
		_ = vm.Set("half", f)
		v, err := vm.RunProgram(program)
		if err != nil {
			t.Fatal(err)
		}
		_ = vm.Set("f", v)
		expect(t, vm, "f(new Uint8Array([7, 8]), 1) + f([7, 8, 9], 1) + f('ab', 0)", "8,2,8,28,3,8,2a,2,a,2")
	}
}

// TestDetachedMemory: an array whose memory was taken away is empty.
func TestDetachedMemory(t *testing.T) {
	vm := goja.New()
	memory := vm.NewArrayBuffer([]byte{1, 2, 3})
	_ = vm.Set("memory", memory)
	program := goja.MustCompile("file", "(u) => [u[0], u.length, typeof u.join].join()", false)
	Faster(program)
	f, err := vm.RunProgram(program)
	if err != nil {
		t.Fatal(err)
	}
	_ = vm.Set("f", f)
	expect(t, vm, "const u = new Uint8Array(memory); f(u)", "1,3,function")
	memory.Detach()
	expect(t, vm, "f(u)", ",0,function")
}

func BenchmarkInstructions(b *testing.B) {
	for name, body := range map[string]string{
		"elements of bytes": `let s = 0; for (let i = 0; i < 1000; i++) s += u[i & 3]; return s`,
		"elements":          `let s = 0; for (let i = 0; i < 1000; i++) s += a[0]; return s`,
		"length of bytes":   `let s = 0; for (let i = 0; i < 1000; i++) s += u.length; return s`,
		"property":          `const o = { p: 1 }; let s = 0; for (let i = 0; i < 1000; i++) s += o.p; return s`,
		"call":              `const f = (x) => x; let s = 0; for (let i = 0; i < 1000; i++) s += f(i); return s`,
		"literal":           `let o; for (let i = 0; i < 1000; i++) o = { device: a, alarm: true, i }; return o.i`,
		"native call":       `let s = 0; for (let i = 0; i < 1000; i++) s += half(8); return s`,
	} {
		for _, faster := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/faster=%v", name, faster), func(b *testing.B) {
				vm := goja.New()
				f, _ := half(vm)
				_ = vm.Set("half", f)
				program := goja.MustCompile("file", "(() => "+strings.Replace(setting, "BODY", body, 1)+")", false)
				if faster {
					Faster(program)
				}
				v, _ := vm.RunProgram(program)
				g, _ := goja.AssertFunction(v)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := g(nil); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
