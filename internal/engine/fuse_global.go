package engine

import (
	"hash/maphash"
	"math"
	"reflect"
	"strconv"
	"unsafe"

	"github.com/dop251/goja"
)

// collection is mapObject and setObject.
type collection struct {
	baseObject base
	m          *orderedMap
}

// orderedMap is what a Map or Set has its entries in.
type orderedMap struct {
	hash      *maphash.Hash
	hashTable map[uint64]*mapEntry
	iterFirst unsafe.Pointer //nolint:unused // it is there, as the next two are
	iterLast  unsafe.Pointer //nolint:unused // see above
	size      int            //nolint:unused // see above
}

// mapEntry is one of them.
type mapEntry struct {
	key, value         goja.Value
	iterPrev, iterNext unsafe.Pointer
	hNext              unsafe.Pointer
}

// of returns the prototype of an object of a kind that has no properties of its
// own and whose prototype is a plain object.
func ofKind(kind *unsafe.Pointer) func(m *machine, this goja.Value) *base {
	return func(_ *machine, this goja.Value) *base {
		v := asValue(this)
		if v.tab != known.object || (*object)(v.data).self.tab != *kind {
			return nil
		}
		b := (*base)((*object)(v.data).self.data)
		if len(b.values) != 0 || b.prototype == nil {
			return nil
		}
		return self(b.prototype)
	}
}

// find returns the entry of a string of ASCII or a whole number; ok is false
// when the key is none.
func find(this, key goja.Value) (e *mapEntry, ok bool) {
	if key == nil {
		return nil, false
	}
	entries := (*collection)((*object)(asValue(this).data).self.data).m
	var h uint64
	switch k := asValue(key); k.tab {
	case known.ascii:
		h = maphash.String(entries.hash.Seed(), *(*string)(k.data))
	case known.integer:
		h = uint64(*(*int64)(k.data)) //nolint:gosec // goja has it so
	default:
		return nil, false
	}
	for e = entries.hashTable[h]; e != nil && !identical(e.key, key); {
		e = (*mapEntry)(e.hNext)
	}
	return e, true
}

// identical is same for keys.
func identical(a, b goja.Value) bool {
	x, y := asValue(a), asValue(b)
	if x.tab == known.ascii && y.tab == known.ascii {
		return *(*string)(x.data) == *(*string)(y.data)
	}
	return a.SameAs(b)
}

func has(_ *machine, this, a, _ goja.Value) goja.Value {
	e, ok := find(this, a)
	return truth(e != nil, ok)
}

var collectionMethods = []*native{
	{of: "Map", name: "get", room: 1, holder: ofKind(&known.mapKind), run: func(_ *machine, this, a, _ goja.Value) goja.Value {
		switch e, ok := find(this, a); {
		case !ok:
			return nil
		case e == nil:
			return goja.Undefined()
		default:
			return e.value
		}
	}},
	{of: "Map", name: "has", room: 1, holder: ofKind(&known.mapKind), run: has},
	{of: "Set", name: "has", room: 1, holder: ofKind(&known.setKind), run: has},
}

var globalFunctions = []*native{
	{name: "Number", room: 1, run: func(m *machine, _, a, _ goja.Value) goja.Value {
		if a == nil {
			return nil
		}
		switch v := asValue(a); v.tab {
		case known.integer:
			return a
		case known.ascii:
			if n := plainNumber(m, *(*string)(v.data)); n != nil {
				return n
			}
			return a.ToNumber()
		}
		return nil
	}},
	{name: "String", room: 1, run: func(_ *machine, _, a, _ goja.Value) goja.Value {
		if a == nil {
			return nil
		}
		switch v := asValue(a); v.tab {
		case known.integer:
			return ASCII(strconv.FormatInt(*(*int64)(v.data), 10))
		case known.ascii:
			return a
		}
		return nil
	}},
}

// The powers of ten that float64 holds exactly and that fit the digits below.
var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// plainNumber reads a number of a few digits, which may have a point within;
// nil when it is written in another way. Up to 15 digits and a power of ten are
// exact, and so their quotient is the nearest number.
func plainNumber(m *machine, s string) goja.Value {
	if s == "" || len(s) > 16 || s[len(s)-1] == '.' {
		return nil
	}
	digits, point := int64(0), -1
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = digits*10 + int64(c-'0')
		case c == '.' && point < 0 && i > 0:
			point = i
		default:
			return nil
		}
	}
	if point < 0 {
		if len(s) == 16 {
			return nil
		}
		return Int(m.r, digits)
	}
	return Float(m.r, float64(digits)/tens[len(s)-point-1])
}

// Functions of Math.
var mathMethods = []*native{
	onNumber("floor", math.Floor), onNumber("ceil", math.Ceil), onNumber("trunc", math.Trunc), onNumber("abs", math.Abs),
}

// onNumber makes a function of Math of one number.
func onNumber(name string, calculate func(f float64) float64) *native {
	return &native{of: "Math", name: name, room: 1, holder: ofMath, run: func(m *machine, _, a, _ goja.Value) goja.Value {
		if a == nil {
			return nil
		}
		f, ok := number(asValue(a))
		if !ok {
			return nil
		}
		return Float(m.r, calculate(f))
	}}
}

// ofMath returns Math itself, and what else is made like it, whose functions
// are others.
func ofMath(_ *machine, this goja.Value) *base {
	v := asValue(this)
	if v.tab != known.object || (*object)(v.data).self.tab != known.templated {
		return nil
	}
	return (*base)((*object)(v.data).self.data)
}

// lookAtBuiltins finds what the functions above know.
func (k *knowledge) lookAtBuiltins(vm *goja.Runtime) (why string) {
	for _, c := range []struct {
		source string
		want   any
		kind   *unsafe.Pointer
	}{
		{"Number", templatedFunc{}, &k.templatedFunc},
		{"new Map()", collection{}, &k.mapKind},
		{"new Set()", collection{}, &k.setKind},
		{"String.prototype", templated{}, nil},
	} {
		v, err := vm.RunString(c.source)
		if err != nil {
			return err.Error()
		}
		o := v.(*goja.Object)
		if why := difference(selfType(o), reflect.TypeOf(c.want)); why != "" {
			return why
		}
		if c.kind != nil {
			*c.kind = head(o).self.tab
		}
		k.object = asValue(v).tab
	}
	global, _ := reflect.TypeFor[goja.Runtime]().FieldByName("global")
	prototype, ok := global.Type.FieldByName("StringPrototype")
	if !ok || prototype.Type != reflect.TypeFor[*goja.Object]() {
		return "a Runtime has no StringPrototype"
	}
	k.stringPrototype = global.Offset + prototype.Offset
	return ""
}
