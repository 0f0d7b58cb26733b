package packet

var (
	_ Packet = (*Pingreq)(nil)
	_ Packet = (*Pingresp)(nil)
	_ Packet = (*Disconnect)(nil)
	_ Packet = (*Auth)(nil)
)

// Append implements Packet; there is nothing that can fail.
func (*Pingreq) Append(dst []byte, _ Version) ([]byte, error) {
	return append(dst, byte(PINGREQ)<<4, 0), nil
}

// Append implements Packet; there is nothing that can fail.
func (*Pingresp) Append(dst []byte, _ Version) ([]byte, error) {
	return append(dst, byte(PINGRESP)<<4, 0), nil
}

// decodeDisconnect reads the short forms too: without properties, and without
// a reason code, which then is Success [MQTT-3.14.2].
func decodeDisconnect(h Header, c *cursor) (*Disconnect, error) {
	p := &Disconnect{Length: h.Length}
	if c.v == V5 && len(c.rest) > 0 {
		p.ReasonCode = c.reason(DISCONNECT)
		p.Properties = c.trailingProperties(DISCONNECT)
	}
	return p, c.end()
}

// Append implements Packet. In MQTT 5 it writes the shortest form that has the
// reason code and the properties.
func (p *Disconnect) Append(dst []byte, v Version) ([]byte, error) {
	if v != V5 {
		return appendHeader(dst, DISCONNECT, 0, 0), nil
	}
	return appendResultOnly(dst, DISCONNECT, p.ReasonCode, p.Properties)
}

// appendResultOnly appends a packet of MQTT 5 that is a reason code and
// properties.
func appendResultOnly(dst []byte, t Type, code ReasonCode, props Properties) ([]byte, error) {
	n := resultSize(code, props)
	if err := checkSize(t, n, V5); err != nil {
		return dst, err
	}
	if err := checkReason(t, code, V5); err != nil {
		return dst, err
	}
	return appendResult(appendHeader(dst, t, 0, n), code, props), nil
}

// decodeAuth takes the empty AUTH, which stands for success without properties
// [MQTT-3.15.2.1]. Any other must name its authentication method
// [MQTT-3.15.2.2.2].
func decodeAuth(h Header, c *cursor) (*Auth, error) {
	p := &Auth{Length: h.Length}
	if len(c.rest) == 0 {
		return p, c.end()
	}
	p.ReasonCode = c.reason(AUTH)
	p.Properties = c.trailingProperties(AUTH)
	if _, ok := p.Properties.Get(PropAuthenticationMethod); c.err == nil && !ok {
		c.fail(violation(c.v, noRule, "AUTH has no authentication method"))
	}
	return p, c.end()
}

// Append implements Packet. It writes the empty form for success without
// properties.
func (p *Auth) Append(dst []byte, v Version) ([]byte, error) {
	if v != V5 {
		return dst, malformed(v, noRule, "MQTT %v has no AUTH", v)
	}
	return appendResultOnly(dst, AUTH, p.ReasonCode, p.Properties)
}
