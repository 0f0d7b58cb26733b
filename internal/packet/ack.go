package packet

var _ Packet = (*Ack)(nil)

// decodeAck reads the short forms of MQTT 5 too: without properties, and
// without a reason code, which then is Success [MQTT-3.4.2].
func decodeAck(h Header, c *cursor) (*Ack, error) {
	p := &Ack{Kind: h.Type, ID: c.packetID(), Length: h.Length}
	if c.v == V5 && len(c.rest) > 0 {
		p.ReasonCode = c.reason(h.Type)
		p.Properties = c.trailingProperties(h.Type)
	}
	return p, c.end()
}

// Append implements Packet. In MQTT 5 it writes the shortest form that has the
// reason code and the properties.
func (p *Ack) Append(dst []byte, v Version) ([]byte, error) {
	if p.Kind < PUBACK || p.Kind > PUBCOMP {
		return dst, violation(v, noRule, "%v is not an acknowledgement of PUBLISH", p.Kind)
	}
	n := 2
	if v == V5 {
		n += resultSize(p.ReasonCode, p.Properties)
	}
	if err := checkID(p.ID, v); err != nil {
		return dst, err
	}
	if err := checkSize(p.Kind, n, v); err != nil {
		return dst, err
	}
	if err := checkReason(p.Kind, p.ReasonCode, v); err != nil {
		return dst, err
	}
	dst = appendHeader(dst, p.Kind, requiredFlags(p.Kind), n)
	dst = appendUint16(dst, p.ID)
	if v == V5 {
		dst = appendResult(dst, p.ReasonCode, p.Properties)
	}
	return dst, nil
}

// trailingProperties reads the properties of a packet that may end before
// them. Properties that are there but empty are not nil, so that the packet
// is encoded again as it was.
func (c *cursor) trailingProperties(t Type) Properties {
	if c.err != nil || len(c.rest) == 0 {
		return nil
	}
	if p := c.properties(t); p != nil || c.err != nil {
		return p
	}
	return Properties{}
}

// resultSize returns the bytes of a reason code and properties at the end of a
// packet, each left out where that says the same.
func resultSize(code ReasonCode, props Properties) int {
	switch {
	case props != nil:
		return 1 + props.size(V5)
	case code != Success:
		return 1
	}
	return 0
}

// appendResult appends what resultSize counts.
func appendResult(dst []byte, code ReasonCode, props Properties) []byte {
	if props == nil && code == Success {
		return dst
	}
	dst = append(dst, byte(code))
	if props == nil {
		return dst
	}
	return props.append(dst, V5)
}
