package packet

import (
	"encoding/binary"
	"slices"
)

// wireType is the form of a property's value [MQTT-2.2.2.2].
type wireType byte

const (
	wireNone wireType = iota // not a property
	wireByte
	wireUint16
	wireUint32
	wireVarint
	wireString
	wireBinary
	wirePair
)

// wire returns the form of a property's value, wireNone for an identifier that
// does not exist.
func (id PropertyID) wire() wireType {
	if int(id) < len(propertyRules) {
		return propertyRules[id].wire
	}
	return wireNone
}

// readProperty reads the property at the start of b, n bytes long. It checks
// the form alone; Properties.Validate checks the value.
func readProperty(b []byte) (prop Property, n int, err error) {
	c := cursor{rest: b, v: V5}
	c.property(&prop)
	return prop, len(b) - len(c.rest), c.err
}

// property reads one property into p.
func (c *cursor) property(p *Property) {
	*p = Property{ID: PropertyID(c.byte("property identifier"))}
	switch p.ID.wire() {
	case wireByte:
		p.Int = uint32(c.byte("property"))
	case wireUint16:
		p.Int = uint32(c.uint16("property"))
	case wireUint32:
		if b := c.take(4, "property"); b != nil {
			p.Int = binary.BigEndian.Uint32(b)
		}
	case wireVarint:
		p.Int = c.varint("property")
	case wireString, wireBinary:
		p.Bytes = c.binary("property")
	case wirePair:
		p.Key = c.binary("user property")
		p.Bytes = c.binary("user property")
	default:
		if c.err == nil {
			c.fail(malformed(V5, noRule, "%v does not exist", p.ID))
		}
	}
}

// varint reads a variable byte integer.
func (c *cursor) varint(what string) uint32 {
	x, n, err := readVarint(c.rest, c.v)
	switch {
	case err != nil:
		c.fail(err)
		return 0
	case n == 0:
		c.fail(malformed(c.v, noRule, "packet ends inside %s", what))
		return 0
	}
	c.rest = c.rest[n:]
	return x
}

// unusable is appended in place of a value that its property cannot hold. No
// property has it as its identifier, so that what is wrong shows in Validate
// and is never sent as something else.
const unusable = 0

// AppendInt appends an integer property in the form that its identifier has. A
// value that does not fit, or an identifier of another form, leaves the result
// not valid, which Validate reports.
func (p Properties) AppendInt(id PropertyID, x uint32) Properties {
	switch wire := id.wire(); {
	case wire == wireByte && x <= 0xFF:
		return append(p, byte(id), byte(x))
	case wire == wireUint16 && x <= 0xFFFF:
		return appendUint16(append(p, byte(id)), uint16(x))
	case wire == wireUint32:
		return binary.BigEndian.AppendUint32(append(p, byte(id)), x)
	case wire == wireVarint && x <= MaxLength:
		return appendVarint(append(p, byte(id)), int(x))
	}
	return append(p, unusable)
}

// AppendString appends a string property, or binary data given as a string. A
// value over 65,535 bytes, or an identifier of another form, leaves the result
// not valid, which Validate reports.
func (p Properties) AppendString(id PropertyID, s string) Properties {
	return appendValue(p, id, s)
}

// AppendBytes is AppendString for bytes, which it copies.
func (p Properties) AppendBytes(id PropertyID, b []byte) Properties {
	return appendValue(p, id, b)
}

func appendValue[T string | []byte](p Properties, id PropertyID, s T) Properties {
	if wire := id.wire(); wire != wireString && wire != wireBinary || len(s) > maxText {
		return append(p, unusable)
	}
	return appendText(append(p, byte(id)), s)
}

// AppendUser appends a user property; names may repeat, and order is kept. A
// name or value over 65,535 bytes leaves the result not valid, which Validate
// reports.
func (p Properties) AppendUser(key, value string) Properties {
	if len(key) > maxText || len(value) > maxText {
		return append(p, unusable)
	}
	return appendText(appendText(append(p, byte(PropUserProperty)), key), value)
}

// Without returns p without the properties that have one of the identifiers,
// the order of the others kept: p itself when it has none of them, otherwise a
// copy, nil when nothing is left. p must be valid.
func (p Properties) Without(ids ...PropertyID) Properties {
	if !slices.ContainsFunc(ids, p.has) {
		return p
	}
	var kept Properties
	for rest := p; len(rest) > 0; {
		prop, n, err := readProperty(rest)
		if err != nil {
			break
		}
		if !slices.Contains(ids, prop.ID) {
			kept = append(kept, rest[:n]...)
		}
		rest = rest[n:]
	}
	return kept
}

// has tells whether a property is there.
func (p Properties) has(id PropertyID) bool {
	_, ok := p.Get(id)
	return ok
}
