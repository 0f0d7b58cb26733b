package engine

import (
	"unsafe"

	"github.com/dop251/goja"
)

// An object literal that is an argument of a call, such as the options of
// publish, is seen by nobody but the function that is called: no variable has it.
// Where that is one of ReadsLiterals, the literal and those in it are made of
// memory that the function lends and takes back behind the call. A call that
// does not come to its end takes nothing back: then they are objects as all
// others, and the next call is lent new ones.

// ReadsLiterals is Reads for a function that keeps none of the object literals
// among its arguments either, nor those in one of them, and has no JavaScript see
// them. What else is in them it may keep.
func ReadsLiterals(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value) *goja.Object {
	f := &function{usual: usual, reads: true}
	if known.maps {
		f.literals = &literals{}
	}
	return vm.ToValue(f.call).(*goja.Object)
}

// LendsLiterals tells whether literals are lent at all.
func LendsLiterals() bool { return known.maps }

// literals are those that a function has to lend.
type literals struct{ free []*fewNames }

// maxFree is how many of them are kept, which is more than calls mostly have.
const maxFree = 8

// take lends one.
func (l *literals) take(r *goja.Runtime) *goja.Object {
	if n := len(l.free); n > 0 {
		p := l.free[n-1]
		l.free[n-1] = nil
		l.free = l.free[:n-1]
		return (*goja.Object)(unsafe.Pointer(&p.object))
	}
	p := makeLiteral(r)
	p.base.class = lent
	return (*goja.Object)(unsafe.Pointer(&p.object))
}

// takeBack empties one and those in it.
func (l *literals) takeBack(p *fewNames) {
	if p.header.group != unsafe.Pointer(&p.group) || p.header.groups != 0 {
		return // it has had more properties than there is room for
	}
	for i := range p.base.propNames {
		if within := lentLiteralOf(p.group.slots[i].value); within != nil {
			l.takeBack(within)
		}
		p.group.slots[i] = mapSlot{}
	}
	p.group.control, p.header.used = freeGroup, 0
	clear(p.names[:])
	p.base.propNames = p.names[:0]
	p.base.lastSortedPropLen, p.base.idxPropCount = 0, 0
	if len(l.free) < maxFree {
		l.free = append(l.free, p)
	}
}

// lentLiteralOf returns a value that is a literal that is lent, nil for all else.
func lentLiteralOf(v goja.Value) *fewNames {
	o, ok := v.(*goja.Object)
	if !ok || head(o).self.tab != known.plain || !(*base)(head(o).self.data).isLent() {
		return nil
	}
	return (*fewNames)(unsafe.Pointer(o))
}

// callLending has an instruction call the function with the arguments from a
// place of the stack on, and takes back what is lent to it.
func (f *function) callLending(m *machine, n *call, first int) {
	var args [4]*fewNames
	found := 0
	for at := first; at < m.sp && found < len(args); at++ {
		if p := lentLiteralOf(m.stack[at]); p != nil {
			args[found] = p
			found++
		}
	}
	m.usual(known.call, unsafe.Pointer(n))
	for _, p := range args[:found] {
		f.literals.takeBack(p)
	}
}

// lentLiteral is the beginning of such a literal.
type lentLiteral struct {
	below int         // how far below it on the stack the function is
	usual instruction // what was there
}

func (l *lentLiteral) exec(m *machine) {
	if o, ok := m.stack[m.sp-l.below].(*goja.Object); ok && head(o).self.tab == known.native && m.room() {
		if f := functionOf(o); f != nil && f.literals != nil {
			m.stack[m.sp] = f.literals.take(m.r)
			m.sp++
			m.pc++
			return
		}
	}
	l.usual.exec(m)
}

// written is a literal in a program.
type written struct {
	at     int // its first instruction
	height int // on the stack, from where the outermost is
	within *written
	used   bool // something else is done with it than being such an argument
}

// lendable tells whether a literal is an argument, or in one that is.
func (w *written) lendable() bool {
	for ; w != nil; w = w.within {
		if w.used {
			return false
		}
	}
	return true
}

// maxLiteral is how many instructions are looked at from the beginning of a
// literal to the call.
const maxLiteral = 128

// lendLiterals puts the instruction above in its places.
func (f *fuser) lendLiterals(code []iface) {
	f.code = code
	for at := range code {
		if f.name(at) != "_newObject" || code[at].tab == table((*lentLiteral)(nil)) {
			continue
		}
		list, callee := f.argumentsFrom(at)
		for _, w := range list {
			if w.lendable() {
				l := &lentLiteral{below: w.height - callee, usual: asInstruction(code[w.at])}
				code[w.at] = iface{table(l), unsafe.Pointer(l)}
			}
		}
	}
}

// argumentsFrom follows the stack from a literal on to the call that it is an
// argument of, and returns the literals on that way and the place of the function,
// both counted from that of the first. There are none where it jumps or does
// anything else that is not known.
func (f *fuser) argumentsFrom(at int) (list []*written, callee int) {
	var stack []*written // nil stands for any other value
	for pc := at; pc < min(at+maxLiteral, len(f.code)); pc++ {
		name := f.name(pc)
		switch takes, gives, ok := f.effect(name, pc); {
		case name == "_newObject":
			w := &written{at: pc, height: len(stack)}
			list, stack = append(list, w), append(stack, w)
		case name == "call" && takes > len(stack)+1:
			return list, len(stack) + 1 - takes
		case !ok || takes > len(stack):
			return nil, 0
		case name == "putProp":
			holder, v := stack[len(stack)-2], stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if v != nil {
				v.within, v.used = holder, holder == nil
			}
		default:
			for _, w := range stack[len(stack)-takes:] {
				if w != nil {
					w.used = true
				}
			}
			stack = append(stack[:len(stack)-takes], make([]*written, gives)...)
		}
	}
	return nil, 0
}

// effect returns how many values an instruction takes from the stack and how
// many it puts there; ok is false where that is not known.
func (f *fuser) effect(name string, pc int) (takes, gives int, ok bool) {
	switch name {
	case "loadStackLex", "loadStack", "loadStack1", "loadStack1Lex", "loadStash", "loadStashLex", "loadVal", "_loadUndef", "loadDynamic":
		return 0, 1, true
	case "loadDynamicCallee":
		return 0, 2, true
	case "getProp", "_toString", "_typeof", "_not", "_neg", "_plus", "_inc", "_dec", "_toNumber":
		return 1, 1, true
	case "getPropCallee":
		return 1, 2, true
	case "putProp", "_getElem", "_add", "_sub", "_mul", "_div", "_mod", "_and", "_or", "_xor",
		"_op_lt", "_op_lte", "_op_gt", "_op_gte", "_op_eq", "_op_neq", "_op_strict_eq", "_op_strict_neq":
		return 2, 1, true
	case "concatStrings":
		return f.number(pc), 1, true
	case "call":
		return f.number(pc) + 2, 1, true
	}
	return 0, 0, false
}
