package process

import (
	"os"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
)

// defineFacts defines what packages ask of where they run.
func defineFacts(p *goja.Object, o Options) {
	vm := o.Loop.VM()
	release := vm.NewObject()
	_ = release.Set("name", "node")
	_ = release.Set("lts", "Iron")
	_ = p.Set("release", release)
	_ = p.Set("features", vm.NewObject())
	_ = p.Set("config", vm.NewObject())
	_ = p.Set("ppid", os.Getppid())
	_ = p.Set("cpuUsage", eventloop.Function(vm, "cpuUsage", 1, func(call goja.FunctionCall) goja.Value {
		user, system := processorTime()
		if before, ok := call.Argument(0).(*goja.Object); ok {
			user -= before.Get("user").ToInteger()
			system -= before.Get("system").ToInteger()
		}
		usage := vm.NewObject()
		_ = usage.Set("user", user)
		_ = usage.Set("system", system)
		return usage
	}))
	_ = p.Set("umask", eventloop.Function(vm, "umask", 1, func(goja.FunctionCall) goja.Value { return vm.ToValue(0o022) }))
	_ = p.Set("getBuiltinModule", eventloop.Function(vm, "getBuiltinModule", 1, func(call goja.FunctionCall) goja.Value {
		if v := o.Builtin(strings.TrimPrefix(call.Argument(0).String(), "node:")); v != nil {
			return v
		}
		return goja.Undefined()
	}))
}
