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

// forOfInto is iterNext with what begins the body of a loop: its variables, and
// that the value goes to one of them.
type forOfInto struct {
	usual instruction
	to    int // where it jumps, from here
	room  int // of the variables
	in    int // the one that it goes to
}

func (f *forOfInto) exec(m *machine) {
	item := &m.iterStack[len(m.iterStack)-1]
	i := item.iter
	if i.iterator == nil || head(i.iterator).self.tab != known.arrayIter || codeAt(i.next) != known.nextCode {
		f.usual.exec(m)
		return
	}
	switch v, ended := (*arrayIter)(head(i.iterator).self.data).step(); {
	case ended:
		i.iterator, i.next = nil, nil
		m.pc += f.to
	case v == nil:
		f.usual.exec(m)
	default:
		item.val = v
		if !m.roomFor(f.room) {
			m.pc++
			return
		}
		clear(m.stack[m.sp : m.sp+f.room])
		m.sp += f.room
		m.stack[m.sb+m.args+f.in] = v
		m.pc += len(loopBegin)
	}
}

// loopBegin is the instructions that such a loop begins with.
var loopBegin = [...]string{"iterNext", "*enterBlock", "_enumGet", "initStackP"}

// fuseLoops puts forOfInto in its places.
func (f *fuser) fuseLoops(code []iface) {
	for at := range code {
		for i, name := range loopBegin {
			if f.name(at+i) != name {
				break
			}
			if i < len(loopBegin)-1 {
				continue
			}
			begin := (*enterBlock)(f.original[at+1].data)
			if in := f.number(at + i); known.procedures && begin.stashSize == 0 && in > 0 {
				l := &forOfInto{asInstruction(code[at]), f.number(at), int(begin.stackSize), in}
				code[at] = iface{table(l), unsafe.Pointer(l)}
				f.fuseEnds(code, at, l)
			}
		}
	}
}

// forOfAgain is the end of the body of a loop: its variables are gone, and the
// next value is asked for.
type forOfAgain struct {
	room, to int
	loop     *forOfInto
}

func (f *forOfAgain) exec(m *machine) {
	m.sp -= f.room
	m.pc = f.to
	f.loop.exec(m)
}

// fuseEnds puts forOfAgain where a loop goes on from that begins at a place.
func (f *fuser) fuseEnds(code []iface, at int, loop *forOfInto) {
	for end := at; end < at+loop.to && end+1 < len(code); end++ {
		if f.name(end) != "*leaveBlock" {
			continue
		}
		leave := (*leaveBlock)(f.original[end].data)
		if to, jumps := f.jump(end + 1); jumps && f.name(end+1) == "jump" && to == at && !leave.popStash {
			again := &forOfAgain{int(leave.stackSize), at, loop}
			code[end] = iface{table(again), unsafe.Pointer(again)}
		}
	}
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
