package packet

// Decode decodes the body that follows the header h, exactly h.Length bytes,
// in protocol version v; CONNECT carries its own version and v does not
// matter. The packet aliases body from now on, also when there is an error:
// the caller must own body and never change it again.
//
// Every error is an *Error.
func Decode(h Header, body []byte, v Version) (Packet, error) {
	if len(body) != h.Length {
		return nil, malformed(v, noRule, "%v has %d bytes behind its header, which says %d", h.Type, len(body), h.Length)
	}
	if err := h.check(v); err != nil {
		return nil, err
	}
	p, err := decode(h, &cursor{rest: body, v: v})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func decode(h Header, c *cursor) (Packet, error) {
	switch h.Type {
	case CONNECT:
		return decodeConnect(h, c)
	case CONNACK:
		return decodeConnack(h, c)
	case PUBLISH:
		p := new(Publish)
		return p, DecodePublish(p, h, c.rest, c.v)
	case PUBACK, PUBREC, PUBREL, PUBCOMP:
		return decodeAck(h, c)
	case SUBSCRIBE:
		return decodeSubscribe(h, c)
	case SUBACK:
		return decodeSuback(h, c)
	case UNSUBSCRIBE:
		return decodeUnsubscribe(h, c)
	case UNSUBACK:
		return decodeUnsuback(h, c)
	case PINGREQ:
		return new(Pingreq), c.end()
	case PINGRESP:
		return new(Pingresp), c.end()
	case DISCONNECT:
		return decodeDisconnect(h, c)
	}
	return decodeAuth(h, c)
}
