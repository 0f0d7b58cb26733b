package packetjs

import (
	"math/bits"
	"slices"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/packet"
)

// Held is one of the objects that a received PUBLISH is shown as.
type Held byte

// The objects, and that it is none of them. Held is their number.
const (
	NotHeld        Held = iota
	HeldPacket          // the packet itself
	HeldProperties      // packet.properties
	HeldUser            // packet.properties.userProperties
	HeldBytes           // packet.properties.correlationData
	held                // their number
)

// Member returns the object that another has under a name.
func (h Held) Member(name unistring.String) Held {
	switch {
	case h == HeldPacket && name == "properties":
		return HeldProperties
	case h == HeldProperties && name == properties[packet.PropUserProperty].name:
		return HeldUser
	case h == HeldProperties && name == properties[packet.PropCorrelationData].name:
		return HeldBytes
	}
	return NotHeld
}

// View is how a handler looks at a PUBLISH: what it reads of the objects, and
// which of them it does no more with, so that nobody has them when it returns.
// Of a View that was just made there is nothing that it reads.
type View struct {
	kept       [held]bool // more is done with it
	parts      Parts      // what is read of the packet
	properties uint64     // of its properties, by their identifiers
	user       []unistring.String
}

// Parts returns what is read of the packet.
func (w *View) Parts() Parts { return w.parts }

// Keep notes that more is done with an object than reading.
func (w *View) Keep(h Held) { w.kept[h] = true }

// Read notes that something of an object is read.
func (w *View) Read(h Held, name unistring.String) {
	switch h {
	case HeldPacket:
		part := PartOf(name)
		w.parts |= part
		w.kept[h] = w.kept[h] || part == 0
	case HeldProperties:
		id := slices.IndexFunc(properties[:], func(p property) bool { return p.name == name })
		if id <= 0 || packet.PropertyID(id) == packet.PropSubscriptionIdentifier { //nolint:gosec // few
			w.kept[h] = true // identifiers may be several
			return
		}
		w.properties |= 1 << id
	case HeldUser:
		if !slices.Contains(w.user, name) {
			w.user = append(w.user, name)
		}
	case HeldBytes:
		w.kept[h] = w.kept[h] || name != "length"
	}
}

// Lends tells whether an object may be the same for each call: nothing more is
// done with it and with those that have it.
func (w *View) Lends(h Held) bool {
	switch {
	case w == nil || w.kept[h]:
		return false
	case h == HeldUser || h == HeldBytes:
		return w.Lends(HeldProperties)
	}
	return h == HeldPacket || w.Lends(HeldPacket)
}

// lent makes the objects that are lent, apart from those that are not.
type lent struct{ messages, props, user maker }

// Lend is PartOfPublish for a handler that looks at the packet as the View says,
// and is lent what it may be. lender is for binary data, and may be nil.
func (b *Builder) Lend(p *packet.Publish, v packet.Version, payload *goja.Object, seen Parts, w *View, lender *engine.Lender) *goja.Object {
	has := partsOf(p, v)
	if !w.Lends(HeldPacket) || b.inherits(seen&^has) {
		return b.PartOfPublish(p, v, payload, seen)
	}
	var o draft
	for rest := seen & has; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros16(uint16(rest))
		if 1<<i == partProperties && w.Lends(HeldProperties) {
			o.set(&b.lent.messages, parts[i], b.lendProperties(p.Properties, w, lender))
		} else {
			o.set(&b.lent.messages, parts[i], b.part(p, i, payload))
		}
	}
	return o.lend(&b.lent.messages)
}

// lendProperties is Properties for a handler that reads some of them.
func (b *Builder) lendProperties(props packet.Properties, w *View, lender *engine.Lender) *goja.Object {
	users := &b.receivedUser
	if w.Lends(HeldUser) {
		users = &b.lent.user
	}
	var o draft
	var user userProperties
	var there uint64
	for p := range props.All() {
		if there |= 1 << p.ID; w.properties>>p.ID&1 == 0 {
			continue
		}
		name := properties[p.ID].name
		switch {
		case p.ID == packet.PropUserProperty:
			if o.find(name) < 0 {
				o.set(&b.lent.props, name, goja.Undefined()) // its place
			}
			if key := b.name(p.Key); users == &b.receivedUser || slices.Contains(w.user, key) {
				user.add(b, users, key, p.Bytes)
			}
		case p.ID == packet.PropCorrelationData && lender != nil && w.Lends(HeldBytes):
			o.set(&b.lent.props, name, lender.Lend(p.Bytes))
		default:
			o.set(&b.lent.props, name, b.property(properties[p.ID].kind, p))
		}
	}
	if b.hasAdded(w.properties &^ there) {
		return b.Properties(props, true)
	}
	switch name := properties[packet.PropUserProperty].name; {
	case o.find(name) < 0:
	case users == &b.lent.user:
		o.set(&b.lent.props, name, user.lend(users))
	default:
		o.set(&b.lent.props, name, user.make(users))
	}
	return o.lend(&b.lent.props)
}

// hasAdded tells whether objects may inherit some of the properties, whose
// getters would see the whole of them.
func (b *Builder) hasAdded(missing uint64) bool {
	for ; missing != 0; missing &= missing - 1 {
		if engine.Added(b.top, properties[bits.TrailingZeros64(missing)].name) {
			return true
		}
	}
	return false
}
