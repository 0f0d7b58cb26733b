// Package json guards JSON.parse against text that nests so deeply that
// parsing it would use up the goroutine's stack, which ends the process.
//
// # Concurrency
//
// The function belongs to one VM and is used on that VM's goroutine only.
package json

import (
	"fmt"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// MaxDepth is how deeply arrays and objects may nest in JSON.
const MaxDepth = 50_000

// Install replaces JSON.parse by one that refuses text over MaxDepth.
func Install(vm *goja.Runtime) {
	object := vm.Get("JSON").(*goja.Object)
	parse, _ := goja.AssertFunction(object.Get("parse"))
	guarded := eventloop.Function(vm, "parse", 2, func(call goja.FunctionCall) goja.Value {
		args := call.Arguments
		if len(args) > 0 {
			text := args[0].ToString().(goja.String)
			args[0] = text
			if tooDeep(text) {
				panic(nodeerr.New(vm, "SyntaxError", "",
					fmt.Sprintf("JSON text nests deeper than %d levels", MaxDepth)))
			}
		}
		v, err := parse(call.This, args...)
		if err != nil {
			panic(err)
		}
		return v
	})
	_ = object.DefineDataProperty("parse", guarded, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// tooDeep counts brackets outside of strings. Text that is short cannot nest
// deeply and is not looked at.
func tooDeep(text goja.String) bool {
	if text.Length() <= MaxDepth {
		return false
	}
	depth, quoted := 0, false
	plain := text.String()
	for i := 0; i < len(plain); i++ {
		switch c := plain[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth > MaxDepth {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}
