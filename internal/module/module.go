// Package module is what a script can require: files (CommonJS, ES modules,
// TypeScript, JSON), packages in node_modules, and the built-in modules, each
// in a file or folder of its own.
//
// # Concurrency
//
// A System belongs to one VM and is used on that VM's loop only. Compiled
// files are not shared between VMs.
package module

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// Builtin makes the exports of a built-in module when it is first required.
type Builtin func() goja.Value

// System loads the modules of one VM.
type System struct {
	vm       *goja.Runtime
	loop     *eventloop.Loop
	builtins map[string]*builtin
	cache    *goja.Object       // path -> module, as require.cache
	loaded   map[string]*record // path -> module
	main     *record
	parse    goja.Callable // JSON.parse as it was before any script ran
}

type builtin struct {
	make    Builtin
	exports goja.Value
}

// record is one loaded file.
type record struct {
	path   string
	object *goja.Object // the module variable
}

// NewSystem creates the module system of a loop's VM. On the loop.
func NewSystem(loop *eventloop.Loop) *System {
	vm := loop.VM()
	parse, _ := goja.AssertFunction(vm.Get("JSON").(*goja.Object).Get("parse"))
	return &System{
		vm: vm, loop: loop, parse: parse,
		builtins: make(map[string]*builtin),
		loaded:   make(map[string]*record),
		cache:    vm.NewObject(),
	}
}

// Define adds a built-in module. It is found under its name, and with "node:"
// in front of it.
func (s *System) Define(name string, make Builtin) {
	s.builtins[name] = &builtin{make: make}
}

// Builtin returns the exports of a built-in module, nil when there is none.
func (s *System) Builtin(name string) goja.Value {
	b := s.builtins[strings.TrimPrefix(name, "node:")]
	if b == nil {
		return nil
	}
	if b.exports == nil {
		b.exports = b.make()
	}
	return b.exports
}

// LoadMain loads the script's file and returns its exports. An error is a
// *SyntaxError, an error of the file system, or one of goja. Inside a turn.
func (s *System) LoadMain(path string) (goja.Value, error) {
	path, err := mainFile(path)
	if err != nil {
		return nil, err
	}
	rec, err := s.load(path, nil)
	if err != nil {
		return nil, err
	}
	return rec.object.Get("exports"), nil
}

// mainFile checks the path of a script.
func mainFile(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("finding the script: %w", err)
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("there is no script %s: %w", path, os.ErrNotExist)
	case err != nil:
		return "", fmt.Errorf("reading the script: %w", err)
	case info.IsDir():
		return "", fmt.Errorf("%s is a folder; name the script file in it", path)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is not a regular file", path)
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	return abs, nil
}

// load runs a file, or returns it when it was loaded before.
func (s *System) load(path string, parent *record) (*record, error) {
	if rec := s.loaded[path]; rec != nil && s.cache.Get(path) == goja.Value(rec.object) {
		return rec, nil
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a module: %w", err)
	}
	rec := s.newRecord(path, parent)
	if s.main == nil {
		s.main = rec
	}
	_ = s.cache.Set(path, rec.object)
	s.loaded[path] = rec
	if err := s.execute(rec, source); err != nil {
		delete(s.loaded, path)
		_ = s.cache.Delete(path)
		return nil, err
	}
	_ = rec.object.Set("loaded", true)
	return rec, nil
}

func (s *System) newRecord(path string, parent *record) *record {
	m := s.vm.NewObject()
	rec := &record{path: path, object: m}
	id := path
	if s.main == nil {
		id = "."
	}
	_ = m.Set("id", id)
	_ = m.Set("path", filepath.Dir(path))
	_ = m.Set("exports", s.vm.NewObject())
	_ = m.Set("filename", path)
	_ = m.Set("loaded", false)
	_ = m.Set("children", s.vm.NewArray())
	_ = m.Set("paths", folders(filepath.Dir(path)))
	if parent != nil {
		_ = m.DefineDataProperty("parent", parent.object, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	return rec
}

func (s *System) execute(rec *record, source []byte) error {
	if strings.EqualFold(filepath.Ext(rec.path), ".json") {
		return s.executeJSON(rec, source)
	}
	prg, err := compile(rec.path, source)
	if err != nil {
		return err
	}
	v, err := s.vm.RunProgram(prg)
	if err != nil {
		return err
	}
	fn, ok := goja.AssertFunction(v)
	if !ok {
		return fmt.Errorf("loading %s: the module function is missing", rec.path)
	}
	require := s.requireFor(rec)
	_ = rec.object.DefineDataProperty("require", require, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	exports := rec.object.Get("exports")
	_, err = fn(exports, exports, require, rec.object,
		s.vm.ToValue(rec.path), s.vm.ToValue(filepath.Dir(rec.path)))
	return err
}

func (s *System) executeJSON(rec *record, source []byte) error {
	text := strings.TrimPrefix(string(source), "\ufeff")
	v, err := s.parse(goja.Undefined(), s.vm.ToValue(text))
	if err != nil {
		return jsonError(rec.path, text, err)
	}
	return rec.object.Set("exports", v)
}

// jsonError finds the place of a mistake in a JSON file.
func jsonError(path, text string, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal([]byte(text), new(any)), &syntax) {
		return err
	}
	offset := min(int(syntax.Offset), len(text))
	before := text[:max(offset-1, 0)]
	line := strings.Count(before, "\n") + 1
	start := strings.LastIndexByte(before, '\n') + 1
	source, _, _ := strings.Cut(text[start:], "\n")
	return &SyntaxError{
		File: path, Line: line, Column: len(before) - start + 1,
		Source: strings.TrimRight(source, "\r"), Message: syntax.Error(),
	}
}

// requireFor makes the require function of a module.
func (s *System) requireFor(rec *record) *goja.Object {
	fn := eventloop.Function(s.vm, "require", 1, func(call goja.FunctionCall) goja.Value {
		return s.require(rec, requestOf(s.vm, call.Argument(0)))
	})
	resolve := eventloop.Function(s.vm, "resolve", 1, func(call goja.FunctionCall) goja.Value {
		request := requestOf(s.vm, call.Argument(0))
		if s.builtins[strings.TrimPrefix(request, "node:")] != nil {
			return s.vm.ToValue(request)
		}
		return s.vm.ToValue(s.resolveOrThrow(rec, request))
	})
	_ = fn.Set("resolve", resolve)
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
	if exports := s.Builtin(request); exports != nil {
		return exports
	}
	path := s.resolveOrThrow(from, request)
	rec, err := s.load(path, from)
	if err != nil {
		panic(s.throwable(err))
	}
	return rec.object.Get("exports")
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
	return nodeerr.New(s.vm, nodeerr.Error, "", err.Error())
}

func (s *System) resolveOrThrow(from *record, request string) string {
	path, err := resolve(filepath.Dir(from.path), request)
	if err == nil {
		return path
	}
	var missing *builtinMissing
	if errors.As(err, &missing) {
		panic(nodeerr.New(s.vm, nodeerr.Error, "ERR_UNKNOWN_BUILTIN_MODULE", missing.Error()))
	}
	obj := nodeerr.New(s.vm, nodeerr.Error, "MODULE_NOT_FOUND",
		fmt.Sprintf("Cannot find module '%s'\nRequire stack:\n- %s", request, from.path))
	_ = obj.Set("requireStack", []any{from.path})
	panic(obj)
}
