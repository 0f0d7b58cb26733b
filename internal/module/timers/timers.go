// Package timers is Node's modules "timers" and "timers/promises".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package timers

import (
	_ "embed" // the source of timers/promises

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed promises.js
var text string

var source = native.NewSource("timers/promises", text)

// Exports makes the exports of "timers": the globals.
func Exports(env *native.Env) goja.Value {
	exports := env.VM.NewObject()
	for _, name := range []string{
		"setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate",
	} {
		_ = exports.Set(name, env.VM.Get(name))
	}
	_ = exports.Set("promises", env.Builtin("timers/promises"))
	return exports
}

// Promises makes the exports of "timers/promises".
func Promises(env *native.Env) goja.Value { return env.Exports(source, nil) }

// Install tells util.promisify what setTimeout and setImmediate are with
// promises.
func Install(env *native.Env) {
	symbols := env.VM.Get("Symbol").(*goja.Object)
	of, _ := goja.AssertFunction(symbols.Get("for"))
	v, err := of(symbols, env.VM.ToValue("nodejs.util.promisify.custom"))
	custom, ok := v.(*goja.Symbol)
	if err != nil || !ok {
		return
	}
	for _, name := range []string{"setTimeout", "setImmediate"} {
		get := eventloop.Function(env.VM, "get", 0, func(goja.FunctionCall) goja.Value {
			return env.Builtin("timers/promises").(*goja.Object).Get(name)
		})
		_ = env.VM.Get(name).(*goja.Object).DefineAccessorPropertySymbol(custom, get, nil, goja.FLAG_FALSE, goja.FLAG_FALSE)
	}
}
