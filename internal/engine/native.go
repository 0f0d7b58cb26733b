package engine

import (
	"sync"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// described is what scripts see of a native function before they change it.
type described struct {
	name   string
	length int
}

// nativeTemplates are the templates of native functions by what they describe. All
// VMs share them; their number is that of the functions of this program.
var nativeTemplates sync.Map

// nativePiece is a function with the object around it, as one piece of memory.
type nativePiece struct {
	object object
	f      templatedFunc
}

// Native makes a native function. Its name is ASCII, and one of few. It stands
// for vm.ToValue(f) with the properties name and length defined, both of which
// are made when they are first looked at: that takes a third of the memory.
func Native(vm *goja.Runtime, name string, length int, f func(goja.FunctionCall) goja.Value) *goja.Object {
	if !known.fits {
		return functionByAPI(vm, name, length, f)
	}
	p := &nativePiece{}
	o := (*goja.Object)(unsafe.Pointer(&p.object))
	p.object = object{iface{known.templatedFunc, unsafe.Pointer(&p.f)}, vm}
	p.f = templatedFunc{
		templatedObject: templated{
			baseObject: base{class: "Function", val: o, extensible: true, values: make(map[unistring.String]goja.Value)},
			tmpl:       nativeTemplate(described{name, length}),
		},
		f: *(*unsafe.Pointer)(unsafe.Pointer(&f)),
	}
	return o
}

func nativeTemplate(d described) *template {
	if found, ok := nativeTemplates.Load(d); ok {
		return found.(*template)
	}
	hidden := func(v goja.Value) func(*goja.Runtime) goja.Value {
		return func(*goja.Runtime) goja.Value { return wrap(&property{value: v, configurable: true}) }
	}
	made, _ := nativeTemplates.LoadOrStore(d, &template{
		propNames: []unistring.String{"length", "name"},
		props: map[unistring.String]func(*goja.Runtime) goja.Value{
			"length": hidden(ints[d.length]),
			"name":   hidden(ASCII(d.name)),
		},
		protoFactory: known.functionPrototype,
	})
	return made.(*template)
}

// functionByAPI is Native by goja's API.
func functionByAPI(vm *goja.Runtime, name string, length int, f func(goja.FunctionCall) goja.Value) *goja.Object {
	fn := vm.ToValue(f).(*goja.Object)
	_ = fn.DefineDataProperty("name", vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = fn.DefineDataProperty("length", vm.ToValue(length), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return fn
}
