// Package events is Node's module "events".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. The
// compiled sources are shared between VMs.
package events

import (
	_ "embed" // the module's sources

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

var (
	//go:embed events.js
	emitterText string
	//go:embed waiting.js
	waitingText string

	emitter = native.NewSource("events", emitterText)
	waiting = native.NewSource("events/waiting", waitingText)
)

// Exports makes the exports of the module.
func Exports(env *native.Env) goja.Value {
	parts := env.VM.NewObject()
	for _, name := range []string{"util", "process"} {
		_ = parts.Set(name, func(goja.FunctionCall) goja.Value { return env.Builtin(name) })
	}
	_ = parts.Set("emitter", env.Exports(emitter, func(f *native.Functions) { f.Value("parts", parts) }))
	return env.Exports(waiting, func(f *native.Functions) { f.Value("parts", parts) })
}
