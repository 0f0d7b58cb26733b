package script

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

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
	errors := s.vm.Get("Error").(*goja.Object)
	capture := eventloop.Function(s.vm, "captureStackTrace", 2, s.captureStackTrace)
	_ = errors.DefineDataProperty("captureStackTrace", capture, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// lazyGlobal defines a global that is made when it is first read.
func (s *Script) lazyGlobal(name string, make func() *goja.Object) {
	global := s.vm.GlobalObject()
	define := func(v goja.Value) {
		_ = global.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	get := eventloop.Function(s.vm, name, 0, func(goja.FunctionCall) goja.Value {
		v := make()
		define(v)
		return v
	})
	set := eventloop.Function(s.vm, name, 1, func(call goja.FunctionCall) goja.Value {
		define(call.Argument(0))
		return goja.Undefined()
	})
	_ = global.DefineAccessorProperty(name, get, set, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// maxRandom is how many bytes getRandomValues fills at once, as in browsers.
const maxRandom = 65536

// cryptoObject makes the global crypto.
func (s *Script) cryptoObject() *goja.Object {
	object := s.vm.NewObject()
	_ = object.Set("getRandomValues", eventloop.Function(s.vm, "getRandomValues", 1, func(call goja.FunctionCall) goja.Value {
		s.fillRandom(call.Argument(0))
		return call.Argument(0)
	}))
	_ = object.Set("randomUUID", eventloop.Function(s.vm, "randomUUID", 0, func(goja.FunctionCall) goja.Value {
		var b [16]byte
		_, _ = rand.Read(b[:]) // it never fails
		b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
		return s.vm.ToValue(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
	}))
	return object
}

// fillRandom fills a typed array of whole numbers.
func (s *Script) fillRandom(v goja.Value) {
	kind := ""
	if obj, ok := v.(*goja.Object); ok {
		if tag := obj.GetSymbol(goja.SymToStringTag); tag != nil {
			kind = tag.String()
		}
	}
	data, ok := s.buffers.Memory(v)
	if !ok || !strings.HasSuffix(kind, "Array") || strings.HasPrefix(kind, "Float") {
		panic(nodeerr.ArgType(s.vm, "array", "an instance of Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, "+
			"Int32Array, Uint32Array, BigInt64Array, or BigUint64Array", v))
	}
	if len(data) > maxRandom {
		panic(nodeerr.New(s.vm, nodeerr.RangeError, nodeerr.OutOfRangeCode, fmt.Sprintf(
			"getRandomValues fills %d bytes at most, not %d", maxRandom, len(data))))
	}
	_, _ = rand.Read(data) // it never fails
}

// performanceObject makes the global performance.
func (s *Script) performanceObject() *goja.Object {
	began := s.began
	object := s.vm.NewObject()
	_ = object.Set("timeOrigin", float64(began.UnixMicro())/1000)
	_ = object.Set("now", eventloop.Function(s.vm, "now", 0, func(goja.FunctionCall) goja.Value {
		return s.vm.ToValue(float64(time.Since(began).Nanoseconds()) / 1e6)
	}))
	return object
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
