// Package webstream is the streams of the web platform: ReadableStream,
// WritableStream, TransformStream and what belongs to them, which are globals
// and Node's module "stream/web".
//
// # Concurrency
//
// The classes belong to one VM and are used on that VM's goroutine only. The
// compiled sources are shared between VMs.
package webstream

import (
	"embed"
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

// parts are the files in the order in which they need each other.
var parts = []string{"shared", "writable", "readable", "transform", "web"}

var sources = sync.OnceValue(func() map[string]*native.Source {
	all := make(map[string]*native.Source)
	for _, name := range parts {
		text, err := files.ReadFile(name + ".js")
		if err != nil {
			panic(err)
		}
		all[name] = native.NewSource("stream/"+name, string(text))
	}
	return all
})

// Globals are the names of the exports that are global.
var Globals = []string{
	"ReadableStream", "ReadableStreamDefaultReader", "ReadableStreamDefaultController",
	"WritableStream", "WritableStreamDefaultWriter", "WritableStreamDefaultController",
	"TransformStream", "TransformStreamDefaultController",
	"ByteLengthQueuingStrategy", "CountQueuingStrategy", "TextEncoderStream", "TextDecoderStream",
}

// Parts makes an object with the exports of the files by their names. "web" are
// those of "stream/web".
func Parts(env *native.Env) *goja.Object {
	made := env.VM.NewObject()
	for _, name := range parts {
		_ = made.Set(name, env.Exports(sources()[name], func(f *native.Functions) { f.Value("parts", made) }))
	}
	return made
}
