// Package clone is structuredClone.
//
// # Concurrency
//
// The function belongs to one VM and is used on that VM's goroutine only.
package clone

import (
	"reflect"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/module/inspect"
)

// cloner copies values within one VM.
type cloner struct {
	vm      *goja.Runtime
	buffers *buffer.Class
	in      *inspect.Inspector
	classes map[string]*goja.Object // constructors as they were at the start
	depth   int
}

var promiseType = reflect.TypeFor[*goja.Promise]()

// Install defines structuredClone as a global.
func Install(loop *eventloop.Loop, buffers *buffer.Class, in *inspect.Inspector) {
	vm := loop.VM()
	c := &cloner{vm: vm, buffers: buffers, in: in, classes: make(map[string]*goja.Object)}
	for _, name := range []string{"Map", "Set", "Date", "RegExp", "Uint8Array", "Object"} {
		loop.Globals().WhenMade(name, func(v *goja.Object) { c.classes[name] = v })
	}
	loop.Globals().DefineEnumerable("structuredClone", func() goja.Value {
		return eventloop.Function(vm, "structuredClone", 1, func(call goja.FunctionCall) goja.Value {
			c.depth = 0
			return c.clone(call.Argument(0), make(map[*goja.Object]*goja.Object))
		})
	})
}

func (c *cloner) make(class string, args ...goja.Value) *goja.Object {
	if c.classes[class] == nil {
		c.vm.GlobalObject().Get(class) // which has yet to be made
	}
	obj, err := c.vm.New(c.classes[class], args...)
	if err != nil {
		panic(err)
	}
	return obj
}

func (c *cloner) refuse(v goja.Value) {
	text := v.String()
	if _, isSymbol := v.(*goja.Symbol); isSymbol {
		text = "Symbol(" + text + ")"
	}
	obj := nodeerr.New(c.vm, nodeerr.Error, "", text+" could not be cloned.")
	_ = obj.Set("name", "DataCloneError")
	_ = obj.Set("code", 25)
	panic(obj)
}

// deepest is how many objects inside each other are copied; more would use up
// the goroutine's stack.
const deepest = 10_000

// clone copies a value; seen holds the copies made so far, for objects that
// appear more than once.
func (c *cloner) clone(v goja.Value, seen map[*goja.Object]*goja.Object) goja.Value {
	obj, ok := v.(*goja.Object)
	if !ok {
		if _, isSymbol := v.(*goja.Symbol); isSymbol {
			c.refuse(v)
		}
		return v
	}
	if made := seen[obj]; made != nil {
		return made
	}
	if c.depth++; c.depth > deepest {
		panic(nodeerr.New(c.vm, nodeerr.RangeError, "", "Maximum call stack size exceeded"))
	}
	defer func() { c.depth-- }()
	if _, isFunction := goja.AssertFunction(obj); isFunction {
		c.refuse(v)
	}
	if data, isBinary := c.buffers.Memory(obj); isBinary {
		made := c.binary(obj, data)
		seen[obj] = made
		return made
	}
	if entries, isMap := c.in.Entries(obj); entries != nil {
		return c.collection(obj, entries, isMap, seen)
	}
	switch obj.ClassName() {
	case "Date":
		return c.make("Date", c.vm.ToValue(obj.ToFloat()))
	case "RegExp":
		return c.make("RegExp", obj.Get("source"), obj.Get("flags"))
	case "Number", "String", "Boolean":
		made, err := c.vm.New(c.classes["Object"], c.in.Unboxed(obj))
		if err != nil {
			panic(err)
		}
		return made
	}
	if obj.ExportType() == promiseType {
		c.refuse(v)
	}
	return c.properties(obj, seen)
}

// binary copies the bytes of a binary object. A Buffer becomes a Uint8Array,
// as in Node.
func (c *cloner) binary(obj *goja.Object, data []byte) *goja.Object {
	memory := c.vm.ToValue(c.vm.NewArrayBuffer(append(make([]byte, 0, len(data)), data...)))
	if buffer.Kind(obj) == buffer.ArrayBuffer {
		return memory.(*goja.Object)
	}
	class := "Uint8Array"
	if tag := obj.GetSymbol(goja.SymToStringTag); tag != nil {
		class = tag.String()
	}
	made, err := c.vm.New(c.vm.Get(class), memory)
	if err != nil {
		panic(err)
	}
	return made
}

func (c *cloner) collection(obj *goja.Object, entries [][2]goja.Value, isMap bool, seen map[*goja.Object]*goja.Object) goja.Value {
	class, method := "Set", "add"
	if isMap {
		class, method = "Map", "set"
	}
	made := c.make(class)
	seen[obj] = made
	put, _ := goja.AssertFunction(made.Get(method))
	for _, e := range entries {
		args := []goja.Value{c.clone(e[1], seen)}
		if isMap {
			args = []goja.Value{c.clone(e[0], seen), args[0]}
		}
		if _, err := put(made, args...); err != nil {
			panic(err)
		}
	}
	return made
}

// properties copies a plain object, an array or an error.
func (c *cloner) properties(obj *goja.Object, seen map[*goja.Object]*goja.Object) goja.Value {
	var made *goja.Object
	keys := obj.Keys()
	switch obj.ClassName() {
	case "Array":
		made = c.vm.NewArray()
		_ = made.Set("length", obj.Get("length"))
	case "Error":
		name := nodeerr.Class(obj.Get("name").String())
		if known := c.vm.Get(string(name)); known == nil || reflect.TypeOf(known) != reflect.TypeOf(obj) {
			name = nodeerr.Error
		}
		made = nodeerr.New(c.vm, name, "", obj.Get("message").String())
		_ = made.Set("stack", obj.Get("stack"))
		keys = nil
		if cause := obj.Get("cause"); cause != nil {
			_ = made.DefineDataProperty("cause", c.clone(cause, seen), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		}
	default:
		made = c.vm.NewObject()
	}
	seen[obj] = made
	for _, key := range keys {
		v := c.clone(obj.Get(key), seen)
		_ = made.DefineDataProperty(key, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
	}
	return made
}
