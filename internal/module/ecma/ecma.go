// Package ecma adds what ECMAScript has and the engine has not: functions that
// came later, those that every browser and Node kept from before it, WeakRef and FinalizationRegistry.
//
// # Concurrency
//
// What is installed belongs to one VM and is used on that VM's goroutine only.
// The garbage collector's goroutine tells a FinalizationRegistry that an object
// is gone; that goes through the loop's queue.
package ecma

import (
	_ "embed" // the functions' source

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed ecma.js
var text string

var source = native.NewSource("internal/ecma", text)

// addition is a function that the engine lacks.
type addition struct {
	class, name string
	length      int
	prototype   bool // of the class's prototype, else of the class
}

var additions = []addition{
	{"Object", "groupBy", 2, false},
	{"Map", "groupBy", 2, false},
	{"Promise", "withResolvers", 0, false},
	{"Promise", "try", 1, false},
	{"Array", "fromAsync", 1, false},
	{"Object", "__defineGetter__", 2, true},
	{"Object", "__defineSetter__", 2, true},
	{"Object", "__lookupGetter__", 1, true},
	{"Object", "__lookupSetter__", 1, true},
	{"String", "isWellFormed", 0, true},
	{"String", "toWellFormed", 0, true},
}

// Install defines what is missing; what the engine has is left alone. The
// source runs when one of the functions is first called.
func Install(env *native.Env) {
	vm := env.VM
	prototypes := map[string]*goja.Object{
		"Object": vm.NewObject().Prototype(),
		"String": vm.ToValue("").ToObject(vm).Prototype(),
	}
	for _, a := range additions {
		if a.prototype { // values come to it without its class
			a.install(env, prototypes[a.class])
			continue
		}
		env.Loop.Globals().WhenMade(a.class, func(class *goja.Object) { a.install(env, class) })
	}
	env.Loop.Globals().WhenMade("Symbol", func(symbols *goja.Object) {
		for _, name := range []string{"asyncIterator", "dispose", "asyncDispose"} {
			if symbols.Get(name) == nil {
				_ = symbols.DefineDataProperty(name, goja.NewSymbol("Symbol."+name), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
			}
		}
	})
}

func (a addition) install(env *native.Env, owner *goja.Object) {
	if owner.Get(a.name) == nil {
		define(owner, a.name, eventloop.Function(env.VM, a.name, a.length, a.lazy(env)))
	}
}

func define(owner *goja.Object, name string, v goja.Value) {
	_ = owner.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// lazy returns the function, which is looked up when it is first called.
func (a addition) lazy(env *native.Env) func(goja.FunctionCall) goja.Value {
	var fn goja.Callable
	return func(call goja.FunctionCall) goja.Value {
		if fn == nil {
			kind := "staticOf"
			if a.prototype {
				kind = "prototypeOf"
			}
			all := env.Builtin("internal/ecma").(*goja.Object).Get(kind).(*goja.Object)
			fn, _ = goja.AssertFunction(all.Get(a.class).(*goja.Object).Get(a.name))
		}
		v, err := fn(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	}
}

// Exports makes the functions; Install asks for them as "internal/ecma".
func Exports(env *native.Env) goja.Value { return env.Exports(source, nil) }
