// Package asynchooks is Node's module "async_hooks": AsyncLocalStorage, whose
// values go along with timers, ticks and promises, and AsyncResource.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package asynchooks

import (
	_ "embed" // the module's source

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed hooks.js
var text string

var source = native.NewSource("async_hooks", text)

// Exports makes the exports of the module. From then on the loop takes what
// JavaScript carries along to promise reactions.
func Exports(env *native.Env) goja.Value {
	env.Loop.CarryToReactions()
	return env.Exports(source, func(f *native.Functions) {
		f.Raw("carried", func(goja.FunctionCall) goja.Value {
			if carried := env.Loop.Carried(); carried != nil {
				return carried
			}
			return goja.Undefined()
		})
		f.Raw("carry", func(call goja.FunctionCall) goja.Value {
			carried, _ := call.Argument(0).(*goja.Object)
			env.Loop.Carry(carried)
			return goja.Undefined()
		})
	})
}
