// Package event is the web platform's globals for events and for giving up:
// Event, CustomEvent, EventTarget, AbortController, AbortSignal and
// DOMException.
//
// # Concurrency
//
// The classes belong to one VM and are used on that VM's goroutine only. The
// compiled sources are shared between VMs.
package event

import (
	"embed"
	"sync"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

// parts are the files in the order in which they need each other.
var parts = []string{"exception", "event", "abort"}

var sources = sync.OnceValue(func() map[string]*native.Source {
	all := make(map[string]*native.Source)
	for _, name := range parts {
		text, err := files.ReadFile(name + ".js")
		if err != nil {
			panic(err)
		}
		all[name] = native.NewSource("internal/"+name, string(text))
	}
	return all
})

// Globals are the names that belong to the exports and are global.
var Globals = []string{"Event", "CustomEvent", "EventTarget", "AbortController", "AbortSignal", "DOMException"}

// Exports makes an object with the classes of Globals and, for Node's module
// "events", listenersOf(target, type). began is what the time stamps of events
// count from.
func Exports(env *native.Env, began time.Time) goja.Value {
	made, exports := env.VM.NewObject(), env.VM.NewObject()
	for _, name := range parts {
		part := env.Exports(sources()[name], func(f *native.Functions) {
			f.Value("parts", made)
			f.Sync("now", func(native.Args) (any, error) { return float64(time.Since(began).Nanoseconds()) / 1e6, nil })
		})
		_ = made.Set(name, part)
	}
	for name, from := range map[string]string{
		"Event": "event", "CustomEvent": "event", "EventTarget": "event", "listenersOf": "event",
		"AbortController": "abort", "AbortSignal": "abort",
	} {
		_ = exports.Set(name, made.Get(from).(*goja.Object).Get(name))
	}
	_ = exports.Set("DOMException", made.Get("exception"))
	return exports
}
