package process

import (
	"os"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop"
)

// defineFacts defines what packages ask of where they run.
func defineFacts(p *engine.Lazy, o Options) {
	vm := o.Loop.VM()
	empty := func() goja.Value { return vm.NewObject() }
	function := func(name string, f func(goja.FunctionCall) goja.Value) {
		p.DefineEnumerable(name, func() goja.Value { return eventloop.Function(vm, name, 1, f) })
	}
	p.DefineEnumerable("release", func() goja.Value {
		release := vm.NewObject()
		_ = release.Set("name", "node")
		_ = release.Set("lts", "Iron")
		return release
	})
	p.DefineEnumerable("features", empty)
	p.DefineEnumerable("config", empty)
	p.DefineEnumerable("ppid", func() goja.Value { return vm.ToValue(os.Getppid()) })
	function("cpuUsage", func(call goja.FunctionCall) goja.Value {
		user, system := processorTime()
		if before, ok := call.Argument(0).(*goja.Object); ok {
			user -= before.Get("user").ToInteger()
			system -= before.Get("system").ToInteger()
		}
		usage := vm.NewObject()
		_ = usage.Set("user", user)
		_ = usage.Set("system", system)
		return usage
	})
	function("umask", func(goja.FunctionCall) goja.Value { return vm.ToValue(0o022) })
	function("getBuiltinModule", func(call goja.FunctionCall) goja.Value {
		if v := o.Builtin(strings.TrimPrefix(call.Argument(0).String(), "node:")); v != nil {
			return v
		}
		return goja.Undefined()
	})
}
