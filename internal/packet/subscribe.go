package packet

var (
	_ Packet = (*Subscribe)(nil)
	_ Packet = (*Suback)(nil)
	_ Packet = (*Unsubscribe)(nil)
	_ Packet = (*Unsuback)(nil)
)

// The subscription options of MQTT 5 beside the QoS in bits 0 and 1.
const (
	optionNoLocal           = 1 << 2
	optionRetainAsPublished = 1 << 3
	optionRetainHandling    = 1 << 4 // two bits
)

func decodeSubscribe(h Header, c *cursor) (*Subscribe, error) {
	p := &Subscribe{ID: c.packetID(), Length: h.Length}
	p.Properties = c.properties(SUBSCRIBE)
	if c.err == nil && len(c.rest) == 0 {
		c.fail(violation(c.v, ruleNoFilters, "SUBSCRIBE has no topic filter"))
	}
	for len(c.rest) > 0 {
		s := Subscription{Filter: c.filter()}
		if options := c.byte("subscription options"); c.err == nil {
			if err := s.setOptions(options, c.v); err != nil {
				return nil, err
			}
		}
		p.Subscriptions = append(p.Subscriptions, s)
	}
	return p, c.end()
}

// filter reads a topic filter.
func (c *cursor) filter() string {
	s := c.text("topic filter")
	if c.err == nil {
		if err := checkFilter(s, c.v); err != nil {
			c.fail(err)
		}
	}
	return s
}

func (s *Subscription) setOptions(b byte, v Version) error {
	s.QoS = b & 3
	if v == V5 {
		s.NoLocal = b&optionNoLocal != 0
		s.RetainAsPublished = b&optionRetainAsPublished != 0
		s.RetainHandling = b / optionRetainHandling & 3
	}
	if b != s.options(v) {
		return malformed(v, ruleOptions, "reserved subscription options are set")
	}
	return s.check(v)
}

// options returns the byte that follows the topic filter.
func (s *Subscription) options(v Version) byte {
	b := s.QoS
	if v != V5 {
		return b
	}
	b |= s.RetainHandling * optionRetainHandling
	if s.NoLocal {
		b |= optionNoLocal
	}
	if s.RetainAsPublished {
		b |= optionRetainAsPublished
	}
	return b
}

// check validates the options.
func (s *Subscription) check(v Version) error {
	switch {
	case s.QoS > 2 && v != V5:
		return malformed(v, ruleOptions, "subscription has QoS %d", s.QoS)
	case s.QoS > 2:
		return violation(v, noRule, "subscription has QoS %d", s.QoS)
	case v == V5 && s.RetainHandling > 2:
		return violation(v, noRule, "subscription has retain handling %d", s.RetainHandling)
	case v == V5 && s.NoLocal && isShared(s.Filter):
		return violation(v, ruleShareNoLocal, "shared subscription has the no local option")
	}
	return nil
}

// Append implements Packet. A packet without subscriptions, options out of
// range and the packet identifier 0 are errors too.
func (p *Subscribe) Append(dst []byte, v Version) ([]byte, error) {
	n := 2 + p.Properties.size(v)
	for i := range p.Subscriptions {
		s := &p.Subscriptions[i]
		if err := checkLength("topic filter", len(s.Filter), v); err != nil {
			return dst, err
		}
		if err := s.check(v); err != nil {
			return dst, err
		}
		n += 2 + len(s.Filter) + 1
	}
	if len(p.Subscriptions) == 0 {
		return dst, violation(v, ruleNoFilters, "SUBSCRIBE has no topic filter")
	}
	dst, err := appendStart(dst, SUBSCRIBE, n, p.ID, p.Properties, v)
	if err != nil {
		return dst, err
	}
	for i := range p.Subscriptions {
		s := &p.Subscriptions[i]
		dst = append(appendText(dst, s.Filter), s.options(v))
	}
	return dst, nil
}

// appendStart appends what the four packets of this file begin with: fixed
// header, packet identifier and properties.
func appendStart(dst []byte, t Type, length int, id uint16, props Properties, v Version) ([]byte, error) {
	if err := checkID(id, v); err != nil {
		return dst, err
	}
	if err := checkSize(t, length, v); err != nil {
		return dst, err
	}
	dst = appendHeader(dst, t, requiredFlags(t), length)
	return props.append(appendUint16(dst, id), v), nil
}

func decodeUnsubscribe(h Header, c *cursor) (*Unsubscribe, error) {
	p := &Unsubscribe{ID: c.packetID(), Length: h.Length}
	p.Properties = c.properties(UNSUBSCRIBE)
	if c.err == nil && len(c.rest) == 0 {
		c.fail(violation(c.v, ruleNothingToEnd, "UNSUBSCRIBE has no topic filter"))
	}
	for len(c.rest) > 0 {
		p.Filters = append(p.Filters, c.filter())
	}
	return p, c.end()
}

// Append implements Packet. A packet without filters and the packet identifier
// 0 are errors too.
func (p *Unsubscribe) Append(dst []byte, v Version) ([]byte, error) {
	n := 2 + p.Properties.size(v)
	for _, filter := range p.Filters {
		if err := checkLength("topic filter", len(filter), v); err != nil {
			return dst, err
		}
		n += 2 + len(filter)
	}
	if len(p.Filters) == 0 {
		return dst, violation(v, ruleNothingToEnd, "UNSUBSCRIBE has no topic filter")
	}
	dst, err := appendStart(dst, UNSUBSCRIBE, n, p.ID, p.Properties, v)
	if err != nil {
		return dst, err
	}
	for _, filter := range p.Filters {
		dst = appendText(dst, filter)
	}
	return dst, nil
}

func decodeSuback(h Header, c *cursor) (*Suback, error) {
	p := &Suback{ID: c.packetID(), Length: h.Length}
	p.Properties = c.properties(SUBACK)
	p.ReasonCodes = c.reasons(SUBACK)
	return p, c.end()
}

// Append implements Packet. A packet without reason codes and the packet
// identifier 0 are errors too.
func (p *Suback) Append(dst []byte, v Version) ([]byte, error) {
	return appendReasons(dst, SUBACK, p.ID, p.Properties, p.ReasonCodes, v)
}

func decodeUnsuback(h Header, c *cursor) (*Unsuback, error) {
	p := &Unsuback{ID: c.packetID(), Length: h.Length}
	if c.v == V5 {
		p.Properties = c.properties(UNSUBACK)
		p.ReasonCodes = c.reasons(UNSUBACK)
	}
	return p, c.end()
}

// Append implements Packet. The packet identifier 0 and, in MQTT 5, a packet
// without reason codes are errors too; before MQTT 5 they are left out.
func (p *Unsuback) Append(dst []byte, v Version) ([]byte, error) {
	if v != V5 {
		return appendStart(dst, UNSUBACK, 2, p.ID, nil, v)
	}
	return appendReasons(dst, UNSUBACK, p.ID, p.Properties, p.ReasonCodes, v)
}

// reasons reads one reason code a filter up to the packet's end.
func (c *cursor) reasons(t Type) []ReasonCode {
	if c.err != nil {
		return nil
	}
	if len(c.rest) == 0 {
		c.fail(malformed(c.v, noRule, "%v has no reason code", t))
		return nil
	}
	codes := make([]ReasonCode, 0, len(c.rest))
	for len(c.rest) > 0 {
		codes = append(codes, c.reason(t))
	}
	return codes
}

func appendReasons(dst []byte, t Type, id uint16, props Properties, codes []ReasonCode, v Version) ([]byte, error) {
	if len(codes) == 0 {
		return dst, malformed(v, noRule, "%v has no reason code", t)
	}
	for _, code := range codes {
		if err := checkReason(t, code, v); err != nil {
			return dst, err
		}
	}
	dst, err := appendStart(dst, t, 2+props.size(v)+len(codes), id, props, v)
	if err != nil {
		return dst, err
	}
	for _, code := range codes {
		dst = append(dst, byte(code))
	}
	return dst, nil
}
