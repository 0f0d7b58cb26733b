package packetjs

import (
	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
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
	users := b.userProperties(received)
	var o draft
	var user userProperties
	var identifiers []any
	for p := range props.All() {
		known := &properties[p.ID]
		switch p.ID {
		case packet.PropUserProperty:
			if user.n == 0 {
				o.set(&b.props, known.name, goja.Undefined()) // its place
			}
			user.add(b, users, b.name(p.Key), p.Bytes)
		case packet.PropSubscriptionIdentifier:
			identifiers = append(identifiers, int64(p.Int))
			if len(identifiers) == 1 {
				o.set(&b.props, known.name, engine.Int(b.vm, int64(p.Int)))
			} else {
				o.set(&b.props, known.name, b.vm.NewArray(identifiers...))
			}
		default:
			o.set(&b.props, known.name, b.property(known.kind, p))
		}
	}
	if user.n > 0 {
		o.set(&b.props, properties[packet.PropUserProperty].name, user.make(users))
	}
	return o.make(&b.props)
}

// property makes the value of a property.
func (b *Builder) property(of kind, p packet.Property) goja.Value {
	switch of {
	case boolean:
		return b.vm.ToValue(p.Int != 0)
	case binary:
		return b.copied(p.Bytes)
	case text:
		return b.text(string(p.Bytes))
	}
	return engine.Int(b.vm, int64(p.Int))
}

// userProperties returns what makes their objects.
func (b *Builder) userProperties(received bool) *maker {
	if received {
		return &b.receivedUser
	}
	return &b.sentUser
}

// userProperties collects name and value pairs: a name that repeats has an
// array of its values.
type userProperties struct {
	draft
	lists map[unistring.String][]any // of the names that repeat
}

func (u *userProperties) add(b *Builder, m *maker, name unistring.String, value []byte) {
	v := b.text(string(value))
	before := u.value(name)
	if before == nil {
		u.set(m, name, v)
		return
	}
	if u.lists == nil {
		u.lists = make(map[unistring.String][]any)
	}
	if u.lists[name] == nil {
		u.lists[name] = []any{before}
	}
	u.lists[name] = append(u.lists[name], v)
	u.set(m, name, b.vm.NewArray(u.lists[name]...))
}

// The bounds of the names of user properties that are kept.
const (
	maxNames      = 256
	maxNameLength = 64 // bytes
)

// name returns the name of a user property, which mostly came before.
func (b *Builder) name(key []byte) unistring.String {
	if name, ok := b.names[string(key)]; ok {
		return name
	}
	text := string(key)
	name := unistring.NewFromString(text)
	if len(key) <= maxNameLength && len(b.names) < maxNames {
		if b.names == nil {
			b.names = make(map[string]unistring.String)
		}
		b.names[text] = name
	}
	return name
}
