package engine

import (
	"reflect"
	"slices"
	"unsafe"

	"github.com/dop251/goja"
)

// An instruction of goja's is a value with one method, which is given the VM. A
// value of ours with such a method can take the place of one in a program: it
// does quickly what is quickly done, and has the instruction do everything else.
// It is over the same data as the instruction, so that only the method table
// changes.

// instruction is goja's type of that name.
type instruction interface {
	exec(m *machine)
}

// machine is the first part of a VM.
type machine struct {
	r            *goja.Runtime
	prg          *goja.Program // it is there
	pc           int
	stack        []goja.Value
	sp, sb, args int
	stash        *stash

	privEnv   unsafe.Pointer // it is there, as the next is
	callStack []struct{}     // see above; never looked at
	iterStack []iteration
}

// iteration is iterStackItem: a loop that is under way.
type iteration struct {
	val  goja.Value
	f    unsafe.Pointer //nolint:unused // it is there
	iter *iteratorRecord
}

// iteratorRecord is what goja has of that name.
type iteratorRecord struct {
	iterator *goja.Object
	next     unsafe.Pointer // a function
}

// usual has the instruction do it whose place another took.
func (m *machine) usual(tab, data unsafe.Pointer) {
	var i instruction
	*(*iface)(unsafe.Pointer(&i)) = iface{tab, data}
	i.exec(m)
}

// Faster makes a program faster that nothing runs yet, and the functions in it.
// What it does is the same: single instructions give way to others (this file
// and the next), and then rows of them (fuse.go).
func Faster(program *goja.Program) {
	if known.fits {
		(&improver{inner: make(map[unsafe.Pointer][]uintptr), operations: make(map[unsafe.Pointer]operation)}).improve(program)
	}
}

// improver goes through the programs of a file.
type improver struct {
	inner      map[unsafe.Pointer][]uintptr // by kind of instruction, where in it there are programs
	operations map[unsafe.Pointer]operation // by kind of instruction
}

func (im *improver) improve(program *goja.Program) {
	code := codeOf(program)
	f := &fuser{operations: im.operations, original: slices.Clone(code)}
	for at := range code {
		tab, data := code[at].tab, code[at].data
		places, seen := im.inner[tab]
		if !seen {
			kind := reflect.ValueOf(program).Elem().FieldByName("code").Index(at).Elem().Type()
			places = programsIn(kind)
			im.inner[tab], im.operations[tab] = places, operation{nameOf(kind), kind.Kind()}
		}
		for _, place := range places {
			if p := *(**goja.Program)(unsafe.Add(data, place)); p != nil {
				im.improve(p)
			}
		}
		if better := known.better[tab]; better != nil {
			code[at].tab = better(data)
		} else if known.maps {
			improveLiteral(code, at)
		}
	}
	if known.maps {
		f.lendLiterals(code)
	}
	f.findRecords(code)
	f.fuseLoops(code)
	f.fuse(code)
	f.findProcedure(code)
}

// codeOf returns the instructions of a program.
func codeOf(program *goja.Program) []iface { return codeOfProgram(program, known.code) }

// codeOfProgram is codeOf where they are at an offset.
func codeOfProgram(program *goja.Program, offset uintptr) []iface {
	return *(*[]iface)(unsafe.Add(unsafe.Pointer(program), offset))
}

// programsIn returns where in an instruction there are programs.
func programsIn(kind reflect.Type) (places []uintptr) {
	if kind.Kind() != reflect.Pointer || kind.Elem().Kind() != reflect.Struct {
		return nil
	}
	var look func(t reflect.Type, from uintptr)
	look = func(t reflect.Type, from uintptr) {
		for i := range t.NumField() {
			switch f := t.Field(i); {
			case f.Type == reflect.TypeFor[*goja.Program]():
				places = append(places, from+f.Offset)
			case f.Type.Kind() == reflect.Struct:
				look(f.Type, from+f.Offset)
			}
		}
	}
	look(kind.Elem(), 0)
	return places
}

// sampleProgram has every instruction that is improved.
const sampleProgram = `a.b; a.b(a); a[a]; for (const b of a) {} a = async function () {}; a = { async a() {} }`

// lookAtInstructions finds the instructions that there is something better for.
func (k *knowledge) lookAtInstructions() (why string) {
	vm, _ := reflect.TypeFor[goja.Runtime]().FieldByName("vm")
	if !startsLike(vm.Type.Elem(), reflect.TypeFor[machine]()) {
		return "a vm is not a machine"
	}
	program := goja.MustCompile("", sampleProgram, false)
	list := reflect.ValueOf(program).Elem().FieldByName("code")
	code := *(*[]iface)(unsafe.Add(unsafe.Pointer(program), k.code))
	found := make(map[string]unsafe.Pointer)
	for i, in := range code {
		t := list.Index(i).Elem().Type()
		kind := t.Kind()
		if kind == reflect.Pointer {
			t = t.Elem() // which has the name
		}
		if kindOf[t.Name()] == kind {
			found[t.Name()] = in.tab
		}
	}
	if len(found) != len(kindOf) {
		return "instructions are missing"
	}
	k.getProp, k.getPropCallee, k.getElem, k.call = found["getProp"], found["getPropCallee"], found["_getElem"], found["call"]
	k.newAsyncFunc, k.newAsyncMethod = found["newAsyncFunc"], found["newAsyncMethod"]
	k.better = map[unsafe.Pointer]func(data unsafe.Pointer) unsafe.Pointer{
		k.getProp:       named(k.getProp, (*getProp)(nil)),
		k.getPropCallee: named(k.getPropCallee, (*getPropCallee)(nil)),
		k.getElem:       func(unsafe.Pointer) unsafe.Pointer { return table((*getElem)(nil)) },
		k.call:          func(unsafe.Pointer) unsafe.Pointer { return table((*call)(nil)) },
		k.forOf:         func(unsafe.Pointer) unsafe.Pointer { return table((*iterNext)(nil)) },

		k.newAsyncMethod: func(unsafe.Pointer) unsafe.Pointer { return table((*newAsyncMethod)(nil)) },
	}
	return ""
}

// kindOf is what the instructions are that are improved.
var kindOf = map[string]reflect.Kind{
	"getProp": reflect.String, "getPropCallee": reflect.String, "_getElem": reflect.Struct, "call": reflect.Uint32, "iterNext": reflect.Int32,
	"newAsyncFunc": reflect.Pointer, "newAsyncMethod": reflect.Pointer,
}

// named puts an instruction in the place of one over a name, unless the name may
// be that of an element.
func named(usual unsafe.Pointer, better instruction) func(data unsafe.Pointer) unsafe.Pointer {
	return func(data unsafe.Pointer) unsafe.Pointer {
		if mayBeNumber(*(*string)(data)) {
			return usual
		}
		return table(better)
	}
}

// mayBeNumber tells whether a name could be what a number is as a string.
func mayBeNumber(name string) bool {
	return name == "" || name[0] >= '0' && name[0] <= '9' || name[0] == '-' || name[0] == 'I' || name[0] == 'N' || name[0] >= 0x80
}

// table returns the method table of an instruction.
func table(i instruction) unsafe.Pointer {
	if leftOut {
		i.exec(nil)
	}
	return (*iface)(unsafe.Pointer(&i)).tab
}

// leftOut is never true. The linker leaves out methods that it does not see
// called, and cannot see goja's calls of those here.
var leftOut bool

// startsLike tells whether a type of goja begins with the fields of one that
// stands for its first part.
func startsLike(have, want reflect.Type) bool {
	if have.Kind() != reflect.Struct || have.NumField() < want.NumField() {
		return false
	}
	for i := range want.NumField() {
		h, w := have.Field(i), want.Field(i)
		same := alike(h.Type, w.Type) || h.Type.Kind() == reflect.Slice && w.Type.Kind() == reflect.Slice &&
			(h.Type.ConvertibleTo(w.Type) || startsLike(h.Type.Elem(), w.Type.Elem()))
		if h.Name != w.Name || h.Offset != w.Offset || !same {
			return false
		}
	}
	return true
}
