package engine

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// reading is a call of a method of a typed array that Reads made, with one
// argument: a number in the array's memory, such as frame.readUInt16BE(4).
type reading struct {
	of, at node
	name   unistring.String
}

// isReading tells whether a name is that of a method that reads a number, as
// Node's Buffers have them.
func isReading(name unistring.String) bool {
	rest, reads := strings.CutPrefix(string(name), "read")
	return reads && (strings.Contains(rest, "nt") || strings.HasPrefix(rest, "Float") || strings.HasPrefix(rest, "Double"))
}

func (r *reading) value(m *machine) goja.Value {
	of, at := r.of.value(m), r.at.value(m)
	if of == nil || at == nil {
		return nil
	}
	o, ok := of.(*goja.Object)
	if !ok || head(o).self.tab != known.typedArray {
		return nil
	}
	fn, ok := (*typedArray)(head(o).self.data).named(r.name).(*goja.Object)
	if !ok || head(fn).self.tab != known.native {
		return nil
	}
	f := functionOf(fn)
	if f == nil || !f.reads || f.direct == nil || !m.roomFor(maxPushed+1) {
		return nil
	}
	argument := m.stack[m.sp+maxPushed : m.sp+maxPushed+1] // beyond all that is in use
	argument[0] = at
	v, ok := f.direct(of, argument)
	if !ok {
		return nil
	}
	return v
}
