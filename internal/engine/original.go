package engine

import (
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Original returns a method that an object of the engine's own began with, such
// as Object.keys, whatever scripts make of the property by the time it is
// called. It is made when it is first called, where goja allows that. It stands
// for AssertFunction(owner.Get(name)) before any script ran.
func Original(owner *goja.Object, name string) goja.Callable {
	t := templateOf(owner)
	if t == nil || t.props[unistring.String(name)] == nil {
		fn, _ := goja.AssertFunction(owner.Get(name))
		return fn
	}
	var fn goja.Callable
	return func(this goja.Value, args ...goja.Value) (goja.Value, error) {
		if fn == nil {
			fn, _ = goja.AssertFunction(valueOf(t.props[unistring.String(name)](head(owner).runtime)))
		}
		return fn(this, args...)
	}
}

// Getter is Original for the getter of a property. It stands for the get of
// Object.getOwnPropertyDescriptor(owner, name).
func Getter(vm *goja.Runtime, owner *goja.Object, name string) goja.Callable {
	t := templateOf(owner)
	if t == nil || t.props[unistring.String(name)] == nil {
		class := vm.NewObject().Prototype().Get("constructor").(*goja.Object)
		describe, _ := goja.AssertFunction(class.Get("getOwnPropertyDescriptor"))
		d, err := describe(class, owner, vm.ToValue(name))
		if err != nil {
			panic(err)
		}
		get, _ := goja.AssertFunction(d.(*goja.Object).Get("get"))
		return get
	}
	var fn goja.Callable
	return func(this goja.Value, args ...goja.Value) (goja.Value, error) {
		if fn == nil {
			kept := t.props[unistring.String(name)](vm)
			fn, _ = goja.AssertFunction((*property)((*iface)(unsafe.Pointer(&kept)).data).getterFunc)
		}
		return fn(this, args...)
	}
}

// templateOf returns what the properties of an object are made by, nil when it
// has no such thing, or goja does not fit.
func templateOf(o *goja.Object) *template {
	if !known.fits {
		return nil
	}
	switch h := head(o).self; h.tab {
	case known.templated:
		return (*templated)(h.data).tmpl
	case known.templatedFunc:
		return (*templatedFunc)(h.data).templatedObject.tmpl
	}
	return nil
}

// valueOf returns the value of a property as goja keeps it.
func valueOf(kept goja.Value) goja.Value {
	if i := (*iface)(unsafe.Pointer(&kept)); known.fits && i.tab == known.property {
		return (*property)(i.data).value
	}
	return kept
}

// Late returns a function of a global of the engine's own, or of what belongs to
// it, as it was before any script ran: find is asked when the global is looked
// at for the first time, by a script or by the first call.
func (l *Lazy) Late(global string, find func(v *goja.Object) goja.Value) goja.Callable {
	var fn goja.Callable
	l.WhenMade(global, func(v *goja.Object) { fn, _ = goja.AssertFunction(find(v)) })
	return func(this goja.Value, args ...goja.Value) (goja.Value, error) {
		if fn == nil {
			l.object.Get(global)
		}
		return fn(this, args...)
	}
}
