package packet

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// strictness has a case for each row of STRICTNESS.md. want is nil for a
// packet that is refused.
var strictness = []struct {
	name string
	v    Version
	wire string
	want Packet
}{
	{
		"control and non-characters in text", V5, "30 [{01 c280 'a' efbfbf} []]",
		&Publish{Topic: "\x01\u0080a\uffff"},
	},
	{
		"payload that is not the announced UTF-8", V5, "30 [{'a'} [01 01] ff]",
		&Publish{Topic: "a", Payload: []byte{255}, Properties: none.AppendInt(PropPayloadFormatIndicator, 1)},
	},
	{"empty response topic", V5, "30 [{'a'} [08 {}]]", &Publish{Topic: "a", Properties: none.AppendString(PropResponseTopic, "")}},
	{"remaining length longer than needed before MQTT 5", V31, "30 83808000 {'a'}", &Publish{Topic: "a"}},
	{"remaining length longer than needed before MQTT 5", V311, "c0 8000", &Pingreq{}},
	{"DUP on PUBREL, SUBSCRIBE and UNSUBSCRIBE in MQTT 3.1", V31, "6a [0001]", &Ack{Kind: PUBREL, ID: 1}},
	{
		"DUP on PUBREL, SUBSCRIBE and UNSUBSCRIBE in MQTT 3.1", V31, "8a [0001 {'a'} 01]",
		&Subscribe{ID: 1, Subscriptions: []Subscription{{Filter: "a", QoS: 1}}},
	},
	{
		"DUP on PUBREL, SUBSCRIBE and UNSUBSCRIBE in MQTT 3.1", V31, "aa [0001 {'a'}]",
		&Unsubscribe{ID: 1, Filters: []string{"a"}},
	},
	{
		"user name announced and missing in MQTT 3.1", V31, "10 [{'MQIsdp'} 03 c2 0000 {'a'}]",
		&Connect{Version: V31, CleanStart: true, ClientID: "a"},
	},
	{"first byte of CONNACK in MQTT 3.1", V31, "20 [03 02]", &Connack{ReasonCode: 2}},
	{"failure code of SUBACK in MQTT 3.1", V31, "90 [0001 80]", &Suback{ID: 1, ReasonCodes: []ReasonCode{UnspecifiedError}}},
	{
		"will payload and password that are not text in MQTT 3.1", V31, "10 [{'MQIsdp'} 03 c4 0000 {'a'} {'w'} {ff} {} {00}]",
		&Connect{
			Version: V31, ClientID: "a", Will: &Will{Topic: "w", Payload: []byte{255}},
			HasUsername: true, HasPassword: true, Password: []byte{0},
		},
	},
	{"client identifier that 3.1 or 3.1.1 does not allow", V31, "10 [{'MQIsdp'} 03 00 0000 {}]", &Connect{Version: V31}},
	{
		"client identifier that 3.1 or 3.1.1 does not allow", V31, "10 [{'MQIsdp'} 03 00 0000 {'123456789012345678901234'}]",
		&Connect{Version: V31, ClientID: "123456789012345678901234"},
	},
	{"client identifier that 3.1 or 3.1.1 does not allow", V311, "10 [{'MQTT'} 04 00 0000 {}]", &Connect{Version: V311}},
	{
		"share rules before MQTT 5", V311, "82 [0001 {'$share/+/'} 00]",
		&Subscribe{ID: 1, Subscriptions: []Subscription{{Filter: "$share/+/"}}},
	},
	{"empty AUTH", V5, "f0 []", &Auth{}},
	{"bad authentication method in DISCONNECT", V5, "e0 [8c]", &Disconnect{ReasonCode: BadAuthenticationMethod}},
	{
		"properties of the other side", V5, "30 [{'a'} [0b 01]]",
		&Publish{Topic: "a", Properties: none.AppendInt(PropSubscriptionIdentifier, 1)},
	},
	{
		"properties of the other side", V5, "e0 [00 [11 00000001 1c {'s'}]]",
		&Disconnect{Properties: none.AppendInt(PropSessionExpiryInterval, 1).AppendString(PropServerReference, "s")},
	},
	{"unused flags in MQTT 3.1", V31, "28 [00 00]", nil},
	{"unused flags in MQTT 3.1", V31, "63 [0001]", nil},
	{"DUP with QoS 0 in MQTT 3.1", V31, "38 [{'a'}]", nil},
	{"text of MQTT 3.1", V31, "30 [{eda080}]", nil},
	{"text of MQTT 3.1", V31, "30 [{00}]", nil},
	{"return code of CONNACK above 5", V31, "20 [00 06]", nil},
	{"return code of CONNACK above 5", V311, "20 [00 ff]", nil},
	{"bridge bit in the protocol level", V31, "10 [{'MQIsdp'} 83 02 0000 {'a'}]", nil},
	{"bridge bit in the protocol level", V311, "10 [{'MQTT'} 84 02 0000 {'a'}]", nil},
}

func TestStrictness(t *testing.T) {
	for _, c := range strictness {
		t.Run(c.v.String()+" "+c.name, func(t *testing.T) {
			got, err := decodeAll(wireBytes(t, c.wire), c.v)
			if c.want == nil {
				if err == nil {
					t.Errorf("accepted as %#v", got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkRoundTrip(t, got, c.v)
			if got := withoutLength(got); !reflect.DeepEqual(got, c.want) {
				t.Errorf("decoded\n%#v, want\n%#v", got, c.want)
			}
		})
	}
}

// TestStrictnessIsDocumented holds STRICTNESS.md and the cases together.
func TestStrictnessIsDocumented(t *testing.T) {
	text, err := os.ReadFile("STRICTNESS.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented, proved []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.HasPrefix(cells[1], "--") || cells[1] == " case " {
			continue
		}
		documented = append(documented, strings.TrimSpace(cells[1]))
	}
	for _, c := range strictness {
		if !slices.Contains(proved, c.name) {
			proved = append(proved, c.name)
		}
	}
	if !slices.Equal(documented, proved) {
		t.Errorf("STRICTNESS.md has the rows\n%q, the cases are\n%q", documented, proved)
	}
}
