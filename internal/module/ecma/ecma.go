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
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
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
	{"Date", "getYear", 0, true},
	{"Date", "setYear", 1, true},
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
		if proto := prototypes[a.class]; a.prototype && proto != nil { // values come to it without its class
			a.install(env, proto)
			continue
		}
		env.Loop.Globals().WhenMade(a.class, func(class *goja.Object) {
			if a.prototype {
				class = class.Get("prototype").(*goja.Object)
			}
			a.install(env, class)
		})
	}
	env.Loop.Globals().WhenMade("Date", func(class *goja.Object) {
		proto := class.Get("prototype").(*goja.Object)
		define(proto, "toGMTString", proto.Get("toUTCString"))
	})
	env.Loop.Globals().WhenMade("Uint8Array", func(class *goja.Object) { fromPrimitive(env.VM, class.Prototype()) })
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

// fromPrimitive has from of typed arrays take a string for its characters, and
// other values that are no objects for nothing. The engine takes objects alone.
func fromPrimitive(vm *goja.Runtime, typedArray *goja.Object) {
	original := engine.Original(typedArray, "from")
	define(typedArray, "from", eventloop.Function(vm, "from", 1, func(call goja.FunctionCall) goja.Value {
		args := slices.Clone(call.Arguments)
		switch v := call.Argument(0).(type) {
		case goja.String:
			args[0] = characters(vm, v)
		default:
			if !goja.IsUndefined(v) && !goja.IsNull(v) {
				args[0] = vm.NewArray()
			}
		case *goja.Object:
		}
		v, err := original(call.This, args...)
		if err != nil {
			panic(err)
		}
		return v
	}))
}

// characters returns an array of the code points of a string.
func characters(vm *goja.Runtime, s goja.String) goja.Value {
	var list []any
	for i := 0; i < s.Length(); {
		n := 1
		if i+1 < s.Length() && utf16.DecodeRune(rune(s.CharAt(i)), rune(s.CharAt(i+1))) != utf8.RuneError {
			n = 2
		}
		list = append(list, s.Substring(i, i+n))
		i += n
	}
	return vm.NewArray(list...)
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
