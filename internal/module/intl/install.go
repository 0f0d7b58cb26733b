package intl

import (
	"math/big"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module/native"
)

// Install has the methods of Date and the others that follow a language do so.
// What they are made of is made when one is first called. exports are those of
// Exports.
func Install(env *native.Env, exports func() *goja.Object) {
	for class, methods := range map[string][]string{
		"Date":   {"toLocaleString", "toLocaleDateString", "toLocaleTimeString"},
		"Number": {"toLocaleString"},
		"BigInt": {"toLocaleString"},
		"String": {"localeCompare"},
	} {
		install := func(prototype *goja.Object) {
			for _, name := range methods {
				define(env, prototype, name, func() goja.Value {
					return exports().Get("locale").(*goja.Object).Get(class).(*goja.Object).Get(name)
				})
			}
		}
		if sample := primitives[class]; sample != nil {
			install(env.VM.ToValue(sample).ToObject(env.VM).Prototype()) // values come to it without their class
			continue
		}
		env.Loop.Globals().WhenMade(class, func(made *goja.Object) { install(made.Get("prototype").(*goja.Object)) })
	}
}

// primitives are values of the classes that are there without an object.
var primitives = map[string]any{"Number": 0, "BigInt": new(big.Int), "String": ""}

// define defines a method, which make makes when it is first called.
func define(env *native.Env, prototype *goja.Object, name string, make func() goja.Value) {
	length := 0
	if name == "localeCompare" {
		length = 1
	}
	var fn goja.Callable
	method := eventloop.Function(env.VM, name, length, func(call goja.FunctionCall) goja.Value {
		if fn == nil {
			fn, _ = goja.AssertFunction(make())
		}
		v, err := fn(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	})
	_ = prototype.DefineDataProperty(name, method, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}
