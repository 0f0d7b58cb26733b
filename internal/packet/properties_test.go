package packet

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestPropertiesAppend(t *testing.T) {
	cases := map[string]Properties{
		"01 01":             none.AppendInt(PropPayloadFormatIndicator, 1),
		"02 01020304":       none.AppendInt(PropMessageExpiryInterval, 0x01020304),
		"21 0102":           none.AppendInt(PropReceiveMaximum, 0x0102),
		"0b 8001":           none.AppendInt(PropSubscriptionIdentifier, 128),
		"0b ffffff7f":       none.AppendInt(PropSubscriptionIdentifier, MaxLength),
		"03 {'a/b'}":        none.AppendString(PropContentType, "a/b"),
		"03 {'a/c'}":        none.AppendBytes(PropContentType, []byte("a/c")),
		"09 {0001}":         none.AppendBytes(PropCorrelationData, []byte{0, 1}),
		"09 {'x'}":          none.AppendString(PropCorrelationData, "x"),
		"26 {'k'} {'v'}":    none.AppendUser("k", "v"),
		"26 {} {} 26 {} {}": none.AppendUser("", "").AppendUser("", ""),
	}
	for wire, p := range cases {
		if want := wireBytes(t, wire); !bytes.Equal(p, want) {
			t.Errorf("%x, want %x", p, want)
		}
	}
}

// TestPropertiesAppendUnusable proves that a value which its property cannot
// hold is never sent as something else.
func TestPropertiesAppendUnusable(t *testing.T) {
	for name, p := range map[string]Properties{
		"byte of 256":                     none.AppendInt(PropPayloadFormatIndicator, 256),
		"two bytes of 65536":              none.AppendInt(PropTopicAlias, 65536),
		"varint of 2^28":                  none.AppendInt(PropSubscriptionIdentifier, MaxLength+1),
		"integer for a string":            none.AppendInt(PropContentType, 1),
		"integer for a user property":     none.AppendInt(PropUserProperty, 1),
		"integer for an unknown property": none.AppendInt(0xFF, 1),
		"string for an integer":           none.AppendString(PropTopicAlias, "1"),
		"string for a user property":      none.AppendString(PropUserProperty, "k"),
		"string too long":                 none.AppendString(PropContentType, tooLong),
		"bytes too long":                  none.AppendBytes(PropCorrelationData, []byte(tooLong)),
		"bytes for an unknown property":   none.AppendBytes(0, nil),
		"name too long":                   none.AppendUser(tooLong, ""),
		"value too long":                  none.AppendUser("", tooLong),
	} {
		if err := p.Validate(PUBLISH); !isCode(err, MalformedPacket) {
			t.Errorf("%s is valid: %v", name, err)
		}
		if len(slices.Collect(p.All())) != 0 {
			t.Errorf("%s is yielded", name)
		}
	}
}

func TestPropertiesRead(t *testing.T) {
	p := append(users, none.AppendInt(PropTopicAlias, 0).AppendInt(PropSubscriptionIdentifier, 300).
		AppendInt(PropSubscriptionIdentifier, 1).AppendString(PropContentType, "").AppendBytes(PropCorrelationData, []byte{0})...)
	want := []Property{
		{ID: PropUserProperty, Key: []byte("k"), Bytes: []byte("1")},
		{ID: PropUserProperty, Key: []byte("k"), Bytes: []byte("2")},
		{ID: PropUserProperty, Key: []byte("a")},
		{ID: PropTopicAlias},
		{ID: PropSubscriptionIdentifier, Int: 300},
		{ID: PropSubscriptionIdentifier, Int: 1},
		{ID: PropContentType},
		{ID: PropCorrelationData, Bytes: []byte{0}},
	}
	if got := slices.Collect(p.All()); !reflect.DeepEqual(got, want) {
		t.Errorf("all properties are\n%v, want\n%v", got, want)
	}
	if got := p.Int(PropTopicAlias, 7); got != 0 {
		t.Errorf("topic alias is %d, want the 0 that is there", got)
	}
	if got := p.Int(PropReceiveMaximum, 7); got != 7 {
		t.Errorf("receive maximum is %d, want the default", got)
	}
	if got := p.Int(PropSubscriptionIdentifier, 0); got != 300 {
		t.Errorf("subscription identifier is %d, want the first", got)
	}
	if _, ok := p.Get(PropContentType); !ok {
		t.Error("the empty content type is lost")
	}
	if _, ok := p.Get(PropResponseTopic); ok {
		t.Error("a response topic that is not there was found")
	}
	if got := none.AppendString(PropReasonString, "why").String(PropReasonString); got != "why" {
		t.Errorf("reason string is %q", got)
	}
	if got := p.String(PropReasonString); got != "" {
		t.Errorf("reason string that is not there is %q", got)
	}
}

func TestPropertiesWithout(t *testing.T) {
	p := none.AppendInt(PropTopicAlias, 1).AppendUser("k", "1").AppendInt(PropSubscriptionIdentifier, 5).
		AppendUser("a", "2").AppendInt(PropSubscriptionIdentifier, 6)
	before := slices.Clone(p)
	got := p.Without(PropSubscriptionIdentifier, PropTopicAlias)
	if want := none.AppendUser("k", "1").AppendUser("a", "2"); !bytes.Equal(got, want) {
		t.Errorf("left is %x, want %x", got, want)
	}
	if !bytes.Equal(p, before) {
		t.Error("the receiver was changed")
	}
	if got := p.Without(PropContentType, PropResponseTopic); &got[0] != &p[0] {
		t.Error("a copy was made although there was nothing to remove")
	}
	if got := none.AppendInt(PropTopicAlias, 1).Without(PropTopicAlias); got != nil {
		t.Errorf("left of nothing is %v, want nil", got)
	}
	if got := append(p, 0).Without(PropTopicAlias); got.Validate(PUBLISH) != nil {
		t.Errorf("what is not valid is kept: %x", got)
	}
	if got := none.Without(PropTopicAlias); got != nil {
		t.Errorf("left of nil is %v", got)
	}
}

// homes is where the specification's table of properties allows each one,
// written as that table has it: packet types, and W for a will.
var homes = map[PropertyID]string{
	PropPayloadFormatIndicator:          "PUBLISH W",
	PropMessageExpiryInterval:           "PUBLISH W",
	PropContentType:                     "PUBLISH W",
	PropResponseTopic:                   "PUBLISH W",
	PropCorrelationData:                 "PUBLISH W",
	PropSubscriptionIdentifier:          "PUBLISH SUBSCRIBE",
	PropSessionExpiryInterval:           "CONNECT CONNACK DISCONNECT",
	PropAssignedClientIdentifier:        "CONNACK",
	PropServerKeepAlive:                 "CONNACK",
	PropAuthenticationMethod:            "CONNECT CONNACK AUTH",
	PropAuthenticationData:              "CONNECT CONNACK AUTH",
	PropRequestProblemInformation:       "CONNECT",
	PropWillDelayInterval:               "W",
	PropRequestResponseInformation:      "CONNECT",
	PropResponseInformation:             "CONNACK",
	PropServerReference:                 "CONNACK DISCONNECT",
	PropReasonString:                    "CONNACK PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK DISCONNECT AUTH",
	PropReceiveMaximum:                  "CONNECT CONNACK",
	PropTopicAliasMaximum:               "CONNECT CONNACK",
	PropTopicAlias:                      "PUBLISH",
	PropMaximumQoS:                      "CONNACK",
	PropRetainAvailable:                 "CONNACK",
	PropUserProperty:                    "CONNECT CONNACK PUBLISH W PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK DISCONNECT AUTH",
	PropMaximumPacketSize:               "CONNECT CONNACK",
	PropWildcardSubscriptionAvailable:   "CONNACK",
	PropSubscriptionIdentifierAvailable: "CONNACK",
	PropSharedSubscriptionAvailable:     "CONNACK",
}

func TestPropertyNames(t *testing.T) {
	for id := range homes {
		// The judge's names are the specification's in camel case, but for a plural.
		name := strings.ReplaceAll(id.String(), " ", "")
		if want := judgeNames[id]; !strings.EqualFold(name, strings.Replace(strings.Replace(want, "Identifiers", "Identifier", 1), "Properties", "Property", 1)) {
			t.Errorf("property 0x%02x is called %q, the judge calls it %q", byte(id), id, want)
		}
	}
}

// TestPropertiesValidateHomes tries every identifier in every packet type.
func TestPropertiesValidateHomes(t *testing.T) {
	for id := PropertyID(0); id < 0x80; id++ {
		p := none.AppendInt(id, 1)
		switch id.wire() {
		case wireString, wireBinary:
			p = none.AppendString(id, "x")
		case wirePair:
			p = none.AppendUser("x", "y")
		}
		for typ := CONNECT; typ <= AUTH; typ++ {
			want := slices.Contains(strings.Fields(homes[id]), typ.String())
			if typ == CONNECT && id == PropAuthenticationData {
				p = p.AppendString(PropAuthenticationMethod, "m")
			}
			if err := p.Validate(typ); (err == nil) != want {
				t.Errorf("property 0x%02x in %v: %v, want allowed %v", byte(id), typ, err, want)
			}
		}
		want := slices.Contains(strings.Fields(homes[id]), "W")
		if err := p.ValidateWill(); (err == nil) != want {
			t.Errorf("property 0x%02x in a will: %v, want allowed %v", byte(id), err, want)
		}
	}
	if err := users.Validate(Type(200)); err == nil {
		t.Error("a packet type that does not exist may have properties")
	}
}

// TestPropertiesValidateRepeats tries every property twice where it is allowed.
func TestPropertiesValidateRepeats(t *testing.T) {
	for id, r := range propertyRules {
		for typ := will; typ <= AUTH; typ++ {
			if r.home>>typ&1 == 0 {
				continue
			}
			p := none.AppendInt(PropertyID(id), 1).AppendInt(PropertyID(id), 1)
			switch r.wire {
			case wireString, wireBinary:
				p = none.AppendString(PropertyID(id), "x").AppendString(PropertyID(id), "x")
			case wirePair:
				p = none.AppendUser("x", "y").AppendUser("x", "y")
			}
			allowed := PropertyID(id) == PropUserProperty || PropertyID(id) == PropSubscriptionIdentifier && typ == PUBLISH
			if err := p.Validate(typ); allowed && err != nil || !allowed && !isCode(err, ProtocolError) {
				t.Errorf("property 0x%02x twice in %v: %v, want allowed %v", id, typ, err, allowed)
			}
		}
	}
}
