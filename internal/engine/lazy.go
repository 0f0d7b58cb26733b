package engine

import (
	"maps"
	"slices"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Lazy is an object some of whose properties are made when they are first
// looked at: a function that is never called costs next to nothing then. They
// are writable, configurable and, unless stated, not enumerable.
type Lazy struct {
	vm     *goja.Runtime
	object *goja.Object
	inner  *templated // nil when goja does not fit
}

// LazyGlobals returns a VM's global object, for further properties. It may be
// asked for once.
func LazyGlobals(vm *goja.Runtime) *Lazy {
	l := &Lazy{vm: vm, object: vm.GlobalObject()}
	if known.fits && head(l.object).self.tab == known.templated {
		l.inner = (*templated)(head(l.object).self.data)
		shared := l.inner.tmpl // by all VMs
		l.inner.tmpl = &template{
			propNames: slices.Clone(shared.propNames), props: maps.Clone(shared.props),
			symProps: shared.symProps, symPropNames: shared.symPropNames, protoFactory: shared.protoFactory,
		}
	}
	return l
}

// NewLazy makes an object with a prototype.
func NewLazy(vm *goja.Runtime, prototype *goja.Object) *Lazy {
	l := &Lazy{vm: vm}
	sample := self(vm.CreateObject(prototype))
	if sample == nil {
		l.object = vm.CreateObject(prototype)
		return l
	}
	r := &remembering{templated: templated{
		baseObject:        *sample,
		tmpl:              &template{props: make(map[unistring.String]func(*goja.Runtime) goja.Value)},
		protoMaterialised: true,
	}}
	l.inner = &r.templated
	if known.tables && sample.class == remembers {
		l.inner.baseObject.class = remembers
	}
	l.object = (*goja.Object)(unsafe.Pointer(&object{iface{known.templated, unsafe.Pointer(l.inner)}, vm}))
	l.inner.baseObject.val = l.object
	return l
}

// Object returns the object.
func (l *Lazy) Object() *goja.Object { return l.object }

// SetPrototype gives the object another prototype, which make makes when it is
// first looked at. Nothing may have looked at the object before.
func (l *Lazy) SetPrototype(make func() *goja.Object) {
	if l.inner == nil {
		_ = l.object.SetPrototype(make())
		return
	}
	l.inner.tmpl.protoFactory = func(*goja.Runtime) *goja.Object { return make() }
	l.inner.baseObject.prototype, l.inner.protoMaterialised = nil, false
}

// Define adds a property, which make makes. Its name is ASCII. make may run
// JavaScript and throw what that throws; then it is asked again the next time.
func (l *Lazy) Define(name string, make func() goja.Value) { l.define(name, false, make) }

// DefineEnumerable is Define for an enumerable property.
func (l *Lazy) DefineEnumerable(name string, make func() goja.Value) { l.define(name, true, make) }

// DefineGetter adds a property that is not enumerable and has a getter, whose
// function is made when the property is first looked at.
func (l *Lazy) DefineGetter(name string, get func(this goja.Value) goja.Value) {
	l.defineGetter(name, false, get)
}

// DefineEnumerableGetter is DefineGetter for an enumerable property.
func (l *Lazy) DefineEnumerableGetter(name string, get func(this goja.Value) goja.Value) {
	l.defineGetter(name, true, get)
}

func (l *Lazy) defineGetter(name string, enumerable bool, get func(this goja.Value) goja.Value) {
	getter := func() *goja.Object {
		return l.vm.ToValue(func(call goja.FunctionCall) goja.Value { return get(call.This) }).(*goja.Object)
	}
	if l.inner == nil {
		_ = l.object.DefineAccessorProperty(name, getter(), nil, goja.FLAG_TRUE, goja.ToFlag(enumerable))
		return
	}
	l.add(unistring.String(name), func(*goja.Runtime) goja.Value {
		return wrap(&property{accessor: true, configurable: true, enumerable: enumerable, getterFunc: getter()})
	})
}

// DefineAccessor adds a property that is not enumerable and has a getter and a
// setter, whose functions are made when the property is first looked at.
func (l *Lazy) DefineAccessor(name string, get func() goja.Value, set func(v goja.Value)) {
	getter := func() *goja.Object {
		return l.vm.ToValue(func(goja.FunctionCall) goja.Value { return get() }).(*goja.Object)
	}
	setter := func() *goja.Object {
		return l.vm.ToValue(func(call goja.FunctionCall) goja.Value {
			set(call.Argument(0))
			return goja.Undefined()
		}).(*goja.Object)
	}
	if l.inner == nil {
		_ = l.object.DefineAccessorProperty(name, getter(), setter(), goja.FLAG_TRUE, goja.FLAG_FALSE)
		return
	}
	l.add(unistring.String(name), func(*goja.Runtime) goja.Value {
		return wrap(&property{accessor: true, configurable: true, getterFunc: getter(), setterFunc: setter()})
	})
}

func (l *Lazy) define(name string, enumerable bool, make func() goja.Value) {
	switch {
	case l.inner == nil:
		l.defineAccessor(name, enumerable, make)
	case enumerable:
		l.add(unistring.String(name), func(*goja.Runtime) goja.Value { return make() })
	default:
		l.add(unistring.String(name), func(*goja.Runtime) goja.Value {
			return wrap(&property{value: make(), writable: true, configurable: true})
		})
	}
}

func (l *Lazy) add(key unistring.String, make func(*goja.Runtime) goja.Value) {
	b, t := &l.inner.baseObject, l.inner.tmpl
	if t.props[key] == nil {
		t.propNames = append(t.propNames, key)
		if b.propNames != nil {
			b.propNames = append(slices.Clip(b.propNames), key)
		}
	}
	t.props[key] = make
}

// wrap returns a property as goja keeps it among values.
func wrap(p *property) (v goja.Value) {
	*(*iface)(unsafe.Pointer(&v)) = iface{known.property, unsafe.Pointer(p)}
	return v
}

// defineAccessor is define by goja's API: a getter that takes the place of the
// property.
func (l *Lazy) defineAccessor(name string, enumerable bool, make func() goja.Value) {
	flag := goja.FLAG_FALSE
	if enumerable {
		flag = goja.FLAG_TRUE
	}
	define := func(v goja.Value) {
		_ = l.object.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, flag)
	}
	get := func(goja.FunctionCall) goja.Value {
		v := make()
		define(v)
		return v
	}
	set := func(call goja.FunctionCall) goja.Value {
		define(call.Argument(0))
		return goja.Undefined()
	}
	_ = l.object.DefineAccessorProperty(name, l.vm.ToValue(get), l.vm.ToValue(set), goja.FLAG_TRUE, flag)
}

// WhenMade calls f with a global of the engine's own, such as Map, when that is
// looked at for the first time: nothing has changed it by then. When goja does
// not fit, or it has been looked at already, f is called at once.
func (l *Lazy) WhenMade(name string, f func(v *goja.Object)) {
	if !l.intercept(name, func(original *goja.Object, property goja.Value) goja.Value {
		f(original)
		return property
	}) {
		f(l.object.Get(name).(*goja.Object))
	}
}

// Replace puts what f makes in the place of a global of the engine's own, when
// that is looked at for the first time, or at once as WhenMade says.
func (l *Lazy) Replace(name string, f func(original *goja.Object) *goja.Object) {
	if !l.intercept(name, func(original *goja.Object, _ goja.Value) goja.Value {
		return wrap(&property{value: f(original), writable: true, configurable: true})
	}) {
		v := f(l.object.Get(name).(*goja.Object))
		_ = l.object.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}

// intercept lets f see a global when it is made, and what goja keeps of it, and
// give what is kept instead. ok is false when it is made already.
func (l *Lazy) intercept(name string, f func(made *goja.Object, kept goja.Value) goja.Value) (ok bool) {
	if l.inner == nil {
		return false
	}
	key := unistring.String(name)
	shared := l.inner.tmpl.props[key]
	if l.inner.baseObject.values[key] != nil || shared == nil {
		return false
	}
	l.inner.tmpl.props[key] = func(vm *goja.Runtime) goja.Value {
		kept := shared(vm)
		return f(valueOf(kept).(*goja.Object), kept)
	}
	return true
}
