package engine

import (
	"reflect"
	"slices"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Where instructions follow one another that only read and compute, and at last
// push what they have found, keep it in a variable or jump by it, the first of
// them gives way to one that does what all of them do. The others stay where they
// are, for those who jump there, and so does every position in the source.
//
// Such an instruction knows the common kinds of values alone, which have no
// getters and nothing else that JavaScript could notice. When it meets another
// it has done nothing yet: it does what the instruction did in whose place it
// is, and the others follow as if it were not there. So it stands for what
// goja does in either case.

// stash is the first part of a stash: the variables of a scope that functions
// within it see.
type stash struct {
	values    []goja.Value
	extraArgs []goja.Value
	names     map[unistring.String]uint32
	obj       *goja.Object
	outer     unsafe.Pointer
}

// at returns the variables of the scope that is some levels further out.
func (s *stash) at(level int) *stash {
	for range level {
		s = (*stash)(s.outer)
	}
	return s
}

// node is an expression. Its value is nil, and nothing has happened, when it
// takes goja to find it.
type node interface {
	value(m *machine) goja.Value
}

// condition is an expression whose value is true or false; ok is false when it
// takes goja to find it.
type condition interface {
	node
	test(m *machine) (yes, ok bool)
}

// operation is what an instruction does, by the name of its type.
type operation struct {
	name string
	kind reflect.Kind // of what goes with it
}

// nameOf returns the name of a kind of instructions, that of a pointer with a
// star before it.
func nameOf(kind reflect.Type) string {
	if kind.Kind() == reflect.Pointer {
		return "*" + kind.Elem().Name()
	}
	return kind.Name()
}

// fuser fuses the instructions of one program.
type fuser struct {
	operations map[unsafe.Pointer]operation
	original   []iface      // the instructions as they came
	code       []iface      // and as they are, by themselves
	records    map[int]bool // the variables that may have records
}

// fuse puts the instructions in their places: one after another, and where a
// jump leads into the midst of one.
func (f *fuser) fuse(code []iface) {
	f.rent(code)
	f.code = slices.Clone(code)
	done := make([]bool, len(code)+1)
	for at := 0; at < len(code); {
		done[at] = true
		at = f.install(code, at)
	}
	for at := range f.code {
		to, jumps := f.jump(at)
		for jumps && to >= 0 && to < len(code) && !done[to] {
			done[to] = true
			to = f.install(code, to)
		}
	}
}

// install fuses what begins at a place, and returns where what follows begins.
func (f *fuser) install(code []iface, at int) (next int) {
	b := f.block(at, true)
	if b == nil {
		return at + 1
	}
	b.usual, next = asInstruction(f.code[at]), b.next
	if b.foreign != nil { // and may meet functions that are none
		next = at + 1
		if plain := f.block(at, false); plain != nil {
			plain.usual, next = b.usual, plain.next
			b.usual = plain
		}
	}
	code[at] = ofBlock(b)
	return next
}

// jump returns where the jump at a place leads.
func (f *fuser) jump(at int) (to int, jumps bool) {
	switch f.name(at) {
	case "jump", "jne", "jneP", "jeq", "jeqP", "jopt", "jcoalesc", "jcoalescP", "jdef", "jdefP", "iterNext", "enumNext":
		return at + int(*(*int32)(f.original[at].data)), true
	}
	return 0, false
}

func (f *fuser) name(at int) string {
	if at >= len(f.original) {
		return ""
	}
	return f.operations[f.original[at].tab].name
}

// number returns what goes with an instruction that has a number.
func (f *fuser) number(at int) int {
	c := f.original[at]
	switch f.operations[c.tab].kind {
	case reflect.Int:
		return *(*int)(c.data)
	case reflect.Int32:
		return int(*(*int32)(c.data))
	case reflect.Uint32:
		return int(*(*uint32)(c.data))
	}
	return 0
}

// text returns what goes with an instruction that has a name.
func (f *fuser) text(at int) unistring.String {
	return *(*unistring.String)(f.original[at].data)
}

func asInstruction(c iface) (i instruction) {
	*(*iface)(unsafe.Pointer(&i)) = c
	return i
}

// ofBlock returns a block as an instruction of a program.
func ofBlock(b *block) iface { return iface{table(b), unsafe.Pointer(b)} }
