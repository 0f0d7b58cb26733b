package engine

import (
	"math"
	"unsafe"

	"github.com/dop251/goja"
)

// ASCII returns a string of ASCII characters as a value; the caller knows that
// there are no others. It stands for vm.ToValue(s), which looks through short
// strings, and puts off looking through long ones until something is done with
// them.
func ASCII(s string) goja.Value {
	if !known.fits {
		return fromASCII(s)
	}
	var v goja.Value
	*(*iface)(unsafe.Pointer(&v)) = iface{known.ascii, unsafe.Pointer(&s)}
	return v
}

// Text returns a string. It stands for vm.ToValue(s), but that a string of
// ASCII is known to be one.
func Text(vm *goja.Runtime, s string) goja.Value {
	if IsASCII(s) {
		return ASCII(s)
	}
	return vm.ToValue(s)
}

// ASCIIOf is ASCII of bytes, which it copies.
func ASCIIOf(b []byte) goja.Value {
	if known.fits && len(b) <= maxShort {
		return short(b)
	}
	return ASCII(string(b))
}

// TextOf is Text of bytes, which it copies.
func TextOf(vm *goja.Runtime, b []byte) goja.Value {
	if IsASCII(b) {
		return ASCIIOf(b)
	}
	return vm.ToValue(string(b))
}

// The pieces of memory that a short string of ASCII is in, its characters
// included. They have the sizes of two of the runtime's classes.
type (
	shortText struct {
		text       string
		characters [48]byte
	}
	longerText struct {
		text       string
		characters [maxShort]byte
	}
)

const maxShort = 112

// short is ASCII of no more than maxShort bytes.
func short(b []byte) (v goja.Value) {
	var text *string
	if len(b) <= len(shortText{}.characters) {
		s := &shortText{}
		s.text = unsafe.String(&s.characters[0], copy(s.characters[:], b))
		text = &s.text
	} else {
		s := &longerText{}
		s.text = unsafe.String(&s.characters[0], copy(s.characters[:], b))
		text = &s.text
	}
	*(*iface)(unsafe.Pointer(&v)) = iface{known.ascii, unsafe.Pointer(text)}
	return v
}

// Bool returns true or false; ok is false for all else, and always when goja does
// not fit.
func Bool(v goja.Value) (yes, ok bool) {
	if !known.fits || asValue(v).tab != asValue(booleans[0]).tab {
		return false, false
	}
	return v.ToBoolean(), true
}

// Characters returns a string of ASCII; ok is false for all else, also for
// strings that are not known to be such, and always when goja does not fit.
func Characters(v goja.Value) (s string, ok bool) {
	if i := asValue(v); known.fits && i.tab == known.ascii {
		return *(*string)(i.data), true
	}
	return "", false
}

// fromASCII is ASCII by goja's API.
func fromASCII(s string) goja.Value {
	units := make([]uint16, len(s))
	for i := range len(s) {
		units[i] = uint16(s[i])
	}
	return goja.StringFromUTF16(units)
}

// IsASCII tells whether there are no other characters in b, a word at a time.
func IsASCII[T string | []byte](b T) bool {
	const high = 0x8080808080808080
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if (uint64(b[i])|uint64(b[i+1])<<8|uint64(b[i+2])<<16|uint64(b[i+3])<<24|
			uint64(b[i+4])<<32|uint64(b[i+5])<<40|uint64(b[i+6])<<48|uint64(b[i+7])<<56)&high != 0 {
			return false
		}
	}
	for ; i < len(b); i++ {
		if b[i] >= 0x80 {
			return false
		}
	}
	return true
}

// cachedInts is how many whole numbers from 0 on are made once.
const cachedInts = 1024

var ints = makeInts()

func makeInts() (list [cachedInts]goja.Value) {
	vm := goja.New()
	for i := range list {
		list[i] = vm.ToValue(i)
	}
	return list
}

// maxInt is the largest number that goja keeps as a whole one.
const maxInt = 1<<53 - 1

// Int returns a number. It stands for vm.ToValue(n).
func Int(vm *goja.Runtime, n int64) goja.Value {
	if n >= 0 && n < cachedInts {
		return ints[n]
	}
	if !known.fits || n > maxInt || n < -maxInt {
		return vm.ToValue(n)
	}
	return integer(n)
}

// integer is Int for a number that goja keeps as a whole one, when it fits.
func integer(n int64) (v goja.Value) {
	if n >= 0 && n < cachedInts {
		return ints[n]
	}
	number := n // has memory of its own only here
	*(*iface)(unsafe.Pointer(&v)) = iface{known.integer, unsafe.Pointer(&number)}
	return v
}

// Float returns a number. It stands for vm.ToValue(f).
func Float(vm *goja.Runtime, f float64) goja.Value {
	if !known.fits || f == math.Trunc(f) || f-f != 0 { // goja keeps whole ones in another way
		return vm.ToValue(f)
	}
	return fraction(f)
}

// fraction is Float for a number that goja does not keep as a whole one.
func fraction(f float64) (v goja.Value) {
	*(*iface)(unsafe.Pointer(&v)) = iface{known.float, unsafe.Pointer(&f)}
	return v
}

// Whole returns a number that is kept as a whole one; ok is false for all else,
// and always when goja does not fit.
func Whole(v goja.Value) (n int64, ok bool) {
	i := (*iface)(unsafe.Pointer(&v))
	if !known.fits || i.tab != known.integer {
		return 0, false
	}
	return *(*int64)(i.data), true
}
