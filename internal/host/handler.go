package host

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

var _ mqtt.Handler = (*Host)(nil)

// delivery is a QoS 1 or 2 message on its way through the scripts.
type delivery struct {
	message *mqtt.Message
	open    atomic.Int32 // scripts that are not done with it, and one while it is handed out
	handled atomic.Bool  // a script was done with it, or ended while others go on
	missed  atomic.Bool  // a script that should have handled it could not
	number  uint64       // in the order of arrival
	copyOf  int          // see latecomers.route
}

// Message hands the message to every script that listens. See [mqtt.Handler].
func (h *Host) Message(m *mqtt.Message) (done bool) {
	to, p, copyOf := *h.residents.Load(), m.Packet, 0
	if p.Retain && len(to) > 0 && h.late.active() {
		if to, p, copyOf = h.late.route(m, to); len(to) == 0 {
			return true
		}
	}
	msg := &m.Message
	if p != m.Packet {
		msg = &script.Message{Topic: m.Topic, Packet: p, Version: h.version}
	}
	if p.QoS == 0 {
		for _, r := range to {
			r.deliver(msg)
		}
		return true
	}
	d := &delivery{message: m, number: h.number.Add(1), copyOf: copyOf}
	d.open.Store(1)
	msg.Tag = d
	for _, r := range to {
		d.open.Add(1)
		if taken, missed := r.deliver(msg); !taken {
			h.copySettled(d)
			d.open.Add(-1)
			if missed {
				d.missed.Store(true)
			}
		}
	}
	if h.stopping.Load() {
		d.missed.Store(true)
	}
	return d.open.Add(-1) == 0 && !d.missed.Load()
}

func (h *Host) copySettled(d *delivery) {
	if d.copyOf > 0 {
		h.late.settled(d.copyOf)
	}
}

// settled is told by each script that took the message when it is done with
// it; the last one has it acknowledged. A message that no script handled because
// all have ended stays unacknowledged: the broker keeps it for the session. So
// does one that a script could not take.
func (h *Host) settled(r *resident, msg *script.Message, handled bool) {
	d, ok := msg.Tag.(*delivery)
	if !ok || !handled && r.place.takesBack(msg) {
		return
	}
	h.concluded(r, d, handled)
}

// concluded counts that a script is done with a message.
func (h *Host) concluded(r *resident, d *delivery, handled bool) {
	h.copySettled(d)
	switch {
	case h.stopping.Load() && !handled:
		d.missed.Store(true)
	case handled || h.othersLive(r):
		d.handled.Store(true)
	}
	if d.open.Add(-1) == 0 && d.handled.Load() && !d.missed.Load() {
		h.client.Ack(d.message)
	}
}

// othersLive tells whether a script other than r goes on.
func (h *Host) othersLive(r *resident) bool {
	return slices.ContainsFunc(*h.residents.Load(), func(other *resident) bool {
		if other == r {
			return false
		}
		state, _ := other.script.Result()
		return state == script.StateLoading || state == script.StateRunning
	})
}

// Connected is onConnect. See [mqtt.Handler].
func (h *Host) Connected(ack *packet.Connack) {
	h.late.connection(*h.residents.Load(), ack.SessionPresent)
	h.connected.give()
	h.broadcast(script.Event{Kind: script.EventConnect, Packet: ack})
}

// Reconnecting is onReconnect. See [mqtt.Handler].
func (h *Host) Reconnecting() { h.broadcast(script.Event{Kind: script.EventReconnect}) }

// Disconnected is onDisconnect. See [mqtt.Handler].
func (h *Host) Disconnected(p *packet.Disconnect) {
	h.broadcast(script.Event{Kind: script.EventDisconnect, Packet: p})
}

// Closed is onClose. See [mqtt.Handler].
func (h *Host) Closed() { h.broadcast(script.Event{Kind: script.EventClose}) }

// Ended is onEnd. See [mqtt.Handler].
func (h *Host) Ended() { h.broadcast(script.Event{Kind: script.EventEnd}) }

// Error is onError. See [mqtt.Handler].
func (h *Host) Error(err error) {
	h.opts.Log.Error(err.Error())
	h.broadcast(script.Event{Kind: script.EventError, Err: clientError(err)})
}

// PacketSent is onPacketSend, with the password of CONNECT made unreadable. See
// [mqtt.Handler].
func (h *Host) PacketSent(p packet.Packet, pub *mqtt.Publication) {
	if c, ok := p.(*packet.Connect); ok && c.HasPassword {
		shown := *c
		shown.Password = []byte("***")
		p = &shown
	}
	e := script.Event{Kind: script.EventPacketSend, Packet: p}
	if pub != nil {
		e.Form = formOf(pub)
		if p, ok := pub.Tag.(*publication); ok {
			p.shown = true // the packet has the same payload
		}
	}
	h.broadcast(e)
}

// PacketReceived is onPacketReceive. See [mqtt.Handler].
func (h *Host) PacketReceived(p packet.Packet) {
	h.broadcast(script.Event{Kind: script.EventPacketReceive, Packet: p})
}

// Published is onPublish for every script, then the answer to the script that
// published. See [mqtt.Handler].
func (h *Host) Published(pub *mqtt.Publication, err error) {
	shown := err == nil && h.broadcast(script.Event{Kind: script.EventPublish, Packet: &pub.Packet, Form: formOf(pub)})
	p, ok := pub.Tag.(*publication)
	if err != nil && (!ok || p.done) {
		h.lost(pub, err)
	}
	if ok {
		p.from.published(p, err)
		if err == nil && p.plain && !p.shown && !shown {
			h.spares.give(p)
		}
	}
}

// lost says that the broker refused a message whose script cannot be told any
// more: it was told that the message is stored, or it ended in an earlier run.
// What only waits for the next run is not lost.
func (h *Host) lost(pub *mqtt.Publication, err error) {
	var refusal *mqtt.Error
	if errors.As(err, &refusal) {
		h.Error(fmt.Errorf("a stored message to %q is lost: %w", pub.Packet.Topic, err))
	}
}

// broadcast gives the event to every script that has a handler for it, and tells
// whether there is one.
func (h *Host) broadcast(e script.Event) bool {
	var shared *script.Event
	for _, r := range *h.residents.Load() {
		if !r.wants(e.Kind) {
			continue
		}
		if shared == nil {
			one := e // mostly nobody wants it, and it costs no memory then
			one.Version = h.version
			shared = &one
		}
		r.script.Notify(shared)
	}
	return shared != nil
}
