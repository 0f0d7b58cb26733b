// Package packetjs shows MQTT packets to JavaScript as MQTT.js does: the same
// keys in the same order with the same types, received packets as instances
// of a class Packet, sent ones as plain objects.
//
// # Concurrency
//
// A Builder belongs to one VM and is used on that VM's goroutine only. It
// never changes a packet and copies the bytes that it shows.
package packetjs

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/packet"
)

// Builder makes the packet objects of one VM.
type Builder struct {
	vm     *goja.Runtime
	buffer func([]byte) *goja.Object // makes a Buffer of bytes that it may keep
	class  *goja.Object              // Packet.prototype
}

// New creates a Builder; buffer makes a Buffer that owns its argument.
func New(vm *goja.Runtime, buffer func([]byte) *goja.Object) *Builder {
	ctor := vm.ToValue(func(goja.ConstructorCall) *goja.Object { return nil }).(*goja.Object)
	_ = ctor.DefineDataProperty("name", vm.ToValue("Packet"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	class := ctor.Get("prototype").(*goja.Object)
	return &Builder{vm: vm, buffer: buffer, class: class}
}

// object is a JavaScript object under construction.
type object struct {
	*goja.Object
	b *Builder
}

func (o object) set(name string, v any) {
	_ = o.DefineDataProperty(name, o.b.vm.ToValue(v), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

func (o object) setBytes(name string, data []byte) {
	o.set(name, o.b.copied(data))
}

func (b *Builder) copied(data []byte) *goja.Object {
	return b.buffer(append(make([]byte, 0, len(data)), data...))
}

func (b *Builder) plain() object { return object{b.vm.NewObject(), b} }

// base makes the part that every received packet has.
func (b *Builder) base(t packet.Type, length int) object {
	o := object{b.vm.CreateObject(b.class), b}
	o.set("cmd", names[t])
	o.set("retain", false)
	o.set("qos", 0)
	o.set("dup", false)
	o.set("length", length)
	o.set("topic", goja.Null())
	o.set("payload", goja.Null())
	return o
}

// names are the values of cmd.
var names = map[packet.Type]string{
	packet.CONNECT: "connect", packet.CONNACK: "connack", packet.PUBLISH: "publish",
	packet.PUBACK: "puback", packet.PUBREC: "pubrec", packet.PUBREL: "pubrel", packet.PUBCOMP: "pubcomp",
	packet.SUBSCRIBE: "subscribe", packet.SUBACK: "suback",
	packet.UNSUBSCRIBE: "unsubscribe", packet.UNSUBACK: "unsuback",
	packet.PINGREQ: "pingreq", packet.PINGRESP: "pingresp",
	packet.DISCONNECT: "disconnect", packet.AUTH: "auth",
}
