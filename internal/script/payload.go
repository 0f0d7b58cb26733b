package script

import (
	"fmt"
	"strconv"
	"unsafe"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/buffer"
)

// maxPayload is the largest remaining length of a packet [MQTT-1.5.5].
const maxPayload = 268_435_455

// readPayload returns the bytes of a message, or the error to throw; name is the
// function that was called. They may be the script's own memory, which changes
// when JavaScript changes it.
func (s *Script) readPayload(name string, v goja.Value) (data []byte, form PayloadForm, wrong *goja.Object) {
	if goja.IsString(v) {
		return bytesOf(v.String()), FormString, nil
	}
	if data, ok := s.buffers.Own(v); ok {
		return data, FormBuffer, nil
	}
	obj, ok := v.(*goja.Object)
	if !ok {
		return nil, 0, s.payloadError(name, v)
	}
	form = FormUint8Array
	switch buffer.Kind(obj) {
	case buffer.Uint8:
		if s.buffers.Is(obj) {
			form = FormBuffer
		}
	case buffer.ArrayBuffer:
		form = FormArrayBuffer
	case buffer.NotBinary:
		if obj.ClassName() == "Array" {
			if thrown := s.guard(func() { data, form, wrong = s.readByteArray(name, obj) }); thrown != nil {
				return nil, 0, thrown
			}
			return data, form, wrong
		}
	}
	data, ok = s.buffers.Memory(obj)
	if !ok {
		return nil, 0, s.payloadError(name, v)
	}
	return data, form, nil
}

// bytesOf returns the bytes of a string, which nobody may change.
func bytesOf(text string) []byte { return unsafe.Slice(unsafe.StringData(text), len(text)) }

func (s *Script) payloadError(name string, v goja.Value) *goja.Object {
	hint := ""
	if obj, ok := v.(*goja.Object); ok {
		if _, isFunction := goja.AssertFunction(obj); !isFunction {
			hint = "; use JSON.stringify(message) to publish it as JSON"
		}
	} else if v != nil && !goja.IsUndefined(v) && !goja.IsNull(v) {
		hint = "; use String(message) to publish it as text"
	}
	return nodeerr.New(s.vm, nodeerr.TypeError, nodeerr.InvalidArgType,
		name+": message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not "+
			kindOf(v)+hint)
}

func (s *Script) readByteArray(name string, obj *goja.Object) ([]byte, PayloadForm, *goja.Object) {
	n := obj.Get("length").ToInteger()
	if n > maxPayload {
		return nil, 0, nodeerr.New(s.vm, nodeerr.RangeError, nodeerr.OutOfRangeCode,
			name+": message is larger than a packet may be (268435455 bytes)")
	}
	data := make([]byte, n)
	for i := range data {
		v := obj.Get(strconv.Itoa(i))
		f := -1.0
		if v != nil && goja.IsNumber(v) {
			f = v.ToFloat()
		}
		if !(f >= 0 && f <= 255 && f == float64(byte(f))) {
			return nil, 0, nodeerr.New(s.vm, nodeerr.TypeError, nodeerr.InvalidArgType, fmt.Sprintf(
				"%s: an array as message must hold bytes, whole numbers from 0 to 255, but message[%d] is %s; "+
					"use JSON.stringify(message) to publish it as JSON", name, i, kindOf(v)))
		}
		data[i] = byte(f)
	}
	return data, FormByteArray, nil
}

// payloadAs shows a payload in the form it was published in. The value is the
// script's own.
func (s *Script) payloadAs(form PayloadForm, data []byte) goja.Value {
	switch form {
	case FormString:
		return engine.Text(s.vm, string(data))
	case FormBuffer:
		return s.copied(data)
	case FormByteArray:
		list := make([]any, len(data))
		for i, b := range data {
			list[i] = int64(b)
		}
		return s.vm.NewArray(list...)
	}
	memory := s.vm.ToValue(s.vm.NewArrayBuffer(append(make([]byte, 0, len(data)), data...)))
	if form == FormArrayBuffer {
		return memory
	}
	return s.buffers.Uint8Array(memory)
}

// kindOf describes a value for an error message: what it is, and which one
// when that is short.
func kindOf(v goja.Value) string {
	switch {
	case v == nil || goja.IsUndefined(v):
		return "undefined"
	case goja.IsNull(v):
		return "null"
	case goja.IsString(v):
		text := v.String()
		if len(text) > 40 {
			return "a string"
		}
		return "the string " + strconv.Quote(text)
	case goja.IsBigInt(v):
		return "the bigint " + v.String() + "n"
	case goja.IsNumber(v):
		return "the number " + v.String()
	}
	if obj, ok := v.(*goja.Object); ok {
		if _, isFunction := goja.AssertFunction(obj); isFunction {
			return "a function"
		}
		if obj.ClassName() == "Array" {
			return "an array"
		}
		return "an object"
	}
	if _, ok := v.Export().(bool); ok {
		return v.String()
	}
	return "a symbol"
}
