// Package stream is Node's modules "stream", "stream/promises" and
// "stream/consumers".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package stream

import (
	"embed"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("stream", files, "life", "readable", "writable", "duplex", "pipeline")

// Exports makes the exports of "stream": those of its last part.
func Exports(env *native.Env) goja.Value {
	return parts.Exports(env, env.VM.NewObject(), nil)
}

// Promises makes the exports of "stream/promises".
func Promises(env *native.Env) goja.Value { return env.Exports(parts.Source("promises"), nil) }

// Consumers makes the exports of "stream/consumers".
func Consumers(env *native.Env) goja.Value { return env.Exports(parts.Source("consumers"), nil) }
