package script

import (
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/packetjs"
)

// delivery is a message on its way through the script.
type delivery struct {
	s        *Script
	m        *Message
	finished bool
	waiting  *waiting // while it is in Script.pending
}

// Deliver hands a message to the script. It never blocks; false means that the
// script has ended, is stopping or has failed, or that its inbox is full, and
// Settled will not be called.
func (s *Script) Deliver(m *Message) bool {
	if s.stopping.Load() || !s.inbox.take(len(m.Packet.Payload), s.opts.InboxMessages, s.opts.InboxBytes) {
		s.counts.dropped.Add(1)
		return false
	}
	s.counts.received.Add(1)
	s.loop.Hand(mail{s}, m)
	return true
}

// mail takes the messages of a script.
type mail struct{ s *Script }

// Take implements eventloop.Taker. Mostly the delivery is finished then, so that
// nothing knows it any more, and the next message is given the same one.
func (t mail) Take(thing any) {
	s := t.s
	d := s.delivery
	if d == nil {
		d = new(delivery)
	}
	s.delivery = nil
	*d = delivery{s: s, m: thing.(*Message)} //nolint:forcetypeassert // Deliver hands over nothing else
	d.run()
	if d.finished {
		d.m = nil
		s.delivery = d
	}
}

// Refuse implements eventloop.Taker.
func (t mail) Refuse(thing any) {
	d := delivery{s: t.s, m: thing.(*Message)} //nolint:forcetypeassert // as above
	d.conclude(false)
}

func (d *delivery) run() {
	s := d.s
	if s.stopping.Load() {
		d.finish(false)
		return
	}
	if !s.evaluation.holds(d) {
		d.hand()
	}
	if len(s.waiters) > 0 {
		s.offerToWaiters(d.m)
	}
}

// hand calls the handler.
func (d *delivery) hand() {
	s := d.s
	if h := &s.handlers[onMessage]; h.fn != nil {
		d.call(h, d.arguments(h))
	} else {
		d.finish(true)
	}
}

// arguments makes the arguments that the handler may look at.
func (d *delivery) arguments(h *handler) []goja.Value {
	s, sees := d.s, &h.sees
	args := s.arguments[:sees.arguments]
	if sees.keeps {
		args = make([]goja.Value, sees.arguments)
	}
	if sees.arguments > 0 {
		args[0] = s.topics.value(s.vm, d.m.Topic)
	}
	if sees.arguments > 1 {
		buf := s.payloadFor(sees, d.m.Packet.Payload)
		args[1] = buf
		if sees.arguments > 2 {
			args[2] = s.packetFor(sees, d.m, buf)
		}
	}
	return args
}

// packetFor makes the packet object that a handler gets.
func (s *Script) packetFor(sees *seen, m *Message, payload *goja.Object) *goja.Object {
	if !sees.view.Lends(packetjs.HeldPacket) {
		return s.packets.PartOfPublish(m.Packet, m.Version, payload, sees.parts)
	}
	if s.dataLender == nil && sees.view.Lends(packetjs.HeldBytes) {
		s.dataLender = s.buffers.NewLender()
	}
	return s.packets.Lend(m.Packet, m.Version, payload, sees.parts, sees.view, s.dataLender)
}

// payloadFor makes the Buffer that a handler gets.
func (s *Script) payloadFor(sees *seen, data []byte) *goja.Object {
	if sees.borrows && s.lender == nil {
		s.lender = s.buffers.NewLender()
	}
	if sees.borrows && s.lender != nil {
		return s.lender.Lend(data)
	}
	return s.copied(data)
}

// The bounds of the topics that a script keeps as JavaScript values.
const (
	maxTopics      = 1024
	maxTopicLength = 256 // bytes
	// maxTopicMisses is how many topics that are not kept come, while there is
	// no room, before those that are kept make room for others.
	maxTopicMisses = 8 * maxTopics
)

// topics holds the values of topics that came before. A topic's value costs two
// allocations, and an engine's string that was looked at once knows what it is.
type topics struct {
	values map[string]goja.Value
	misses int
}

func (t *topics) value(vm *goja.Runtime, topic string) goja.Value {
	if v := t.values[topic]; v != nil {
		return v
	}
	topic = strings.Clone(topic)
	v := engine.Text(vm, topic)
	if len(topic) > maxTopicLength {
		return v
	}
	if len(t.values) == maxTopics {
		if t.misses++; t.misses < maxTopicMisses {
			return v
		}
		t.values = nil
	}
	if t.values == nil {
		t.values, t.misses = make(map[string]goja.Value), 0
	}
	t.values[topic] = v
	return v
}

// call runs the handler and finishes the message when its promise is settled.
func (d *delivery) call(h *handler, args []goja.Value) {
	s := d.s
	v, ok := s.loop.Call(h.name, h.fn, s.exports, args...)
	clear(s.arguments[:])
	if s.lender != nil {
		s.lender.TakeBack()
	}
	if s.dataLender != nil {
		s.dataLender.TakeBack()
	}
	s.buffers.TakeBack()
	s.counts.handlerRan(s.loop.TurnTook())
	if !ok || !isPromise(v) || !s.whenSettled(h.name, v, func() { d.finish(true) }) {
		d.finish(true)
		return
	}
	if !d.finished {
		s.pending.add(d, s.loop.TurnBegan().Add(s.opts.HandlerLimit))
		s.awaitOverdue()
	}
}

// finish tells the host, once, that the script is done with the message;
// handled says that it was not just the script's end.
func (d *delivery) finish(handled bool) {
	if d.finished {
		return
	}
	d.s.pending.remove(d)
	d.conclude(handled)
}

// conclude is finish for a message that never came to its handler. From
// anywhere.
func (d *delivery) conclude(handled bool) {
	d.finished = true
	s := d.s
	s.inbox.give(len(d.m.Packet.Payload))
	if handled {
		s.counts.handled.Add(1)
	}
	switch {
	case d.m.Packet.QoS > 0:
		if s.opts.Settled != nil {
			s.opts.Settled(d.m, handled)
		}
	case s.opts.Finished != nil:
		s.opts.Finished(d.m)
	}
}

// Drop implements heldJob.
func (d *delivery) Drop() { d.conclude(false) }

func (s *Script) copied(data []byte) *goja.Object {
	return s.buffers.Wrap(append(make([]byte, 0, len(data)), data...))
}

// notification is a client event on its way to its handler.
type notification struct {
	s *Script
	e *Event
}

// Notify hands a client event to the script. It never blocks. An event that
// the script has no handler for is ignored; see the package comment for what
// happens when too many wait. Unlike messages, events go on while the script
// stops, so that it sees what becomes of its last publishes.
func (s *Script) Notify(e *Event) {
	if s.isLoaded() && !s.Wants(e.Kind) {
		return
	}
	if !s.inbox.takeEvent(e.Kind) {
		s.counts.eventsDropped.Add(1)
		return
	}
	s.loop.Answer(&notification{s: s, e: e})
}

func (s *Script) isLoaded() bool {
	select {
	case <-s.loaded:
		return true
	default:
		return false
	}
}

// Run implements eventloop.Job.
func (n *notification) Run() {
	if !n.s.evaluation.holds(n) {
		n.hand()
	}
}

// hand calls the handler.
func (n *notification) hand() {
	s := n.s
	s.inbox.giveEvent(n.e.Kind)
	h := &s.handlers[n.e.Kind]
	if h.fn == nil {
		return
	}
	args := s.eventArguments(n.e, h.sees.arguments)
	v, ok := s.loop.Call(h.name, h.fn, s.exports, args...)
	s.counts.handlerRan(s.loop.TurnTook())
	if ok {
		s.whenSettled(h.name, v, nil)
	}
}

// Drop implements eventloop.Job.
func (n *notification) Drop() { n.s.inbox.giveEvent(n.e.Kind) }

// eventArguments makes the first n arguments of the handler of the event.
func (s *Script) eventArguments(e *Event, n int) []goja.Value {
	switch e.Kind {
	case EventPublish:
		return s.publishArguments(e, n)
	case EventConnect, EventDisconnect, EventPacketReceive, EventError, EventPacketSend:
		if n > 0 {
			return []goja.Value{s.eventArgument(e)}
		}
	}
	return nil
}

// eventArgument makes the only argument of a handler.
func (s *Script) eventArgument(e *Event) goja.Value {
	switch e.Kind {
	case EventError:
		return s.errorObject(e.Err)
	case EventPacketSend:
		return s.packets.Sent(e.Packet, e.Version, s.publishedPayload(e))
	}
	return s.packets.Received(e.Packet, e.Version)
}

// publishArguments makes the first n arguments of onPublish.
func (s *Script) publishArguments(e *Event, n int) []goja.Value {
	p, ok := e.Packet.(*packet.Publish)
	if !ok || n == 0 {
		return nil
	}
	args := []goja.Value{s.topics.value(s.vm, p.Topic)}
	if n > 1 {
		args = append(args, s.publishedPayload(e))
	}
	if n > 2 {
		args = append(args, s.packets.PublishOptions(p))
	}
	return args
}

// publishedPayload shows a payload in the form it was published in; nil when
// the event's packet is no PUBLISH.
func (s *Script) publishedPayload(e *Event) goja.Value {
	p, ok := e.Packet.(*packet.Publish)
	if !ok {
		return nil
	}
	return s.payloadAs(e.Form, p.Payload)
}
