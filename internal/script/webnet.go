package script

import (
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/module/diagnostics"
	"github.com/mqscript/mqscript/internal/module/fetch"
	"github.com/mqscript/mqscript/internal/module/http"
	"github.com/mqscript/mqscript/internal/module/httpio"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/module/tty"
	"github.com/mqscript/mqscript/internal/module/webstream"
)

// installHTTP defines fetch and what belongs to it, and the modules that use
// HTTP.
func (s *Script) installHTTP(env *native.Env) {
	client := sync.OnceValue(func() *httpio.Client { return httpio.NewClient(env) })
	streams := sync.OnceValue(func() *goja.Object { return webstream.Parts(env) })
	web := func() *goja.Object { return streams().Get("web").(*goja.Object) }
	fetching := sync.OnceValue(func() *goja.Object { return fetch.Exports(env, client(), streams()).(*goja.Object) })
	parts := sync.OnceValue(func() *goja.Object { return http.Parts(env, client()) })
	s.modules.Define("http", func() goja.Value { return parts().Get("http") })
	s.modules.Define("https", func() goja.Value { return http.Secure(env, parts()) })
	s.modules.Define("http2", func() goja.Value { return http.Second(env) })
	s.modules.Define("diagnostics_channel", func() goja.Value { return diagnostics.Exports(env) })
	s.internals["internal/standard"] = func() goja.Value { return tty.Standard(env, s.print) }
	s.modules.Define("tty", func() goja.Value { return tty.Exports(env) })
	s.modules.Define("stream/web", func() goja.Value { return web() })
	for _, name := range webstream.Globals {
		s.lazyGlobal(name, func() *goja.Object { return web().Get(name).(*goja.Object) })
	}
	for _, name := range fetch.Globals {
		s.lazyGlobal(name, func() *goja.Object { return fetching().Get(name).(*goja.Object) })
	}
}

// print writes a line of a standard stream on the console.
func (s *Script) print(isError bool, line string) {
	level := LevelLog
	if isError {
		level = LevelError
	}
	s.opts.Console.Write(level, line)
}

// defineStandardStreams gives process its streams, which are made when they are
// first used.
func (s *Script) defineStandardStreams(process *engine.Lazy) {
	for _, name := range []string{"stdout", "stderr"} {
		process.DefineEnumerableGetter(name, func(goja.Value) goja.Value {
			return s.builtin("internal/standard").(*goja.Object).Get(name)
		})
	}
}
