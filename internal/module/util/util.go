// Package util is the part of Node's module "util" that scripts have: inspect,
// format, promisify, callbackify and inherits.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package util

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/inspect"
)

// Exports makes the exports of the module.
func Exports(loop *eventloop.Loop, in *inspect.Inspector) goja.Value {
	vm := loop.VM()
	exports := vm.NewObject()
	define := func(name string, length int, f func(goja.FunctionCall) goja.Value) *goja.Object {
		fn := eventloop.Function(vm, name, length, f)
		_ = exports.Set(name, fn)
		return fn
	}
	show := define("inspect", 2, func(call goja.FunctionCall) goja.Value {
		o := inspect.OptionsFrom(call.Argument(1))
		if _, isObject := call.Argument(1).(*goja.Object); !isObject {
			o.ShowHidden = call.Argument(1).ToBoolean()
		}
		return vm.ToValue(in.InspectWith(call.Argument(0), o))
	})
	_ = show.Set("custom", in.Custom())
	define("format", 1, func(call goja.FunctionCall) goja.Value { return vm.ToValue(in.Format(call.Arguments)) })
	define("inherits", 2, func(call goja.FunctionCall) goja.Value { return inherits(vm, call) })
	p := &promises{vm: vm, loop: loop, custom: vm.Get("Symbol").(*goja.Object)}
	promisify := define("promisify", 1, p.promisify)
	_ = promisify.Set("custom", p.customSymbol())
	define("callbackify", 1, p.callbackify)
	for _, name := range []string{"TextEncoder", "TextDecoder"} {
		if v := vm.Get(name); v != nil {
			_ = exports.Set(name, v)
		}
	}
	return exports
}

func function(vm *goja.Runtime, v goja.Value, name string) (*goja.Object, goja.Callable) {
	fn, ok := goja.AssertFunction(v)
	if !ok {
		panic(nodeerr.ArgType(vm, name, "of type function", v))
	}
	return v.(*goja.Object), fn
}

func inherits(vm *goja.Runtime, call goja.FunctionCall) goja.Value {
	ctor, _ := function(vm, call.Argument(0), "ctor")
	super, _ := function(vm, call.Argument(1), "superCtor")
	proto, ok := super.Get("prototype").(*goja.Object)
	if !ok {
		panic(nodeerr.ArgType(vm, "superCtor.prototype", "of type object", super.Get("prototype")))
	}
	_ = ctor.DefineDataProperty("super_", super, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	if own, ok := ctor.Get("prototype").(*goja.Object); ok {
		_ = own.SetPrototype(proto)
	}
	return goja.Undefined()
}

// promises turns functions with callbacks into functions with promises and
// back.
type promises struct {
	vm     *goja.Runtime
	loop   *eventloop.Loop
	custom *goja.Object // the global Symbol
}

func (p *promises) customSymbol() goja.Value {
	of, _ := goja.AssertFunction(p.custom.Get("for"))
	v, err := of(p.custom, p.vm.ToValue("nodejs.util.promisify.custom"))
	if err != nil {
		panic(err)
	}
	return v
}

func (p *promises) promisify(call goja.FunctionCall) goja.Value {
	original, fn := function(p.vm, call.Argument(0), "original")
	if symbol, ok := p.customSymbol().(*goja.Symbol); ok {
		if own := original.GetSymbol(symbol); own != nil && !goja.IsUndefined(own) {
			return own
		}
	}
	return p.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		d := p.loop.Defer()
		callback := func(result goja.FunctionCall) goja.Value {
			if err := result.Argument(0); err.ToBoolean() {
				d.Reject(err)
			} else {
				d.Resolve(result.Argument(1))
			}
			return goja.Undefined()
		}
		args := append(append([]goja.Value(nil), call.Arguments...), p.vm.ToValue(callback))
		if _, err := fn(call.This, args...); err != nil {
			panic(err)
		}
		return d.Promise()
	})
}

func (p *promises) callbackify(call goja.FunctionCall) goja.Value {
	_, fn := function(p.vm, call.Argument(0), "original")
	return p.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		n := len(call.Arguments)
		if n == 0 {
			panic(nodeerr.ArgType(p.vm, "callback", "of type function", goja.Undefined()))
		}
		_, callback := function(p.vm, call.Arguments[n-1], "callback")
		v, err := fn(call.This, call.Arguments[:n-1]...)
		if err != nil {
			panic(err)
		}
		err = p.loop.Then(v,
			func(v goja.Value) { p.loop.NextTick("callbackify", callback, goja.Null(), v) },
			func(v goja.Value) { p.loop.NextTick("callbackify", callback, v) })
		if err != nil {
			panic(err)
		}
		return goja.Undefined()
	})
}
