package module

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// Exports makes the exports of Node's module "module".
func (s *System) Exports() goja.Value {
	vm := s.vm
	exports := eventloop.Function(vm, "Module", 0, func(goja.FunctionCall) goja.Value {
		panic(nodeerr.New(vm, nodeerr.Error, "ERR_NOT_IMPLEMENTED", "module.Module is not implemented in mqscript"))
	})
	_ = exports.Set("Module", exports)
	_ = exports.Set("builtinModules", s.builtinNames())
	_ = exports.Set("isBuiltin", eventloop.Function(vm, "isBuiltin", 1, func(call goja.FunctionCall) goja.Value {
		return vm.ToValue(goja.IsString(call.Argument(0)) && s.has(call.Argument(0).String()))
	}))
	_ = exports.Set("createRequire", eventloop.Function(vm, "createRequire", 1, func(call goja.FunctionCall) goja.Value {
		return s.requireFor(&record{path: s.requiringFile(call.Argument(0))})
	}))
	_ = exports.Set("globalPaths", vm.NewArray())
	_ = exports.Set("_cache", s.cache)
	_ = exports.Set("_nodeModulePaths", eventloop.Function(vm, "_nodeModulePaths", 1, func(call goja.FunctionCall) goja.Value {
		return s.list(folders(call.Argument(0).String()))
	}))
	for _, name := range []string{"syncBuiltinESMExports", "findSourceMap"} {
		_ = exports.Set(name, eventloop.Function(vm, name, 0, func(goja.FunctionCall) goja.Value { return goja.Undefined() }))
	}
	return exports
}

func (s *System) builtinNames() goja.Value {
	var names []string
	for name := range s.builtins {
		names = append(names, name)
	}
	slices.Sort(names)
	return s.list(names)
}

func (s *System) list(names []string) goja.Value {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return s.vm.NewArray(list...)
}

// requiringFile reads the argument of createRequire: an absolute path or a file
// URL.
func (s *System) requiringFile(v goja.Value) string {
	text := v.String()
	if obj, ok := v.(*goja.Object); ok && obj.Get("href") != nil {
		text = obj.Get("href").String()
	}
	if strings.HasPrefix(text, "file:") {
		if u, err := url.Parse(text); err == nil && filepath.IsAbs(u.Path) {
			text = u.Path
		}
	}
	if !filepath.IsAbs(text) {
		panic(nodeerr.New(s.vm, nodeerr.TypeError, nodeerr.InvalidArgValue,
			"The argument 'filename' must be a file URL object, file URL string, or absolute path string. Received '"+text+"'"))
	}
	if strings.HasSuffix(text, "/") {
		return filepath.Join(text, "noop.js") // what is asked for is beside it
	}
	return filepath.Clean(text)
}

// resolveFunction makes require.resolve of a module.
func (s *System) resolveFunction(rec *record) *goja.Object {
	resolve := eventloop.Function(s.vm, "resolve", 2, func(call goja.FunctionCall) goja.Value {
		request := requestOf(s.vm, call.Argument(0))
		found := s.resolveFrom(rec, request, call.Argument(1))
		if found.path == "" {
			return s.vm.ToValue(request)
		}
		return s.vm.ToValue(found.path)
	})
	_ = resolve.Set("paths", eventloop.Function(s.vm, "paths", 1, func(call goja.FunctionCall) goja.Value {
		request := requestOf(s.vm, call.Argument(0))
		switch {
		case s.has(request):
			return goja.Null()
		case strings.HasPrefix(request, "./") || strings.HasPrefix(request, "../"):
			return s.vm.NewArray(filepath.Dir(rec.path))
		}
		return s.list(folders(filepath.Dir(rec.path)))
	}))
	return resolve
}

// resolveFrom resolves a request, from the folders of the option paths when
// there is one: the first in which it is found counts.
func (s *System) resolveFrom(rec *record, request string, options goja.Value) resolution {
	obj, ok := options.(*goja.Object)
	if !ok || obj.Get("paths") == nil || goja.IsUndefined(obj.Get("paths")) {
		return s.resolveOrThrow(rec, request)
	}
	var paths []string
	if err := s.vm.ExportTo(obj.Get("paths"), &paths); err != nil {
		panic(nodeerr.ArgType(s.vm, "options.paths", "an instance of Array", obj.Get("paths")))
	}
	for _, path := range paths {
		if found, err := s.resolver.resolve(path, request, modeRequire); err == nil {
			return found
		}
	}
	return s.resolveOrThrow(rec, request)
}
