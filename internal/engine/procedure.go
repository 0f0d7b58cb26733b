package engine

import (
	"sync/atomic"
	"unsafe"

	"github.com/dop251/goja"
)

// A function that only reads and computes, as many helpers do, changes nothing
// but variables of its own. A call of it is an expression like others: when it
// meets what takes goja, nothing has happened yet, and goja makes the whole call.

// procedure is such a function: moves, from the first on.
type procedure struct {
	begin *move
	args  int // parameters
	room  int // this, the parameters, the variables, and what is put aside

	foreign atomic.Bool // set when it calls a function that is no procedure
}

// move is one thing that a procedure does.
type move struct {
	kind    moveKind
	of      node
	on      condition
	in      int // the place of a variable in the frame
	n       int // how many
	lexical bool
	next    *move
	other   *move // where the condition is false
}

type moveKind uint8

// The kinds of moves.
const (
	moveTest  moveKind = iota // goes on by a condition
	moveKeep                  // gives a variable a value
	moveClear                 // takes the values of variables away
	moveDrop                  // finds a value that nobody wants
	moveOn                    // does nothing, and is left out at last
	moveLook                  // looks whether the script is to stop, once in a loop
	moveGive                  // ends with a value
)

// run does the moves; nil when it takes goja.
func (p *procedure) run(m *machine) goja.Value {
	for s := p.begin; s != nil; {
		switch s.kind {
		case moveTest:
			yes, ok := s.on.test(m)
			if !ok {
				return nil
			}
			if !yes {
				s = s.other
				continue
			}
		case moveKeep:
			v := s.of.value(m)
			to := &m.stack[m.sb+s.in]
			if v == nil || s.lexical && *to == nil {
				return nil
			}
			*to = v
		case moveClear:
			clear(m.stack[m.sb+s.in : m.sb+s.in+s.n])
		case moveDrop:
			if s.of.value(m) == nil {
				return nil
			}
		case moveLook:
			if m.isInterrupted() {
				return nil
			}
		case moveGive:
			return s.of.value(m)
		}
		s = s.next
	}
	return nil
}

// isInterrupted tells whether goja is to stop.
func (m *machine) isInterrupted() bool {
	return atomic.LoadUint32((*uint32)(unsafe.Add(unsafe.Pointer(m), known.interrupted))) != 0
}

// entrance is the first instruction of a function that is a procedure.
type entrance struct {
	usual     instruction
	procedure *procedure
}

func (e *entrance) exec(m *machine) { e.usual.exec(m) }

// entranceTable is how it is known.
var entranceTable = table((*entrance)(nil))

// scripted is baseJsFuncObject, the first part of a function of JavaScript.
type scripted struct {
	baseFuncObject funcBase
	stash          *stash
	privEnv        unsafe.Pointer
	prg            *goja.Program
	src            string
	strict         bool
}

// procedureOf returns the procedure that a function is, nil for all else.
func procedureOf(v goja.Value) (*scripted, *procedure) {
	o := asValue(v)
	if o.tab != known.object {
		return nil, nil
	}
	self := (*object)(o.data).self
	if self.tab != known.scripted && self.tab != known.arrow {
		return nil, nil
	}
	f := (*scripted)(self.data)
	if code := codeOf(f.prg); len(code) > 0 && code[0].tab == entranceTable {
		if p := (*entrance)(code[0].data).procedure; !p.foreign.Load() {
			return f, p
		}
	}
	return nil, nil
}
