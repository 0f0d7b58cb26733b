package engine

import (
	"strings"
	"unsafe"

	"github.com/dop251/goja"
)

// A Buffer that a function makes to fill and publish is dropped when the function
// ends: making it costs more than filling it. Where the instructions of the
// function show that nothing else is done with it, it is the same one each time.

// Renter makes such arrays of a class for one function, such as Buffer.alloc. It
// has one, which it gives once until TakeBack; in between it makes none.
type Renter struct {
	bytes  *Bytes
	pair   *pair // nil when there is none
	memory []byte
	given  bool
}

// maxRented bounds the memory that is kept for the next array.
const maxRented = 4096

// rented is the class of an array of a Renter. Other than one that is lent it has
// memory that may be written to.
var rented = strings.Clone("Object")

// NewRenter prepares for arrays of a class. It returns nil when goja does not
// fit.
func (b *Bytes) NewRenter() *Renter {
	if !b.fits || b.array.class != rented {
		return nil
	}
	return &Renter{bytes: b}
}

// rent returns an array of zeros, nil when it is to be made as usual.
func (r *Renter) rent(size int64) *goja.Object {
	if r.given || size < 0 || size > maxRented {
		return nil
	}
	if r.pair == nil {
		r.pair = (*pair)(unsafe.Pointer(r.bytes.Make(nil)))
		r.pair.array.baseObject.class = rented
	}
	if int(size) > len(r.memory) {
		r.memory = make([]byte, size)
	}
	data := r.memory[:size:size]
	clear(data)
	r.given = true
	r.pair.buffer.data = data
	r.pair.array.length = len(data)
	return (*goja.Object)(unsafe.Pointer(&r.pair.arrayObject))
}

// TakeBack takes the array for the next. No function that was given it may be
// running; it may be waiting for nothing.
func (r *Renter) TakeBack() {
	if r == nil || !r.given {
		return
	}
	r.given = false
	if !r.pair.array.isRented() {
		r.pair = nil
	}
}

func (a *typedArray) isRented() bool {
	return unsafe.StringData(a.baseObject.class) == unsafe.StringData(rented)
}

// Allocates is Function for one that makes an array of zeros of the class whose
// Renter it is, of the size that its only argument says.
func Allocates(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, direct Direct, r *Renter) *goja.Object {
	f := &function{usual: usual, direct: direct, renter: r}
	return vm.ToValue(f.call).(*goja.Object)
}

// callForRent is call where a rented array will do.
type callForRent uint32

func (n *callForRent) exec(m *machine) {
	first := m.sp - int(*n)
	if callee, ok := m.stack[first-1].(*goja.Object); ok && head(callee).self.tab == known.native {
		if f := functionOf(callee); f != nil && f.renter != nil {
			if o := f.rentFor(m.stack[first]); o != nil {
				m.stack[first-2] = o
				m.sp = first - 1
				m.pc++
				return
			}
		}
	}
	(*call)(n).exec(m)
}

func (f *function) rentFor(size goja.Value) *goja.Object {
	n, ok := Whole(size)
	if !ok {
		return nil
	}
	return f.renter.rent(n)
}

// rent marks the calls of a program that rent.
func (f *fuser) rent(code []iface) {
	for at := range code {
		if f.name(at) == "getPropCallee" && f.text(at) == "alloc" && f.name(at+1) == "loadVal" && f.name(at+2) == "call" &&
			f.number(at+2) == 1 && f.name(at+3) == "initStackP" && f.number(at+3) > 0 && f.staysIn(at+3) {
			code[at+2].tab = table((*callForRent)(nil))
		}
	}
}

// staysIn tells whether what an instruction keeps in a variable is in no other,
// and nothing is done with it but that its numbers are read and written, and that
// it is passed to calls, which see to it themselves. Functions that break do not
// count: they are there still when the call has ended.
func (f *fuser) staysIn(kept int) bool {
	variable := f.number(kept)
	for at := range f.original {
		name := f.name(at)
		switch {
		case strings.Contains(name, "yield"), strings.Contains(name, "MixedStack"), strings.Contains(name, "Stack1"):
			return false
		case !strings.Contains(name, "Stack") || at == kept || f.number(at) != variable:
		case name == "loadStack" || name == "loadStackLex":
			if !f.passes(at + 1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// passes tells whether what is on top of the stack is the object of a call of a
// method that reads or writes a number, or an argument of a call.
func (f *fuser) passes(at int) bool {
	if f.name(at) == "getPropCallee" {
		return isReading(f.text(at)) || isWriting(f.text(at))
	}
	for further := 0; ; at++ {
		switch f.name(at) {
		case "loadVal", "_loadUndef", "loadStack", "loadStackLex", "loadStash", "loadStashLex":
			further++
		case "call":
			return further < f.number(at)
		default:
			return false
		}
	}
}
