package engine

import (
	"slices"
	"sync/atomic"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// The bounds of what one instruction does.
const (
	maxFused  = 48 // instructions
	maxDeep   = 16 // values on the way
	maxPushed = 6  // values that are left
)

// block is an instruction in the place of several.
type block struct {
	usual instruction // what was there
	next  int         // where the instructions end
	found []node      // what they leave on the stack
	end   end         // what is done with the last of it; nil: it stays
	then  instruction // the one after them, which is run as well when there is no end

	foreign *atomic.Bool // set when a function is called in it that is no procedure; nil: none is called

	idle  atomic.Int32 // how often it is left to goja from now on
	pause atomic.Int32 // how often after the next failure
}

// exec implements instruction.
func (b *block) exec(m *machine) {
	switch {
	case b.foreign != nil && b.foreign.Load():
		b.usual.exec(m)
	case b.idle.Load() > 0:
		b.idle.Add(-1)
		b.usual.exec(m)
	case !b.run(m):
		b.fail()
		b.usual.exec(m)
	case b.pause.Load() > 0:
		b.pause.Store(0)
	}
}

// run does what the instructions do; ok is false, and nothing has happened, when
// it takes goja.
func (b *block) run(m *machine) (ok bool) {
	if b.end != nil {
		return b.end.run(m, b)
	}
	if !b.push(m) {
		return false
	}
	m.pc = b.next
	if b.then != nil {
		b.then.exec(m)
	}
	return true
}

// maxPause is how often a block is left to goja that has failed again and again.
const maxPause = 1 << 10

// fail notes that goja was needed: where that is so each time, trying first
// would be in vain.
func (b *block) fail() {
	n := b.pause.Load()
	b.idle.Store(n)
	b.pause.Store(min(2*n+1, maxPause))
}

// push leaves on the stack what was found. ok is false, and nothing has
// happened, when it takes goja.
func (b *block) push(m *machine) (ok bool) {
	if !m.roomFor(len(b.found)) {
		return false
	}
	for i, n := range b.found {
		v := n.value(m)
		if v == nil {
			return false
		}
		m.stack[m.sp+i] = v
	}
	m.sp += len(b.found)
	return true
}

// roomFor is room for n values.
func (m *machine) roomFor(n int) bool {
	need := m.sp + n
	if need <= len(m.stack) {
		return true
	}
	if need > cap(m.stack) {
		return false
	}
	m.stack = m.stack[:need]
	return true
}

// end does something with the value that a block has found. ok is false, and
// nothing has happened, when it takes goja.
type end interface {
	run(m *machine, b *block) (ok bool)
}

// block reads the instructions from a place on; nil when there is nothing to
// gain.
func (f *fuser) block(at int, invokes bool) *block {
	r := &reader{fuser: f, invokes: invokes}
	pc := at
	for ; pc < len(f.code) && pc-at < maxFused && len(r.stack) < maxDeep; pc++ {
		if f.name(pc) == "getPropCallee" && len(r.stack) > 0 && len(r.open) == 0 {
			r.safe, r.safeAt = slices.Clone(r.stack), pc
		}
		if !r.read(pc) {
			break
		}
	}
	if e, next := r.writingAt(pc); e != nil {
		return &block{end: e, next: next}
	}
	if len(r.open) > 0 {
		r.stack, pc = r.safe, r.safeAt // a method whose call is not part of it
	}
	if len(r.stack) == 0 || len(r.stack) > maxPushed {
		return nil
	}
	b := &block{found: slices.Clip(r.stack), foreign: r.foreign}
	if e, next := f.endAt(pc, r.stack); e != nil {
		b.end, b.next = e, next
		return b
	}
	if pc-at < 2 {
		return nil
	}
	b.next = pc
	if pc < len(f.code) {
		b.then = asInstruction(f.code[pc])
	}
	return b
}

// reader follows instructions that only read and compute.
type reader struct {
	*fuser
	stack []node
	open  []int              // where on the stack there are methods that are still to be called
	names []unistring.String // of those

	safe   []node // the stack before the first of them
	safeAt int

	invokes bool         // calls of procedures are read as well
	foreign *atomic.Bool // see block
	frame   *builder     // of the procedure that it is read for; nil: of no one
	twice   bool         // a value was duplicated
}

func (r *reader) push(n node) { r.stack = append(r.stack, n) }

// top returns the last n values; ok is false when they are not all known, or
// one of them is a method.
func (r *reader) top(n int) (list []node, ok bool) {
	from := len(r.stack) - n
	if from < 0 || slices.ContainsFunc(r.open, func(at int) bool { return at >= from }) {
		return nil, false
	}
	return r.stack[from:], true
}

// replace puts one in the place of the last n.
func (r *reader) replace(n int, by node) {
	r.stack = append(r.stack[:len(r.stack)-n], by)
}

// constant is a value that does not change.
type constant struct{ v goja.Value }

func (c *constant) value(*machine) goja.Value { return c.v }
