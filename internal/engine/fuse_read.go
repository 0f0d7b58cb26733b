package engine

import (
	"slices"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// read adds what an instruction does; false when it is none that only reads and
// computes, and has to be run by itself.
func (r *reader) read(pc int) bool {
	switch name := r.name(pc); name {
	case "loadStackLex", "loadStack", "loadStack1", "loadStack1Lex", "loadStash", "loadStashLex",
		"loadVal", "_loadUndef", "loadDynamic", "loadDynamicCallee":
		return r.load(name, pc)
	case "_dup":
		return r.duplicate()
	case "rdupN":
		return r.frame != nil && r.duplicateTo(len(r.stack)-1-r.number(pc))
	case "getProp":
		if of, ok := r.top(1); ok {
			r.replace(1, gettingOf(of[0], r.text(pc)))
			return true
		}
	case "_getElem":
		if of, ok := r.top(2); ok {
			r.replace(2, elementOf(of[0], of[1]))
			return true
		}
	case "getPropCallee":
		if _, ok := r.top(1); ok && (r.mayCall(r.text(pc)) || r.isJSON(pc)) {
			r.open, r.names = append(r.open, len(r.stack)), append(r.names, r.text(pc))
			r.push(&constant{goja.Undefined()}) // its place
			return true
		}
	case "call":
		return r.call(r.number(pc)) || r.invoke(r.number(pc))
	case "_newObject":
		return r.beginLiteral()
	case "putProp":
		return r.putLiteral(r.text(pc))
	case "_toString", "_typeof", "concatStrings":
		return r.convert(name, pc)
	default:
		return r.operator(name)
	}
	return false
}

// mayCall tells whether there may be something better than a call of a method by
// its name.
func (r *reader) mayCall(name unistring.String) bool {
	return methods[string(name)] != nil || isReading(name) || len(r.stack) == 1 && isWriting(name)
}

// load adds a value that is there.
func (r *reader) load(name string, pc int) bool {
	switch name {
	case "loadStackLex":
		if n := r.number(pc); n <= 0 {
			r.push(r.argument(-n))
		} else {
			r.push(r.local(n))
		}
	case "loadStack", "loadStack1", "loadStack1Lex":
		n := r.number(pc)
		switch {
		case n < 0:
			return false
		case n == 0:
			r.push(argument(0))
		case name == "loadStack" && r.frame != nil:
			r.push(hoisted(r.frame.procedure.args + n))
		case name == "loadStack":
			r.push(r.local(n))
		default:
			r.push(argument(n).inPlace())
		}
	case "loadStash", "loadStashLex":
		n := r.number(pc)
		r.push(&outer{n >> 24, n & (1<<24 - 1)})
	case "loadVal":
		r.push(&constant{*(*goja.Value)(r.original[pc].data)})
	case "_loadUndef":
		r.push(&constant{goja.Undefined()})
	case "loadDynamic":
		r.push(&global{r.text(pc)})
	case "loadDynamicCallee":
		r.push(&constant{goja.Undefined()})
		r.push(&global{r.text(pc)})
	}
	return true
}

// duplicate adds the last value once more.
func (r *reader) duplicate() bool {
	of, ok := r.top(1)
	if !ok {
		return false
	}
	switch of[0].(type) {
	case argument, place, local, *outer, *constant:
		r.twice = true
		r.push(of[0])
		return true
	}
	return false
}

// duplicateTo puts the last value in the place of another.
func (r *reader) duplicateTo(at int) bool {
	of, ok := r.top(1)
	if ok = ok && at >= 0 && !slices.Contains(r.open, at); ok {
		r.twice = true
		r.stack[at] = of[0]
	}
	return ok
}

// argument returns a variable that is one of the arguments.
func (r *reader) argument(n int) node {
	if r.frame != nil {
		return place(n)
	}
	return argument(n)
}

// argument is this (0) or an argument (from 1 on).
type argument int

func (a argument) value(m *machine) goja.Value {
	if int(a) > m.args {
		return goja.Undefined()
	}
	return m.stack[m.sb+int(a)]
}

// inPlace is a variable in the place where arguments are that are not in
// another scope.
func (a argument) inPlace() node { return place(a) }

type place int

func (p place) value(m *machine) goja.Value { return m.stack[m.sb+int(p)] }

// hoisted is place for a variable that is undefined before it has a value.
type hoisted int

func (h hoisted) value(m *machine) goja.Value {
	if v := m.stack[m.sb+int(h)]; v != nil {
		return v
	}
	return goja.Undefined()
}

// local is a variable that no function within sees.
type local int

func (l local) value(m *machine) goja.Value { return m.stack[m.sb+m.args+int(l)] }

// outer is a variable of a scope that functions see.
type outer struct{ level, index int }

func (o *outer) value(m *machine) goja.Value { return m.stash.at(o.level).values[o.index] }

// global is a property of the global object, unless a scope has the name.
type global struct{ name unistring.String }

func (g *global) value(m *machine) goja.Value {
	for s := m.stash; s != nil; s = (*stash)(s.outer) {
		if s.obj != nil {
			return nil
		}
		if len(s.names) > 0 {
			if _, has := s.names[g.name]; has {
				return nil
			}
		}
	}
	o := m.r.GlobalObject()
	if head(o).self.tab != known.templated {
		return nil
	}
	return data((*base)(head(o).self.data).values[g.name])
}

// data returns the value of a property that is no accessor, of what goja keeps
// for it.
func data(v goja.Value) goja.Value {
	if v == nil || asValue(v).tab != known.property {
		return v
	}
	p := (*property)(asValue(v).data)
	if p.accessor {
		return nil
	}
	return p.value
}

// getting is a property by its name: length of a string or an array, and what
// plain objects have.
type getting struct {
	of   node
	name unistring.String
}

func (p *getting) value(m *machine) goja.Value {
	of := p.of.value(m)
	if of == nil {
		return nil
	}
	return member(m, of, p.name)
}

// member returns a property of a value, nil when it takes goja.
func member(m *machine, of goja.Value, name unistring.String) goja.Value {
	switch v := asValue(of); v.tab {
	case known.ascii:
		if name == "length" {
			return Int(m.r, int64(len(*(*string)(v.data))))
		}
	case known.object:
		switch self := (*object)(v.data).self; self.tab {
		case known.plain:
			found := (*base)(self.data).values[name]
			if found != nil && asValue(found).tab != known.property {
				return found
			}
		case known.array:
			if name == "length" {
				return Int(m.r, int64((*array)(self.data).length))
			}
		case known.typedArray:
			if name == "length" {
				return (*typedArray)(self.data).named(name)
			}
		}
	}
	return nil
}

// element is an element of an array, a Uint8Array or a string by a number, or a
// property of a plain object by a name.
type element struct{ of, at node }

func (e *element) value(m *machine) goja.Value {
	of, at := e.of.value(m), e.at.value(m)
	if of == nil || at == nil {
		return nil
	}
	o, i := asValue(of), asValue(at)
	if o.tab == known.object && i.tab == known.ascii && (*object)(o.data).self.tab == known.plain {
		return member(m, of, *(*unistring.String)(i.data))
	}
	if o.tab != known.object || i.tab != known.integer {
		return nil
	}
	n := *(*int64)(i.data)
	switch self := (*object)(o.data).self; self.tab {
	case known.array:
		if a := (*array)(self.data); uint64(n) < uint64(len(a.values)) {
			if v := a.values[n]; v != nil && asValue(v).tab != known.property {
				return v
			}
		}
	case known.typedArray:
		a := (*typedArray)(self.data)
		if a.typedArray.tab == known.bytes && !a.viewedArrayBuf.detached && uint64(n) < uint64(a.length) &&
			a.offset+int(n) < len(a.viewedArrayBuf.data) {
			return ints[a.viewedArrayBuf.data[a.offset+int(n)]]
		}
	}
	return nil
}
