// Package encoding is the global functions atob and btoa.
//
// # Concurrency
//
// The functions belong to one VM and are used on that VM's goroutine only.
package encoding

import (
	_ "embed" // the functions' source

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed encoding.js
var text string

var source = native.NewSource("buffer", text)

// Install defines the globals. Their source runs when one is first called.
func Install(env *native.Env) {
	for _, name := range []string{"atob", "btoa"} {
		env.Loop.Globals().Define(name, func() goja.Value { return function(env, name) })
	}
}

func function(env *native.Env, name string) goja.Value {
	var f goja.Callable
	return eventloop.Function(env.VM, name, 1, func(call goja.FunctionCall) goja.Value {
		if f == nil {
			f, _ = goja.AssertFunction(env.Exports(source, nil).(*goja.Object).Get(name))
		}
		v, err := f(goja.Undefined(), call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	})
}
