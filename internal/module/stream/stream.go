// Package stream is Node's modules "stream", "stream/promises" and
// "stream/consumers".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package stream

import (
	"embed"
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

// parts are the files in the order in which they need each other.
var parts = []string{"life", "readable", "writable", "duplex", "pipeline"}

var sources = sync.OnceValue(func() map[string]*native.Source {
	all := make(map[string]*native.Source)
	for _, name := range append([]string{"promises", "consumers"}, parts...) {
		text, err := files.ReadFile(name + ".js")
		if err != nil {
			panic(err)
		}
		all[name] = native.NewSource("stream/"+name, string(text))
	}
	return all
})

// Exports makes the exports of "stream": those of its last part.
func Exports(env *native.Env) goja.Value {
	made := env.VM.NewObject()
	var exports goja.Value
	for _, name := range parts {
		exports = env.Exports(sources()[name], func(f *native.Functions) { f.Value("parts", made) })
		_ = made.Set(name, exports)
	}
	return exports
}

// Promises makes the exports of "stream/promises".
func Promises(env *native.Env) goja.Value { return env.Exports(sources()["promises"], nil) }

// Consumers makes the exports of "stream/consumers".
func Consumers(env *native.Env) goja.Value { return env.Exports(sources()["consumers"], nil) }
