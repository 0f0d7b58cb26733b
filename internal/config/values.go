package config

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// Protocol is a protocol version as people write it.
type Protocol packet.Version

// UnmarshalText takes 3.1, 3.1.1 and 5, and mosquitto's names for them.
func (p *Protocol) UnmarshalText(text []byte) error {
	switch string(text) {
	case "3.1", "31", "mqttv31":
		*p = Protocol(packet.V31)
	case "3.1.1", "311", "mqttv311":
		*p = Protocol(packet.V311)
	case "5", "5.0", "mqttv5":
		*p = Protocol(packet.V5)
	default:
		return fmt.Errorf("there is no MQTT %q here, only 3.1, 3.1.1 and 5", text)
	}
	return nil
}

// Version returns p as the codec has it.
func (p Protocol) Version() packet.Version { return packet.Version(p) }

// QoS is a quality of service.
type QoS byte

// UnmarshalText takes 0, 1 and 2.
func (q *QoS) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 8)
	if err != nil || n > 2 {
		return fmt.Errorf("%q is no quality of service, which is 0, 1 or 2", text)
	}
	*q = QoS(n)
	return nil
}

// Duration is a time span of zero or more: "1m30s", "500ms", or a plain number
// of seconds.
type Duration time.Duration

// UnmarshalText takes both forms.
func (d *Duration) UnmarshalText(text []byte) error {
	s := string(text)
	if seconds, err := strconv.ParseFloat(s, 64); err == nil && seconds >= 0 && seconds < math.MaxInt64/1e9 {
		*d = Duration(seconds * float64(time.Second))
		return nil
	}
	span, err := time.ParseDuration(s)
	if err != nil || span < 0 {
		return fmt.Errorf("%q is no time span, such as 5s, 1m30s or a number of seconds", text)
	}
	*d = Duration(span)
	return nil
}

// KeepAlive is a whole number of seconds that fits the wire.
type KeepAlive uint16

// UnmarshalText takes a number or a time span of whole seconds.
func (k *KeepAlive) UnmarshalText(text []byte) error {
	var d Duration
	if err := d.UnmarshalText(text); err != nil {
		return err
	}
	span := time.Duration(d)
	if span%time.Second != 0 || span > math.MaxUint16*time.Second {
		return fmt.Errorf("%q is not a whole number of seconds up to 65535", text)
	}
	*k = KeepAlive(span / time.Second)
	return nil
}

// Expiry is a number of seconds, the largest of which means for ever.
type Expiry uint32

// Never is the Expiry that does not come.
const Never = Expiry(math.MaxUint32)

// UnmarshalText takes a number, a time span of whole seconds, or "never".
func (e *Expiry) UnmarshalText(text []byte) error {
	if string(text) == "never" {
		*e = Never
		return nil
	}
	var d Duration
	if err := d.UnmarshalText(text); err != nil {
		return err
	}
	span := time.Duration(d)
	if span%time.Second != 0 || span > math.MaxUint32*time.Second {
		return fmt.Errorf("%q is not a whole number of seconds up to 4294967295", text)
	}
	*e = Expiry(span / time.Second)
	return nil
}
