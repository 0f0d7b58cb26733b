package packet

var _ Packet = (*Publish)(nil)

// DecodePublish is Decode for a PUBLISH into p, all of which it sets; h must be
// what ParseHeader returned. It does not allocate: topic, payload and properties alias body, which the caller
// must own and never change again.
func DecodePublish(p *Publish, h Header, body []byte, v Version) error {
	c := cursor{rest: body, v: v}
	*p = Publish{
		QoS:    h.Flags >> 1 & 3,
		Retain: h.Flags&1 != 0,
		Dup:    h.Flags&8 != 0,
		Length: h.Length,
	}
	p.Topic = c.topic("topic name", ruleWildcard)
	if p.QoS > 0 {
		p.ID = c.packetID()
	}
	p.Properties = c.properties(PUBLISH)
	if c.err == nil && p.Topic == "" {
		if err := checkNoTopic(p.Properties, v); err != nil {
			return err
		}
	}
	p.Payload = notEmpty(c.take(len(c.rest), "payload"))
	return c.err
}

// topic reads a topic name, which may be empty here; wildcard is the statement
// that forbids wildcards in it.
func (c *cursor) topic(what string, wildcard rule) string {
	s := aliased(c.binary(what))
	if err := checkName(s, what, wildcard, c.v); err != nil {
		c.fail(err)
		return ""
	}
	return s
}

// checkNoTopic lets a PUBLISH go without a topic only when an alias stands for it.
func checkNoTopic(props Properties, v Version) error {
	if v != V5 {
		return violation(v, ruleEmptyTopic, "topic name is empty")
	}
	if _, ok := props.Get(PropTopicAlias); !ok {
		return violation(v, ruleEmptyTopic, "topic name is empty and there is no topic alias")
	}
	return nil
}

// Append implements Packet. DUP with QoS 0, QoS above 0 without a packet
// identifier, and an empty topic without a topic alias are errors too.
func (p *Publish) Append(dst []byte, v Version) ([]byte, error) {
	n := p.length(v)
	if err := p.check(n, v); err != nil {
		return dst, err
	}
	flags := p.QoS << 1
	if p.Retain {
		flags |= 1
	}
	if p.Dup {
		flags |= 8
	}
	dst = appendHeader(dst, PUBLISH, flags, n)
	dst = appendText(dst, p.Topic)
	if p.QoS > 0 {
		dst = appendUint16(dst, p.ID)
	}
	dst = p.Properties.append(dst, v)
	return append(dst, p.Payload...), nil
}

// Size returns the bytes that the whole packet takes on the wire in version
// v: what a server's maximum packet size limits [MQTT-3.2.2-15].
func (p *Publish) Size(v Version) int {
	n := p.length(v)
	return 1 + varintSize(n) + n
}

// length returns the remaining length.
func (p *Publish) length(v Version) int {
	n := 2 + len(p.Topic) + p.Properties.size(v) + len(p.Payload)
	if p.QoS > 0 {
		n += 2
	}
	return n
}

func (p *Publish) check(length int, v Version) error {
	if err := checkPublishFlags(p.QoS, p.Dup, v); err != nil {
		return err
	}
	if p.QoS > 0 {
		if err := checkID(p.ID, v); err != nil {
			return err
		}
	}
	if p.Topic == "" {
		if err := checkNoTopic(p.Properties, v); err != nil {
			return err
		}
	}
	if err := checkLength("topic name", len(p.Topic), v); err != nil {
		return err
	}
	return checkSize(PUBLISH, length, v)
}
