// Package querystring is Node's module "querystring".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package querystring

import (
	_ "embed" // the module's source

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed querystring.js
var text string

var source = native.NewSource("querystring", text)

// Exports makes the exports of the module.
func Exports(env *native.Env) goja.Value { return env.Exports(source, nil) }
