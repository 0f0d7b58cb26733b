package script

import (
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/fetch"
	"github.com/mqscript/mqscript/internal/module/http"
	"github.com/mqscript/mqscript/internal/module/httpio"
	"github.com/mqscript/mqscript/internal/module/native"
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
	s.modules.Define("stream/web", func() goja.Value { return web() })
	for _, name := range webstream.Globals {
		s.lazyGlobal(name, func() *goja.Object { return web().Get(name).(*goja.Object) })
	}
	for _, name := range fetch.Globals {
		s.lazyGlobal(name, func() *goja.Object { return fetching().Get(name).(*goja.Object) })
	}
}
