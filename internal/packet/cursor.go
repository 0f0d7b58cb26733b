package packet

import (
	"encoding/binary"
	"unsafe"
)

// cursor walks over a packet's body. After the first error every read returns
// the zero value, so that only the end of a decoder looks at err.
type cursor struct {
	rest []byte
	v    Version
	err  error
}

func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err = err
	}
	c.rest = nil
}

// take returns the next n bytes, which alias the body.
func (c *cursor) take(n int, what string) []byte {
	if n > len(c.rest) {
		c.fail(malformed(c.v, noRule, "packet ends inside %s", what))
		return nil
	}
	b := c.rest[:n:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) byte(what string) byte {
	if b := c.take(1, what); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) uint16(what string) uint16 {
	if b := c.take(2, what); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

// packetID reads a packet identifier, which is never 0.
func (c *cursor) packetID() uint16 {
	id := c.uint16("packet identifier")
	if id == 0 && c.err == nil {
		c.fail(violation(c.v, rulePacketID, "packet identifier is 0"))
	}
	return id
}

// binary reads binary data with its length in front; empty data is nil.
func (c *cursor) binary(what string) []byte {
	return notEmpty(c.take(int(c.uint16(what)), what))
}

// text reads a UTF-8 encoded string.
func (c *cursor) text(what string) string {
	s := aliased(c.binary(what))
	if err := checkText(s, what, c.v); err != nil {
		c.fail(err)
		return ""
	}
	return s
}

// end makes left-over bytes an error and returns the first error there was.
func (c *cursor) end() error {
	if len(c.rest) > 0 {
		c.fail(malformed(c.v, noRule, "%d bytes follow the packet's last field", len(c.rest)))
	}
	return c.err
}

// notEmpty keeps decoded packets comparable: nothing is always nil.
func notEmpty(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

// aliased makes a string of b without a copy. That is sound because decoded
// packets own the body that they alias, and nobody changes it again.
func aliased(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
