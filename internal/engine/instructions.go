package engine

import (
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// getProp is x.name. Of a typed array goja tries to read each name as a number
// first, which takes longer than all the rest; here the name is none.
type getProp unistring.String

func (n *getProp) exec(m *machine) {
	if a := m.typedArray(m.sp - 1); a != nil {
		if v := a.named(unistring.String(*n)); v != nil {
			m.stack[m.sp-1] = v
			m.pc++
			return
		}
		a.keep()
	}
	m.usual(known.getProp, unsafe.Pointer(n))
}

// getPropCallee is x.name where that is called: it leaves x below.
type getPropCallee unistring.String

func (n *getPropCallee) exec(m *machine) {
	if a := m.typedArray(m.sp - 1); a != nil {
		v := a.named(unistring.String(*n))
		if a.isOnLoan() && !reads(v) && !(a.isRented() && writes(v)) {
			a.keep()
		}
		if v != nil && m.room() {
			m.stack[m.sp] = v
			m.sp++
			m.pc++
			return
		}
	}
	m.usual(known.getPropCallee, unsafe.Pointer(n))
}

// getElem is x[i].
type getElem struct{}

func (g *getElem) exec(m *machine) {
	key := (*iface)(unsafe.Pointer(&m.stack[m.sp-1]))
	if key.tab == known.integer {
		if v := m.element(m.sp-2, *(*int64)(key.data)); v != nil {
			m.sp--
			m.stack[m.sp-1] = v
			m.pc++
			return
		}
	}
	m.keepFrom(m.sp - 2)
	m.usual(known.getElem, unsafe.Pointer(g))
}

// element returns an element of the array at a place of the stack; nil when it
// takes goja to find it.
func (m *machine) element(at int, i int64) goja.Value {
	o, ok := m.stack[at].(*goja.Object)
	if !ok || i < 0 {
		return nil
	}
	switch h := head(o); h.self.tab {
	case known.array:
		a := (*array)(h.self.data)
		if i < int64(len(a.values)) {
			if v := a.values[i]; (*iface)(unsafe.Pointer(&v)).tab != known.property {
				return v
			}
		}
	case known.typedArray:
		a := (*typedArray)(h.self.data)
		buf := a.viewedArrayBuf
		if i < int64(a.length) && a.typedArray.tab == known.bytes && !buf.detached {
			return ints[buf.data[a.offset+int(i)]]
		}
	}
	return nil
}

// room makes the stack long enough for one value more; false when it takes goja.
func (m *machine) room() bool {
	if m.sp == len(m.stack) && m.sp < cap(m.stack) {
		m.stack = m.stack[:m.sp+1]
	}
	return m.sp < len(m.stack)
}

// typedArray returns what is at a place of the stack when that is a typed array.
func (m *machine) typedArray(at int) *typedArray {
	if o, ok := m.stack[at].(*goja.Object); ok && head(o).self.tab == known.typedArray {
		return (*typedArray)(head(o).self.data)
	}
	return nil
}

// named returns the value of a property whose name is no number, its own or an
// inherited one; nil when it takes goja to find it.
func (a *typedArray) named(name unistring.String) goja.Value {
	v := a.baseObject.lookUp(name)
	if (*iface)(unsafe.Pointer(&v)).tab != known.property {
		return v
	}
	p := (*property)((*iface)(unsafe.Pointer(&v)).data)
	switch {
	case !p.accessor:
		return p.value
	case p.getterFunc != nil && head(p.getterFunc).self.tab == known.native && codeAt(closureOf(p.getterFunc)) == known.lengthCode &&
		a.viewedArrayBuf.data != nil:
		return integer(int64(a.length))
	}
	return nil
}

// lookUp returns a property as goja keeps it, of an object itself or of what it
// inherits from; nil when there is none or it is not there yet.
func (b *base) lookUp(name unistring.String) goja.Value {
	if v := b.values[name]; v != nil {
		return v
	}
	for o := b.prototype; o != nil; {
		h := head(o)
		if h.self.tab != known.plain && h.self.tab != known.templated {
			return nil
		}
		b := (*base)(h.self.data)
		v, exists := b.values[name]
		if v != nil {
			return v
		}
		if h.self.tab == known.templated {
			t := (*templated)(h.self.data)
			if !t.protoMaterialised || !exists && t.tmpl.props[name] != nil {
				return nil
			}
		}
		o = b.prototype
	}
	return nil
}
