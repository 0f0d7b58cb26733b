// Package util is Node's module "util".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. The
// compiled sources are shared between VMs.
package util

import (
	"embed"
	"reflect"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module/inspect"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("util", files)

// Exports makes the exports of "util".
func Exports(env *native.Env, in *inspect.Inspector) goja.Value {
	made := env.VM.NewObject()
	functions := func(f *native.Functions) { defineFunctions(f, env, in, made) }
	_ = made.Set("types", env.Builtin("util/types"))
	_ = made.Set("parseArgs", env.Exports(parts.Source("args"), functions))
	return env.Exports(parts.Source("util"), functions)
}

// Types makes the exports of "util/types".
func Types(env *native.Env) goja.Value {
	return env.Exports(parts.Source("types"), func(f *native.Functions) {
		f.Sync("classOf", func(a native.Args) (any, error) {
			if obj, ok := a.At(0).(*goja.Object); ok && kindOf(obj) != "proxy" {
				return obj.ClassName(), nil
			}
			return "", nil
		})
		f.Sync("kindOf", func(a native.Args) (any, error) { return kindOf(a.At(0)), nil })
	})
}

var (
	promiseType = reflect.TypeFor[*goja.Promise]()
	proxyType   = reflect.TypeFor[goja.Proxy]()
)

func kindOf(v goja.Value) string {
	if obj, ok := v.(*goja.Object); ok {
		switch obj.ExportType() {
		case promiseType:
			return "promise"
		case proxyType:
			return "proxy"
		}
	}
	return ""
}

func defineFunctions(f *native.Functions, env *native.Env, in *inspect.Inspector, parts *goja.Object) {
	f.Value("parts", parts)
	show := eventloop.Function(env.VM, "inspect", 2, inspector(env.VM, in))
	_ = show.Set("custom", in.Custom())
	defineColors(env.VM, show)
	f.Value("inspect", show)
	f.Value("format", eventloop.Function(env.VM, "format", 1, func(call goja.FunctionCall) goja.Value { return env.VM.ToValue(in.Format(call.Arguments)) }))
	f.Raw("formatWithOptions", func(call goja.FunctionCall) goja.Value {
		return env.VM.ToValue(in.FormatWith(inspect.OptionsFrom(call.Argument(0)), call.Arguments[min(1, len(call.Arguments)):]))
	})
	f.Sync("stringify", func(a native.Args) (any, error) { return `"` + a.String(0) + `"`, nil })
}

// inspector is util.inspect; its second argument may be the old showHidden.
func inspector(vm *goja.Runtime, in *inspect.Inspector) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		o := inspect.OptionsFrom(call.Argument(1))
		if _, isObject := call.Argument(1).(*goja.Object); !isObject {
			o.ShowHidden = call.Argument(1).ToBoolean()
		}
		return vm.ToValue(in.InspectWith(call.Argument(0), o))
	}
}
