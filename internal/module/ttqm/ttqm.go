// Package ttqm is the module "@ttqm/ttqm-support", which scripts written for
// TTQM use.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. What
// waits for a WebSocket does so on goroutines of the VM's native.Resources,
// which close every connection and server when the script ends. A connection
// has one read and one write under way at most; the next read begins when the
// script has taken the message, so that the peer is held up by the network.
package ttqm

import (
	"embed"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("@ttqm/ttqm-support", files, "bytes", "time", "files", "tcp", "ws", "support")

// array makes an array of numbers.
func array(vm *goja.Runtime, data []byte) goja.Value {
	items := make([]any, len(data))
	for i, b := range data {
		items[i] = b
	}
	return vm.NewArray(items...)
}

// Exports makes the exports of the module: those of its last part.
func Exports(env *native.Env) goja.Value {
	return parts.Exports(env, env.VM.NewObject(), func(_ string, f *native.Functions) {
		f.Sync("array", func(a native.Args) (any, error) { return array(env.VM, a.Bytes(0)), nil })
		defineWebSockets(env, f)
	})
}
