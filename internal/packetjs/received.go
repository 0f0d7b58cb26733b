package packetjs

import (
	"github.com/dop251/goja"

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

// ReceivedPublish shows a PUBLISH. payload is the Buffer to show, nil for a
// new one.
func (b *Builder) ReceivedPublish(p *packet.Publish, v packet.Version, payload *goja.Object) *goja.Object {
	o := object{b.received.Make(8), b}
	o.set("cmd", names[packet.PUBLISH])
	o.setBool("retain", p.Retain)
	o.setInt("qos", int(p.QoS))
	o.setBool("dup", p.Dup)
	o.setInt("length", p.Length)
	o.setText("topic", p.Topic)
	if payload == nil {
		payload = b.copied(p.Payload)
	}
	o.set("payload", payload)
	if p.QoS > 0 {
		o.setInt("messageId", int(p.ID))
	}
	b.properties(o, p.Properties, v, true)
	return o.Object.Object
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
