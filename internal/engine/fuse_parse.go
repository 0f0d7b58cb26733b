package engine

import (
	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// parse adds a call of JSON.parse, or of the toString that it is given.
func (r *reader) parse(n int) bool {
	last := len(r.open) - 1
	at := len(r.stack) - n - 1 // of the method
	if last < 0 || r.open[last] != at {
		return false
	}
	var by node
	switch {
	case n == 0 && r.names[last] == "toString":
		by = &bufferText{r.stack[at-1]}
	case n == 1 && r.names[last] == parse:
		by = &parsed{r.stack[at-1].(*global), r.stack[at+1]}
	default:
		return false
	}
	r.open, r.names = r.open[:last], r.names[:last]
	r.stack = append(r.stack[:at-1], by)
	return true
}

// bufferText is a call without arguments of the toString of a typed array that
// Reads made.
type bufferText struct{ of node }

func (b *bufferText) value(m *machine) goja.Value {
	o, ok := b.of.value(m).(*goja.Object)
	if !ok || head(o).self.tab != known.typedArray {
		return nil
	}
	fn, ok := (*typedArray)(head(o).self.data).named("toString").(*goja.Object)
	if !ok || head(fn).self.tab != known.native {
		return nil
	}
	f := functionOf(fn)
	if f == nil || !f.reads || f.direct == nil {
		return nil
	}
	v, ok := f.direct(o, nil)
	if !ok {
		return nil
	}
	return v
}

// parsed is a call of JSON.parse.
type parsed struct {
	json *global
	of   node
}

func (p *parsed) value(m *machine) goja.Value {
	texts, text, ok := p.text(m)
	if !ok {
		return nil
	}
	v, ok := texts.Document(text)
	if !ok {
		return nil
	}
	return v
}

// text returns what is parsed, when it is ASCII, and by what.
func (p *parsed) text(m *machine) (texts Texts, text string, ok bool) {
	f := functionOfJSON(m, p.json, parse)
	if f == nil || f.texts == nil {
		return nil, "", false
	}
	v := p.of.value(m)
	if v == nil {
		return nil, "", false
	}
	text, ok = Characters(v)
	return f.texts, text, ok
}

// recording is a call of JSON.parse whose result goes to a variable that may have
// a record.
type recording struct{ *parsed }

func (r *recording) value(m *machine) goja.Value {
	texts, text, ok := r.text(m)
	if !ok {
		return nil
	}
	return newRecord(texts, text)
}

// maybeRecord returns what goes to a variable.
func (f *fuser) maybeRecord(found node, in int) node {
	if p, ok := found.(*parsed); ok && f.records[in] {
		return &recording{p}
	}
	return found
}

// local returns a variable.
func (r *reader) local(n int) node {
	if r.records[n] {
		return recorded(n)
	}
	if r.frame != nil {
		return place(r.frame.procedure.args + n)
	}
	return local(n)
}

// recorded is a variable that may have a record.
type recorded int

func (r recorded) value(m *machine) goja.Value { return settle(r.variable(m)) }

func (r recorded) variable(m *machine) *goja.Value { return &m.stack[m.sb+m.args+int(r)] }

// gettingOf returns a property of an expression.
func gettingOf(of node, name unistring.String) node {
	g := getting{of, name}
	if r, ok := of.(recorded); ok {
		return &recordGetting{g, r}
	}
	return &g
}

// recordGetting is a property of what may be a record.
type recordGetting struct {
	getting
	variable recorded
}

func (g *recordGetting) value(m *machine) goja.Value {
	if v := *g.variable.variable(m); v != nil && asValue(v).tab == recordTable {
		if found := (*record)(asValue(v).data).member(g.name); found != nil {
			return found
		}
	}
	return g.getting.value(m)
}
