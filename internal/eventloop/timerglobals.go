package eventloop

import (
	"sync"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// timerClass builds the objects that JavaScript holds for timers.
type timerClass struct {
	timeout, immediate func() *goja.Object // prototypes
	key                *goja.Symbol        // where the object keeps its *Timer
}

// installTimers defines the timer functions as globals.
func (l *Loop) installTimers() {
	class := &timerClass{key: goja.NewSymbol("timer")}
	class.timeout = sync.OnceValue(func() *goja.Object { return l.timerPrototype(class, "Timeout") })
	class.immediate = sync.OnceValue(func() *goja.Object { return l.timerPrototype(class, "Immediate") })
	l.define("setTimeout", 2, l.setter(class, "setTimeout", false))
	l.define("setInterval", 2, l.setter(class, "setInterval", true))
	l.define("setImmediate", 1, l.setImmediate(class))
	for _, name := range []string{"clearTimeout", "clearInterval", "clearImmediate"} {
		l.define(name, 1, func(call goja.FunctionCall) goja.Value {
			if t := l.timerOf(class, call.Argument(0)); t != nil {
				l.clear(t)
			}
			return goja.Undefined()
		})
	}
}

// define sets a global function; length is what its length property says.
func (l *Loop) define(name string, length int, f func(goja.FunctionCall) goja.Value) {
	l.globals.DefineEnumerable(name, func() goja.Value { return Function(l.vm, name, length, f) })
}

// Function makes a native function with the name and length that JavaScript
// sees. On the loop.
func Function(vm *goja.Runtime, name string, length int, f func(goja.FunctionCall) goja.Value) *goja.Object {
	return engine.Native(vm, name, length, f)
}

// Named gives a native function the name and length that JavaScript sees.
func Named(vm *goja.Runtime, fn *goja.Object, name string, length int) *goja.Object {
	_ = fn.DefineDataProperty("name", vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = fn.DefineDataProperty("length", vm.ToValue(length), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return fn
}

func (l *Loop) setter(class *timerClass, name string, repeat bool) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		t := l.newTimer(class.timeout(), class.key, name, call, 2)
		t.delay = delayOf(call.Argument(1))
		t.repeat = repeat
		l.start(t, time.Now())
		return t.object
	}
}

func (l *Loop) setImmediate(class *timerClass) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		t := l.newTimer(class.immediate(), class.key, "setImmediate", call, 1)
		l.timersByID[t.id] = t
		l.immediates = append(l.immediates, t)
		return t.object
	}
}

func (l *Loop) newTimer(proto *goja.Object, key *goja.Symbol, name string, call goja.FunctionCall, skip int) *Timer {
	fn, ok := goja.AssertFunction(call.Argument(0))
	if !ok {
		panic(nodeerr.ArgType(l.vm, "callback", "of type function", call.Argument(0)))
	}
	l.timerID++
	t := &Timer{id: l.timerID, where: name, fn: fn, index: -1, object: l.vm.CreateObject(proto), carried: l.carried}
	if len(call.Arguments) > skip {
		t.args = append(t.args, call.Arguments[skip:]...)
	}
	_ = t.object.DefineDataPropertySymbol(key, l.vm.ToValue(t), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return t
}

// timerOf finds the timer by its object or by its number, as a number or text.
func (l *Loop) timerOf(class *timerClass, v goja.Value) *Timer {
	if obj, ok := v.(*goja.Object); ok {
		if held := obj.GetSymbol(class.key); held != nil {
			t, _ := held.Export().(*Timer)
			return t
		}
		return nil
	}
	if goja.IsNumber(v) || goja.IsString(v) {
		return l.timersByID[v.ToInteger()]
	}
	return nil
}

// timerPrototype makes what Timeout and Immediate objects inherit.
func (l *Loop) timerPrototype(class *timerClass, name string) *goja.Object {
	vm := l.vm
	proto := vm.NewObject()
	ctor := Function(vm, name, 0, func(goja.FunctionCall) goja.Value { return goja.Undefined() })
	method := func(name string, f func(t *Timer, this goja.Value) goja.Value) {
		fn := Function(vm, name, 0, func(call goja.FunctionCall) goja.Value {
			t := l.timerOf(class, call.This)
			if t == nil {
				panic(vm.NewTypeError("%s called on an object that is no timer", name))
			}
			return f(t, call.This)
		})
		_ = proto.DefineDataProperty(name, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	_ = proto.DefineDataProperty("constructor", ctor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	method("ref", func(t *Timer, this goja.Value) goja.Value { t.unref = false; return this })
	method("unref", func(t *Timer, this goja.Value) goja.Value { t.unref = true; return this })
	method("hasRef", func(t *Timer, _ goja.Value) goja.Value { return vm.ToValue(!t.unref && !t.dead) })
	if name == "Immediate" {
		return proto
	}
	method("refresh", func(t *Timer, this goja.Value) goja.Value {
		if !t.dead {
			l.start(t, time.Now())
		}
		return this
	})
	method("close", func(t *Timer, this goja.Value) goja.Value { l.clear(t); return this })
	primitive := Function(vm, "[Symbol.toPrimitive]", 0, func(call goja.FunctionCall) goja.Value {
		if t := l.timerOf(class, call.This); t != nil {
			return vm.ToValue(t.id)
		}
		return goja.Undefined()
	})
	_ = proto.DefineDataPropertySymbol(goja.SymToPrimitive, primitive, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return proto
}
