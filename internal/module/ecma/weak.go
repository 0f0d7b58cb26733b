package ecma

import (
	_ "embed" // the classes' source
	"runtime"
	"weak"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed weak.js
var weakText string

var weakSource = native.NewSource("internal/weak", weakText)

// Weak makes the classes WeakRef, which does not keep its object from being
// collected, and FinalizationRegistry, whose function is called in a turn of
// its own some time after an object was collected. Nothing says when, or that
// it is.
func Weak(env *native.Env) goja.Value {
	return env.Exports(weakSource, func(f *native.Functions) {
		f.Raw("weak", func(call goja.FunctionCall) goja.Value { return reference(env, call.Argument(0).(*goja.Object)) })
		f.Raw("watch", func(call goja.FunctionCall) goja.Value {
			callback, _ := goja.AssertFunction(call.Argument(1))
			return watch(env, call.Argument(0).(*goja.Object), callback)
		})
	})
}

// reference returns a function that returns the object, or undefined once it
// was collected. An object that was seen stays for the rest of the turn.
func reference(env *native.Env, target *goja.Object) goja.Value {
	loop, pointer := env.Loop, weak.Make(target)
	loop.KeepDuringTurn(target)
	return env.VM.ToValue(func(goja.FunctionCall) goja.Value {
		target := pointer.Value()
		if target == nil {
			return goja.Undefined()
		}
		loop.KeepDuringTurn(target)
		return target
	})
}

// collected is an object that is no longer there. The garbage collector's
// goroutine queues it; there is one at most for each object that is watched.
type collected struct {
	env      *native.Env
	callback goja.Callable
	canceled bool // on the loop
}

// Run calls the function.
func (c *collected) Run() {
	if !c.canceled {
		c.env.Loop.Call("FinalizationRegistry", c.callback, goja.Undefined())
	}
}

// Drop does nothing: the script has ended.
func (c *collected) Drop() {}

// watch calls the function once the object was collected, and returns a
// function that cancels that.
func watch(env *native.Env, target *goja.Object, callback goja.Callable) goja.Value {
	job := &collected{env: env, callback: callback}
	cleanup := runtime.AddCleanup(target, func(job *collected) { job.env.Loop.Answer(job) }, job)
	return env.VM.ToValue(func(goja.FunctionCall) goja.Value {
		cleanup.Stop()
		job.canceled = true
		return goja.Undefined()
	})
}
