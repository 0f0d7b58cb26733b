// Package inspect writes JavaScript values as Node's util.inspect does, and
// formats console arguments as Node's util.format does.
//
// # Concurrency
//
// An Inspector belongs to one VM and is used on that VM's goroutine only.
package inspect

import (
	"math"
	"slices"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/module/buffer"
)

// Options are the options of util.inspect that are known here.
type Options struct {
	Depth           int // levels of objects inside objects; math.MaxInt: all
	BreakLength     int // columns before an object is split over lines
	Compact         int // levels that may share a line
	MaxArrayLength  int
	MaxStringLength int
	ShowHidden      bool // properties that are not enumerable too
	Getters         bool // call getters
	Sorted          bool
	NoCustom        bool // ignore [nodejs.util.inspect.custom]
}

// Defaults are Node's.
func Defaults() Options {
	return Options{Depth: 2, BreakLength: 80, Compact: 3, MaxArrayLength: 100, MaxStringLength: 10000}
}

// Inspector writes the values of one VM. It keeps the functions that it needs
// as they were before any script ran.
type Inspector struct {
	vm      *goja.Runtime
	buffers *buffer.Class
	usual   Options // what Inspect writes with

	describe   goja.Callable // Object.getOwnPropertyDescriptor
	enumerable goja.Callable // Object.prototype.propertyIsEnumerable
	hasOwn     goja.Callable // Object.prototype.hasOwnProperty
	mapEach    goja.Callable
	setEach    goja.Callable
	source     goja.Callable // Function.prototype.toString
	isoDate    goja.Callable
	dateText   goja.Callable
	regexpText goja.Callable
	errorText  goja.Callable
	stringify  goja.Callable // JSON.stringify
	isView     goja.Callable
	unbox      map[string]goja.Callable // valueOf of the classes of boxed primitives
	custom     *goja.Symbol             // Symbol.for('nodejs.util.inspect.custom')
}

// New creates an Inspector. globals are those of the VM, buffers tells what a
// Buffer is.
func New(vm *goja.Runtime, globals *engine.Lazy, buffers *buffer.Class) *Inspector {
	in := &Inspector{vm: vm, buffers: buffers, usual: Defaults()}
	class := vm.Get("Object").(*goja.Object)
	prototype := vm.NewObject().Prototype()
	in.describe = engine.Original(class, "getOwnPropertyDescriptor")
	in.enumerable = engine.Original(prototype, "propertyIsEnumerable")
	in.hasOwn = engine.Original(prototype, "hasOwnProperty")
	in.source = engine.Original(class.Prototype(), "toString")
	// These the engine makes when they are first used, at a price.
	in.stringify = globals.Late("JSON", func(v *goja.Object) goja.Value { return v.Get("stringify") })
	in.isView = globals.Late("ArrayBuffer", func(v *goja.Object) goja.Value { return v.Get("isView") })
	in.errorText = globals.Late("Error", func(v *goja.Object) goja.Value { return v.Get("prototype").(*goja.Object).Get("toString") })
	globals.WhenMade("Date", func(class *goja.Object) {
		in.isoDate, in.dateText = method(class, "toISOString"), method(class, "toString")
	})
	globals.WhenMade("Map", func(class *goja.Object) { in.mapEach = method(class, "forEach") })
	globals.WhenMade("RegExp", func(class *goja.Object) { in.regexpText = method(class, "toString") })
	globals.WhenMade("Set", func(class *goja.Object) { in.setEach = method(class, "forEach") })
	in.unbox = make(map[string]goja.Callable)
	for _, name := range boxes {
		globals.WhenMade(name, func(class *goja.Object) { in.unbox[name] = method(class, "valueOf") })
	}
	// Nobody has the symbol before somebody has named Symbol.
	globals.WhenMade("Symbol", func(symbols *goja.Object) {
		if of, ok := goja.AssertFunction(symbols.Get("for")); ok {
			if v, err := of(symbols, vm.ToValue("nodejs.util.inspect.custom")); err == nil {
				in.custom, _ = v.(*goja.Symbol)
			}
		}
	})
	return in
}

// boxes are the classes of primitives.
var boxes = []string{"Number", "String", "Boolean", "Symbol", "BigInt"}

// unboxer returns valueOf of the class of boxed primitives with that name; nil
// when there is none.
func (in *Inspector) unboxer(class string) goja.Callable {
	if in.unbox[class] == nil && slices.Contains(boxes, class) {
		in.vm.GlobalObject().Get(class) // which nothing has named yet
	}
	return in.unbox[class]
}

// method returns a method of a class.
func method(class *goja.Object, name string) goja.Callable {
	f, _ := goja.AssertFunction(class.Get("prototype").(*goja.Object).Get(name))
	return f
}

// Custom returns the symbol under which objects have their own inspection.
func (in *Inspector) Custom() *goja.Symbol {
	in.vm.GlobalObject().Get("Symbol")
	return in.custom
}

// Inspect writes a value with Node's defaults, or those of FormatWith. It may throw what a getter or
// proxy of the script throws.
func (in *Inspector) Inspect(v goja.Value) string { return in.InspectWith(v, in.usual) }

// InspectWith writes a value with options.
func (in *Inspector) InspectWith(v goja.Value, opts Options) string {
	p := &printer{Inspector: in, Options: opts}
	return p.value(v, 0)
}

// Safe is Inspect for calls from outside JavaScript: when the script's own
// code throws, a short text comes instead.
func (in *Inspector) Safe(v goja.Value) (text string) {
	if ex := in.vm.Try(func() { text = in.Inspect(v) }); ex != nil {
		return "[object that cannot be shown]"
	}
	return text
}

// OptionsFrom reads the options that a script gave to util.inspect or
// console.dir.
func OptionsFrom(v goja.Value) Options {
	o := Defaults()
	obj, ok := v.(*goja.Object)
	if !ok {
		return o
	}
	number := func(name string, target *int) {
		switch v := obj.Get(name); {
		case v == nil || goja.IsUndefined(v):
		case goja.IsNull(v):
			*target = math.MaxInt
		case goja.IsNumber(v):
			if f := v.ToFloat(); f >= math.MaxInt32 {
				*target = math.MaxInt
			} else {
				*target = int(f)
			}
		}
	}
	flag := func(name string, target *bool) {
		if v := obj.Get(name); v != nil && !goja.IsUndefined(v) {
			*target = v.ToBoolean()
		}
	}
	number("depth", &o.Depth)
	number("breakLength", &o.BreakLength)
	number("maxArrayLength", &o.MaxArrayLength)
	number("maxStringLength", &o.MaxStringLength)
	flag("showHidden", &o.ShowHidden)
	flag("getters", &o.Getters)
	flag("sorted", &o.Sorted)
	if v := obj.Get("customInspect"); v != nil && !goja.IsUndefined(v) {
		o.NoCustom = !v.ToBoolean()
	}
	if v := obj.Get("compact"); v != nil {
		switch {
		case goja.IsNumber(v):
			number("compact", &o.Compact)
		case !v.ToBoolean() && !goja.IsUndefined(v):
			o.Compact = 0
		}
	}
	return o
}
