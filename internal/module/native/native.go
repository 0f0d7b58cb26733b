// Package native makes built-in modules that are written in JavaScript on
// functions written in Go.
//
// # Concurrency
//
// An Env and what it makes belong to one VM and are used on that VM's goroutine
// only. Work that Async hands out runs on goroutines of the Pool, which joins
// them in Close; work that Wait hands out on goroutines of the Resources, which
// do the same.
package native

import (
	_ "embed" // what every module's source is given
	"errors"
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/permission"
)

// Source is the JavaScript of a module. It sees module, as a file does;
// native, an object with Go functions, and require among them; and tools, which prelude.js describes.
// It is compiled once for all VMs.
type Source struct {
	program func() *goja.Program
}

// NewSource takes a module's text; name is shown in stacks.
func NewSource(name, text string) *Source {
	return &Source{program: sync.OnceValue(func() *goja.Program {
		return goja.MustCompile("node:"+name, "(function (module, native, tools) {"+text+"\n})", false)
	})}
}

//go:embed prelude.js
var preludeText string

var prelude = NewSource("internal", preludeText)

// Env is what the modules of one VM share.
type Env struct {
	VM      *goja.Runtime
	Loop    *eventloop.Loop
	Buffers *buffer.Class
	Pool    *Pool
	// Resources are what the script holds open.
	Resources *Resources
	Builtin   func(name string) goja.Value // the exports of another module

	// Permissions says what the script may reach; nil allows the default.
	Permissions *permission.Policy

	tools goja.Value
	names names
}

// Exports runs a module's source and returns its exports. make, which may be
// nil, defines the Go functions.
func (e *Env) Exports(s *Source, make func(f *Functions)) goja.Value {
	if e.tools == nil {
		e.tools = e.run(prelude, e.toolFunctions, goja.Undefined())
	}
	return e.run(s, make, e.tools)
}

func (e *Env) run(s *Source, make func(f *Functions), tools goja.Value) goja.Value {
	v, err := e.VM.RunProgram(s.program())
	if err != nil {
		panic(err)
	}
	fn, _ := goja.AssertFunction(v)
	f := &Functions{env: e, object: e.VM.NewObject()}
	f.Raw("require", func(call goja.FunctionCall) goja.Value { return e.Builtin(call.Argument(0).String()) })
	if make != nil {
		make(f)
	}
	module := e.VM.NewObject()
	_ = module.Set("exports", e.VM.NewObject())
	if _, err := fn(goja.Undefined(), module, f.object, tools); err != nil {
		panic(err)
	}
	return module.Get("exports")
}

// toolFunctions are what prelude.js is made of.
func (e *Env) toolFunctions(f *Functions) {
	vm := e.VM
	f.Value("Buffer", e.Buffers.Constructor())
	f.Raw("error", func(call goja.FunctionCall) goja.Value {
		return nodeerr.New(vm, nodeerr.Class(call.Argument(0).String()), call.Argument(1).String(), call.Argument(2).String())
	})
	f.Raw("argType", func(call goja.FunctionCall) goja.Value {
		return nodeerr.ArgType(vm, call.Argument(0).String(), call.Argument(1).String(), call.Argument(2))
	})
	f.Raw("outOfRange", func(call goja.FunctionCall) goja.Value {
		return nodeerr.OutOfRange(vm, call.Argument(0).String(), call.Argument(1).String(), call.Argument(2))
	})
	f.Raw("received", func(call goja.FunctionCall) goja.Value { return vm.ToValue(nodeerr.Received(call.Argument(0))) })
	f.Raw("memory", func(call goja.FunctionCall) goja.Value {
		data, ok := e.memory(call.Argument(0))
		if !ok {
			return goja.Undefined()
		}
		return e.Buffers.Wrap(data)
	})
}

// memory returns the bytes of a binary value. A view of nothing is not asked
// for them: at the end of its memory they would begin behind it.
func (e *Env) memory(v goja.Value) ([]byte, bool) {
	if obj, ok := v.(*goja.Object); ok {
		switch buffer.Kind(obj) {
		case buffer.Uint8, buffer.TypedArray:
			if obj.Get("byteLength").ToInteger() == 0 {
				return []byte{}, true
			}
		}
	}
	return e.Buffers.Memory(v)
}

// Failure is an error that JavaScript sees with this class, code and message.
type Failure struct {
	Class   nodeerr.Class
	Code    string
	Message string
}

// Error returns the message.
func (f *Failure) Error() string { return f.Message }

// Thrower is an error that makes its JavaScript object itself, on the loop.
type Thrower interface {
	error
	Thrown(vm *goja.Runtime) *goja.Object
}

// Thrown makes the object of an error: a Thrower, a Failure, a refusal, or any
// other. On the loop.
func (e *Env) Thrown(err error) *goja.Object {
	var own Thrower
	if errors.As(err, &own) {
		return own.Thrown(e.VM)
	}
	var f *Failure
	if errors.As(err, &f) {
		return nodeerr.New(e.VM, f.Class, f.Code, f.Message)
	}
	var denied *permission.Denied
	if errors.As(err, &denied) {
		return nodeerr.New(e.VM, nodeerr.Error, nodeerr.AccessDenied, denied.Error())
	}
	return nodeerr.New(e.VM, nodeerr.Error, "", err.Error())
}

// Valuer is a result of work that makes its JavaScript value itself, on the
// loop.
type Valuer interface {
	Value(e *Env) goja.Value
}

// value makes a JavaScript value: bytes become a Buffer, and what is no data a
// handle.
func (e *Env) value(v any) goja.Value {
	switch v := v.(type) {
	case goja.Value:
		return v
	case []byte:
		return e.Buffers.Wrap(v)
	case Valuer:
		return v.Value(e)
	}
	if needsHandle(v) {
		return e.VM.NewDynamicObject(&handle{v})
	}
	return e.VM.ToValue(v)
}

// List is a result that becomes an array.
type List []any

// Value makes the array. On the loop.
func (l List) Value(e *Env) goja.Value {
	items := make([]any, len(l))
	for i, item := range l {
		items[i] = e.value(item)
	}
	return e.VM.NewArray(items...)
}

// Functions collects the Go functions of one module.
type Functions struct {
	env    *Env
	object *goja.Object
}

// Value defines a value.
func (f *Functions) Value(name string, v any) { _ = f.object.Set(name, f.env.value(v)) }

// Raw defines a function that handles JavaScript's values itself.
func (f *Functions) Raw(name string, fn func(goja.FunctionCall) goja.Value) {
	_ = f.object.Set(name, eventloop.Function(f.env.VM, name, 0, fn))
}

// Sync defines a function; an error is thrown, and bytes come out as a Buffer
// that owns them.
func (f *Functions) Sync(name string, fn func(a Args) (any, error)) {
	f.Raw(name, func(call goja.FunctionCall) goja.Value {
		v, err := fn(Args{f.env, call.Arguments})
		if err != nil {
			panic(f.env.Thrown(err))
		}
		return f.env.value(v)
	})
}

// Async defines a function that returns a promise. It reads its arguments at
// once, and the work that it returns runs elsewhere: that must not touch the VM
// or memory that JavaScript can reach.
func (f *Functions) Async(name string, fn func(a Args) Work) {
	f.Raw(name, func(call goja.FunctionCall) goja.Value {
		return f.env.Pool.start(f.env, fn(Args{f.env, call.Arguments}))
	})
}

// Args are the arguments of a call; one that is absent is undefined.
type Args struct {
	env  *Env
	list []goja.Value
}

// Len returns how many arguments there are.
func (a Args) Len() int { return len(a.list) }

// At returns an argument.
func (a Args) At(i int) goja.Value {
	if i < len(a.list) {
		return a.list[i]
	}
	return goja.Undefined()
}

// Given tells whether an argument is neither undefined nor null.
func (a Args) Given(i int) bool { return !goja.IsUndefined(a.At(i)) && !goja.IsNull(a.At(i)) }

// Bytes returns the memory of a Buffer, shared with JavaScript; nil when the
// argument is none.
func (a Args) Bytes(i int) []byte {
	data, _ := a.env.memory(a.At(i))
	return data
}

// Copy returns a copy of the memory of a Buffer.
func (a Args) Copy(i int) []byte { return append([]byte{}, a.Bytes(i)...) }

// String returns an argument as text.
func (a Args) String(i int) string { return a.At(i).String() }

// Int returns an argument as a number without fraction.
func (a Args) Int(i int) int { return int(a.At(i).ToInteger()) }

// Bool returns an argument as a boolean.
func (a Args) Bool(i int) bool { return a.At(i).ToBoolean() }

// Handle returns the Go value that an earlier call gave to JavaScript.
func (a Args) Handle(i int) any {
	v := a.At(i).Export()
	if h, ok := v.(*handle); ok {
		return h.value
	}
	return v
}

// Array makes an array; bytes among its items become Buffers.
func (a Args) Array(items ...any) goja.Value {
	for i, item := range items {
		items[i] = a.env.value(item)
	}
	return a.env.VM.NewArray(items...)
}

// Env returns what the modules of the VM share.
func (a Args) Env() *Env { return a.env }
