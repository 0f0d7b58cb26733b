// Package packet is MQTT 3.1, 3.1.1 and 5.0 on the wire: bytes to structs and
// back. It is pure: no I/O, no goroutines, nothing but the standard library.
//
// A decoded packet keeps everything that was on the wire, in its order: a
// property that was there with the value zero is still there, and user
// properties may repeat. Decoded packets alias the bytes they were decoded
// from, so whoever decodes must own those bytes and leave them unchanged.
//
// Decoding refuses what the specification of the connection's version forbids,
// with the number of the statement. STRICTNESS.md lists where it is laxer or
// stricter on purpose, and what encoding checks.
//
// # Concurrency
//
// A packet is a plain value. Reading one from several goroutines is safe;
// changing one while another goroutine reads it is not.
package packet

import "fmt"

// Version is the protocol level as CONNECT carries it.
type Version byte

// The protocol versions that mqscript speaks.
const (
	V31  Version = 3 // MQTT 3.1, protocol name "MQIsdp"
	V311 Version = 4 // MQTT 3.1.1
	V5   Version = 5 // MQTT 5.0
)

// String returns the version as people write it: "3.1", "3.1.1" or "5".
func (v Version) String() string {
	switch v {
	case V31:
		return "3.1"
	case V311:
		return "3.1.1"
	case V5:
		return "5"
	}
	return fmt.Sprintf("Version(%d)", byte(v))
}

// Type is the control packet type, the high four bits of the first byte.
type Type byte

// The control packet types [MQTT-2.1.2].
const (
	CONNECT Type = iota + 1
	CONNACK
	PUBLISH
	PUBACK
	PUBREC
	PUBREL
	PUBCOMP
	SUBSCRIBE
	SUBACK
	UNSUBSCRIBE
	UNSUBACK
	PINGREQ
	PINGRESP
	DISCONNECT
	AUTH // MQTT 5 only
)

var typeNames = [...]string{
	"RESERVED", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP",
	"SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH",
}

// String returns the specification's name of the type, such as "PUBLISH".
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("Type(%d)", byte(t))
}

// Packet is one of the fifteen control packets, always a pointer to one of
// this package's structs.
type Packet interface {
	// Type tells which control packet it is.
	Type() Type
	// Append appends the packet's wire form for version v to dst. It does not
	// allocate when dst has room. What cannot be encoded (a string over 65,535
	// bytes, a QoS over 2, a packet over 268,435,455 bytes, a packet type that
	// v does not have) is an error, and dst is then returned unchanged.
	// Properties are left out when v is not V5.
	Append(dst []byte, v Version) ([]byte, error)
}

// Connect opens a connection [MQTT-3.1]. Its Version decides its encoding, not
// the argument of Append.
type Connect struct {
	Version     Version
	CleanStart  bool // "clean session" before MQTT 5
	KeepAlive   uint16
	ClientID    string
	HasUsername bool // a user name was on the wire, the empty one included
	Username    string
	HasPassword bool // a password was on the wire, the empty one included
	Password    []byte
	Will        *Will
	Properties  Properties
	Length      int // remaining length in bytes as received; not used by Append
}

// Will is the message that the server publishes when the connection ends
// without a DISCONNECT.
type Will struct {
	Topic      string
	Payload    []byte
	QoS        byte
	Retain     bool
	Properties Properties
}

// Connack answers CONNECT [MQTT-3.2]. Before MQTT 5 ReasonCode holds the
// return code, 0 to 5.
type Connack struct {
	SessionPresent bool
	ReasonCode     ReasonCode
	Properties     Properties
	Length         int // remaining length in bytes as received; not used by Append
}

// Publish carries an application message [MQTT-3.3]. ID is used when QoS > 0.
type Publish struct {
	Topic      string // empty when the packet relies on a topic alias
	Payload    []byte
	ID         uint16
	QoS        byte
	Retain     bool
	Dup        bool
	Properties Properties
	Length     int // remaining length in bytes as received; not used by Append
}

// Message is a PUBLISH that arrived, on its way to who wants it. It is shared:
// nobody may change it or the bytes of its packet.
type Message struct {
	Topic   string   // with a topic alias resolved
	Packet  *Publish // as it was on the wire
	Version Version  // of the connection
	Tag     any      // its first receiver's own; nobody else looks at it
}

// Ack is PUBACK, PUBREC, PUBREL or PUBCOMP, which have the same form
// [MQTT-3.4] to [MQTT-3.7]. Before MQTT 5 it has no reason code on the wire.
type Ack struct {
	Kind       Type // PUBACK, PUBREC, PUBREL or PUBCOMP
	ID         uint16
	ReasonCode ReasonCode
	Properties Properties
	Length     int // remaining length in bytes as received; not used by Append
}

// Subscribe asks for messages [MQTT-3.8].
type Subscribe struct {
	ID            uint16
	Subscriptions []Subscription
	Properties    Properties
	Length        int // remaining length in bytes as received; not used by Append
}

// Subscription is one topic filter of a SUBSCRIBE with its options. All but
// QoS are MQTT 5 only.
type Subscription struct {
	Filter            string
	QoS               byte
	NoLocal           bool // "nl"
	RetainAsPublished bool // "rap"
	RetainHandling    byte // "rh", 0 to 2
}

// Suback answers SUBSCRIBE, one reason code a filter [MQTT-3.9].
type Suback struct {
	ID          uint16
	ReasonCodes []ReasonCode
	Properties  Properties
	Length      int // remaining length in bytes as received; not used by Append
}

// Unsubscribe ends subscriptions [MQTT-3.10].
type Unsubscribe struct {
	ID         uint16
	Filters    []string
	Properties Properties
	Length     int // remaining length in bytes as received; not used by Append
}

// Unsuback answers UNSUBSCRIBE; before MQTT 5 without reason codes [MQTT-3.11].
type Unsuback struct {
	ID          uint16
	ReasonCodes []ReasonCode
	Properties  Properties
	Length      int // remaining length in bytes as received; not used by Append
}

// Pingreq asks for a sign of life [MQTT-3.12].
type Pingreq struct{}

// Pingresp gives one [MQTT-3.13].
type Pingresp struct{}

// Disconnect is the last packet of a connection; before MQTT 5 only a client
// sends it, without reason code [MQTT-3.14].
type Disconnect struct {
	ReasonCode ReasonCode
	Properties Properties
	Length     int // remaining length in bytes as received; not used by Append
}

// Auth carries a step of enhanced authentication, MQTT 5 only [MQTT-3.15].
type Auth struct {
	ReasonCode ReasonCode
	Properties Properties
	Length     int // remaining length in bytes as received; not used by Append
}

// Type returns CONNECT.
func (*Connect) Type() Type { return CONNECT }

// Type returns CONNACK.
func (*Connack) Type() Type { return CONNACK }

// Type returns PUBLISH.
func (*Publish) Type() Type { return PUBLISH }

// Type returns the packet's Kind.
func (a *Ack) Type() Type { return a.Kind }

// Type returns SUBSCRIBE.
func (*Subscribe) Type() Type { return SUBSCRIBE }

// Type returns SUBACK.
func (*Suback) Type() Type { return SUBACK }

// Type returns UNSUBSCRIBE.
func (*Unsubscribe) Type() Type { return UNSUBSCRIBE }

// Type returns UNSUBACK.
func (*Unsuback) Type() Type { return UNSUBACK }

// Type returns PINGREQ.
func (*Pingreq) Type() Type { return PINGREQ }

// Type returns PINGRESP.
func (*Pingresp) Type() Type { return PINGRESP }

// Type returns DISCONNECT.
func (*Disconnect) Type() Type { return DISCONNECT }

// Type returns AUTH.
func (*Auth) Type() Type { return AUTH }
