package module

import (
	"errors"
	"net/url"
	"path/filepath"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// requireFor makes the require function of a module.
func (s *System) requireFor(rec *record) *goja.Object {
	fn := eventloop.Function(s.vm, "require", 1, func(call goja.FunctionCall) goja.Value {
		return s.require(rec, requestOf(s.vm, call.Argument(0)))
	})
	_ = fn.Set("resolve", s.resolveFunction(rec))
	_ = fn.Set("main", s.main.object)
	_ = fn.Set("cache", s.cache)
	return fn
}

func requestOf(vm *goja.Runtime, v goja.Value) string {
	if !goja.IsString(v) {
		panic(nodeerr.ArgType(vm, "id", "of type string", v))
	}
	if v.String() == "" {
		panic(nodeerr.New(vm, nodeerr.TypeError, nodeerr.InvalidArgValue,
			"The argument 'id' must be a non-empty string. Received ''"))
	}
	return v.String()
}

func (s *System) require(from *record, request string) goja.Value {
	found := s.resolveOrThrow(from, request)
	switch {
	case found.builtin != "":
		return s.Builtin(found.builtin)
	case found.empty:
		return s.vm.NewObject()
	}
	rec, err := s.load(found.path, from)
	if err != nil {
		panic(s.throwable(err))
	}
	if from.strict && !rec.esm {
		return s.namespaceOf(rec)
	}
	return rec.object.Get("exports")
}

// namespaceOf is what a strict ES module imports of a CommonJS file: as in
// Node, the default is the exports themselves, also when a compiler marked
// them as those of an ES module.
func (s *System) namespaceOf(rec *record) goja.Value {
	v := rec.object.Get("exports")
	exports, ok := v.(*goja.Object)
	if !ok {
		return v
	}
	if mark := exports.Get("__esModule"); mark == nil || !mark.ToBoolean() {
		return v
	}
	if rec.namespace != nil && rec.namespace.Get("default") == v {
		return rec.namespace
	}
	ns := s.vm.NewObject()
	_ = ns.DefineDataProperty("__esModule", s.vm.ToValue(true), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	_ = ns.DefineDataProperty("default", v, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE)
	for _, name := range exports.GetOwnPropertyNames() {
		if name == "default" || name == "__esModule" {
			continue
		}
		get := s.vm.ToValue(func(goja.FunctionCall) goja.Value { return exports.Get(name) })
		_ = ns.DefineAccessorProperty(name, get, nil, goja.FLAG_FALSE, goja.FLAG_TRUE)
	}
	rec.namespace = ns
	return ns
}

// importMeta makes import.meta of a module.
func (s *System) importMeta(rec *record) goja.Value {
	if !rec.esm {
		return goja.Undefined()
	}
	meta := s.vm.CreateObject(nil)
	_ = meta.Set("dirname", filepath.Dir(rec.path))
	_ = meta.Set("filename", rec.path)
	_ = meta.Set("url", fileURL(rec.path))
	_ = meta.Set("resolve", eventloop.Function(s.vm, "resolve", 1, func(call goja.FunctionCall) goja.Value {
		found := s.resolveOrThrow(rec, call.Argument(0).String())
		switch {
		case found.path != "":
			return s.vm.ToValue(fileURL(found.path))
		case found.builtin != "":
			return s.vm.ToValue("node:" + found.builtin)
		}
		return call.Argument(0)
	}))
	return meta
}

func fileURL(path string) string {
	slashed := filepath.ToSlash(path)
	if slashed != "" && slashed[0] != '/' {
		slashed = "/" + slashed // a drive
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String()
}

// throwable turns an error of loading into what require throws.
func (s *System) throwable(err error) any {
	var syntax *SyntaxError
	if errors.As(err, &syntax) {
		obj := nodeerr.New(s.vm, "SyntaxError", "", syntax.Message)
		_ = obj.DefineDataProperty("stack", s.vm.ToValue(syntax.Error()), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		return obj
	}
	var thrown *goja.Exception
	if errors.As(err, &thrown) {
		return thrown
	}
	var interrupted *goja.InterruptedError
	if errors.As(err, &interrupted) {
		return interrupted
	}
	var overflow *goja.StackOverflowError
	if errors.As(err, &overflow) {
		return overflow
	}
	return s.thrown(nil, err)
}

func (s *System) resolveOrThrow(from *record, request string) resolution {
	as := modeRequire
	if from.esm {
		as = modeImport
	}
	found, err := s.resolver.resolve(filepath.Dir(from.path), request, as)
	if err != nil {
		panic(s.thrown(from, err))
	}
	return found
}
