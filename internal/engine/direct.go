package engine

import (
	"unsafe"

	"github.com/dop251/goja"
)

// Direct is what a function does when that takes nothing of the VM: it runs no
// JavaScript, throws nothing and does not look at the stack of calls. args are
// valid until it returns. ok is false when it takes the usual way, and nothing
// has happened then.
type Direct func(this goja.Value, args []goja.Value) (v goja.Value, ok bool)

// function is a function with a direct way.
type function struct {
	usual  func(goja.FunctionCall) goja.Value
	direct Direct  // nil when there is none
	reads  bool    // see Reads
	field  *Field  // what it reads or writes, see ReadsField and WritesField
	renter *Renter // see Allocates

	literals  *literals // to lend; nil when there are none
	primitive Append    // see Stringify
	room      []byte    // for what that appends to
	texts     Texts     // see Parse
}

func (f *function) call(call goja.FunctionCall) goja.Value { return f.usual(call) }

// Function makes a function that has a direct way, unless that is nil. It stands
// for vm.ToValue(usual).
func Function(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, direct Direct) *goja.Object {
	if direct == nil {
		return vm.ToValue(usual).(*goja.Object)
	}
	f := &function{usual: usual, direct: direct}
	return vm.ToValue(f.call).(*goja.Object)
}

// call is the call of a function with a number of arguments.
type call uint32

func (n *call) exec(m *machine) {
	first := m.sp - int(*n)
	if callee, ok := m.stack[first-1].(*goja.Object); ok && head(callee).self.tab == known.native {
		if f := functionOf(callee); f != nil {
			if f.run(m, first) {
				return
			}
			if f.literals != nil {
				f.callLending(m, n, first)
				return
			}
			m.usual(known.call, unsafe.Pointer(n))
			return
		}
	}
	m.keepFrom(first)
	m.usual(known.call, unsafe.Pointer(n))
}

// run calls a function directly whose arguments are on the stack from a place on.
// ok is false, and nothing has happened, when it takes the usual way.
func (f *function) run(m *machine, first int) (ok bool) {
	if !f.reads {
		m.keepFrom(first)
	}
	if f.direct == nil {
		return false
	}
	v, ok := f.direct(m.stack[first-2], m.stack[first:m.sp:m.sp])
	if ok {
		m.stack[first-2] = v
		m.sp = first - 1
		m.pc++
	}
	return ok
}

// functionOf returns what a native function was made of by Function; nil when it
// was not.
func functionOf(native *goja.Object) *function {
	f := closureOf(native)
	if codeAt(f) != known.functionCode {
		return nil
	}
	return receiver(f)
}

// closureOf returns what a native function calls: a pointer to a word that tells
// where its code begins, and to what it is bound to behind that.
func closureOf(native *goja.Object) unsafe.Pointer {
	return (*nativeFunc)(head(native).self.data).f
}

// codeAt returns where the code of a closure begins.
func codeAt(closure unsafe.Pointer) uintptr {
	if closure == nil {
		return 0
	}
	return *(*uintptr)(closure)
}

// receiver returns what the method call of a function is bound to.
func receiver(closure unsafe.Pointer) *function {
	return *(**function)(unsafe.Add(closure, unsafe.Sizeof(uintptr(0))))
}

// lookAtNatives finds the code of functions that are known.
func (k *knowledge) lookAtNatives(vm *goja.Runtime, uint8Array *goja.Object) (why string) {
	sample := &function{usual: func(goja.FunctionCall) goja.Value { return nil }}
	native := vm.ToValue(sample.call).(*goja.Object)
	k.native = head(native).self.tab
	if receiver(closureOf(native)) != sample {
		return "a method as a function is not what was expected"
	}
	k.functionCode = codeAt(closureOf(native))
	prototype := uint8Array.Get("prototype").(*goja.Object).Prototype()
	describe, _ := goja.AssertFunction(vm.Get("Object").(*goja.Object).Get("getOwnPropertyDescriptor"))
	d, err := describe(nil, prototype, vm.ToValue("length"))
	if err != nil {
		return err.Error()
	}
	getter, ok := d.(*goja.Object).Get("get").(*goja.Object)
	if !ok || head(getter).self.tab != k.native {
		return "length of typed arrays has no native getter"
	}
	k.lengthCode = codeAt(closureOf(getter))
	return ""
}
