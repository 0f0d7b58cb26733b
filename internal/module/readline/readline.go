// Package readline is Node's modules "readline" and "readline/promises": the
// lines of a stream. A script has no terminal, so that nothing is edited.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package readline

import (
	_ "embed" // the modules' source

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed readline.js
var text string

var source = native.NewSource("readline", text)

// Exports makes the exports of "readline".
func Exports(env *native.Env) goja.Value { return env.Exports(source, nil) }

// Promises makes the exports of "readline/promises".
func Promises(env *native.Env) goja.Value {
	return env.Builtin("readline").(*goja.Object).Get("promises")
}
