package packetjs

import (
	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/packet"
)

// kind is the JavaScript type of a property.
type kind byte

const (
	number kind = iota
	boolean
	text
	binary
)

// Property is a property of MQTT 5 as MQTT.js names it.
type property struct {
	name unistring.String
	kind kind
}

var properties = [packet.PropSharedSubscriptionAvailable + 1]property{
	packet.PropPayloadFormatIndicator:          {"payloadFormatIndicator", boolean},
	packet.PropMessageExpiryInterval:           {"messageExpiryInterval", number},
	packet.PropContentType:                     {"contentType", text},
	packet.PropResponseTopic:                   {"responseTopic", text},
	packet.PropCorrelationData:                 {"correlationData", binary},
	packet.PropSubscriptionIdentifier:          {"subscriptionIdentifier", number},
	packet.PropSessionExpiryInterval:           {"sessionExpiryInterval", number},
	packet.PropAssignedClientIdentifier:        {"assignedClientIdentifier", text},
	packet.PropServerKeepAlive:                 {"serverKeepAlive", number},
	packet.PropAuthenticationMethod:            {"authenticationMethod", text},
	packet.PropAuthenticationData:              {"authenticationData", binary},
	packet.PropRequestProblemInformation:       {"requestProblemInformation", boolean},
	packet.PropWillDelayInterval:               {"willDelayInterval", number},
	packet.PropRequestResponseInformation:      {"requestResponseInformation", boolean},
	packet.PropResponseInformation:             {"responseInformation", text},
	packet.PropServerReference:                 {"serverReference", text},
	packet.PropReasonString:                    {"reasonString", text},
	packet.PropReceiveMaximum:                  {"receiveMaximum", number},
	packet.PropTopicAliasMaximum:               {"topicAliasMaximum", number},
	packet.PropTopicAlias:                      {"topicAlias", number},
	packet.PropMaximumQoS:                      {"maximumQoS", number},
	packet.PropRetainAvailable:                 {"retainAvailable", boolean},
	packet.PropUserProperty:                    {"userProperties", text},
	packet.PropMaximumPacketSize:               {"maximumPacketSize", number},
	packet.PropWildcardSubscriptionAvailable:   {"wildcardSubscriptionAvailable", boolean},
	packet.PropSubscriptionIdentifierAvailable: {"subscriptionIdentifiersAvailable", boolean},
	packet.PropSharedSubscriptionAvailable:     {"sharedSubscriptionAvailable", boolean},
}

// properties adds the key properties when there are any and v is V5.
func (b *Builder) properties(o object, props packet.Properties, v packet.Version, received bool) {
	if v == packet.V5 && len(props) > 0 {
		o.set("properties", b.Properties(props, received))
	}
}

// Properties shows properties as an object. userProperties has no prototype
// when received.
func (b *Builder) Properties(props packet.Properties, received bool) *goja.Object {
	o := b.object(4)
	var user *userProperties
	var identifiers []any
	for p := range props.All() {
		known := properties[p.ID]
		switch {
		case p.ID == packet.PropUserProperty:
			if user == nil {
				user = b.newUserProperties(received)
				o.set(known.name, user.object.Object.Object)
			}
			user.add(string(p.Key), string(p.Bytes))
		case p.ID == packet.PropSubscriptionIdentifier:
			identifiers = append(identifiers, int64(p.Int))
			if len(identifiers) == 1 {
				o.setInt(known.name, int(p.Int))
			} else {
				o.set(known.name, b.vm.NewArray(identifiers...))
			}
		case known.kind == boolean:
			o.setBool(known.name, p.Int != 0)
		case known.kind == binary:
			o.setBytes(known.name, p.Bytes)
		case known.kind == text:
			o.setText(known.name, string(p.Bytes))
		default:
			o.setInt(known.name, int(p.Int))
		}
	}
	return o.Object.Object
}

// userProperties collects name and value pairs: a name that repeats has an
// array of its values.
type userProperties struct {
	object object
	lists  map[unistring.String][]any // of the names that repeat
}

func (b *Builder) newUserProperties(received bool) *userProperties {
	if received {
		return &userProperties{object: object{b.bare.Make(4), b}}
	}
	return &userProperties{object: b.object(4)}
}

func (u *userProperties) add(key, value string) {
	o, name, v := u.object, unistring.NewFromString(key), u.object.b.text(value)
	before := o.Value(name)
	if before == nil {
		o.set(name, v)
		return
	}
	if u.lists == nil {
		u.lists = make(map[unistring.String][]any)
	}
	if u.lists[name] == nil {
		u.lists[name] = []any{before}
	}
	u.lists[name] = append(u.lists[name], v)
	o.set(name, o.b.vm.NewArray(u.lists[name]...))
}
