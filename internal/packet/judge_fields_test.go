package packet

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
)

// object is a JSON object that keeps the order of its fields, which is the
// order on the wire that the judge writes properties in.
type object []field

type field struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var buf bytes.Buffer
	buf.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			buf.WriteByte(',')
		}
		for j, v := range []any{f.name, f.value} {
			if j > 0 {
				buf.WriteByte(':')
			}
			b, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			buf.Write(b)
		}
	}
	buf.WriteByte('}')
	return buf.Bytes(), nil
}

func (o *object) add(name string, value any) { *o = append(*o, field{name, value}) }

// addRepeated adds a value to a field that becomes an array when it is there.
func (o *object) addRepeated(name string, value any) {
	for i := range *o {
		f := &(*o)[i]
		if f.name != name {
			continue
		}
		if list, ok := f.value.([]any); ok {
			f.value = append(list, value)
		} else {
			f.value = []any{f.value, value}
		}
		return
	}
	o.add(name, value)
}

func buffer(b []byte) any { return object{{"$hex", hex.EncodeToString(b)}} }

// plain is o as it comes out of JSON.
func plain(t testing.TB, o object) (m map[string]any) {
	t.Helper()
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// judgeFields returns a packet as the judge has it.
func judgeFields(p Packet, v Version) object {
	o := object{{"cmd", strings.ToLower(p.Type().String())}, {"length", length(p)}}
	if p, ok := p.(*Publish); ok {
		o = append(o, field{"retain", p.Retain}, field{"qos", p.QoS}, field{"dup", p.Dup}, field{"topic", p.Topic})
		o.add("payload", buffer(p.Payload))
		if p.QoS > 0 {
			o.add("messageId", p.ID)
		}
		o.addProperties(p.Properties, v)
		return o
	}
	o = append(o, field{"retain", false}, field{"qos", requiredFlags(p.Type()) >> 1}, field{"dup", false})
	o = append(o, field{"topic", nil}, field{"payload", nil})
	switch p := p.(type) {
	case *Connect:
		o.addConnect(p)
	case *Connack:
		o.add("sessionPresent", p.SessionPresent)
		if v == V5 {
			o.add("reasonCode", p.ReasonCode)
		} else {
			o.add("returnCode", p.ReasonCode)
		}
		o.addProperties(p.Properties, v)
	case *Ack:
		o.add("messageId", p.ID)
		o.addResult(p.ReasonCode, p.Properties, v)
	case *Subscribe:
		o.add("messageId", p.ID)
		o.add("subscriptions", judgeSubscriptions(p.Subscriptions, v))
		o.addProperties(p.Properties, v)
	case *Unsubscribe:
		o.add("messageId", p.ID)
		o.add("unsubscriptions", p.Filters)
		o.addProperties(p.Properties, v)
	case *Suback:
		o.add("messageId", p.ID)
		o.addGranted(p.ReasonCodes)
		o.addProperties(p.Properties, v)
	case *Unsuback:
		o.add("messageId", p.ID)
		if v == V5 {
			o.addGranted(p.ReasonCodes)
		}
		o.addProperties(p.Properties, v)
	case *Disconnect:
		o.addResult(p.ReasonCode, p.Properties, v)
	case *Auth:
		o.addResult(p.ReasonCode, p.Properties, v)
	}
	return o
}

func (o *object) addConnect(p *Connect) {
	o.add("protocolId", protocolName(p.Version))
	o.add("protocolVersion", p.Version)
	o.add("clean", p.CleanStart)
	o.add("keepalive", p.KeepAlive)
	o.add("clientId", p.ClientID)
	if w := p.Will; w != nil {
		will := object{{"retain", w.Retain}, {"qos", w.QoS}, {"topic", w.Topic}, {"payload", buffer(w.Payload)}}
		will.addProperties(w.Properties, p.Version)
		o.add("will", will)
	}
	if p.HasUsername {
		o.add("username", p.Username)
	}
	if p.HasPassword {
		o.add("password", buffer(p.Password))
	}
	o.addProperties(p.Properties, p.Version)
}

// addResult adds what acknowledgements end with in MQTT 5.
func (o *object) addResult(code ReasonCode, props Properties, v Version) {
	if v == V5 {
		o.add("reasonCode", code)
		o.addProperties(props, v)
	}
}

func (o *object) addGranted(codes []ReasonCode) {
	granted := make([]int, len(codes)) // bytes would become a string in JSON
	for i, c := range codes {
		granted[i] = int(c)
	}
	o.add("granted", granted)
}

func judgeSubscriptions(subs []Subscription, v Version) (list []object) {
	for _, s := range subs {
		o := object{{"topic", s.Filter}, {"qos", s.QoS}}
		if v == V5 {
			o = append(o, field{"nl", s.NoLocal}, field{"rap", s.RetainAsPublished}, field{"rh", s.RetainHandling})
		}
		list = append(list, o)
	}
	return list
}

// judgeNames are the judge's names of the properties.
var judgeNames = map[PropertyID]string{
	PropPayloadFormatIndicator: "payloadFormatIndicator", PropMessageExpiryInterval: "messageExpiryInterval",
	PropContentType: "contentType", PropResponseTopic: "responseTopic", PropCorrelationData: "correlationData",
	PropSubscriptionIdentifier: "subscriptionIdentifier", PropSessionExpiryInterval: "sessionExpiryInterval",
	PropAssignedClientIdentifier: "assignedClientIdentifier", PropServerKeepAlive: "serverKeepAlive",
	PropAuthenticationMethod: "authenticationMethod", PropAuthenticationData: "authenticationData",
	PropRequestProblemInformation: "requestProblemInformation", PropWillDelayInterval: "willDelayInterval",
	PropRequestResponseInformation: "requestResponseInformation", PropResponseInformation: "responseInformation",
	PropServerReference: "serverReference", PropReasonString: "reasonString", PropReceiveMaximum: "receiveMaximum",
	PropTopicAliasMaximum: "topicAliasMaximum", PropTopicAlias: "topicAlias", PropMaximumQoS: "maximumQoS",
	PropRetainAvailable: "retainAvailable", PropUserProperty: "userProperties", PropMaximumPacketSize: "maximumPacketSize",
	PropWildcardSubscriptionAvailable:   "wildcardSubscriptionAvailable",
	PropSubscriptionIdentifierAvailable: "subscriptionIdentifiersAvailable",
	PropSharedSubscriptionAvailable:     "sharedSubscriptionAvailable",
}

func (o *object) addProperties(p Properties, v Version) {
	var props, users object
	for prop := range p.All() {
		name := judgeNames[prop.ID]
		switch prop.ID.wire() {
		case wirePair:
			if users == nil {
				props.add(name, &users)
			}
			users.addRepeated(string(prop.Key), string(prop.Bytes))
		case wireByte:
			if prop.ID == PropMaximumQoS {
				props.add(name, prop.Int)
			} else {
				props.add(name, prop.Int == 1)
			}
		case wireString:
			props.add(name, string(prop.Bytes))
		case wireBinary:
			props.add(name, buffer(prop.Bytes))
		default:
			props.addRepeated(name, prop.Int)
		}
	}
	if v == V5 && props != nil {
		o.add("properties", props)
	}
}
