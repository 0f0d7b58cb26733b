package packet

// maxText is the largest string or binary value in bytes.
const maxText = 65535

func appendUint16(dst []byte, x uint16) []byte {
	return append(dst, byte(x>>8), byte(x))
}

// appendText appends a string or binary data with its length in front. The
// caller has checked that it is no longer than maxText.
func appendText[T string | []byte](dst []byte, s T) []byte {
	dst = append(dst, byte(len(s)>>8), byte(len(s)))
	return append(dst, s...)
}

// appendHeader appends the fixed header of a packet with length bytes behind it.
func appendHeader(dst []byte, t Type, flags byte, length int) []byte {
	return appendVarint(append(dst, byte(t)<<4|flags), length)
}

// checkSize refuses what the length fields of the wire cannot hold.
func checkSize(t Type, length int, v Version) error {
	if length > MaxLength {
		return &Error{
			Code: PacketTooLarge, Statement: ruleMaxPacket.in(v),
			Message: t.String() + " is longer than 268,435,455 bytes",
		}
	}
	return nil
}

// checkLength refuses a string or binary value that is too long for the wire.
func checkLength(what string, n int, v Version) error {
	if n > maxText {
		return malformed(v, noRule, "%s has %d bytes, more than 65,535", what, n)
	}
	return nil
}

// checkID refuses the packet identifier 0.
func checkID(id uint16, v Version) error {
	if id == 0 {
		return violation(v, rulePacketID, "packet identifier is 0")
	}
	return nil
}

// size returns the bytes that p takes in a packet of version v, with the
// length in front.
func (p Properties) size(v Version) int {
	if v != V5 {
		return 0
	}
	return varintSize(len(p)) + len(p)
}

// append appends p with its length in front; nothing before MQTT 5.
func (p Properties) append(dst []byte, v Version) []byte {
	if v != V5 {
		return dst
	}
	return append(appendVarint(dst, len(p)), p...)
}
