package script

import (
	"os"
	"path/filepath"
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module"
	"github.com/mqscript/mqscript/internal/module/bounds"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/module/clone"
	"github.com/mqscript/mqscript/internal/module/console"
	"github.com/mqscript/mqscript/internal/module/fs"
	"github.com/mqscript/mqscript/internal/module/inspect"
	"github.com/mqscript/mqscript/internal/module/json"
	"github.com/mqscript/mqscript/internal/module/path"
	"github.com/mqscript/mqscript/internal/module/process"
	"github.com/mqscript/mqscript/internal/module/regexp"
	"github.com/mqscript/mqscript/internal/module/text"
	"github.com/mqscript/mqscript/internal/packetjs"
)

// installGlobals gives the VM everything that a script finds there.
func (s *Script) installGlobals() {
	vm := s.vm
	regexp.Install(s.loop)
	s.buffers = buffer.New(vm, s.loop.Globals())
	s.packets = packetjs.New(vm, s.buffers.Wrap)
	s.inspector = inspect.New(vm, s.loop.Globals(), s.buffers)
	s.folders = fs.NewFolders(fs.Layout{
		Source: filepath.Dir(s.realPath()), Data: s.opts.DataDir, Tmp: s.opts.TmpDir,
		Hidden: s.opts.Hidden, Permissions: s.opts.Permissions,
	})
	vm.SetParserOptions(module.WithoutMapFiles())
	class := vm.Get("Object").(*goja.Object)
	isArray := s.loop.Globals().Late("Array", func(v *goja.Object) goja.Value { return v.Get("isArray") })
	s.loop.Globals().WhenMade("JSON", func(object *goja.Object) { json.InstallIn(vm, object, class, isArray) })
	s.modules = module.NewSystem(s.loop)
	s.modules.Confine(s.folders)
	text.Install(s.loop, s.buffers)
	clone.Install(s.loop, s.buffers, s.inspector)

	globals := map[string]func() *goja.Object{
		"global":  vm.GlobalObject,
		"Buffer":  s.buffers.Constructor,
		"console": func() *goja.Object { return console.New(vm, s.opts.Console, s.inspector).Object() },
		"process": func() *goja.Object {
			made := process.New(process.Options{
				Loop: s.loop, Argv: append([]string{"mqscript", s.realPath()}, s.opts.Args...),
				Env: s.allowedEnv, Cwd: s.cwd, Exit: s.exitNow, Started: s.began, Builtin: s.modules.Builtin,
			})
			s.defineStandardStreams(made)
			s.processEvents = process.NewEvents(s.env, made, s.exitNow, func(text string) { s.opts.Console.Write(LevelWarn, text) })
			return made.Object()
		},
		"publish": func() *goja.Object { return eventloop.Named(vm, engine.ReadsLiterals(vm, s.publish), "publish", 3) },
		"exit":    func() *goja.Object { return eventloop.Function(vm, "exit", 0, s.exitNow) },
	}
	for name, make := range globals {
		globals[name] = sync.OnceValue(make)
		s.lazyGlobal(name, globals[name])
	}
	s.installBrowserGlobals()
	s.defineModules(globals)
	bounds.Install(s.loop)
}

// defineModules adds the built-in modules.
func (s *Script) defineModules(globals map[string]func() *goja.Object) {
	vm, define := s.vm, s.modules.Define
	paths := func() goja.Value { return path.Exports(vm, s.cwd) }
	define("buffer", s.buffers.Exports)
	define("console", func() goja.Value { return globals["console"]() })
	define("path", paths)
	define("path/posix", paths)
	define("path/win32", func() goja.Value { return s.builtin("path").(*goja.Object).Get("win32") })
	define("process", func() goja.Value { return globals["process"]() })
	s.defineNatives()
	define("mqscript", func() goja.Value { return s.mqscriptModule(globals) })
}

// realPath is the script's file as __filename names it.
func (s *Script) realPath() string {
	abs, err := filepath.Abs(s.opts.Path)
	if err != nil {
		return s.opts.Path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	return abs
}

// cwd is the folder that relative paths mean: the data folder.
func (s *Script) cwd() string {
	if s.opts.DataDir != "" {
		if abs, err := filepath.Abs(s.opts.DataDir); err == nil {
			return abs
		}
	}
	if dir, err := os.Getwd(); err == nil {
		return dir
	}
	return "/"
}
