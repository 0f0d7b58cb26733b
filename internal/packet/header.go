package packet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxLength is the largest remaining length in bytes that the wire can hold.
const MaxLength = 268_435_455

// maxHeader is the largest fixed header: the first byte and four of length.
const maxHeader = 5

// Header is the fixed header that every packet starts with [MQTT-2.1].
type Header struct {
	Type   Type
	Flags  byte // the low four bits of the first byte
	Length int  // remaining length: the bytes that follow the header
}

// ParseHeader reads the fixed header at the start of b; n is its length in
// bytes. With n == 0 and err == nil b is too short and more bytes are needed.
//
// It checks what the header alone can tell, so that a peer is found out before
// its packet is waited for: the type, the flags that type demands
// [MQTT-2.1.3-1], the QoS and DUP bits of PUBLISH, and the form of the
// remaining length. The error is an *Error.
func ParseHeader(b []byte, v Version) (h Header, n int, err error) {
	if len(b) == 0 {
		return Header{}, 0, nil
	}
	h = Header{Type: Type(b[0] >> 4), Flags: b[0] & 0x0F}
	if err := h.check(v); err != nil {
		return Header{}, 0, err
	}
	length, n, err := readVarint(b[1:], v)
	if n == 0 || err != nil {
		return Header{}, 0, err
	}
	h.Length = int(length)
	return h, 1 + n, nil
}

// check validates type and flags.
func (h Header) check(v Version) error {
	switch {
	case h.Type == PUBLISH:
		return checkPublishFlags(h.Flags>>1&3, h.Flags&8 != 0, v)
	case h.Type < CONNECT || h.Type > AUTH || h.Type == AUTH && v != V5:
		return malformed(v, noRule, "MQTT %v has no packet of type %d", v, byte(h.Type))
	}
	flags := h.Flags
	if v == V31 && requiredFlags(h.Type) != 0 {
		flags &^= 8 // MQTT 3.1 repeats these packets with DUP set
	}
	if flags != requiredFlags(h.Type) {
		return malformed(v, ruleFlags(h.Type), "%v has the flags %04b", h.Type, h.Flags)
	}
	return nil
}

// checkPublishFlags validates the flags that PUBLISH has to itself.
func checkPublishFlags(qos byte, dup bool, v Version) error {
	if qos > 2 {
		return malformed(v, ruleQoS, "PUBLISH has QoS %d", qos)
	}
	if dup && qos == 0 {
		return violation(v, ruleDup, "PUBLISH of QoS 0 has DUP set")
	}
	return nil
}

// requiredFlags returns the fixed header's flags for types other than PUBLISH.
func requiredFlags(t Type) byte {
	switch t {
	case PUBREL, SUBSCRIBE, UNSUBSCRIBE:
		return 2
	}
	return 0
}

// readVarint reads a variable byte integer. n is 0 without an error when b
// ends before the integer does. Only MQTT 5 demands the shortest form.
func readVarint(b []byte, v Version) (value uint32, n int, err error) {
	for i, c := range b {
		value |= uint32(c&0x7F) << (7 * i)
		switch {
		case v == V5 && c == 0 && i > 0:
			return 0, 0, malformed(v, ruleVarint, "variable byte integer is longer than its value needs")
		case c < 0x80:
			return value, i + 1, nil
		case i == 3:
			return 0, 0, malformed(v, noRule, "variable byte integer does not end after 4 bytes")
		}
	}
	return 0, 0, nil
}

// appendVarint appends x, at most MaxLength, as a variable byte integer.
func appendVarint(dst []byte, x int) []byte {
	for x >= 0x80 {
		dst = append(dst, byte(x)|0x80)
		x >>= 7
	}
	return append(dst, byte(x))
}

// varintSize returns the bytes that x takes as a variable byte integer.
func varintSize(x int) int {
	n := 1
	for ; x >= 0x80; x >>= 7 {
		n++
	}
	return n
}

// Read reads one packet from r. limit is the largest packet in bytes, fixed
// header included, that is taken (0 = none): a larger one is an *Error with
// the code PacketTooLarge before any memory is set aside for it. At the end of
// r between two packets the error is io.EOF, inside one io.ErrUnexpectedEOF.
// After any error the position in r is undefined.
func Read(r *bufio.Reader, v Version, limit int) (Packet, error) {
	h, err := readHeader(r, v, limit)
	if err != nil {
		return nil, err
	}
	body, err := readBody(r, h.Length)
	if err != nil {
		return nil, fmt.Errorf("reading %v: %w", h.Type, err)
	}
	return Decode(h, body, v)
}

func readHeader(r *bufio.Reader, v Version, limit int) (Header, error) {
	var buf [maxHeader]byte
	for i := range buf {
		c, err := r.ReadByte()
		if errors.Is(err, io.EOF) && i > 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return Header{}, err
		}
		buf[i] = c
		h, n, err := ParseHeader(buf[:i+1], v)
		switch {
		case err != nil:
			return Header{}, err
		case n > 0 && limit > 0 && n+h.Length > limit:
			return Header{}, &Error{
				Code: PacketTooLarge, Statement: ruleMaxPacket.in(v),
				Message: fmt.Sprintf("%v of %d bytes is over the limit of %d", h.Type, n+h.Length, limit),
			}
		case n > 0:
			return h, nil
		}
	}
	return Header{}, io.ErrUnexpectedEOF // not reached: a fifth byte ends the header or is an error
}

// trusted is how many bytes are set aside on the word of a header alone.
const trusted = 1 << 20

func readBody(r io.Reader, n int) ([]byte, error) {
	if n <= trusted {
		body := make([]byte, n)
		_, err := io.ReadFull(r, body)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return body, err
	}
	var buf bytes.Buffer
	_, err := io.CopyN(&buf, r, int64(n))
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return buf.Bytes(), err
}
