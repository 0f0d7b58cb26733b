package engine

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// An object literal is an instruction that makes an object, and one for each
// property that puts it there. goja needs six pieces of memory for that; here it
// is one, with the map of shape.go, and a name's part of the hash is worked out
// when the program is made.

// newLiteral is the beginning of a literal with properties.
type newLiteral struct{}

func (n *newLiteral) exec(m *machine) {
	if m.sp >= len(m.stack) {
		if m.sp >= cap(m.stack) {
			m.usual(known.newObject, unsafe.Pointer(n))
			return
		}
		m.stack = m.stack[:m.sp+1]
	}
	m.stack[m.sp] = (*goja.Object)(unsafe.Pointer(&makeLiteral(m.r).object))
	m.sp++
	m.pc++
}

// makeLiteral returns a literal without properties.
func makeLiteral(r *goja.Runtime) *fewNames {
	p := &fewNames{}
	p.object = object{iface{known.plain, unsafe.Pointer(&p.base)}, r}
	p.base = base{
		class: known.class, val: (*goja.Object)(unsafe.Pointer(&p.object)), extensible: true, propNames: p.names[:0],
		prototype: *(**goja.Object)(unsafe.Add(unsafe.Pointer(r), known.prototype)),
	}
	p.base.values = p.header.empty()
	p.header.group = unsafe.Pointer(&p.group)
	p.group.control = freeGroup
	return p
}

// putLiteral is a property of a literal.
type putLiteral struct {
	name    unistring.String
	control byte // of the name, in maps with known.seed
}

func (p *putLiteral) exec(m *machine) {
	o, ok := m.stack[m.sp-2].(*goja.Object)
	if a := m.typedArray(m.sp - 1); a != nil && a.isLent() && (!ok || lentLiteralOf(o) == nil) {
		a.keep()
	}
	if !ok || head(o).self.tab != known.plain || !p.put((*base)(head(o).self.data), m.stack[m.sp-1]) {
		m.usual(known.putProp, unsafe.Pointer(&p.name))
		return
	}
	m.sp--
	m.pc++
}

// put adds the property to an object of newLiteral that has only been given
// properties since; ok is false for any other, and where it may have one by that
// name.
func (p *putLiteral) put(b *base, v goja.Value) (ok bool) {
	h := headerOf(b.values)
	n := len(b.propNames)
	if h.seed != known.seed || h.groups != 0 || h.group == nil || n >= groupSize || h.used != uint64(n) {
		return false
	}
	g := (*mapGroup)(h.group)
	for i := range n {
		if g.control[i] == p.control {
			return false
		}
	}
	if g.control[n] != freeSlot {
		return false
	}
	g.slots[n], g.control[n] = mapSlot{p.name, v}, p.control
	h.used++
	b.propNames = append(b.propNames, p.name)
	return true
}

var freeGroup = [groupSize]byte{freeSlot, freeSlot, freeSlot, freeSlot, freeSlot, freeSlot, freeSlot, freeSlot}

// controlOf returns a name's part of the hash in maps with known.seed.
func controlOf(name unistring.String) byte {
	values := make(map[unistring.String]goja.Value)
	headerOf(values).seed = known.seed
	values[name] = nil
	return (*mapGroup)(headerOf(values).group).control[0]
}

// improveLiteral makes an instruction faster that is one of a literal. A literal
// without properties is left alone: most of those are given other names later.
func improveLiteral(code []iface, at int) {
	switch code[at].tab {
	case known.newObject:
		for i := at + 1; i < min(at+fewSteps, len(code)); i++ {
			isPut := code[i].tab == known.putProp
			if isPut && i > at+1 { // a value came first
				code[at].tab = table((*newLiteral)(nil))
			}
			if isPut || code[i].tab == known.newObject {
				return
			}
		}
	case known.putProp:
		name := *(*unistring.String)(code[at].data)
		code[at] = iface{table((*putLiteral)(nil)), unsafe.Pointer(&putLiteral{name, controlOf(name)})}
	}
}

// fewSteps is how far behind the beginning of a literal its first property is
// looked for.
const fewSteps = 8

// lookAtLiterals finds the two instructions, and the prototype of what they make.
func (k *knowledge) lookAtLiterals() (ok bool) {
	program := goja.MustCompile("", "({ a: 1 })", false)
	list := reflect.ValueOf(program).Elem().FieldByName("code")
	for i, in := range codeOfProgram(program, k.code) {
		switch t := list.Index(i).Elem().Type(); {
		case t.Name() == "_newObject" && t.Kind() == reflect.Struct && t.Size() == 0:
			k.newObject = in.tab
		case t.Name() == "putProp" && t.Kind() == reflect.String && *(*string)(in.data) == "a":
			k.putProp = in.tab
		}
	}
	global, ok := reflect.TypeFor[goja.Runtime]().FieldByName("global")
	if !ok || global.Type.Kind() != reflect.Struct {
		return false
	}
	prototype, ok := global.Type.FieldByName("ObjectPrototype")
	if !ok || prototype.Type != reflect.TypeFor[*goja.Object]() {
		return false
	}
	k.prototype = global.Offset + prototype.Offset
	vm := goja.New()
	o := vm.NewObject()
	b := (*base)(head(o).self.data)
	k.class = b.class
	return k.newObject != nil && k.putProp != nil && len(b.propNames) == 0 && len(b.values) == 0 &&
		*(**goja.Object)(unsafe.Add(unsafe.Pointer(vm), k.prototype)) == o.Prototype()
}
