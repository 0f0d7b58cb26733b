package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/mqscript/mqscript/internal/packet"
)

// Property is one MQTT 5 property for one of the packets that a command sends.
type Property struct {
	Packet string // "connect", "publish", "subscribe" or "will"
	Name   string // as the specification has it, in lower case with hyphens
	Key    string // of a user property
	Value  string
}

// Properties is the flag --property PACKET NAME VALUE, or --property PACKET
// user-property KEY VALUE, as often as one likes.
type Properties []Property

// Decode reads one flag's three or four words.
func (p *Properties) Decode(ctx *kong.DecodeContext) error {
	var prop Property
	words := []*string{&prop.Packet, &prop.Name, &prop.Value}
	for i := 0; i < len(words); i++ {
		token := ctx.Scan.Pop()
		if token.IsEOL() {
			return fmt.Errorf("needs PACKET NAME VALUE, such as publish content-type text/plain")
		}
		*words[i] = token.String()
		if i == 1 && prop.Name == "user-property" {
			words = []*string{&prop.Packet, &prop.Name, &prop.Key, &prop.Value}
		}
	}
	if _, err := prop.appendTo(nil); err != nil {
		return err
	}
	*p = append(*p, prop)
	return nil
}

// propertyIDs are the properties that a flag can set, for each packet. What
// the client itself decides (limits, aliases, authentication) is not here.
var propertyIDs = map[string]map[string]packet.PropertyID{
	"connect": {
		"request-problem-information":  packet.PropRequestProblemInformation,
		"request-response-information": packet.PropRequestResponseInformation,
		"user-property":                packet.PropUserProperty,
	},
	"publish": {
		"content-type":             packet.PropContentType,
		"correlation-data":         packet.PropCorrelationData,
		"message-expiry-interval":  packet.PropMessageExpiryInterval,
		"payload-format-indicator": packet.PropPayloadFormatIndicator,
		"response-topic":           packet.PropResponseTopic,
		"topic-alias":              packet.PropTopicAlias,
		"user-property":            packet.PropUserProperty,
	},
	"subscribe": {
		"subscription-identifier": packet.PropSubscriptionIdentifier,
		"user-property":           packet.PropUserProperty,
	},
	"will": {
		"content-type":             packet.PropContentType,
		"correlation-data":         packet.PropCorrelationData,
		"message-expiry-interval":  packet.PropMessageExpiryInterval,
		"payload-format-indicator": packet.PropPayloadFormatIndicator,
		"response-topic":           packet.PropResponseTopic,
		"will-delay-interval":      packet.PropWillDelayInterval,
		"user-property":            packet.PropUserProperty,
	},
}

// propertyMax is the largest value of the properties that are numbers.
var propertyMax = map[packet.PropertyID]uint64{
	packet.PropRequestProblemInformation:  1,
	packet.PropRequestResponseInformation: 1,
	packet.PropPayloadFormatIndicator:     1,
	packet.PropTopicAlias:                 65535,
	packet.PropSubscriptionIdentifier:     packet.MaxLength,
	packet.PropMessageExpiryInterval:      1<<32 - 1,
	packet.PropWillDelayInterval:          1<<32 - 1,
}

func (p Property) appendTo(props packet.Properties) (packet.Properties, error) {
	names, ok := propertyIDs[p.Packet]
	if !ok {
		return nil, fmt.Errorf("%q is no packet that takes properties here; %s", p.Packet, choice(propertyIDs))
	}
	id, ok := names[p.Name]
	if !ok {
		return nil, fmt.Errorf("%s takes no property %q here; %s", p.Packet, p.Name, choice(names))
	}
	if id == packet.PropUserProperty {
		return props.AppendUser(p.Key, p.Value), nil
	}
	limit, number := propertyMax[id]
	if !number {
		return props.AppendString(id, p.Value), nil
	}
	n, err := strconv.ParseUint(p.Value, 10, 32)
	if err != nil || n > limit {
		return nil, fmt.Errorf("%s is a number from 0 to %d, not %q", p.Name, limit, p.Value)
	}
	return props.AppendInt(id, uint32(n)), nil
}

func choice[V any](from map[string]V) string {
	names := make([]string, 0, len(from))
	for name := range from {
		names = append(names, name)
	}
	slices.Sort(names)
	return "there are " + strings.Join(names, ", ")
}

// For returns the properties for one packet in wire form. type is CONNECT,
// PUBLISH or SUBSCRIBE, or 0 for the will.
func (p Properties) For(kind packet.Type) (packet.Properties, error) {
	name := "will"
	if kind != 0 {
		name = strings.ToLower(kind.String())
	}
	var props packet.Properties
	for _, prop := range p {
		if prop.Packet != name {
			continue
		}
		var err error
		if props, err = prop.appendTo(props); err != nil {
			return nil, fmt.Errorf("--property: %w", err)
		}
	}
	err := props.Validate(kind)
	if kind == 0 {
		err = props.ValidateWill()
	}
	if err != nil {
		return nil, fmt.Errorf("--property %s: %w", name, err)
	}
	return props, nil
}

// only refuses properties for packets that the command does not send.
func (p Properties) only(command string, packets ...string) error {
	for _, prop := range p {
		if !slices.Contains(packets, prop.Packet) {
			return fmt.Errorf("--property %s: %s sends no such packet with properties, only %s",
				prop.Packet, command, strings.Join(packets, " and "))
		}
	}
	return nil
}
