// Package process is the global process: what a script may know of where it
// runs.
//
// # Concurrency
//
// The object belongs to one VM and is used on that VM's goroutine only.
package process

import (
	"math/big"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// nodeVersion is the version of Node whose behaviour scripts may expect.
const nodeVersion = "20.20.2"

// Options describe the process to a script.
type Options struct {
	Loop *eventloop.Loop
	Argv []string                 // the program, the script, its arguments
	Env  func() map[string]string // nothing of the real environment comes in by itself
	Cwd  func() string
	Exit func(goja.FunctionCall) goja.Value // ends the script

	Started time.Time // since when uptime counts

	Builtin func(name string) goja.Value // the exports of a built-in module, nil when there is none
}

// New makes the object, and each of its properties when it is first looked at.
func New(o Options) *engine.Lazy {
	vm := o.Loop.VM()
	lazy := engine.NewLazy(vm, vm.NewObject().Prototype())
	define := func(name string, length int, f func(goja.FunctionCall) goja.Value) {
		lazy.DefineEnumerable(name, func() goja.Value { return eventloop.Function(vm, name, length, f) })
	}
	value := func(name string, v any) {
		lazy.DefineEnumerable(name, func() goja.Value { return vm.ToValue(v) })
	}
	_ = lazy.Object().DefineDataPropertySymbol(goja.SymToStringTag, vm.ToValue("process"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	value("title", "mqscript")
	value("version", "v"+nodeVersion)
	lazy.DefineEnumerable("versions", func() goja.Value {
		return environment(vm, map[string]string{"node": nodeVersion, "mqscript": "1"})
	})
	value("platform", platform())
	value("arch", arch())
	value("pid", os.Getpid())
	lazy.DefineEnumerable("argv", func() goja.Value { return list(vm, o.Argv) })
	value("argv0", first(o.Argv))
	lazy.DefineEnumerable("execArgv", func() goja.Value { return vm.NewArray() })
	value("execPath", first(o.Argv))
	lazy.DefineEnumerable("env", func() goja.Value { return environment(vm, o.Env()) })
	value("exitCode", goja.Undefined())
	define("cwd", 0, func(goja.FunctionCall) goja.Value { return vm.ToValue(o.Cwd()) })
	define("exit", 1, o.Exit)
	define("uptime", 0, func(goja.FunctionCall) goja.Value { return vm.ToValue(time.Since(o.Started).Seconds()) })
	lazy.DefineEnumerable("memoryUsage", func() goja.Value {
		usage := eventloop.Function(vm, "memoryUsage", 0, func(goja.FunctionCall) goja.Value { return memory(vm) })
		_ = usage.Set("rss", eventloop.Function(vm, "rss", 0, func(goja.FunctionCall) goja.Value { return memory(vm).Get("rss") }))
		return usage
	})
	defineNextTick(lazy, o.Loop)
	defineFacts(lazy, o)
	lazy.DefineEnumerable("hrtime", func() goja.Value { return hrtime(vm, o) })
	return lazy
}

func hrtime(vm *goja.Runtime, o Options) goja.Value {
	fn := eventloop.Function(vm, "hrtime", 1, func(call goja.FunctionCall) goja.Value {
		d := time.Since(o.Started)
		if before, ok := call.Argument(0).(*goja.Object); ok {
			d -= time.Duration(before.Get("0").ToInteger())*time.Second + time.Duration(before.Get("1").ToInteger())
		}
		return vm.NewArray(int64(d/time.Second), int64(d%time.Second))
	})
	_ = fn.Set("bigint", func(goja.FunctionCall) goja.Value {
		return vm.ToValue(big.NewInt(int64(time.Since(o.Started))))
	})
	return fn
}

// defineNextTick defines nextTick. Looking at it tells the loop that the script
// uses ticks, which takes a little time from every call of those that do.
func defineNextTick(p *engine.Lazy, loop *eventloop.Loop) {
	vm := loop.VM()
	p.DefineEnumerable("nextTick", func() goja.Value {
		loop.UseTicks()
		return eventloop.Function(vm, "nextTick", 1, func(call goja.FunctionCall) goja.Value {
			fn, ok := goja.AssertFunction(call.Argument(0))
			if !ok {
				panic(nodeerr.ArgType(vm, "callback", "of type function", call.Argument(0)))
			}
			loop.NextTick("process.nextTick", fn, slices.Clone(call.Arguments[1:])...)
			return goja.Undefined()
		})
	})
}

func list(vm *goja.Runtime, items []string) *goja.Object {
	values := make([]any, len(items))
	for i, item := range items {
		values[i] = item
	}
	return vm.NewArray(values...)
}

func first(items []string) string {
	if len(items) > 0 {
		return items[0]
	}
	return ""
}

func environment(vm *goja.Runtime, env map[string]string) *goja.Object {
	o := vm.NewObject()
	names := make([]string, 0, len(env))
	for name := range env {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		_ = o.DefineDataProperty(name, vm.ToValue(env[name]), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
	}
	return o
}

func memory(vm *goja.Runtime) *goja.Object {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	o := vm.NewObject()
	_ = o.Set("rss", int64(m.Sys))
	_ = o.Set("heapTotal", int64(m.HeapSys))
	_ = o.Set("heapUsed", int64(m.HeapAlloc))
	_ = o.Set("external", 0)
	_ = o.Set("arrayBuffers", 0)
	return o
}

func platform() string {
	if runtime.GOOS == "windows" {
		return "win32"
	}
	return runtime.GOOS
}

func arch() string {
	switch runtime.GOARCH {
	case "amd64":
		return "x64"
	case "386":
		return "ia32"
	}
	return runtime.GOARCH
}
