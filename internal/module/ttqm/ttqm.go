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
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

// parts are the files in the order in which they need each other.
var parts = []string{"bytes", "time", "files", "tcp", "ws", "support"}

var sources = sync.OnceValue(func() map[string]*native.Source {
	all := make(map[string]*native.Source)
	for _, name := range parts {
		text, err := files.ReadFile(name + ".js")
		if err != nil {
			panic(err)
		}
		all[name] = native.NewSource("@ttqm/ttqm-support/"+name, string(text))
	}
	return all
})

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
	made := env.VM.NewObject()
	var exports goja.Value
	for _, name := range parts {
		exports = env.Exports(sources()[name], func(f *native.Functions) {
			f.Value("parts", made)
			f.Sync("array", func(a native.Args) (any, error) { return array(env.VM, a.Bytes(0)), nil })
			defineWebSockets(env, f)
		})
		_ = made.Set(name, exports)
	}
	return exports
}
