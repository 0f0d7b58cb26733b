// Package event is the web platform's globals for events and for giving up:
// Event, CustomEvent, MessageEvent, EventTarget, AbortController, AbortSignal and
// DOMException.
//
// # Concurrency
//
// The classes belong to one VM and are used on that VM's goroutine only. The
// compiled sources are shared between VMs.
package event

import (
	"embed"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("internal", files, "exception", "event", "abort")

// Globals are the names that belong to the exports and are global.
var Globals = []string{"Event", "CustomEvent", "MessageEvent", "EventTarget", "AbortController", "AbortSignal", "DOMException"}

// Exports makes an object with the classes of Globals and, for Node's module
// "events", listenersOf(target, type). began is what the time stamps of events
// count from.
func Exports(env *native.Env, began time.Time) goja.Value {
	made, exports := env.VM.NewObject(), env.VM.NewObject()
	parts.Exports(env, made, func(_ string, f *native.Functions) {
		f.Sync("now", func(native.Args) (any, error) { return float64(time.Since(began).Nanoseconds()) / 1e6, nil })
	})
	for name, from := range map[string]string{
		"Event": "event", "CustomEvent": "event", "MessageEvent": "event", "EventTarget": "event", "listenersOf": "event",
		"AbortController": "abort", "AbortSignal": "abort",
	} {
		_ = exports.Set(name, made.Get(from).(*goja.Object).Get(name))
	}
	_ = exports.Set("DOMException", made.Get("exception"))
	return exports
}
