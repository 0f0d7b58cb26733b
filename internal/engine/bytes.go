package engine

import (
	"unsafe"

	"github.com/dop251/goja"
)

// Bytes makes Uint8Arrays of a class, each over memory of its own.
type Bytes struct {
	vm        *goja.Runtime
	construct goja.Constructor // Uint8Array
	prototype *goja.Object     // of the class

	array  base // what the objects begin as
	buffer base
	ctor   *goja.Object
	fits   bool
}

// NewBytes prepares for a class with that prototype, which extends Uint8Array.
func NewBytes(vm *goja.Runtime, uint8Array, prototype *goja.Object) *Bytes {
	b := &Bytes{vm: vm, prototype: prototype}
	b.construct, _ = goja.AssertConstructor(uint8Array)
	sample := b.construction(nil)
	if !known.fits || head(sample).self.tab != known.typedArray {
		return b
	}
	array := (*typedArray)(head(sample).self.data)
	b.array, b.buffer, b.ctor = array.baseObject, array.viewedArrayBuf.baseObject, array.defaultCtor
	b.array.values, b.buffer.values = nil, nil
	b.fits = head(array.viewedArrayBuf.baseObject.val).self.tab == known.buffer &&
		len(b.array.propNames) == 0 && len(b.buffer.propNames) == 0
	return b
}

// pair is an array and its buffer with the objects around them, as one piece of
// memory.
type pair struct {
	arrayObject, bufferObject object
	array                     typedArray
	buffer                    buffer
	arrayNames, bufferNames   mapHeader
}

// Make returns an array over data. It stands for
//
//	Object.setPrototypeOf(new Uint8Array(vm.NewArrayBuffer(data)), prototype)
func (b *Bytes) Make(data []byte) *goja.Object {
	if !b.fits {
		return b.construction(data)
	}
	p := &pair{}
	array := (*goja.Object)(unsafe.Pointer(&p.arrayObject))
	p.arrayObject = object{iface{known.typedArray, unsafe.Pointer(&p.array)}, b.vm}
	p.bufferObject = object{iface{known.buffer, unsafe.Pointer(&p.buffer)}, b.vm}
	p.buffer.baseObject = b.buffer
	p.buffer.baseObject.val = (*goja.Object)(unsafe.Pointer(&p.bufferObject))
	p.buffer.baseObject.values = p.bufferNames.empty()
	p.buffer.data = data
	p.array = typedArray{
		baseObject:     b.array,
		viewedArrayBuf: &p.buffer,
		defaultCtor:    b.ctor,
		length:         len(data),
		elemSize:       1,
		typedArray:     iface{known.bytes, unsafe.Pointer(&p.buffer.data)},
	}
	p.array.baseObject.val = array
	p.array.baseObject.values = p.arrayNames.empty()
	return array
}

// view is an array over the buffer of another.
type view struct {
	arrayObject object
	array       typedArray
	names       mapHeader
}

// View returns an array over part of the memory of another typed array, from
// its first byte on counted; nil when the caller has to ask goja for it. It
// stands for Object.setPrototypeOf(new Uint8Array(of.buffer, of.byteOffset + from, length), prototype).
func (b *Bytes) View(of *goja.Object, from, length int) *goja.Object {
	data, ok := Memory(of)
	if !b.fits || !ok || from < 0 || length < 0 || from+length > len(data) {
		return nil
	}
	source := (*typedArray)(head(of).self.data)
	v := &view{}
	array := (*goja.Object)(unsafe.Pointer(&v.arrayObject))
	v.arrayObject = object{iface{known.typedArray, unsafe.Pointer(&v.array)}, b.vm}
	v.array = typedArray{
		baseObject:     b.array,
		viewedArrayBuf: source.viewedArrayBuf,
		defaultCtor:    b.ctor,
		offset:         source.offset*source.elemSize + from,
		length:         length,
		elemSize:       1,
		typedArray:     iface{known.bytes, unsafe.Pointer(&source.viewedArrayBuf.data)},
	}
	v.array.baseObject.val = array
	v.array.baseObject.values = v.names.empty()
	return array
}

// Made tells whether an object is an array of the class, as Make and View make
// them. It is false when goja does not fit.
func (b *Bytes) Made(o *goja.Object) bool {
	if !b.fits || head(o).self.tab != known.typedArray {
		return false
	}
	a := (*typedArray)(head(o).self.data)
	return a.baseObject.prototype == b.array.prototype && a.elemSize == 1 && a.typedArray.tab == known.bytes
}

// construction is Make by goja's API.
func (b *Bytes) construction(data []byte) *goja.Object {
	obj, err := b.construct(nil, b.vm.ToValue(b.vm.NewArrayBuffer(data)))
	if err == nil {
		err = obj.SetPrototype(b.prototype)
	}
	if err != nil {
		panic(err)
	}
	return obj
}

// Memory returns the bytes of a typed array, DataView aside; ok is false for
// anything else, for arrays whose buffer is detached, and always when goja does
// not fit, so that the caller has to ask goja then. It stands for ExportTo a
// []byte.
func Memory(o *goja.Object) (data []byte, ok bool) {
	if !known.fits || head(o).self.tab != known.typedArray {
		return nil, false
	}
	a := (*typedArray)(head(o).self.data)
	buf := a.viewedArrayBuf
	from := a.offset * a.elemSize
	to := from + a.length*a.elemSize
	if buf.detached || to > len(buf.data) {
		return nil, false
	}
	return buf.data[from:to:to], true
}
