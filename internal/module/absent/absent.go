// Package absent is Node's modules "worker_threads", "child_process", "cluster"
// and others of which a script has little more than the names: packages load
// them to ask where they run.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package absent

import (
	_ "embed" // the modules' source

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed absent.js
var text string

var source = native.NewSource("internal/absent", text)

// Modules are the names of the modules, each with its name in the object that
// Exports makes.
var Modules = map[string]string{
	"worker_threads": "threads", "child_process": "processes", "cluster": "cluster", "v8": "v8", "vm": "vm",
	"inspector": "inspector", "domain": "domain", "repl": "repl", "trace_events": "tracing",
}

// Exports makes the exports of all of them.
func Exports(env *native.Env) goja.Value { return env.Exports(source, nil) }
