package buffer

import (
	"slices"

	"github.com/dop251/goja"
)

// Late is a Buffer that is not made before something looks at it that might
// see the difference. It may be given only to what knows of it. The bytes must
// not change while it is used.
type Late struct {
	goja.Value // never looked at
	class      *Class
	data       []byte
	made       *goja.Object
}

// NewLate returns one that Set has yet to give its bytes.
func (c *Class) NewLate() *Late { return &Late{Value: goja.Undefined(), class: c} }

// Set makes it another Buffer.
func (l *Late) Set(data []byte) { l.data, l.made = data, nil }

// Made returns the Buffer, with a copy of the bytes.
func (l *Late) Made() goja.Value {
	if l.made == nil {
		l.made = l.class.Wrap(slices.Concat(l.data))
	}
	return l.made
}

// Bytes returns what is in it; ok is false when the Buffer is made, and has to
// be asked.
func (l *Late) Bytes() (data []byte, ok bool) { return l.data, l.made == nil }

// Text is its method toString; ok is false when the Buffer is made, or another
// method took the place of Node's.
func (l *Late) Text(args []goja.Value) (text goja.Value, ok bool) {
	if l.made != nil || !l.class.lazy.Is("toString", l.class.text) {
		return nil, false
	}
	return l.class.textOf(l.data, goja.FunctionCall{Arguments: args}), true
}
