package script

import (
	"fmt"
	"math"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/packet"
)

// optionReader turns options into a packet. The first mistake stops it.
type optionReader struct {
	s    *Script
	call string // the function that was called, for messages
	err  *goja.Object
}

// each calls f for the own enumerable properties of v that are not undefined,
// in their order. Inherited ones do not count, so that a changed
// Object.prototype changes nothing.
func (r *optionReader) each(path string, v goja.Value, f func(key, path string, v goja.Value)) {
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return
	}
	obj, ok := v.(*goja.Object)
	if _, isFunction := goja.AssertFunction(v); !ok || isFunction || obj.ClassName() == "Array" {
		r.wrongType(path, "an object", v)
		return
	}
	for _, key := range obj.Keys() {
		value := obj.Get(key)
		if value == nil || goja.IsUndefined(value) {
			continue
		}
		f(key, path+"."+key, value)
		if r.err != nil {
			return
		}
	}
}

func (r *optionReader) wrongType(path, want string, got goja.Value) {
	r.fail(nodeerr.TypeError, nodeerr.InvalidArgType, path, want, got)
}

func (r *optionReader) fail(class nodeerr.Class, code, path, want string, got goja.Value) {
	if r.err == nil {
		r.err = nodeerr.New(r.s.vm, class, code, fmt.Sprintf("%s: %s must be %s, not %s", r.call, path, want, kindOf(got)))
	}
}

func (r *optionReader) boolean(path string, v goja.Value) bool {
	b, ok := v.Export().(bool)
	if !ok {
		r.wrongType(path, "true or false", v)
	}
	return b
}

func (r *optionReader) integer(path string, v goja.Value, low, high uint32) uint32 {
	want := fmt.Sprintf("a whole number from %d to %d", low, high)
	if !goja.IsNumber(v) || goja.IsBigInt(v) {
		r.wrongType(path, want, v)
		return 0
	}
	f := v.ToFloat()
	if f != math.Trunc(f) || !(f >= float64(low) && f <= float64(high)) {
		r.fail(nodeerr.RangeError, nodeerr.OutOfRangeCode, path, want, v)
		return 0
	}
	return uint32(f)
}

func (r *optionReader) text(path string, v goja.Value) string {
	if !goja.IsString(v) {
		r.wrongType(path, "a string", v)
		return ""
	}
	text := v.String()
	r.checkText(path, text)
	return text
}

// checkText refuses what a string on the wire must not be [MQTT-1.5.4-2].
func (r *optionReader) checkText(path, text string) {
	if len(text) > math.MaxUint16 {
		r.refuse(nodeerr.RangeError, nodeerr.OutOfRangeCode, path, "is longer than 65535 bytes")
		return
	}
	for i := range len(text) {
		if text[i] == 0 {
			r.refuse(nodeerr.TypeError, nodeerr.InvalidArgValue, path, "must not contain the character U+0000")
			return
		}
	}
}

func (r *optionReader) refuse(class nodeerr.Class, code, path, why string) {
	if r.err == nil {
		r.err = nodeerr.New(r.s.vm, class, code, fmt.Sprintf("%s: %s %s", r.call, path, why))
	}
}

func (r *optionReader) topicName(path string, v goja.Value) string {
	if !goja.IsString(v) {
		r.wrongType(path, "a string", v)
		return ""
	}
	topic := v.String()
	if err := packet.ValidTopicName(topic); err != nil {
		r.refuse(nodeerr.TypeError, nodeerr.InvalidArgValue, path, "is not a topic to publish to: "+reasonText(err))
	}
	return topic
}

func (r *optionReader) topicFilter(path string, v goja.Value) string {
	if !goja.IsString(v) {
		r.wrongType(path, "a string", v)
		return ""
	}
	filter := v.String()
	if err := packet.ValidTopicFilter(filter); err != nil {
		r.refuse(nodeerr.TypeError, nodeerr.InvalidArgValue, path, "is not a topic filter: "+reasonText(err))
	}
	return filter
}

func (r *optionReader) binary(path string, v goja.Value) []byte {
	data, ok := r.s.buffers.Memory(v)
	if !ok {
		r.wrongType(path, "a Buffer", v)
		return nil
	}
	if len(data) > math.MaxUint16 {
		r.refuse(nodeerr.RangeError, nodeerr.OutOfRangeCode, path, "is longer than 65535 bytes")
		return nil
	}
	return data
}

// publishOptions reads the options of publish into p.
func (r *optionReader) publishOptions(p *packet.Publish, opts goja.Value) {
	r.each("opts", opts, func(key, path string, v goja.Value) {
		switch key {
		case "qos":
			p.QoS = byte(r.integer(path, v, 0, 2))
		case "dup":
			p.Dup = r.boolean(path, v)
		case "retain":
			p.Retain = r.boolean(path, v)
		case "properties":
			p.Properties = r.publishProperties(path, v)
		}
	})
}

func (r *optionReader) publishProperties(path string, v goja.Value) (props packet.Properties) {
	r.each(path, v, func(key, path string, v goja.Value) {
		switch key {
		case "payloadFormatIndicator":
			n := uint32(0)
			if r.boolean(path, v) {
				n = 1
			}
			props = props.AppendInt(packet.PropPayloadFormatIndicator, n)
		case "messageExpiryInterval":
			props = props.AppendInt(packet.PropMessageExpiryInterval, r.integer(path, v, 0, math.MaxUint32))
		case "topicAlias":
			props = props.AppendInt(packet.PropTopicAlias, r.integer(path, v, 1, math.MaxUint16))
		case "responseTopic":
			props = props.AppendString(packet.PropResponseTopic, r.topicName(path, v))
		case "correlationData":
			props = props.AppendBytes(packet.PropCorrelationData, r.binary(path, v))
		case "userProperties":
			props = r.userProperties(props, path, v)
		case "subscriptionIdentifier":
			props = props.AppendInt(packet.PropSubscriptionIdentifier, r.integer(path, v, 1, maxPayload))
		case "contentType":
			props = props.AppendString(packet.PropContentType, r.text(path, v))
		}
	})
	return props
}

// userProperties reads an object of names and values; an array repeats its
// name.
func (r *optionReader) userProperties(props packet.Properties, path string, v goja.Value) packet.Properties {
	r.each(path, v, func(name, path string, v goja.Value) {
		r.checkText("a name in "+path, name)
		list, ok := v.(*goja.Object)
		if !ok || list.ClassName() != "Array" {
			if !goja.IsString(v) {
				r.wrongType(path, "a string or an array of strings", v)
				return
			}
			props = props.AppendUser(name, r.text(path, v))
			return
		}
		for i := range list.Get("length").ToInteger() {
			item := fmt.Sprintf("%s[%d]", path, i)
			props = props.AppendUser(name, r.text(item, list.Get(fmt.Sprint(i))))
			if r.err != nil {
				return
			}
		}
	})
	return props
}
