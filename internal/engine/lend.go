package engine

import (
	"reflect"
	"strings"
	"unsafe"

	"github.com/dop251/goja"
)

// Lender makes an array of a class that one function is given for as long as it
// runs, over memory that nobody may change. The next call is given the same
// array, over other memory. Nothing of that can be noticed, provided that the
// function
//
//   - is Improved, and runs to its end without a break,
//   - has the array in no variables but those that the caller knows, which no
//     other function sees, and
//   - does nothing with it but read its length or an element, call a method of
//     it, pass it as one of the arguments of a call, or, where LendsLiterals, have
//     it as a property of an object literal.
//
// Where one of these finds anything but what it is for, where a function is called
// that Reads did not make, and in a literal that is not lent itself, the array first gets memory of its own, and is
// lent no more: it is then what Make would have made.
type Lender struct {
	bytes *Bytes
	pair  *pair // nil when there is none
}

// lent is the class of an array that is lent. It is told from others by where it
// is in memory.
var lent = strings.Clone("Object")

// NewLender prepares for arrays of a class. It returns nil when goja does not
// fit.
func (b *Bytes) NewLender() *Lender {
	if !b.fits || b.array.class != lent {
		return nil
	}
	return &Lender{bytes: b}
}

// Lend returns the array for the call that follows.
func (l *Lender) Lend(data []byte) *goja.Object {
	if l.pair == nil {
		o := l.bytes.Make(nil)
		l.pair = (*pair)(unsafe.Pointer(o))
		l.pair.array.baseObject.class = lent
	}
	l.pair.buffer.data = data
	l.pair.array.length = len(data)
	return (*goja.Object)(unsafe.Pointer(&l.pair.arrayObject))
}

// TakeBack ends that call.
func (l *Lender) TakeBack() {
	if l.pair == nil || !l.pair.array.isLent() {
		l.pair = nil
		return
	}
	l.pair.buffer.data = nil
}

func (a *typedArray) isLent() bool { return a.baseObject.isLent() }

func (b *base) isLent() bool { return unsafe.StringData(b.class) == unsafe.StringData(lent) }

// isOnLoan tells whether an array is lent or rented.
func (a *typedArray) isOnLoan() bool {
	return a.isLent() || a.isRented()
}

// keep gives an array that is lent or rented memory of its own.
func (a *typedArray) keep() {
	if a.isOnLoan() {
		a.baseObject.class = "Object"
		a.viewedArrayBuf.data = append(make([]byte, 0, a.length), a.viewedArrayBuf.data...)
	}
}

// keepFrom gives memory of their own to arrays on the stack from a place on.
func (m *machine) keepFrom(at int) {
	for ; at < m.sp; at++ {
		if a := m.typedArray(at); a != nil {
			a.keep()
		}
	}
}

// Reads is Function for one that keeps neither this nor any of its arguments,
// and gives them to nobody.
func Reads(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, direct Direct) *goja.Object {
	f := &function{usual: usual, direct: direct, reads: true}
	return vm.ToValue(f.call).(*goja.Object)
}

// reads tells whether a value is a function that Reads made.
func reads(v goja.Value) bool {
	f := madeBy(v)
	return f != nil && f.reads
}

// madeBy returns what a value was made of by Function, nil when it was not.
func madeBy(v goja.Value) *function {
	o, ok := v.(*goja.Object)
	if !ok || head(o).self.tab != known.native {
		return nil
	}
	return functionOf(o)
}

// Improved tells whether Faster has seen a function of JavaScript. Code that
// JavaScript made of a text it has not.
func Improved(fn *goja.Object) bool {
	if !known.fits {
		return false
	}
	self := reflect.ValueOf(fn).Elem().Field(0).Elem()
	if self.Kind() != reflect.Pointer || self.Elem().Kind() != reflect.Struct {
		return false
	}
	program := self.Elem().FieldByName("prg")
	if !program.IsValid() || program.Type() != reflect.TypeFor[*goja.Program]() || program.IsNil() {
		return false
	}
	for _, in := range codeOf((*goja.Program)(program.UnsafePointer())) {
		if better := known.better[in.tab]; better != nil && better(in.data) != in.tab {
			return false
		}
	}
	return true
}
