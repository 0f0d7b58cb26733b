package script

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/packet"
)

// optionReader turns options into a packet. The first mistake stops it.
type optionReader struct {
	s    *Script
	call string // the function that was called, for messages
	err  *goja.Object
}

// place is where an option stands: its name is put together only for an error.
type place struct{ parent, key string }

// String returns the place as the script would write it.
func (p place) String() string {
	if p.parent == "" {
		return p.key
	}
	return p.parent + "." + p.key
}

// name is String for the places that every publish has, without new memory.
func (p place) name() string {
	switch p {
	case place{"opts", "properties"}:
		return "opts.properties"
	case place{"opts.properties", "userProperties"}:
		return "opts.properties.userProperties"
	}
	return p.String()
}

// each calls f for the own enumerable properties of v that are not undefined,
// in their order. Inherited ones do not count, so that a changed
// Object.prototype changes nothing.
func (r *optionReader) each(at place, v goja.Value, f func(at place, v goja.Value)) {
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return
	}
	obj, ok := v.(*goja.Object)
	if _, isFunction := goja.AssertFunction(v); !ok || isFunction || obj.ClassName() == "Array" {
		r.wrongType(at, "an object", v)
		return
	}
	parent := at.name()
	if done := r.eachPlain(parent, obj, f); done {
		return
	}
	for _, key := range obj.Keys() {
		value := obj.Get(key)
		if value == nil || goja.IsUndefined(value) {
			continue
		}
		f(place{parent, key}, value)
		if r.err != nil {
			return
		}
	}
}

// fewOptions is how many properties of an object are noted without memory of
// their own.
const fewOptions = 8

// eachPlain is each for an object whose properties nothing can be in the way of.
func (r *optionReader) eachPlain(parent string, obj *goja.Object, f func(at place, v goja.Value)) (done bool) {
	var room [fewOptions]unistring.String
	p, plain := engine.AsPlain(obj)
	if !plain {
		return false
	}
	names, ok := p.Names(room[:0])
	if !ok {
		return false
	}
	for _, name := range names {
		if _, usual := p.Value(name); !usual {
			return false
		}
	}
	for _, name := range names {
		value, _ := p.Value(name)
		if value == nil || goja.IsUndefined(value) {
			continue
		}
		if f(place{parent, name.String()}, value); r.err != nil {
			break
		}
	}
	return true
}

func (r *optionReader) wrongType(at place, want string, got goja.Value) {
	r.fail(nodeerr.TypeError, nodeerr.InvalidArgType, at, want, got)
}

func (r *optionReader) fail(class nodeerr.Class, code string, at place, want string, got goja.Value) {
	if r.err == nil {
		r.err = nodeerr.New(r.s.vm, class, code, fmt.Sprintf("%s: %s must be %s, not %s", r.call, at, want, kindOf(got)))
	}
}

func (r *optionReader) boolean(at place, v goja.Value) bool {
	// Exporting an object would copy all that it holds.
	if _, isObject := v.(*goja.Object); !isObject {
		if b, ok := v.Export().(bool); ok {
			return b
		}
	}
	r.wrongType(at, "true or false", v)
	return false
}

func (r *optionReader) integer(at place, v goja.Value, low, high uint32) uint32 {
	if !goja.IsNumber(v) || goja.IsBigInt(v) {
		r.wrongType(at, wholeNumber(low, high), v)
		return 0
	}
	f := v.ToFloat()
	if f != math.Trunc(f) || !(f >= float64(low) && f <= float64(high)) {
		r.fail(nodeerr.RangeError, nodeerr.OutOfRangeCode, at, wholeNumber(low, high), v)
		return 0
	}
	return uint32(f)
}

func wholeNumber(low, high uint32) string {
	return fmt.Sprintf("a whole number from %d to %d", low, high)
}

func (r *optionReader) text(at place, v goja.Value) string {
	if !goja.IsString(v) {
		r.wrongType(at, "a string", v)
		return ""
	}
	text := v.String()
	r.checkText(at, text)
	return text
}

// isText tells whether a string may be on the wire.
func isText(text string) bool {
	return len(text) <= math.MaxUint16 && strings.IndexByte(text, 0) < 0
}

// checkText refuses what a string on the wire must not be [MQTT-1.5.4-2].
func (r *optionReader) checkText(at place, text string) {
	if len(text) > math.MaxUint16 {
		r.refuse(nodeerr.RangeError, nodeerr.OutOfRangeCode, at, "is longer than 65535 bytes")
		return
	}
	if !isText(text) {
		r.refuse(nodeerr.TypeError, nodeerr.InvalidArgValue, at, "must not contain the character U+0000")
	}
}

func (r *optionReader) refuse(class nodeerr.Class, code string, at place, why string) {
	if r.err == nil {
		r.err = nodeerr.New(r.s.vm, class, code, fmt.Sprintf("%s: %s %s", r.call, at, why))
	}
}

func (r *optionReader) topicName(at place, v goja.Value) string {
	if !goja.IsString(v) {
		r.wrongType(at, "a string", v)
		return ""
	}
	topic := v.String()
	if err := packet.ValidTopicName(topic); err != nil {
		r.refuse(nodeerr.TypeError, nodeerr.InvalidArgValue, at, "is not a topic to publish to: "+reasonText(err))
	}
	return topic
}

func (r *optionReader) topicFilter(at place, v goja.Value) string {
	if !goja.IsString(v) {
		r.wrongType(at, "a string", v)
		return ""
	}
	filter := v.String()
	if err := packet.ValidTopicFilter(filter); err != nil {
		r.refuse(nodeerr.TypeError, nodeerr.InvalidArgValue, at, "is not a topic filter: "+reasonText(err))
	}
	return filter
}

func (r *optionReader) binary(at place, v goja.Value) []byte {
	data, ok := r.s.buffers.Memory(v)
	if !ok {
		r.wrongType(at, "a Buffer", v)
		return nil
	}
	if len(data) > math.MaxUint16 {
		r.refuse(nodeerr.RangeError, nodeerr.OutOfRangeCode, at, "is longer than 65535 bytes")
		return nil
	}
	return data
}

// publishOptions reads the options of publish into req.
func (r *optionReader) publishOptions(req *PublishRequest, opts goja.Value) {
	p := &req.Packet
	r.each(place{"", "opts"}, opts, func(at place, v goja.Value) {
		switch at.key {
		case "qos":
			p.QoS = byte(r.integer(at, v, 0, 2))
		case "dup":
			p.Dup = r.boolean(at, v)
		case "retain":
			p.Retain = r.boolean(at, v)
		case "properties":
			p.Properties = r.publishProperties(at, v)
		case "resolveWhen":
			req.WhenStored = r.oneOf(at, v, "acknowledged", "stored") == 1
		}
	})
}

// oneOf reads a word and returns its place in the list.
func (r *optionReader) oneOf(at place, v goja.Value, words ...string) int {
	if goja.IsString(v) {
		if i := slices.Index(words, v.String()); i >= 0 {
			return i
		}
	}
	r.fail(nodeerr.TypeError, nodeerr.InvalidArgValue, at, "one of '"+strings.Join(words, "', '")+"'", v)
	return 0
}

// usualProperties is how many bytes the properties of a message mostly take at
// most.
const usualProperties = 64

func (r *optionReader) publishProperties(at place, v goja.Value) (props packet.Properties) {
	r.each(at, v, func(at place, v goja.Value) {
		if props == nil {
			props = make(packet.Properties, 0, usualProperties)
		}
		switch at.key {
		case "payloadFormatIndicator":
			n := uint32(0)
			if r.boolean(at, v) {
				n = 1
			}
			props = props.AppendInt(packet.PropPayloadFormatIndicator, n)
		case "messageExpiryInterval":
			props = props.AppendInt(packet.PropMessageExpiryInterval, r.integer(at, v, 0, math.MaxUint32))
		case "topicAlias":
			props = props.AppendInt(packet.PropTopicAlias, r.integer(at, v, 1, math.MaxUint16))
		case "responseTopic":
			props = props.AppendString(packet.PropResponseTopic, r.topicName(at, v))
		case "correlationData":
			props = props.AppendBytes(packet.PropCorrelationData, r.binary(at, v))
		case "userProperties":
			props = r.userProperties(props, at, v)
		case "subscriptionIdentifier":
			props = props.AppendInt(packet.PropSubscriptionIdentifier, r.integer(at, v, 1, maxPayload))
		case "contentType":
			props = props.AppendString(packet.PropContentType, r.text(at, v))
		}
	})
	return props
}

// userProperties reads an object of names and values; an array repeats its
// name.
func (r *optionReader) userProperties(props packet.Properties, at place, v goja.Value) packet.Properties {
	r.each(at, v, func(at place, v goja.Value) {
		if !isText(at.key) {
			r.checkText(place{"", "a name in " + at.parent}, at.key)
			return
		}
		list, ok := v.(*goja.Object)
		if !ok || list.ClassName() != "Array" {
			if !goja.IsString(v) {
				r.wrongType(at, "a string or an array of strings", v)
				return
			}
			props = props.AppendUser(at.key, r.text(at, v))
			return
		}
		for i := range list.Get("length").ToInteger() {
			item := place{at.parent, fmt.Sprintf("%s[%d]", at.key, i)}
			props = props.AppendUser(at.key, r.text(item, list.Get(fmt.Sprint(i))))
			if r.err != nil {
				return
			}
		}
	})
	return props
}
