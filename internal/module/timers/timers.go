// Package timers is Node's modules "timers" and "timers/promises".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package timers

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
)

// Exports makes the exports of "timers": the globals.
func Exports(vm *goja.Runtime, promises goja.Value) goja.Value {
	exports := vm.NewObject()
	for _, name := range []string{
		"setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate",
	} {
		_ = exports.Set(name, vm.Get(name))
	}
	_ = exports.Set("promises", promises)
	return exports
}

// Promises makes the exports of "timers/promises": setTimeout and setImmediate.
func Promises(loop *eventloop.Loop) goja.Value {
	vm := loop.VM()
	exports := vm.NewObject()
	// define wraps a timer function that takes a callback and extra arguments.
	define := func(name string, extra int) {
		start, _ := goja.AssertFunction(vm.Get(name))
		_ = exports.Set(name, eventloop.Function(vm, name, extra, func(call goja.FunctionCall) goja.Value {
			d := loop.Defer()
			result := call.Argument(extra)
			args := []goja.Value{vm.ToValue(func(goja.FunctionCall) goja.Value {
				d.Resolve(result)
				return goja.Undefined()
			})}
			for i := range extra {
				args = append(args, call.Argument(i))
			}
			if _, err := start(goja.Undefined(), args...); err != nil {
				panic(err)
			}
			return d.Promise()
		}))
	}
	define("setTimeout", 1)
	define("setImmediate", 0)
	return exports
}
