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
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/packet"
)

// Builder makes the packet objects of one VM.
type Builder struct {
	vm       *goja.Runtime
	buffer   func([]byte) *goja.Object // makes a Buffer of bytes that it may keep
	received *engine.Objects           // instances of Packet
	plain    *engine.Objects

	messages               maker // of received packets
	props                  maker // of their properties
	receivedUser, sentUser maker // of user properties
	lent                   lent
	names                  map[string]unistring.String // of user properties that came before

	prototype, top *goja.Object // of received packets, and Object.prototype
}

// New creates a Builder; buffer makes a Buffer that owns its argument.
func New(vm *goja.Runtime, buffer func([]byte) *goja.Object) *Builder {
	ctor := vm.ToValue(func(goja.ConstructorCall) *goja.Object { return nil }).(*goja.Object)
	_ = ctor.DefineDataProperty("name", vm.ToValue("Packet"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	prototype, top := ctor.Get("prototype").(*goja.Object), vm.NewObject().Prototype()
	received, plain := engine.NewObjects(vm, prototype), engine.NewObjects(vm, top)
	users := engine.NewObjects(vm, nil)
	return &Builder{
		vm: vm, buffer: buffer, received: received, plain: plain, prototype: prototype, top: top,
		messages: maker{objects: received}, props: maker{objects: plain},
		receivedUser: maker{objects: users}, sentUser: maker{objects: plain},
		lent: lent{messages: maker{objects: received}, props: maker{objects: plain}, user: maker{objects: users}},
	}
}

// object is a JavaScript object under construction. The names of its properties
// are ASCII, unless put puts them.
type object struct {
	engine.Object
	b *Builder
}

func (o object) set(name unistring.String, v goja.Value) { o.Put(name, v) }

func (o object) setInt(name unistring.String, n int) { o.Put(name, engine.Int(o.b.vm, int64(n))) }

func (o object) setBool(name unistring.String, v bool) { o.Put(name, o.b.vm.ToValue(v)) }

func (o object) setText(name unistring.String, s string) { o.Put(name, o.b.text(s)) }

func (o object) setBytes(name unistring.String, data []byte) { o.Put(name, o.b.copied(data)) }

func (b *Builder) text(s string) goja.Value { return engine.Text(b.vm, s) }

func (b *Builder) copied(data []byte) *goja.Object {
	return b.buffer(append(make([]byte, 0, len(data)), data...))
}

// object makes an empty object that is to have some properties.
func (b *Builder) object(room int) object { return object{b.plain.Make(room), b} }

// base makes the part that every received packet has.
func (b *Builder) base(t packet.Type, length int) object {
	o := object{b.received.Make(8), b}
	o.set("cmd", names[t])
	o.setBool("retain", false)
	o.setInt("qos", 0)
	o.setBool("dup", false)
	o.setInt("length", length)
	o.set("topic", goja.Null())
	o.set("payload", goja.Null())
	return o
}

// names are the values of cmd.
var names = [packet.AUTH + 1]goja.Value{
	packet.CONNECT: engine.ASCII("connect"), packet.CONNACK: engine.ASCII("connack"), packet.PUBLISH: engine.ASCII("publish"),
	packet.PUBACK: engine.ASCII("puback"), packet.PUBREC: engine.ASCII("pubrec"),
	packet.PUBREL: engine.ASCII("pubrel"), packet.PUBCOMP: engine.ASCII("pubcomp"),
	packet.SUBSCRIBE: engine.ASCII("subscribe"), packet.SUBACK: engine.ASCII("suback"),
	packet.UNSUBSCRIBE: engine.ASCII("unsubscribe"), packet.UNSUBACK: engine.ASCII("unsuback"),
	packet.PINGREQ: engine.ASCII("pingreq"), packet.PINGRESP: engine.ASCII("pingresp"),
	packet.DISCONNECT: engine.ASCII("disconnect"), packet.AUTH: engine.ASCII("auth"),
}
