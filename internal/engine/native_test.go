package engine

import (
	"testing"

	"github.com/dop251/goja"
)

func TestNative(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm := goja.New()
		for _, name := range []string{"f", "g"} {
			_ = vm.Set(name, Native(vm, "sum", 2, func(call goja.FunctionCall) goja.Value {
				if len(call.Arguments) == 0 {
					panic(vm.NewTypeError("no arguments"))
				}
				return vm.ToValue(call.Argument(0).ToInteger() + call.Argument(1).ToInteger())
			}))
		}
		expect(t, vm, "[typeof f, f(1, 2), f.call(null, 3, 4), f.apply(null, [5, 6]), f.bind(null, 7)(8), [1, 2].map(f).join('+')].join()", "function,3,7,11,15,1+3")
		expect(t, vm, "String(f) + Object.prototype.toString.call(f)", "function sum() { [native code] }[object Function]")
		expect(t, vm, "try { f() } catch (e) { e.stack.includes('at sum (native)') }", "true")
		expect(t, vm, "try { new f() } catch (e) { e.constructor.name }", "TypeError")
		expect(t, vm, "[f instanceof Function, Object.getPrototypeOf(f) === Function.prototype, 'prototype' in f].join()", "true,true,false")
		expect(t, vm, "Object.getOwnPropertyNames(f).join() + Object.keys(f).length + f.hasOwnProperty('name')", "length,name0true")
		expect(t, vm, "JSON.stringify([Object.getOwnPropertyDescriptor(f, 'name'), Object.getOwnPropertyDescriptor(f, 'length')])",
			`[{"value":"sum","writable":false,"enumerable":false,"configurable":true},{"value":2,"writable":false,"enumerable":false,"configurable":true}]`)
		expect(t, vm, "f.name = 'other'; f.own = 1; [f.name, f.own, g.own].join()", "sum,1,")
		expect(t, vm, "Object.defineProperty(f, 'name', { value: 'mine' }); delete f.length; [f.name, f.length, g.name, g.length].join()", "mine,0,sum,2")
		expect(t, vm, "(class extends Object { static m = f }).m(1, 1)", "2")
		expect(t, vm, "new Proxy(f, { apply: (t, self, args) => t(...args) * 10 })(1, 2)", "30")
		expect(t, vm, "Object.freeze(g); g.x = 1; [Object.isFrozen(g), g.x, g(2, 2)].join()", "true,,4")
		other := goja.New()
		_ = other.Set("f", Native(other, "sum", 2, func(goja.FunctionCall) goja.Value { return goja.Undefined() }))
		expect(t, other, "[f.name, f.length, f instanceof Function, f()].join()", "sum,2,true,")
	})
}

func TestOriginals(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm := goja.New()
		globals := LazyGlobals(vm)
		class := vm.Get("Object").(*goja.Object)
		keys := Original(class, "keys")
		hasOwn := Original(vm.NewObject().Prototype(), "hasOwnProperty")
		array := Original(vm.NewArray().Prototype(), "join")
		parse := globals.Late("JSON", func(v *goja.Object) goja.Value { return v.Get("parse") })
		bytes, err := vm.New(vm.Get("Uint8Array"), vm.ToValue(3))
		if err != nil {
			t.Fatal(err)
		}
		length := Getter(vm, bytes.Prototype().Prototype(), "length")
		expect(t, vm, `
			const evil = () => { throw new Error('evil') }
			Object.keys = Object.prototype.hasOwnProperty = Array.prototype.join = JSON.parse = evil
			Object.defineProperty(Uint8Array.prototype.__proto__, 'length', { get: evil })
			delete globalThis.Object; delete globalThis.JSON; ''`, "")
		object := vm.NewObject()
		_ = object.Set("a", 1)
		call := func(want string, fn goja.Callable, this goja.Value, args ...goja.Value) {
			t.Helper()
			if v, err := fn(this, args...); err != nil || v.String() != want {
				t.Errorf("got %v %v, want %s", v, err, want)
			}
		}
		for range 2 {
			v, err := keys(class, object)
			if err != nil {
				t.Fatal(err)
			}
			call("a", array, v)
			call("true", hasOwn, object, vm.ToValue("a"))
			call("5", parse, goja.Undefined(), vm.ToValue("5"))
			call("3", length, bytes)
		}
	})
}

func TestLazyPrototype(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm := goja.New()
		made := 0
		l := NewLazy(vm, vm.NewObject().Prototype())
		l.SetPrototype(func() *goja.Object {
			made++
			o := vm.NewObject()
			_ = o.Set("inherited", "i")
			return o
		})
		l.DefineEnumerable("own", func() goja.Value { return vm.ToValue("o") })
		l.DefineEnumerableGetter("got", func(goja.Value) goja.Value { return vm.ToValue("g") })
		_ = vm.Set("o", l.Object())
		expect(t, vm, "o.own + Object.keys(o)", "oown,got")
		if known.fits && made > 0 {
			t.Error("the prototype was made before anything looked at it")
		}
		expect(t, vm, "[o.inherited, o.got, 'inherited' in o, Object.getPrototypeOf(o).inherited, o.none].join()", "i,g,true,i,")
		expect(t, vm, "JSON.stringify(Object.getOwnPropertyDescriptor(o, 'got'))", `{"enumerable":true,"configurable":true}`)
		expect(t, vm, "Object.setPrototypeOf(o, null); [o.inherited, o.own].join()", ",o")
		if made != 1 {
			t.Errorf("the prototype was made %d times", made)
		}
	})
}
