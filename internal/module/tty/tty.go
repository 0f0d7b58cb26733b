// Package tty is Node's module "tty", as far as a script without a terminal can
// have it.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package tty

import (
	_ "embed" // the module's source

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed tty.js
var text string

//go:embed standard.js
var standardText string

var (
	source   = native.NewSource("tty", text)
	standard = native.NewSource("internal/standard", standardText)
)

// Exports makes the exports of the module.
func Exports(env *native.Env) goja.Value { return env.Exports(source, nil) }

// Standard makes an object with the streams stdout and stderr, which hand whole
// lines to print.
func Standard(env *native.Env, print func(isError bool, line string)) goja.Value {
	return env.Exports(standard, func(f *native.Functions) {
		f.Sync("print", func(a native.Args) (any, error) {
			print(a.Bool(0), a.String(1))
			return goja.Undefined(), nil
		})
	})
}
