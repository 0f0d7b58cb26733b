package engine

import (
	"unsafe"

	"github.com/dop251/goja"
)

// stackValues is how many values the stack that is kept has room for. A call
// that needs more gets a stack of its own from goja.
const stackValues = 64

// Stack keeps the memory of a VM's stack. goja lets go of it whenever a call
// from Go has returned, and the next call makes it anew, in two or three steps.
type Stack struct {
	slot   *[]goja.Value // where the VM has its stack; nil when goja does not fit
	memory []goja.Value
}

// StackOf returns the stack of a VM.
func StackOf(vm *goja.Runtime) *Stack {
	if !known.fits {
		return &Stack{}
	}
	inner := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(vm), known.vm))
	return &Stack{slot: (*[]goja.Value)(unsafe.Add(inner, known.stack))}
}

// Lend gives the VM the memory for the call that follows. It does nothing
// when the VM has one, because a call is running.
func (s *Stack) Lend() {
	if s.slot == nil || *s.slot != nil {
		return
	}
	if s.memory == nil {
		s.memory = make([]goja.Value, stackValues)
	}
	*s.slot = s.memory[:0]
}

// Clear lets go of the values that calls have left in the memory; no call may
// be running.
func (s *Stack) Clear() { clear(s.memory) }

// Drop lets go of the memory itself; no call may be running.
func (s *Stack) Drop() { s.memory = nil }
