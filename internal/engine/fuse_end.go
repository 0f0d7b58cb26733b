package engine

import (
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// endAt returns what an instruction does with what has been found, and where it
// goes on after it; nil when it is none of those that are known.
func (f *fuser) endAt(pc int, found []node) (e end, next int) {
	name, next := f.name(pc), pc+1
	if name == "setPropP" && len(found) == 2 {
		return &assignment{found[0], found[1], f.text(pc)}, next
	}
	if len(found) != 1 {
		return nil, 0
	}
	switch n := f.operand(pc); name {
	case "jneP", "jeqP", "jne", "jeq":
		to, _ := f.jump(pc)
		return &branch{
			on: asCondition(found[0]), when: name == "jeqP" || name == "jeq", keeps: name == "jne" || name == "jeq",
			to: f.land(to), past: f.land(next),
		}, next
	case "initStackP", "storeStackP", "storeStackLexP":
		if n <= 0 {
			return nil, 0
		}
		return &keeping{of: f.maybeRecord(found[0], n), in: n, past: f.land(next), lexical: name == "storeStackLexP"}, next
	case "initStashP", "storeStashP", "storeStashLexP":
		return &outerKeeping{
			of: found[0], level: n >> 24, index: n & (1<<24 - 1), past: f.land(next), lexical: name == "storeStashLexP",
		}, next
	}
	return nil, 0
}

// operand is number, or 0 beyond the end.
func (f *fuser) operand(pc int) int {
	if pc >= len(f.code) {
		return 0
	}
	return f.number(pc)
}

// land returns where a place leads that has a jump. It is one jump at most: goja
// looks between two instructions whether it is to stop.
func (f *fuser) land(at int) int {
	if f.name(at) == "jump" {
		at, _ = f.jump(at)
	}
	return at
}

// branch is a jump by a condition.
type branch struct {
	on       condition
	when     bool // it jumps
	keeps    bool // it leaves the value on the stack when it jumps
	to, past int
}

func (j *branch) run(m *machine, _ *block) (ok bool) {
	if j.keeps {
		v := j.on.value(m)
		if v == nil || !m.room() {
			return false
		}
		if v.ToBoolean() != j.when {
			m.pc = j.past
			return true
		}
		m.stack[m.sp] = v
		m.sp++
		m.pc = j.to
		return true
	}
	yes, ok := j.on.test(m)
	if !ok {
		return false
	}
	if yes == j.when {
		m.pc = j.to
	} else {
		m.pc = j.past
	}
	return true
}

// keeping gives a variable a value.
type keeping struct {
	of       node
	in, past int
	lexical  bool // the variable must have one before
}

func (k *keeping) run(m *machine, _ *block) (ok bool) {
	v := k.of.value(m)
	if v == nil {
		return false
	}
	to := &m.stack[m.sb+m.args+k.in]
	if k.lexical && *to == nil {
		return false
	}
	*to = v
	m.pc = k.past
	return true
}

// outerKeeping is keeping for a variable that functions see.
type outerKeeping struct {
	of           node
	level, index int
	past         int
	lexical      bool
}

func (k *outerKeeping) run(m *machine, _ *block) (ok bool) {
	v := k.of.value(m)
	if v == nil {
		return false
	}
	s := m.stash.at(k.level)
	if s.obj != nil || k.lexical && s.values[k.index] == nil {
		return false
	}
	s.values[k.index] = v
	m.pc = k.past
	return true
}

// assignment gives a property that a plain object has another value.
type assignment struct {
	of, to node
	name   unistring.String
}

func (a *assignment) run(m *machine, b *block) (ok bool) {
	of, v := a.of.value(m), a.to.value(m)
	if of == nil || v == nil {
		return false
	}
	o := asValue(of)
	if o.tab != known.object || (*object)(o.data).self.tab != known.plain {
		return false
	}
	values := (*base)((*object)(o.data).self.data).values
	before := values[a.name]
	if before == nil || asValue(before).tab == known.property {
		return false
	}
	values[a.name] = v
	m.pc = b.next
	return true
}

// asValue looks at a value's two halves.
func asValue(v goja.Value) iface { return *(*iface)(unsafe.Pointer(&v)) }
