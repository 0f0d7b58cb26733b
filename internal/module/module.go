// Package module is what a script can require: files (CommonJS, ES modules,
// TypeScript, JSON), packages in node_modules, and the built-in modules, each
// in a file or folder of its own.
//
// # Concurrency
//
// A System belongs to one VM and is used on that VM's loop only. Compiled
// files, which hold nothing of a VM, are shared by all VMs of the process, and
// what esbuild makes of a file by all processes of a user, on disk.
package module

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module/regexp"
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
	resolver resolver

	notice     func(path string) // see Notice
	evaluation goja.Value        // see Evaluation
	parse      goja.Callable     // JSON.parse as it was before any script ran
	unused     *unused
	remembers  bool // RegExp says what the last match was
}

type builtin struct {
	make    Builtin
	exports goja.Value
}

// record is one loaded file.
type record struct {
	path      string
	object    *goja.Object  // the module variable
	parent    *record       // what required it first
	program   *goja.Program // kept, so that other VMs can share it
	esm       bool          // its text is an ES module
	strict    bool          // its name or package.json says that it is one
	namespace *goja.Object  // what strict ES modules import, when that is not its exports
}

// NewSystem creates the module system of a loop's VM. On the loop.
func NewSystem(loop *eventloop.Loop) *System {
	vm := loop.VM()
	parse := loop.Globals().Late("JSON", func(v *goja.Object) goja.Value { return v.Get("parse") })
	s := &System{
		vm: vm, loop: loop, parse: parse,
		builtins: make(map[string]*builtin),
		loaded:   make(map[string]*record),
		cache:    vm.NewObject(),
		unused:   newUnused(unusedName),
	}
	s.resolver = newResolver(s.has)
	return s
}

// Files are what modules are loaded from. An error is a *permission.Denied for
// a file that must not be.
type Files interface {
	ReadCode(path string) ([]byte, error)
	StatCode(path string) (fs.FileInfo, error)
}

// Notice has f called with the path of each file that is about to be loaded.
// Before anything is.
func (s *System) Notice(f func(path string)) { s.notice = f }

// Confine limits what can be loaded. Before anything is.
func (s *System) Confine(files Files) { s.resolver.files, s.resolver.packages.files = files, files }

// everything is the Files of a System that is not confined.
type everything struct{}

// ReadCode implements [Files].
func (everything) ReadCode(path string) ([]byte, error) { return os.ReadFile(path) }

// StatCode implements [Files].
func (everything) StatCode(path string) (fs.FileInfo, error) { return os.Stat(path) }

// Define adds a built-in module. It is found under its name, and with "node:"
// in front of it.
func (s *System) Define(name string, make Builtin) {
	s.builtins[name] = &builtin{make: make}
}

// Names returns the names of the built-in modules, sorted.
func (s *System) Names() []string { return slices.Sorted(maps.Keys(s.builtins)) }

// has tells whether a built-in module is there.
func (s *System) has(name string) bool {
	return s.builtins[strings.TrimPrefix(name, "node:")] != nil
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

// LoadMain loads the script's file and returns its exports, which are not all
// there as long as its Evaluation is pending. An error is a
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
	if s.notice != nil {
		s.notice(path)
	}
	source, err := s.resolver.files.ReadCode(path)
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
	rec := &record{path: path, object: m, parent: parent}
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
	if filepath.Ext(rec.path) == ".node" {
		return &resolveError{"ERR_DLOPEN_FAILED", "native code cannot be loaded in scripts: " + rec.path}
	}
	var err error
	if rec.strict, err = s.resolver.isModule(rec.path); err != nil {
		return err
	}
	unit, err := compile(rec.path, source, rec.strict, rec == s.main)
	if err != nil {
		return err
	}
	rec.program, rec.esm = unit.program, unit.esm
	maps.Copy(s.unused.places, unit.unused)
	if unit.awaits {
		s.defineEvaluate(rec)
	}
	if namesRegExp(source) {
		s.vm.Get("RegExp")
		if !s.remembers && regexp.NamesLastMatch(source) {
			s.remembers = true
			regexp.RememberMatches(s.vm)
		}
	}
	if bytes.Contains(source, []byte("async")) {
		s.loop.KeepPromises() // its functions may return some without naming Promise
	}
	v, err := s.vm.RunProgram(unit.program)
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
		s.vm.ToValue(rec.path), s.vm.ToValue(filepath.Dir(rec.path)), s.importMeta(rec))
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
