package engine

import (
	"unsafe"

	"github.com/dop251/goja"
)

// FasterForOf makes a loop over the elements of an array several times as fast:
// for each turn goja makes an object of a value and whether there are more,
// looks at both and forgets it. It puts a function in the place of
// %ArrayIteratorPrototype%.next that gives such a loop the same object each
// time, which nothing else can get hold of, and does what goja does for everybody
// else. name makes a function of JavaScript by the name of next.
func FasterForOf(vm *goja.Runtime, function func(name string, f func(goja.FunctionCall) goja.Value) *goja.Object) {
	if !known.fits {
		return
	}
	prototype := arrayIterator(vm).Prototype()
	l := &looper{vm: *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(vm), known.vm))}
	l.usual, _ = goja.AssertFunction(prototype.Get("next"))
	results := NewObjects(vm, vm.NewObject().Prototype())
	l.more, l.done = results.Make(2), results.Make(2)
	l.more.Put("value", goja.Undefined())
	l.more.Put("done", vm.ToValue(false))
	l.done.Put("value", goja.Undefined())
	l.done.Put("done", vm.ToValue(true))
	_ = prototype.DefineDataProperty("next", function("next", l.next), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// looper is that function.
type looper struct {
	vm         unsafe.Pointer
	usual      goja.Callable
	more, done Object
}

func (l *looper) next(call goja.FunctionCall) goja.Value {
	if it, ok := call.This.(*goja.Object); ok && head(it).self.tab == known.arrayIter && atForOf(l.vm) {
		switch v, ended := (*arrayIter)(head(it).self.data).step(); {
		case ended:
			l.more.base.values["value"] = goja.Undefined() // lets go of the last
			return l.done.Object
		case v != nil:
			l.more.base.values["value"] = v
			return l.more.Object
		}
	}
	v, err := l.usual(call.This)
	if err != nil {
		panic(err)
	}
	return v
}

func init() {
	next := (&looper{}).next
	known.nextCode = **(**uintptr)(unsafe.Pointer(&next))
}

// iterNext asks for the next value, or jumps by its number when there is none.
// Where it asks that function, it needs no object to be told.
type iterNext int32

func (n *iterNext) exec(m *machine) {
	item := &m.iterStack[len(m.iterStack)-1]
	if i := item.iter; i.iterator != nil && head(i.iterator).self.tab == known.arrayIter && codeAt(i.next) == known.nextCode {
		switch v, ended := (*arrayIter)(head(i.iterator).self.data).step(); {
		case ended:
			i.iterator, i.next = nil, nil
			m.pc += int(*n)
			return
		case v != nil:
			item.val = v
			m.pc++
			return
		}
	}
	m.usual(known.forOf, unsafe.Pointer(n))
}

// step goes on to the next element. v is nil, and nothing has changed, when it
// takes goja to find it.
func (ai *arrayIter) step() (v goja.Value, ended bool) {
	if ai.kind != known.values || ai.obj == nil || head(ai.obj).self.tab != known.array {
		return nil, false
	}
	a := (*array)(head(ai.obj).self.data)
	i := ai.nextIdx
	if i >= int64(a.length) {
		ai.obj = nil
		return nil, true
	}
	if i >= int64(len(a.values)) || a.propValueCount != 0 || a.values[i] == nil {
		return nil, false
	}
	ai.nextIdx++
	return a.values[i], false
}

// atForOf tells whether the VM is at the instruction by which a loop asks for
// the next value, and at no call.
func atForOf(vm unsafe.Pointer) bool {
	program := *(*unsafe.Pointer)(unsafe.Add(vm, known.prg))
	if program == nil {
		return false
	}
	code := *(*[]iface)(unsafe.Add(program, known.code))
	pc := *(*int)(unsafe.Add(vm, known.pc))
	return pc >= 0 && pc < len(code) && code[pc].tab == known.forOf
}

// arrayIterator returns an iterator over the keys of an empty array.
func arrayIterator(vm *goja.Runtime) *goja.Object {
	keys, _ := goja.AssertFunction(vm.NewArray().Get("keys")) // takes less than values, which its symbols go with
	v, err := keys(vm.NewArray())
	if err != nil {
		panic(err)
	}
	return v.(*goja.Object)
}

// iteratorOf returns an iterator over the values of an array.
func iteratorOf(list *goja.Object) *goja.Object {
	of, _ := goja.AssertFunction(list.GetSymbol(goja.SymIterator))
	v, err := of(list)
	if err != nil {
		panic(err)
	}
	return v.(*goja.Object)
}
