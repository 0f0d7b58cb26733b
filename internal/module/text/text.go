// Package text is TextEncoder and TextDecoder.
//
// # Concurrency
//
// The classes belong to one VM and are used on that VM's goroutine only.
package text

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/buffer"
)

// Install defines the classes as globals, which are made when they are first used.
func Install(loop *eventloop.Loop, buffers *buffer.Class) {
	vm := loop.VM()
	loop.Globals().Define("TextEncoder", func() goja.Value { return encoderClass(vm, buffers) })
	loop.Globals().Define("TextDecoder", func() goja.Value { return decoderClass(vm, buffers) })
}

func encoderClass(vm *goja.Runtime, buffers *buffer.Class) *goja.Object {
	uint8Array, _ := goja.AssertConstructor(vm.Get("Uint8Array"))
	array := func(data []byte) goja.Value {
		obj, err := uint8Array(nil, vm.ToValue(vm.NewArrayBuffer(data)))
		if err != nil {
			panic(err)
		}
		return obj
	}
	return class(vm, "TextEncoder", func(goja.ConstructorCall, *goja.Object) {}, map[string]func(goja.FunctionCall) goja.Value{
		"encode": func(call goja.FunctionCall) goja.Value {
			if goja.IsUndefined(call.Argument(0)) {
				return array(nil)
			}
			return array([]byte(call.Argument(0).String()))
		},
		"encodeInto": func(call goja.FunctionCall) goja.Value {
			dst, ok := buffers.Memory(call.Argument(1))
			if !ok {
				panic(nodeerr.ArgType(vm, "dest", "an instance of Uint8Array", call.Argument(1)))
			}
			return encodeInto(vm, call.Argument(0).String(), dst)
		},
	}, map[string]func(goja.FunctionCall) goja.Value{
		"encoding": func(goja.FunctionCall) goja.Value { return vm.ToValue("utf-8") },
	})
}

func encodeInto(vm *goja.Runtime, s string, dst []byte) goja.Value {
	read, written := 0, 0
	for _, r := range s {
		n := utf8.RuneLen(r)
		if written+n > len(dst) {
			break
		}
		written += utf8.EncodeRune(dst[written:], r)
		if read++; r > 0xffff {
			read++
		}
	}
	o := vm.NewObject()
	_ = o.Set("read", read)
	_ = o.Set("written", written)
	return o
}

// class makes a class with methods and getters on its prototype.
func class(vm *goja.Runtime, name string, construct func(goja.ConstructorCall, *goja.Object),
	methods, getters map[string]func(goja.FunctionCall) goja.Value,
) *goja.Object {
	ctor := vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		construct(call, call.This)
		return nil
	}).(*goja.Object)
	_ = ctor.DefineDataProperty("name", vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	proto := ctor.Get("prototype").(*goja.Object)
	for method, f := range methods {
		_ = proto.DefineDataProperty(method, vm.ToValue(f), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	for getter, f := range getters {
		_ = proto.DefineAccessorProperty(getter, vm.ToValue(f), nil, goja.FLAG_TRUE, goja.FLAG_TRUE)
	}
	_ = proto.DefineDataPropertySymbol(goja.SymToStringTag, vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return ctor
}

// decoder is the state of a TextDecoder.
type decoder struct {
	name      string
	encoding  buffer.Encoding
	fatal     bool
	ignoreBOM bool
	rest      []byte // the beginning of a character that a stream has yet to end
	begun     bool   // the place for a byte order mark is past
}

var labels = map[string]struct {
	name     string
	encoding buffer.Encoding
}{
	"utf-8": {"utf-8", buffer.UTF8}, "utf8": {"utf-8", buffer.UTF8}, "unicode-1-1-utf-8": {"utf-8", buffer.UTF8},
	"utf-16le": {"utf-16le", buffer.UTF16LE}, "utf-16": {"utf-16le", buffer.UTF16LE},
	"latin1": {"windows-1252", buffer.Latin1}, "iso-8859-1": {"windows-1252", buffer.Latin1},
	"ascii": {"windows-1252", buffer.Latin1},
}

func decoderClass(vm *goja.Runtime, buffers *buffer.Class) *goja.Object {
	key := goja.NewSymbol("decoder")
	state := func(this goja.Value) *decoder {
		if obj, ok := this.(*goja.Object); ok {
			if v := obj.GetSymbol(key); v != nil {
				if d, ok := v.Export().(*decoder); ok {
					return d
				}
			}
		}
		panic(nodeerr.New(vm, nodeerr.TypeError, "ERR_INVALID_THIS", `Value of "this" must be of type TextDecoder`))
	}
	getter := func(f func(d *decoder) any) func(goja.FunctionCall) goja.Value {
		return func(call goja.FunctionCall) goja.Value { return vm.ToValue(f(state(call.This))) }
	}
	return class(vm, "TextDecoder", func(call goja.ConstructorCall, this *goja.Object) {
		d := newDecoder(vm, call)
		_ = this.DefineDataPropertySymbol(key, vm.ToValue(d), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	}, map[string]func(goja.FunctionCall) goja.Value{
		"decode": func(call goja.FunctionCall) goja.Value {
			d := state(call.This)
			var data []byte
			if v := call.Argument(0); !goja.IsUndefined(v) {
				memory, ok := buffers.Memory(v)
				if !ok {
					panic(nodeerr.ArgType(vm, "list", "an instance of ArrayBuffer or ArrayBufferView", v))
				}
				data = memory
			}
			stream := false
			if opts, ok := call.Argument(1).(*goja.Object); ok {
				v := opts.Get("stream")
				stream = v != nil && v.ToBoolean()
			}
			return d.decode(vm, data, stream)
		},
	}, map[string]func(goja.FunctionCall) goja.Value{
		"encoding":  getter(func(d *decoder) any { return d.name }),
		"fatal":     getter(func(d *decoder) any { return d.fatal }),
		"ignoreBOM": getter(func(d *decoder) any { return d.ignoreBOM }),
	})
}

func newDecoder(vm *goja.Runtime, call goja.ConstructorCall) *decoder {
	label := "utf-8"
	if v := call.Argument(0); !goja.IsUndefined(v) {
		label = v.String()
	}
	known, ok := labels[strings.ToLower(strings.TrimSpace(label))]
	if !ok {
		panic(nodeerr.New(vm, nodeerr.RangeError, "ERR_ENCODING_NOT_SUPPORTED", `The "`+label+`" encoding is not supported`))
	}
	d := &decoder{name: known.name, encoding: known.encoding}
	if opts, ok := call.Argument(1).(*goja.Object); ok {
		flag := func(name string) bool {
			v := opts.Get(name)
			return v != nil && v.ToBoolean()
		}
		d.fatal, d.ignoreBOM = flag("fatal"), flag("ignoreBOM")
	}
	return d
}

func (d *decoder) decode(vm *goja.Runtime, data []byte, stream bool) goja.Value {
	data = append(d.rest, data...)
	d.rest = nil
	if stream {
		keep := d.unfinished(data)
		d.rest = bytes.Clone(data[len(data)-keep:])
		data = data[:len(data)-keep]
	}
	if !d.ignoreBOM && !d.begun && len(data) > 0 {
		mark := []byte("\ufeff")
		if d.encoding == buffer.UTF16LE {
			mark = []byte{0xff, 0xfe}
		}
		if d.encoding != buffer.Latin1 {
			data = bytes.TrimPrefix(data, mark)
		}
	}
	d.begun = stream && (d.begun || len(data) > 0)
	bad := d.encoding == buffer.UTF8 && !utf8.Valid(data) || d.encoding == buffer.UTF16LE && len(data)%2 != 0
	if d.fatal && bad {
		panic(nodeerr.New(vm, nodeerr.TypeError, "ERR_ENCODING_INVALID_ENCODED_DATA",
			"The encoded data was not valid for encoding "+d.name))
	}
	return d.encoding.Encode(vm, data)
}

// unfinished returns how many bytes at the end may begin a character.
func (d *decoder) unfinished(data []byte) int {
	switch d.encoding {
	case buffer.UTF16LE:
		return len(data) % 2
	case buffer.UTF8:
		for n := 1; n <= min(3, len(data)); n++ {
			tail := data[len(data)-n:]
			if utf8.RuneStart(tail[0]) {
				if tail[0] >= 0xC0 && !utf8.FullRune(tail) {
					return n
				}
				return 0
			}
		}
	}
	return 0
}
