package packet

import (
	"fmt"
	"iter"
)

// PropertyID identifies an MQTT 5 property [MQTT-2.2.2.2].
type PropertyID byte

// The properties of MQTT 5.
const (
	PropPayloadFormatIndicator          PropertyID = 0x01 // byte
	PropMessageExpiryInterval           PropertyID = 0x02 // four byte integer, seconds
	PropContentType                     PropertyID = 0x03 // string
	PropResponseTopic                   PropertyID = 0x08 // string
	PropCorrelationData                 PropertyID = 0x09 // binary data
	PropSubscriptionIdentifier          PropertyID = 0x0B // variable byte integer, may repeat in PUBLISH
	PropSessionExpiryInterval           PropertyID = 0x11 // four byte integer, seconds
	PropAssignedClientIdentifier        PropertyID = 0x12 // string
	PropServerKeepAlive                 PropertyID = 0x13 // two byte integer, seconds
	PropAuthenticationMethod            PropertyID = 0x15 // string
	PropAuthenticationData              PropertyID = 0x16 // binary data
	PropRequestProblemInformation       PropertyID = 0x17 // byte
	PropWillDelayInterval               PropertyID = 0x18 // four byte integer, seconds
	PropRequestResponseInformation      PropertyID = 0x19 // byte
	PropResponseInformation             PropertyID = 0x1A // string
	PropServerReference                 PropertyID = 0x1C // string
	PropReasonString                    PropertyID = 0x1F // string
	PropReceiveMaximum                  PropertyID = 0x21 // two byte integer
	PropTopicAliasMaximum               PropertyID = 0x22 // two byte integer
	PropTopicAlias                      PropertyID = 0x23 // two byte integer
	PropMaximumQoS                      PropertyID = 0x24 // byte
	PropRetainAvailable                 PropertyID = 0x25 // byte
	PropUserProperty                    PropertyID = 0x26 // string pair, may repeat
	PropMaximumPacketSize               PropertyID = 0x27 // four byte integer, bytes
	PropWildcardSubscriptionAvailable   PropertyID = 0x28 // byte
	PropSubscriptionIdentifierAvailable PropertyID = 0x29 // byte
	PropSharedSubscriptionAvailable     PropertyID = 0x2A // byte
)

// String returns the specification's name of the property, such as "Topic
// Alias".
func (id PropertyID) String() string {
	if id.wire() == wireNone {
		return fmt.Sprintf("property 0x%02X", byte(id))
	}
	return propertyRules[id].name
}

// Properties are the properties of one packet in their wire form, without the
// length in front: identifier and value after each other, in order. That
// keeps presence, order and repeats without a field for each of the 27, costs
// nothing to decode and is copied as it is when encoding.
//
// nil means that no property was there; where the specification lets a packet
// end before its properties, Append then leaves their length out too, and
// writes it for empty Properties that are not nil. Decoded Properties are valid. Those built with the Append functions are valid when
// the values are in range. The zero value is ready to use.
type Properties []byte

// Property is one property. Which of Int, Bytes and Key is used depends on
// its type: integers in Int; strings and binary data in Bytes; a user
// property has its name in Key and its value in Bytes.
type Property struct {
	ID    PropertyID
	Int   uint32
	Key   []byte
	Bytes []byte
}

// All yields every property in the order on the wire. It stops at the first
// byte that is not a valid property, which decoded Properties do not have.
func (p Properties) All() iter.Seq[Property] {
	return func(yield func(Property) bool) {
		for len(p) > 0 {
			prop, n, err := readProperty(p)
			if err != nil || !yield(prop) {
				return
			}
			p = p[n:]
		}
	}
}

// Get returns the first property with that identifier.
func (p Properties) Get(id PropertyID) (Property, bool) {
	for prop := range p.All() {
		if prop.ID == id {
			return prop, true
		}
	}
	return Property{}, false
}

// Int returns the value of an integer property, or def when it is not there.
func (p Properties) Int(id PropertyID, def uint32) uint32 {
	if prop, ok := p.Get(id); ok {
		return prop.Int
	}
	return def
}

// String returns the value of a string property, or "" when it is not there.
func (p Properties) String(id PropertyID) string {
	prop, _ := p.Get(id)
	return string(prop.Bytes)
}
