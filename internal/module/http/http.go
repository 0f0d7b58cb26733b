// Package http is Node's modules "http" and "https": clients and servers on
// Go's net/http, over the sockets of the modules net and tls.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. The
// network is used as httpio says.
package http

import (
	"embed"
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/httpio"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

// parts are the files in the order in which they need each other.
var parts = []string{"headers", "incoming", "outgoing", "agent", "client", "response", "server", "http"}

var sources = sync.OnceValue(func() map[string]*native.Source {
	all := make(map[string]*native.Source)
	for _, name := range append([]string{"https", "http2"}, parts...) {
		text, err := files.ReadFile(name + ".js")
		if err != nil {
			panic(err)
		}
		all[name] = native.NewSource("http/"+name, string(text))
	}
	return all
})

// Parts makes an object with the exports of the files by their names. "http"
// are those of the module "http".
func Parts(env *native.Env, client *httpio.Client) *goja.Object {
	made := env.VM.NewObject()
	for _, name := range parts {
		_ = made.Set(name, env.Exports(sources()[name], func(f *native.Functions) {
			f.Value("parts", made)
			switch name {
			case "incoming", "client":
				client.Define(f)
			case "response", "server":
				httpio.DefineServer(env, f)
			}
		}))
	}
	return made
}

// Secure makes the exports of the module "https" from the Parts.
func Secure(env *native.Env, made *goja.Object) goja.Value {
	return env.Exports(sources()["https"], func(f *native.Functions) { f.Value("parts", made) })
}

// Second makes the exports of the module "http2", which says that it is missing
// when it is used.
func Second(env *native.Env) goja.Value { return env.Exports(sources()["http2"], nil) }
