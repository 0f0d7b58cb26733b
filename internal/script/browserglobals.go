package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/stack"
)

// installBrowserGlobals defines what packages made for browsers expect and
// JavaScript itself does not have. Each is made when it is first used.
func (s *Script) installBrowserGlobals() {
	s.lazyGlobal("crypto", s.cryptoObject)
	s.lazyGlobal("performance", s.performanceObject)
	capture := func(class *goja.Object) {
		fn := eventloop.Function(s.vm, "captureStackTrace", 2, s.captureStackTrace)
		s.errorProto, _ = class.Get("prototype").(*goja.Object)
		_ = class.DefineDataProperty("captureStackTrace", fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	s.loop.Globals().WhenMade("Error", capture)
	for _, name := range errorClasses { // they inherit it
		s.loop.Globals().WhenMade(name, func(*goja.Object) { s.vm.Get("Error") })
	}
}

// errorClasses are the classes that extend Error.
var errorClasses = []string{
	"AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError",
}

// lazyGlobal defines a global that is made when it is first used.
func (s *Script) lazyGlobal(name string, make func() *goja.Object) {
	s.loop.Globals().Define(name, func() goja.Value { return make() })
}

// cryptoObject returns the global crypto, which the module has.
func (s *Script) cryptoObject() *goja.Object {
	return s.modules.Builtin("crypto").(*goja.Object).Get("webcrypto").(*goja.Object)
}

// performanceObject returns the global performance, which perf_hooks has.
func (s *Script) performanceObject() *goja.Object {
	return s.modules.Builtin("perf_hooks").(*goja.Object).Get("performance").(*goja.Object)
}

// captureStackTrace is Error.captureStackTrace(object, above): it gives the
// object a stack, without the calls from the function above on.
func (s *Script) captureStackTrace(call goja.FunctionCall) goja.Value {
	object, ok := call.Argument(0).(*goja.Object)
	if !ok {
		panic(nodeerr.New(s.vm, nodeerr.TypeError, "", "Invalid argument"))
	}
	frames := s.vm.CaptureCallStack(0, nil)
	frames = frames[min(1, len(frames)):] // its own
	if above, ok := call.Argument(1).(*goja.Object); ok {
		frames = below(frames, above.Get("name"))
	}
	text := object.String() + stack.Frames(frames)
	_ = object.DefineDataProperty("stack", s.vm.ToValue(text), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return goja.Undefined()
}

// below returns the calls that led to a function. The constructor of a class,
// which has no name in a stack, is the innermost of them when none fits.
func below(frames []goja.StackFrame, name goja.Value) []goja.StackFrame {
	for i := range frames {
		if name != nil && frames[i].FuncName() == name.String() {
			return frames[i+1:]
		}
	}
	return frames[min(1, len(frames)):]
}
