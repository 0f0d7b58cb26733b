package packetjs

import (
	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
)

// maker makes objects of one kind. Mostly one has the names of the one before,
// whose shape it keeps.
type maker struct {
	objects *engine.Objects
	shape   engine.Shape
	lent    engine.Object // see lend; nil when there is none of the shape
}

// draftSize is how many properties a draft has room for.
const draftSize = 8

// draft is an object whose properties are being found. The zero value has none.
type draft struct {
	names  [draftSize]unistring.String
	values [draftSize]goja.Value
	n      int
	more   engine.Object // the object itself, when there are more properties
}

// set gives a property its value.
func (d *draft) set(m *maker, name unistring.String, v goja.Value) {
	switch i := d.find(name); {
	case d.more.Object != nil:
		d.more.Put(name, v)
	case i >= 0:
		d.values[i] = v
	case d.n < draftSize:
		d.names[d.n], d.values[d.n] = name, v
		d.n++
	default:
		d.more = d.put(m.objects.Make(2 * draftSize))
		d.more.Put(name, v)
	}
}

func (d *draft) find(name unistring.String) int {
	for i := range d.n {
		if d.names[i] == name {
			return i
		}
	}
	return -1
}

// value returns the value of a property, nil when there is none of that name.
func (d *draft) value(name unistring.String) goja.Value {
	if d.more.Object != nil {
		return d.more.Value(name)
	}
	if i := d.find(name); i >= 0 {
		return d.values[i]
	}
	return nil
}

// make returns the object.
func (d *draft) make(m *maker) *goja.Object {
	if d.more.Object != nil {
		return d.more.Object
	}
	if !d.is(&m.shape) {
		o := d.put(m.objects.Make(d.n))
		m.shape.Learn(o)
		return o.Object
	}
	o := m.objects.Like(&m.shape)
	for i := range d.n {
		o.Fill(i, d.values[i])
	}
	return o.Object
}

// lend is make for an object that nobody has when the next one is lent: mostly
// it is the same.
func (d *draft) lend(m *maker) *goja.Object {
	if d.more.Object != nil || !d.is(&m.shape) {
		m.lent = engine.Object{}
		return d.make(m)
	}
	if m.lent.Object == nil {
		m.lent = m.objects.Like(&m.shape)
	}
	for i := range d.n {
		m.lent.Fill(i, d.values[i])
	}
	return m.lent.Object
}

// is tells whether an object has the names of the draft.
func (d *draft) is(s *engine.Shape) bool {
	if s.Len() != d.n || d.n == 0 {
		return false
	}
	for i := range d.n {
		if s.Name(i) != d.names[i] {
			return false
		}
	}
	return true
}

// put gives an object the properties.
func (d *draft) put(o engine.Object) engine.Object {
	for i := range d.n {
		o.Put(d.names[i], d.values[i])
	}
	return o
}
