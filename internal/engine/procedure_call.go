package engine

import (
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/dop251/goja"
)

// invocation is a call of a function that may be a procedure. In its frame are
// this, the arguments and the variables, as goja has them.
type invocation struct {
	callee  node
	args    []node
	foreign *atomic.Bool // to be set when the function is none
}

func (c *invocation) value(m *machine) goja.Value {
	fn := c.callee.value(m)
	if fn == nil {
		return nil
	}
	f, p := procedureOf(fn)
	if p == nil {
		c.foreign.Store(true)
		return nil
	}
	depth := m.nesting() + 1
	if depth == len(nestings) || m.isInterrupted() {
		return nil
	}
	sp, at := m.sp, m.sp+maxPushed
	m.sp = at + p.room // the frames of calls among the arguments are beyond this one
	m.grow()
	if !c.give(m, at, p.args) {
		m.sp = sp
		return nil
	}
	if variables := m.stack[at+1+p.args : at+p.room]; len(variables) > 0 {
		clear(variables)
	}
	m.stack[at] = nestings[depth]
	sb, args, stash := m.sb, m.args, m.stash
	m.sb, m.args, m.stash = at, p.args, f.stash
	v := p.run(m)
	m.sp, m.sb, m.args, m.stash = sp, sb, args, stash
	return kept(v)
}

// give finds the arguments for a frame and as many parameters; false when it
// takes goja.
func (c *invocation) give(m *machine, at, parameters int) bool {
	for i, a := range c.args {
		v := a.value(m)
		if v == nil {
			return false
		}
		if i < parameters {
			m.stack[at+1+i] = v
		}
	}
	for i := len(c.args); i < parameters; i++ {
		m.stack[at+1+i] = goja.Undefined()
	}
	return true
}

// grow makes the stack as long as its top is high.
func (m *machine) grow() {
	switch {
	case m.sp <= len(m.stack):
	case m.sp <= cap(m.stack):
		m.stack = m.stack[:m.sp]
	default:
		larger := make([]goja.Value, m.sp, 2*m.sp)
		copy(larger, m.stack)
		m.stack = larger
	}
}

// kept returns a value; nil for an array that is only lent, and goes no further.
func kept(v goja.Value) goja.Value {
	if v != nil && asValue(v).tab == known.object {
		if self := (*object)(asValue(v).data).self; self.tab == known.typedArray && (*typedArray)(self.data).isOnLoan() {
			return nil
		}
	}
	return v
}

// nested is in the place of this in the frame of a procedure, which never looks
// at it. It tells how many procedures are around.
type nested struct {
	goja.Value // none

	depth int
}

// maxNested bounds the procedures that call one another.
const maxNested = 32

var nestings, nestedTable = func() (list [maxNested]goja.Value, tab unsafe.Pointer) {
	for i := range list {
		list[i] = &nested{depth: i}
	}
	return list, asValue(list[0]).tab
}()

// nesting tells how many procedures the current one is in, with itself.
func (m *machine) nesting() int {
	if uint(m.sb) < uint(len(m.stack)) { //nolint:gosec // below 0 is beyond the end
		if v := asValue(m.stack[m.sb]); v.tab == nestedTable {
			return (*nested)(v.data).depth
		}
	}
	return 0
}

// invoke adds a call with n arguments of a function that may be a procedure.
func (r *reader) invoke(n int) bool {
	at := len(r.stack) - n - 1 // of the function
	if !r.invokes || at < 1 || len(r.open) > 0 && r.open[len(r.open)-1] >= at-1 {
		return false
	}
	if this, ok := r.stack[at-1].(*constant); !ok || this.v != goja.Undefined() {
		return false
	}
	switch r.stack[at].(type) {
	case argument, place, local, *outer, *global:
	default:
		return false
	}
	if r.foreign == nil {
		r.foreign = new(atomic.Bool)
	}
	c := &invocation{r.stack[at], slices.Clone(r.stack[at+1:]), r.foreign}
	r.stack = append(r.stack[:at-1], c)
	return true
}
