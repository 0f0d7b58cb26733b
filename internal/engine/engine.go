// Package engine does a few things to goja's objects that its API offers only
// at a multiple of the cost: it makes Buffers, plain objects and strings in one
// step, reads plain objects without a call for each property, keeps the memory
// of the VM's stack from one call to the next, and puts quicker instructions in
// the place of goja's.
//
// It knows for that how goja lays out its objects. What it knows is written
// down as the types of layout.go and compared with goja's own when the program
// starts; when a later goja differs in any of it, Fits is false, everything
// here goes by goja's API, and the tests say so. Nothing here can be noticed by
// JavaScript: every function states which call of the API it stands for.
//
// # Concurrency
//
// A VM belongs to one goroutine, and so does everything here that is given one.
// What the package itself keeps is not changed after its initialisation.
package engine

import (
	"unsafe"

	"github.com/dop251/goja"
)

// Fits tells whether goja is laid out as this package knows it.
func Fits() bool { return known.fits }

// self returns the first part of an object when that is a plain one (made by a
// literal, Object.create, JSON.parse or a constructor that is a function), nil
// for everything else: arrays, functions, proxies, objects of Go.
func self(o *goja.Object) *base {
	h := (*object)(unsafe.Pointer(o))
	if !known.fits || h.self.tab != known.plain {
		return nil
	}
	return (*base)(h.self.data)
}
