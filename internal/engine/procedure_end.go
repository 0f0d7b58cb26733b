package engine

import "github.com/dop251/goja"

// rowEnd is what follows the instructions that only read and compute.
type rowEnd struct {
	*builder
	state
	pc    int
	stack []node
	twice bool // something that was put aside is looked at more than once
}

// end makes the moves; false when that is not possible.
func (e *rowEnd) end(st *move) bool {
	name, n := e.name(e.pc), len(e.stack)
	switch name {
	case "jump":
		to, _ := e.jump(e.pc)
		return e.goOn(st, to)
	case "*enterBlock", "*leaveBlock", "*enterFuncBody":
		return n == 0 && e.scope(st, name)
	}
	if n == 0 {
		return false
	}
	switch top := e.stack[n-1]; name {
	case "_ret":
		*st = move{kind: moveGive, of: top}
		return true
	case "_pop":
		if st = e.putAside(st, n-1); st == nil {
			return false
		}
		*st = move{kind: moveDrop, of: top, next: e.follow(e.pc+1, n-1)}
		return true
	case "initStackP", "storeStackP", "storeStackLexP":
		return e.keep(st, n-1, name == "storeStackLexP")
	case "initStack", "storeStack", "storeStackLex":
		return e.keep(st, n, name == "storeStackLex")
	case "jneP", "jeqP", "jne", "jeq":
		return e.branch(st, name)
	}
	return e.absence(st, name)
}

// follow is to, with so many values put aside.
func (e *rowEnd) follow(pc, kept int) *move {
	return e.to(e.pc, state{pc: pc, kept: kept, depth: e.depth})
}

// putAside makes moves that put the first n values aside, and returns the one
// that is to follow; nil when that is not possible.
func (e *rowEnd) putAside(st *move, n int) *move {
	e.most = max(e.most, n)
	for i, of := range e.stack[:n] {
		if of == e.put(i) {
			continue
		}
		if e.twice && i < e.kept {
			return nil // another may look at what is there
		}
		next := e.add(move{})
		*st = move{kind: moveKeep, of: of, in: e.aside + i, next: next}
		st = next
	}
	return st
}

// goOn puts all values aside and goes on elsewhere.
func (e *rowEnd) goOn(st *move, to int) bool {
	n := len(e.stack)
	if st = e.putAside(st, n); st == nil {
		return false
	}
	*st = move{kind: moveOn, next: e.follow(to, n)}
	return true
}

// scope begins or ends a block whose variables no function sees.
func (e *rowEnd) scope(st *move, name string) bool {
	if name == "*leaveBlock" {
		l := (*leaveBlock)(e.original[e.pc].data)
		e.depth -= int(l.stackSize)
		*st = move{kind: moveOn, next: e.follow(e.pc+1, 0)}
		return !l.popStash
	}
	b := (*enterBlock)(e.original[e.pc].data)
	*st = move{kind: moveClear, in: 1 + e.procedure.args + e.depth, n: int(b.stackSize)}
	if st.in+st.n > e.aside {
		st.n = e.aside - st.in // the others are never looked at
	}
	if st.n == 0 {
		st.kind = moveOn
	}
	e.depth += int(b.stackSize)
	st.next = e.follow(e.pc+1, 0)
	if name == "*enterFuncBody" {
		body := (*enterFuncBody)(e.original[e.pc].data)
		return b.stashSize == 0 && st.n >= 0 && !body.extensible && !body.adjustStack
	}
	return b.stashSize == 0 && st.n >= 0
}

// keep gives a variable the value on top, of which n values stay.
func (e *rowEnd) keep(st *move, n int, lexical bool) bool {
	top := len(e.stack) - 1
	if st = e.putAside(st, n); st == nil {
		return false
	}
	of := e.stack[top]
	if n > top {
		of = e.put(top)
	}
	in := e.number(e.pc)
	if in < 0 {
		in = -in
	} else {
		in += e.procedure.args
	}
	*st = move{kind: moveKeep, of: of, in: in, lexical: lexical, next: e.follow(e.pc+1, n)}
	return true
}

// branch goes on by the value on top.
func (e *rowEnd) branch(st *move, name string) bool {
	below := len(e.stack) - 1
	when := name == "jeqP" || name == "jeq"
	to, _ := e.jump(e.pc)
	kept := below
	if name == "jne" || name == "jeq" { // the value stays when it jumps
		var known bool
		if to, kept, known = e.through(to, below, when); !known {
			return e.branchWith(st, to, when)
		}
	}
	on := asCondition(e.stack[below])
	if st = e.putAside(st, below); st == nil {
		return false
	}
	*st = move{kind: moveTest, on: on, next: e.follow(e.pc+1, below), other: e.follow(to, kept)}
	if when {
		st.next, st.other = st.other, st.next
	}
	return true
}

// through follows jumps that ask for a value again of which it is known whether
// it is true; known is false when it is asked for in another way.
func (e *rowEnd) through(at, below int, truth bool) (to, kept int, known bool) {
	for {
		to, _ := e.jump(at)
		switch e.name(at) {
		case "jneP", "jeqP":
			if truth != (e.name(at) == "jeqP") {
				to = at + 1
			}
			return to, below, true
		case "jne", "jeq":
			if truth != (e.name(at) == "jeq") {
				return at + 1, below, true
			}
			at = to
		default:
			return at, below + 1, false
		}
	}
}

// branchWith is branch where the value itself is wanted when it jumps.
func (e *rowEnd) branchWith(st *move, to int, when bool) bool {
	n := len(e.stack)
	if st = e.putAside(st, n); st == nil {
		return false
	}
	*st = move{kind: moveTest, on: &truthy{e.put(n - 1)}, next: e.follow(e.pc+1, n-1), other: e.follow(to, n)}
	if when {
		st.next, st.other = st.other, st.next
	}
	return true
}

// absence goes on by whether the value on top is undefined or null.
func (e *rowEnd) absence(st *move, name string) bool {
	n := len(e.stack)
	to, jumps := e.jump(e.pc)
	if st = e.putAside(st, n); st == nil || !jumps {
		return false
	}
	top := e.put(n - 1)
	switch name {
	case "jopt":
		gone := e.add(move{kind: moveKeep, of: &constant{goja.Undefined()}, in: e.aside + n - 1, next: e.follow(to, n)})
		*st = move{kind: moveTest, on: &absence{top, false}, next: gone, other: e.follow(e.pc+1, n)}
	case "jcoalesc":
		*st = move{kind: moveTest, on: &absence{top, false}, next: e.follow(e.pc+1, n-1), other: e.follow(to, n)}
	case "jdefP":
		*st = move{kind: moveTest, on: &equality{top, &constant{goja.Undefined()}, false}, next: e.follow(e.pc+1, n-1), other: e.follow(to, n-1)}
	default:
		return false
	}
	return true
}
