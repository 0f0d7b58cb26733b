package engine

import (
	"github.com/dop251/goja"
)

// reading is a call of a method of a typed array that ReadsField made, with
// one argument: a number in the array's memory, such as frame.readUInt16BE(4).
type reading struct {
	of   node
	at   typed
	name fieldName
}

func (r *reading) value(m *machine) goja.Value { return r.cell(m).boxed(m.r) }

func (r *reading) cell(m *machine) cell {
	of, at := r.of.value(m), r.at.cell(m)
	f := fieldOf(of, r.name)
	if f == nil || !f.reads {
		return cell{}
	}
	return f.field.read(of, at)
}

// fieldOf returns the method of a typed array that reads or writes a number, nil
// when it is another one.
func fieldOf(of goja.Value, name fieldName) *function {
	o := asValue(of)
	if o.tab != known.object || (*object)(o.data).self.tab != known.typedArray {
		return nil
	}
	if f := madeBy((*typedArray)((*object)(o.data).self.data).field(name)); f != nil && f.field != nil {
		return f
	}
	return nil
}

// field returns what a typed array has under the name of a method; nil when it
// takes goja to find it.
func (a *typedArray) field(name fieldName) goja.Value {
	b := &a.baseObject
	if len(b.values) == 0 && b.prototype != nil {
		if s := slotsOf(b.prototype); s != nil {
			values := (*base)(head(b.prototype).self.data).values
			if v := s.find(values, name.text, name.number); v != nil && asValue(v).tab != known.property {
				return v
			}
		}
	}
	return a.named(name.text)
}

// writing is a call of a method of a typed array that WritesField made, whose
// value nothing looks at, such as answer.writeInt8(sum, 4).
type writing struct {
	of       node
	what, at typed
	name     fieldName
	past     int
}

// writingAt returns such a call that ends at a place, and where the program goes
// on behind it; nil when there is another instruction, or more on the stack.
func (r *reader) writingAt(pc int) (e end, next int) {
	if len(r.stack) != 4 || len(r.open) != 1 || r.open[0] != 1 || !isWriting(r.names[0]) ||
		r.name(pc) != "call" || r.number(pc) != 2 || r.name(pc+1) != "_pop" {
		return nil, 0
	}
	next = pc + 2
	return &writing{r.stack[0], asTyped(r.stack[2]), asTyped(r.stack[3]), nameOfField(r.names[0]), r.land(next)}, next
}

func (w *writing) run(m *machine, _ *block) (ok bool) {
	of := w.of.value(m)
	f := fieldOf(of, w.name)
	if f == nil || f.reads || (*typedArray)((*object)(asValue(of).data).self.data).isLent() {
		return false
	}
	what, at := w.what.cell(m), w.at.cell(m)
	if _, ok = f.field.write(of, what, at); ok {
		m.pc = w.past
	}
	return ok
}
