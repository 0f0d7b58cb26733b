package packetjs

import (
	"math/bits"
	"slices"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/packet"
)

// Received shows a packet that came from the server on a connection of
// version v.
func (b *Builder) Received(p packet.Packet, v packet.Version) *goja.Object {
	switch p := p.(type) {
	case *packet.Publish:
		return b.ReceivedPublish(p, v, nil)
	case *packet.Connack:
		return b.connack(p, v)
	case *packet.Ack:
		return b.ack(p, v)
	case *packet.Suback:
		o := b.base(packet.SUBACK, p.Length)
		o.set("granted", b.codes(p.ReasonCodes))
		o.setInt("messageId", int(p.ID))
		b.properties(o, p.Properties, v, true)
		return o.Object.Object
	case *packet.Unsuback:
		o := b.base(packet.UNSUBACK, p.Length)
		o.setInt("messageId", int(p.ID))
		b.properties(o, p.Properties, v, true)
		if v == packet.V5 {
			o.set("granted", b.codes(p.ReasonCodes))
		}
		return o.Object.Object
	case *packet.Disconnect:
		return b.reasoned(packet.DISCONNECT, p.Length, p.ReasonCode, p.Properties, v)
	case *packet.Auth:
		return b.reasoned(packet.AUTH, p.Length, p.ReasonCode, p.Properties, v)
	}
	return b.base(p.Type(), 0).Object.Object
}

// Parts are properties of a received PUBLISH.
type Parts uint16

// AllParts are those that there are. Their bits are in the order of the
// properties.
const AllParts Parts = 1<<9 - 1

// parts are the names.
var parts = [...]unistring.String{"cmd", "retain", "qos", "dup", "length", "topic", "payload", "messageId", "properties"}

const (
	partPayload    Parts = 1 << 6
	partMessageID  Parts = 1 << 7
	partProperties Parts = 1 << 8
)

// PartOf returns the property of that name; 0 when there is none.
func PartOf(name unistring.String) Parts {
	if i := slices.Index(parts[:], name); i >= 0 {
		return 1 << i
	}
	return 0
}

// HasPayload tells whether the payload is one of the properties.
func (p Parts) HasPayload() bool { return p&partPayload != 0 }

// ReceivedPublish shows a PUBLISH. payload is the Buffer to show, nil for a
// new one.
func (b *Builder) ReceivedPublish(p *packet.Publish, v packet.Version, payload *goja.Object) *goja.Object {
	return b.PartOfPublish(p, v, payload, AllParts)
}

// PartOfPublish is ReceivedPublish for a script that does no more with the object
// than read some of its properties: the others are not made. The payload's
// Buffer is looked at only when it is one of them.
func (b *Builder) PartOfPublish(p *packet.Publish, v packet.Version, payload *goja.Object, seen Parts) *goja.Object {
	has := partsOf(p, v)
	if b.inherits(seen &^ has) {
		if !seen.HasPayload() {
			payload = nil
		}
		seen = has
	}
	var o draft
	for rest := seen & has; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros16(uint16(rest))
		o.set(&b.messages, parts[i], b.part(p, i, payload))
	}
	return o.make(&b.messages)
}

// partsOf returns the properties that a PUBLISH has.
func partsOf(p *packet.Publish, v packet.Version) Parts {
	has := AllParts
	if p.QoS == 0 {
		has &^= partMessageID
	}
	if v != packet.V5 || len(p.Properties) == 0 {
		has &^= partProperties
	}
	return has
}

// inherits tells whether packets may have properties from their prototypes,
// whose getters would see the whole of them.
func (b *Builder) inherits(missing Parts) bool {
	if missing == 0 {
		return false
	}
	prototype, ok := engine.AsPlain(b.prototype)
	if !ok || prototype.Prototype() != b.top {
		return true
	}
	for rest := missing; rest != 0; rest &= rest - 1 {
		name := parts[bits.TrailingZeros16(uint16(rest))]
		if v, usual := prototype.Value(name); v != nil || !usual || engine.Added(b.top, name) {
			return true
		}
	}
	return false
}

// part makes the value of a property by its place in parts.
func (b *Builder) part(p *packet.Publish, i int, payload *goja.Object) goja.Value {
	switch i {
	case 0:
		return names[packet.PUBLISH]
	case 1:
		return b.vm.ToValue(p.Retain)
	case 2:
		return engine.Int(b.vm, int64(p.QoS))
	case 3:
		return b.vm.ToValue(p.Dup)
	case 4:
		return engine.Int(b.vm, int64(p.Length))
	case 5:
		return b.text(p.Topic)
	case 6:
		if payload == nil {
			return b.copied(p.Payload)
		}
		return payload
	case 7:
		return engine.Int(b.vm, int64(p.ID))
	}
	return b.Properties(p.Properties, true)
}

func (b *Builder) connack(p *packet.Connack, v packet.Version) *goja.Object {
	o := b.base(packet.CONNACK, p.Length)
	o.setBool("sessionPresent", p.SessionPresent)
	if v == packet.V5 {
		o.setInt("reasonCode", int(p.ReasonCode))
	} else {
		o.setInt("returnCode", int(p.ReasonCode))
	}
	b.properties(o, p.Properties, v, true)
	return o.Object.Object
}

func (b *Builder) ack(p *packet.Ack, v packet.Version) *goja.Object {
	o := b.base(p.Kind, p.Length)
	if p.Kind == packet.PUBREL {
		o.setInt("qos", 1) // the fixed header's flags [MQTT-3.6.1-1]
	}
	o.setInt("messageId", int(p.ID))
	if v == packet.V5 {
		o.setInt("reasonCode", int(p.ReasonCode))
	}
	b.properties(o, p.Properties, v, true)
	return o.Object.Object
}

func (b *Builder) reasoned(t packet.Type, length int, code packet.ReasonCode, props packet.Properties, v packet.Version) *goja.Object {
	o := b.base(t, length)
	if v == packet.V5 {
		o.setInt("reasonCode", int(code))
	}
	b.properties(o, props, v, true)
	return o.Object.Object
}

func (b *Builder) codes(codes []packet.ReasonCode) *goja.Object {
	list := make([]any, len(codes))
	for i, c := range codes {
		list[i] = int(c)
	}
	return b.vm.NewArray(list...)
}
