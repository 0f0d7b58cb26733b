package packetjs

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/packet"
)

// Sent shows a packet that the client sent on a connection of version v.
// payload is what a PUBLISH was published with, as JavaScript had it; nil
// shows a Buffer.
func (b *Builder) Sent(p packet.Packet, v packet.Version, payload goja.Value) *goja.Object {
	o := b.object(8)
	o.set("cmd", names[p.Type()])
	switch p := p.(type) {
	case *packet.Connect:
		b.connect(o, p)
	case *packet.Publish:
		b.publish(o, p, v, payload)
	case *packet.Ack:
		b.sentAck(o, p)
	case *packet.Subscribe:
		o.set("subscriptions", b.subscriptions(p, v))
		o.setInt("messageId", int(p.ID))
		b.properties(o, p.Properties, v, false)
	case *packet.Unsubscribe:
		o.setInt("messageId", int(p.ID))
		list := make([]any, len(p.Filters))
		for i, f := range p.Filters {
			list[i] = f
		}
		o.set("unsubscriptions", b.vm.NewArray(list...))
		b.properties(o, p.Properties, v, false)
	case *packet.Disconnect:
		b.sentReason(o, p.ReasonCode, p.Properties, v)
	case *packet.Auth:
		b.sentReason(o, p.ReasonCode, p.Properties, v)
	}
	return o.Object.Object
}

func (b *Builder) connect(o object, p *packet.Connect) {
	name := "MQTT"
	if p.Version == packet.V31 {
		name = "MQIsdp"
	}
	o.setText("protocolId", name)
	o.setInt("protocolVersion", int(p.Version))
	o.setBool("clean", p.CleanStart)
	o.setText("clientId", p.ClientID)
	o.setInt("keepalive", int(p.KeepAlive))
	o.set("username", goja.Undefined())
	if p.HasUsername {
		o.setText("username", p.Username)
	}
	o.set("password", goja.Undefined())
	if p.HasPassword {
		o.setBytes("password", p.Password)
	}
	o.set("properties", goja.Undefined())
	b.properties(o, p.Properties, p.Version, false)
	if p.Will == nil {
		return
	}
	will := b.object(8)
	will.setText("topic", p.Will.Topic)
	will.setBytes("payload", p.Will.Payload)
	will.setInt("qos", int(p.Will.QoS))
	will.setBool("retain", p.Will.Retain)
	b.properties(will, p.Will.Properties, p.Version, false)
	o.set("will", will.Object.Object)
}

func (b *Builder) publish(o object, p *packet.Publish, v packet.Version, payload goja.Value) {
	o.setText("topic", p.Topic)
	if payload == nil {
		payload = b.copied(p.Payload)
	}
	o.set("payload", payload)
	o.setInt("qos", int(p.QoS))
	o.setBool("retain", p.Retain)
	o.setInt("messageId", int(p.ID))
	o.setBool("dup", p.Dup)
	if v == packet.V5 {
		o.set("properties", goja.Undefined())
		b.properties(o, p.Properties, v, false)
	}
}

func (b *Builder) sentAck(o object, p *packet.Ack) {
	if p.Kind == packet.PUBREL {
		o.setInt("qos", 2)
	}
	o.setInt("messageId", int(p.ID))
	if p.Kind == packet.PUBACK || p.ReasonCode != packet.Success {
		o.setInt("reasonCode", int(p.ReasonCode))
	}
}

func (b *Builder) sentReason(o object, code packet.ReasonCode, props packet.Properties, v packet.Version) {
	if v != packet.V5 {
		return
	}
	if code != packet.Success || len(props) > 0 {
		o.setInt("reasonCode", int(code))
	}
	b.properties(o, props, v, false)
}

func (b *Builder) subscriptions(p *packet.Subscribe, v packet.Version) *goja.Object {
	list := make([]any, len(p.Subscriptions))
	for i, s := range p.Subscriptions {
		o := b.object(8)
		o.setText("topic", s.Filter)
		o.setInt("qos", int(s.QoS))
		if v == packet.V5 {
			o.setBool("nl", s.NoLocal)
			o.setBool("rap", s.RetainAsPublished)
			o.setInt("rh", int(s.RetainHandling))
			o.set("properties", goja.Undefined())
			b.properties(o, p.Properties, v, false)
		}
		list[i] = o.Object.Object
	}
	return b.vm.NewArray(list...)
}

// PublishOptions shows the options of a message that was published, for
// onPublish: qos, retain, dup and, when there are any, properties.
func (b *Builder) PublishOptions(p *packet.Publish) *goja.Object {
	o := b.object(8)
	o.setInt("qos", int(p.QoS))
	o.setBool("retain", p.Retain)
	o.setBool("dup", p.Dup)
	b.properties(o, p.Properties, packet.V5, false)
	return o.Object.Object
}
