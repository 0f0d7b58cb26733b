// Package diagnostics is Node's module "diagnostics_channel": named channels on
// which packages say what they do.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package diagnostics

import (
	_ "embed" // the module's source

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed channel.js
var text string

var source = native.NewSource("diagnostics_channel", text)

// Exports makes the exports of the module.
func Exports(env *native.Env) goja.Value { return env.Exports(source, nil) }
