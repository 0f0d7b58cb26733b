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

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/httpio"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("http", files, "headers", "incoming", "outgoing", "agent", "client", "response", "server", "http")

// Parts makes an object with the exports of the files by their names. "http"
// are those of the module "http".
func Parts(env *native.Env, client *httpio.Client) *goja.Object {
	made := env.VM.NewObject()
	parts.Exports(env, made, func(name string, f *native.Functions) {
		switch name {
		case "incoming", "client":
			client.Define(f)
		case "response", "server":
			httpio.DefineServer(env, f)
		}
	})
	return made
}

// Secure makes the exports of the module "https" from the Parts.
func Secure(env *native.Env, made *goja.Object) goja.Value {
	return env.Exports(parts.Source("https"), func(f *native.Functions) { f.Value("parts", made) })
}

// Second makes the exports of the module "http2", which says that it is missing
// when it is used.
func Second(env *native.Env) goja.Value { return env.Exports(parts.Source("http2"), nil) }
