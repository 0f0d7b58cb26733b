package engine

import (
	"fmt"
	"testing"

	"github.com/dop251/goja"
)

func TestLazy(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm := goja.New()
		var made []string
		value := func(name string, v any) func() goja.Value {
			return func() goja.Value {
				made = append(made, name)
				return vm.ToValue(v)
			}
		}
		parent := vm.NewObject()
		_ = parent.Set("inherited", 1)
		l := NewLazy(vm, parent)
		l.DefineEnumerable("shown", value("shown", 1))
		l.Define("hidden", value("hidden", "h"))
		l.DefineGetter("twice", func(this goja.Value) goja.Value {
			return vm.ToValue(2 * this.(*goja.Object).Get("shown").ToInteger())
		})
		fail := true
		l.Define("fails", func() goja.Value {
			if fail {
				panic(vm.NewTypeError("not yet"))
			}
			return vm.ToValue("made")
		})
		held := 1
		l.DefineAccessor("both", func() goja.Value { return vm.ToValue(held) }, func(v goja.Value) { held = int(v.ToInteger()) })
		_ = vm.Set("o", l.Object())
		expect(t, vm, "const before = o.both; o.both = 7; [before, o.both, typeof Object.getOwnPropertyDescriptor(o, 'both').set].join()", "1,7,function")
		expect(t, vm, "delete o.both; ''", "")
		expect(t, vm, "[typeof o, 'hidden' in o, 'other' in o, o.inherited, o.other].join()", "object,true,false,1,")
		if len(made) != 0 {
			t.Errorf("%v were made before anything looked at them", made)
		}
		expect(t, vm, "[o.hidden, o.hidden, o.twice, o.shown].join()", "h,h,2,1")
		if got := fmt.Sprint(made); got != "[hidden shown]" {
			t.Errorf("made %s", got)
		}
		expect(t, vm, "try { o.fails } catch (e) { e.message }", "not yet")
		fail = false
		expect(t, vm, "o.fails", "made")
		expect(t, vm, "JSON.stringify(o) + Object.getOwnPropertyNames(o) + '' + Object.keys(o)", `{"shown":1}shown,hidden,twice,failsshown`)
		expect(t, vm, "JSON.stringify(Object.getOwnPropertyDescriptor(o, 'hidden'))", `{"value":"h","writable":true,"enumerable":false,"configurable":true}`)
		expect(t, vm, "o.hidden = 2; o.shown = 3; o.added = 4; delete o.shown; [o.hidden, o.shown, o.added, Object.keys(o)].join()", "2,,4,added")
	})
}

func TestLazyGlobals(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm := goja.New()
		l := LazyGlobals(vm)
		_ = vm.Set("before", 1)
		l.Define("first", func() goja.Value { return vm.ToValue("made") })
		l.DefineEnumerable("second", func() goja.Value { return vm.ToValue("made too") })
		l.Define("third", func() goja.Value { return vm.ToValue("made three") })
		var class *goja.Object
		calls := 0
		for range 2 {
			l.WhenMade("Map", func(v *goja.Object) {
				calls++
				class = v
			})
		}
		if known.fits && class != nil {
			t.Error("Map was made before anything looked at it")
		}
		expect(t, vm, "[typeof first, second, globalThis.first, this === globalThis].join()", "string,made too,made,true")
		expect(t, vm, "third = 5; var first = 6; let fourth = 7; [third, first, fourth].join()", "5,6,7")
		expect(t, vm, "const names = Object.getOwnPropertyNames(globalThis); ['Object', 'before', 'first', 'second', 'third'].every((n) => names.includes(n)) + '' + Object.keys(globalThis).includes('second') + Object.keys(globalThis).includes('third')", "truetruefalse")
		expect(t, vm, "new Map([[1, 2]]).get(1)", "2")
		if calls != 2 || class == nil || !class.SameAs(vm.Get("Map")) {
			t.Errorf("%d calls with %v", calls, class)
		}
		other := goja.New()
		expect(t, other, "typeof first + typeof second", "undefinedundefined")
	})
}
