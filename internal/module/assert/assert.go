// Package assert is Node's module "assert".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package assert

import (
	_ "embed" // the module's source

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed assert.js
var text string

//go:embed equal.js
var equalText string

var (
	source = native.NewSource("assert", text)
	equal  = native.NewSource("assert/equal", equalText)
)

// Exports makes the exports of "assert".
func Exports(env *native.Env) goja.Value {
	return env.Exports(source, func(f *native.Functions) {
		f.Value("equal", env.Builtin("internal/equal"))
	})
}

// Strict returns the exports of "assert/strict", which belong to those of
// "assert".
func Strict(env *native.Env) goja.Value {
	return env.Builtin("assert").(*goja.Object).Get("strict")
}

// Equal makes the function that tells whether two values are deeply equal,
// which built-in modules find as "internal/equal".
func Equal(env *native.Env) goja.Value { return env.Exports(equal, nil) }
