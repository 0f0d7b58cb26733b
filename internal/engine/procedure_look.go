package engine

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// The instructions that begin a function and a block in it, by goja's names.
type enterFuncStashless struct {
	stackSize uint32
	args      uint32
}

type enterBlock struct {
	names     unsafe.Pointer
	stashSize uint32
	stackSize uint32
}

type enterFuncBody struct {
	enterBlock
	funcType    uint8
	extensible  bool
	adjustStack bool
}

type leaveBlock struct {
	stackSize uint32
	popStash  bool
}

// lookAtFunctions tells whether functions and their instructions are as known
// here.
func (k *knowledge) lookAtFunctions() bool {
	vm := goja.New()
	function, err := vm.RunString("(function (a, b = 1) { if (a) { let c = b; a = c } return a })")
	if err != nil {
		return false
	}
	arrow, err := vm.RunString("(a) => a")
	if err != nil {
		return false
	}
	for _, v := range []goja.Value{function, arrow} {
		t := selfType(v.(*goja.Object)).Field(0)
		if t.Name != "baseJsFuncObject" || difference(t.Type, reflect.TypeFor[scripted]()) != "" {
			return false
		}
	}
	k.scripted, k.arrow = head(function.(*goja.Object)).self.tab, head(arrow.(*goja.Object)).self.tab
	machine, _ := reflect.TypeFor[goja.Runtime]().FieldByName("vm")
	interrupted, ok := machine.Type.Elem().FieldByName("interrupted")
	k.interrupted = interrupted.Offset
	program := (*scripted)(head(function.(*goja.Object)).self.data).prg
	return ok && interrupted.Type.Kind() == reflect.Uint32 && instructionsAre(program, map[string]any{
		"enterFuncStashless": enterFuncStashless{}, "enterBlock": enterBlock{}, "leaveBlock": leaveBlock{}, "enterFuncBody": enterFuncBody{},
	})
}

// instructionsAre tells whether a program has instructions of those types.
func instructionsAre(program *goja.Program, want map[string]any) bool {
	code := reflect.ValueOf(program).Elem().FieldByName("code")
	found := 0
	for i := range code.Len() {
		t := code.Index(i).Elem().Type()
		if t.Kind() != reflect.Pointer {
			continue
		}
		if w, listed := want[t.Elem().Name()]; listed {
			if difference(t.Elem(), reflect.TypeOf(w)) != "" {
				return false
			}
			found++
		}
	}
	return found >= len(want)
}
