package json

import (
	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
)

// maxShapes is how many objects of a text are remembered. Those behind go by the
// last.
const maxShapes = 16

// shapes are those of the objects in the order in which they began in the text
// before. An object with the same names is made in one step.
type shapes struct {
	known []*engine.Shape
	next  int
}

func (s *shapes) guess() *engine.Shape {
	if s.next == len(s.known) && s.next < maxShapes {
		s.known = append(s.known, new(engine.Shape))
	}
	if s.next < len(s.known) {
		s.next++
	}
	return s.known[s.next-1]
}

// building is an object that is being parsed.
type building struct {
	engine.Object
	shape *engine.Shape // that it is to have, or is to be learned from it
	n     int           // how many of the shape's properties it has
	like  bool          // it has those so far and no others
}

// begin begins an object.
func (p *parser) begin() building {
	shape := p.shapes.guess()
	if shape.Len() == 0 {
		return building{Object: p.objects.Make(p.room), shape: shape}
	}
	return building{Object: p.objects.Like(shape), shape: shape, like: true}
}

func (o *building) put(name unistring.String, v goja.Value) {
	if o.like && o.n < o.shape.Len() && o.shape.Name(o.n) == name {
		o.Fill(o.n, v)
		o.n++
		return
	}
	o.differs()
	o.Put(name, v)
}

// differs says that the object is of another shape.
func (o *building) differs() {
	if o.like {
		o.Cut(o.n)
		o.like = false
	}
}

// end is called when the object has all its properties.
func (o *building) end() {
	if o.like && o.n < o.shape.Len() {
		o.differs()
	}
	if !o.like {
		o.shape.Learn(o.Object)
	}
}
