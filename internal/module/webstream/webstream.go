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

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("stream", files, "shared", "writable", "readable", "transform", "web")

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
	parts.Exports(env, made, nil)
	return made
}
