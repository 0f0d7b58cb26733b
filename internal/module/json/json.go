// Package json is JSON.parse and JSON.stringify: several times as fast as the
// engine's own on what a message holds, with the errors that Node has, and
// guarded against what nests so deeply that it would use up the goroutine's
// stack, which ends the process.
//
// # Concurrency
//
// The functions belong to one VM and are used on that VM's goroutine only.
package json

import (
	"fmt"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// MaxDepth is how deeply arrays and objects may nest in JSON.
const MaxDepth = 50_000

// Install replaces JSON.parse and JSON.stringify.
func Install(vm *goja.Runtime) {
	isArray, _ := goja.AssertFunction(vm.Get("Array").(*goja.Object).Get("isArray"))
	InstallIn(vm, vm.Get("JSON").(*goja.Object), vm.Get("Object").(*goja.Object), isArray)
}

// InstallIn is Install in the global JSON, which may just be about to be made,
// with the class Object and Array.isArray.
func InstallIn(vm *goja.Runtime, object, class *goja.Object, isArray goja.Callable) {
	usual, _ := goja.AssertFunction(object.Get("parse"))
	p := newParser(vm, class)
	parse := func(call goja.FunctionCall) goja.Value {
		if _, isSymbol := call.Argument(0).(*goja.Symbol); isSymbol {
			panic(nodeerr.New(vm, nodeerr.TypeError, "", "Cannot convert a Symbol value to a string"))
		}
		text := call.Argument(0)
		if _, isString := text.(goja.String); !isString {
			text = text.ToString()
		}
		v, ok := p.Document(text.String())
		if !ok {
			panic(nodeerr.New(vm, "SyntaxError", "", p.message()))
		}
		if _, isObject := call.Argument(1).(*goja.Object); isObject { // a reviver, probably
			return must(usual(call.This, text, call.Argument(1)))
		}
		return v
	}
	_ = object.DefineDataProperty("parse", eventloop.Named(vm, engine.Parse(vm, parse, p), "parse", 2), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	stringify := eventloop.Named(vm, engine.Stringify(vm, newStringify(vm, class, isArray).call, appendPrimitive), "stringify", 3)
	_ = object.DefineDataProperty("stringify", stringify, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

func must(v goja.Value, err error) goja.Value {
	if err != nil {
		panic(err)
	}
	return v
}

// tooDeep is the message for text that nests deeper than MaxDepth.
var tooDeep = fmt.Sprintf("JSON text nests deeper than %d levels", MaxDepth)
