// Package events is Node's module "events".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. The
// compiled source is shared between VMs.
package events

import (
	_ "embed" // the module's source
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

//go:embed events.js
var source string

var program = sync.OnceValue(func() *goja.Program {
	return goja.MustCompile("node:events", "(function (module, argumentError) {"+source+"\n})", false)
})

// Exports makes the exports of the module.
func Exports(vm *goja.Runtime) goja.Value {
	v, err := vm.RunProgram(program())
	if err != nil {
		panic(err)
	}
	fn, _ := goja.AssertFunction(v)
	module := vm.NewObject()
	argumentError := func(call goja.FunctionCall) goja.Value {
		return nodeerr.ArgType(vm, call.Argument(0).String(), call.Argument(1).String(), call.Argument(2))
	}
	if _, err := fn(goja.Undefined(), module, vm.ToValue(argumentError)); err != nil {
		panic(err)
	}
	return module.Get("exports")
}
