package engine

import (
	"unsafe"

	"github.com/dop251/goja"
)

// newAsyncMethod makes a method that is async. Goja gives it the prototype of
// functions that are not, by which libraries tell whether they may wait for it.
// The instruction for an async function is over the first part of the same data,
// and what it makes has the prototype.
type newAsyncMethod struct{ _ byte }

func (n *newAsyncMethod) exec(m *machine) {
	m.usual(known.newAsyncFunc, unsafe.Pointer(n))
	m.pc--
	m.sp--
	function := (*base)(head(m.stack[m.sp].(*goja.Object)).self.data)
	m.usual(known.newAsyncMethod, unsafe.Pointer(n))
	method := (*base)(head(m.stack[m.sp-1].(*goja.Object)).self.data)
	method.prototype = function.prototype
}
