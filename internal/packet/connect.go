package packet

var (
	_ Packet = (*Connect)(nil)
	_ Packet = (*Connack)(nil)
)

// The bits of the connect flags.
const (
	flagReserved byte = 1 << iota
	flagCleanStart
	flagWill
	flagWillQoS // two bits
	_
	flagWillRetain
	flagPassword
	flagUsername
)

// protocolName returns the name that CONNECT carries, "" for a version that
// does not exist.
func protocolName(v Version) string {
	switch v {
	case V31:
		return "MQIsdp"
	case V311, V5:
		return "MQTT"
	}
	return ""
}

// decodeConnect leaves to the server what is the server's policy: the length
// of a client identifier in MQTT 3.1, and an empty one without clean session
// in 3.1.1, which has a return code of its own [MQTT-3.1.3-8].
func decodeConnect(h Header, c *cursor) (*Connect, error) {
	name := c.text("protocol name")
	p := &Connect{Version: Version(c.byte("protocol level")), Length: h.Length}
	if c.err == nil {
		c.v = p.Version
		if err := checkProtocol(name, p.Version); err != nil {
			return nil, err
		}
	}
	flags := c.byte("connect flags")
	p.KeepAlive = c.uint16("keep alive")
	if c.err == nil {
		if err := checkConnectFlags(flags, c.v); err != nil {
			return nil, err
		}
	}
	p.CleanStart = flags&flagCleanStart != 0
	p.Properties = c.properties(CONNECT)
	p.ClientID = c.text("client identifier")
	if flags&flagWill != 0 {
		p.Will = c.will(flags)
	}
	if p.HasUsername = c.has(flags, flagUsername); p.HasUsername {
		p.Username = c.text("user name")
	}
	if p.HasPassword = c.has(flags, flagPassword); p.HasPassword {
		p.Password = c.binary("password")
	}
	return p, c.end()
}

func checkProtocol(name string, v Version) error {
	switch {
	case name != "MQTT" && name != "MQIsdp":
		return &Error{UnsupportedProtocolVersion, ruleProtocolName.in(v), "protocol name is neither MQTT nor MQIsdp"}
	case protocolName(v) == "":
		return checkLevel(v)
	case name != protocolName(v):
		return &Error{UnsupportedProtocolVersion, ruleProtocolName.in(v), "protocol name " + name + " does not go with MQTT " + v.String()}
	}
	return nil
}

func checkLevel(v Version) error {
	if protocolName(v) == "" {
		return &Error{UnsupportedProtocolVersion, ruleLevel.in(v), "protocol level is not 3, 4 or 5"}
	}
	return nil
}

func checkConnectFlags(flags byte, v Version) error {
	willQoS := flags / flagWillQoS & 3
	switch {
	case flags&flagReserved != 0:
		return malformed(v, ruleConnectFlag, "reserved connect flag is set")
	case willQoS == 3:
		return malformed(v, ruleWillQoS, "will has QoS 3")
	case flags&flagWill == 0 && willQoS != 0:
		return malformed(v, ruleNoWillQoS, "will QoS without a will")
	case flags&flagWill == 0 && flags&flagWillRetain != 0:
		return malformed(v, ruleNoWillRetain, "will retain without a will")
	case v != V5 && flags&(flagUsername|flagPassword) == flagPassword:
		return malformed(v, rulePassword, "password without a user name")
	}
	return nil
}

// has tells whether the field of that flag follows. In MQTT 3.1 the remaining
// length takes precedence over the flags of user name and password: a field
// may be announced and missing.
func (c *cursor) has(flags, flag byte) bool {
	return flags&flag != 0 && (c.v != V31 || len(c.rest) > 0)
}

func (c *cursor) will(flags byte) *Will {
	w := &Will{QoS: flags / flagWillQoS & 3, Retain: flags&flagWillRetain != 0}
	w.Properties = c.properties(will)
	w.Topic = c.topic("will topic", ruleNoWildcard)
	if c.err == nil && w.Topic == "" {
		c.fail(violation(c.v, ruleEmptyTopic, "will topic is empty"))
	}
	w.Payload = c.binary("will payload")
	return w
}

// Append implements Packet; the packet's own Version counts, not v.
func (p *Connect) Append(dst []byte, _ Version) ([]byte, error) {
	if err := p.check(); err != nil {
		return dst, err
	}
	v, name := p.Version, protocolName(p.Version)
	dst = appendHeader(dst, CONNECT, 0, p.length())
	dst = append(appendText(dst, name), byte(v), p.flags())
	dst = appendUint16(dst, p.KeepAlive)
	dst = p.Properties.append(dst, v)
	dst = appendText(dst, p.ClientID)
	if w := p.Will; w != nil {
		dst = w.Properties.append(dst, v)
		dst = appendText(dst, w.Topic)
		dst = appendText(dst, w.Payload)
	}
	if p.HasUsername {
		dst = appendText(dst, p.Username)
	}
	if p.HasPassword {
		dst = appendText(dst, p.Password)
	}
	return dst, nil
}

func (p *Connect) check() error {
	v := p.Version
	if err := checkLevel(v); err != nil {
		return err
	}
	if err := checkLength("client identifier", len(p.ClientID), v); err != nil {
		return err
	}
	if w := p.Will; w != nil {
		if w.QoS > 2 {
			return malformed(v, ruleWillQoS, "will has QoS %d", w.QoS)
		}
		if w.Topic == "" {
			return violation(v, ruleEmptyTopic, "will topic is empty")
		}
		if err := checkLength("will topic", len(w.Topic), v); err != nil {
			return err
		}
		if err := checkLength("will payload", len(w.Payload), v); err != nil {
			return err
		}
	}
	if err := checkConnectFlags(p.flags(), v); err != nil {
		return err
	}
	if err := checkLength("user name", len(p.Username), v); err != nil {
		return err
	}
	if err := checkLength("password", len(p.Password), v); err != nil {
		return err
	}
	return checkSize(CONNECT, p.length(), v)
}

func (p *Connect) flags() byte {
	var flags byte
	if p.CleanStart {
		flags |= flagCleanStart
	}
	if w := p.Will; w != nil {
		flags |= flagWill | w.QoS*flagWillQoS
		if w.Retain {
			flags |= flagWillRetain
		}
	}
	if p.HasUsername {
		flags |= flagUsername
	}
	if p.HasPassword {
		flags |= flagPassword
	}
	return flags
}

// length returns the remaining length.
func (p *Connect) length() int {
	v := p.Version
	n := 2 + len(protocolName(v)) + 1 + 1 + 2 + p.Properties.size(v) + 2 + len(p.ClientID)
	if w := p.Will; w != nil {
		n += w.Properties.size(v) + 2 + len(w.Topic) + 2 + len(w.Payload)
	}
	if p.HasUsername {
		n += 2 + len(p.Username)
	}
	if p.HasPassword {
		n += 2 + len(p.Password)
	}
	return n
}

func decodeConnack(h Header, c *cursor) (*Connack, error) {
	flags := c.byte("connect acknowledge flags")
	if c.v == V31 {
		flags = 0 // MQTT 3.1 does not use this byte
	}
	if flags > 1 {
		c.fail(malformed(c.v, ruleConnackFlags, "reserved connect acknowledge flags are set"))
	}
	p := &Connack{SessionPresent: flags == 1, Length: h.Length}
	p.ReasonCode = c.reason(CONNACK)
	p.Properties = c.properties(CONNACK)
	if c.err == nil && p.SessionPresent && p.ReasonCode != Success {
		c.fail(violation(c.v, ruleRefused, "refused connection has a session present"))
	}
	return p, c.end()
}

// Append implements Packet.
func (p *Connack) Append(dst []byte, v Version) ([]byte, error) {
	n := 2 + p.Properties.size(v)
	if err := checkSize(CONNACK, n, v); err != nil {
		return dst, err
	}
	if err := checkReason(CONNACK, p.ReasonCode, v); err != nil {
		return dst, err
	}
	var flags byte
	if p.SessionPresent && v != V31 {
		if p.ReasonCode != Success {
			return dst, violation(v, ruleRefused, "refused connection has a session present")
		}
		flags = 1
	}
	dst = append(appendHeader(dst, CONNACK, 0, n), flags, byte(p.ReasonCode))
	return p.Properties.append(dst, v), nil
}
