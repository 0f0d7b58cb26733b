package packet

import (
	"errors"
	"slices"
	"testing"
)

// malformedCase is a packet that must be refused, with the statement that it
// breaks as the version of the connection numbers it ("" where it does not).
type malformedCase struct {
	name      string
	v         Version
	wire      string
	code      ReasonCode
	statement string
}

// malformedCases has every rule once for each version that numbers it on its
// own, so that the numbers are proved too.
var malformedCases = slices.Concat(headerCases, connectCases, publishCases, ackCases, subscribeCases, endCases, propertyCases, textCases)

var headerCases = []malformedCase{
	{"type 0", V311, "00 []", MalformedPacket, ""},
	{"type 15 before MQTT 5", V31, "f0 []", MalformedPacket, ""},
	{"type 15 before MQTT 5", V311, "f0 []", MalformedPacket, ""},
	{"flags of CONNECT", V311, "11 [{'MQTT'} 04 02 0000 {}]", MalformedPacket, "MQTT-2.2.2-2"},
	{"flags of CONNACK", V31, "24 [00 00]", MalformedPacket, "MQTT-2.2.2-2"},
	{"flags of CONNACK", V5, "21 [00 00 []]", MalformedPacket, "MQTT-2.1.3-1"},
	{"flags of PUBACK", V5, "48 [0001]", MalformedPacket, "MQTT-2.1.3-1"},
	{"flags of PUBREC", V5, "52 [0001]", MalformedPacket, "MQTT-2.1.3-1"},
	{"flags of PUBREL", V5, "60 [0001]", MalformedPacket, "MQTT-3.6.1-1"},
	{"flags of PUBREL", V311, "6a [0001]", MalformedPacket, "MQTT-3.6.1-1"},
	{"retain of PUBREL", V31, "63 [0001]", MalformedPacket, "MQTT-3.6.1-1"},
	{"QoS 0 of PUBREL", V31, "60 [0001]", MalformedPacket, "MQTT-3.6.1-1"},
	{"flags of PUBCOMP", V311, "72 [0001]", MalformedPacket, "MQTT-2.2.2-2"},
	{"flags of SUBSCRIBE", V5, "80 [0001 [] {'a'} 00]", MalformedPacket, "MQTT-3.8.1-1"},
	{"DUP of SUBSCRIBE after MQTT 3.1", V311, "8a [0001 {'a'} 00]", MalformedPacket, "MQTT-3.8.1-1"},
	{"flags of SUBACK", V5, "98 [0001 [] 00]", MalformedPacket, "MQTT-2.1.3-1"},
	{"flags of UNSUBSCRIBE", V5, "a0 [0001 [] {'a'}]", MalformedPacket, "MQTT-3.10.1-1"},
	{"flags of UNSUBACK", V311, "b1 [0001]", MalformedPacket, "MQTT-2.2.2-2"},
	{"flags of PINGREQ", V5, "c1 []", MalformedPacket, "MQTT-2.1.3-1"},
	{"flags of PINGRESP", V311, "d8 []", MalformedPacket, "MQTT-2.2.2-2"},
	{"flags of DISCONNECT", V5, "e1 []", MalformedPacket, "MQTT-3.14.1-1"},
	{"flags of DISCONNECT", V311, "e1 []", MalformedPacket, "MQTT-2.2.2-2"},
	{"flags of AUTH", V5, "f1 []", MalformedPacket, "MQTT-3.15.1-1"},
	{"remaining length of five bytes", V311, "30 80 80 80 80 01", MalformedPacket, ""},
	{"remaining length longer than needed", V5, "c0 80 00", MalformedPacket, "MQTT-1.5.5-1"},
	{"remaining length longer than needed, four bytes", V5, "c0 80 80 80 00", MalformedPacket, "MQTT-1.5.5-1"},
}

var connectCases = []malformedCase{
	{"empty CONNECT", V311, "10 []", MalformedPacket, ""},
	{"protocol name of nobody", V311, "10 [{'MQT'} 04 02 0000 {}]", UnsupportedProtocolVersion, "MQTT-3.1.2-1"},
	{"protocol name of 3.1 with level 4", V311, "10 [{'MQIsdp'} 04 02 0000 {}]", UnsupportedProtocolVersion, "MQTT-3.1.2-1"},
	{"protocol name of 3.1.1 with level 3", V31, "10 [{'MQTT'} 03 02 0000 {'a'}]", UnsupportedProtocolVersion, "MQTT-3.1.2-1"},
	{"protocol level 6", V5, "10 [{'MQTT'} 06 02 0000 [] {}]", UnsupportedProtocolVersion, "MQTT-3.1.2-2"},
	{"bridge bit in the protocol level", V311, "10 [{'MQTT'} 84 02 0000 {'a'}]", UnsupportedProtocolVersion, "MQTT-3.1.2-2"},
	{"reserved connect flag", V311, "10 [{'MQTT'} 04 03 0000 {}]", MalformedPacket, "MQTT-3.1.2-3"},
	{"reserved connect flag", V5, "10 [{'MQTT'} 05 01 0000 [] {}]", MalformedPacket, "MQTT-3.1.2-3"},
	{"will QoS without a will", V311, "10 [{'MQTT'} 04 0a 0000 {}]", MalformedPacket, "MQTT-3.1.2-13"},
	{"will QoS without a will", V5, "10 [{'MQTT'} 05 0a 0000 [] {}]", MalformedPacket, "MQTT-3.1.2-11"},
	{"will retain without a will", V311, "10 [{'MQTT'} 04 22 0000 {}]", MalformedPacket, "MQTT-3.1.2-15"},
	{"will retain without a will", V5, "10 [{'MQTT'} 05 22 0000 [] {}]", MalformedPacket, "MQTT-3.1.2-13"},
	{"will QoS 3", V311, "10 [{'MQTT'} 04 1e 0000 {} {'w'} {}]", MalformedPacket, "MQTT-3.1.2-14"},
	{"will QoS 3", V5, "10 [{'MQTT'} 05 1e 0000 [] {} [] {'w'} {}]", MalformedPacket, "MQTT-3.1.2-12"},
	{"will topic with a wildcard", V311, "10 [{'MQTT'} 04 06 0000 {} {'w/#'} {}]", ProtocolError, "MQTT-4.7.1-1"},
	{"will topic with a wildcard", V5, "10 [{'MQTT'} 05 06 0000 [] {} [] {'+'} {}]", ProtocolError, "MQTT-4.7.0-1"},
	{"will topic empty", V5, "10 [{'MQTT'} 05 06 0000 [] {} [] {} {}]", ProtocolError, "MQTT-4.7.3-1"},
	{"will payload missing", V311, "10 [{'MQTT'} 04 06 0000 {} {'w'}]", MalformedPacket, ""},
	{"password without a user name", V31, "10 [{'MQIsdp'} 03 42 0000 {'a'} {'p'}]", MalformedPacket, "MQTT-3.1.2-22"},
	{"password without a user name", V311, "10 [{'MQTT'} 04 42 0000 {} {'p'}]", MalformedPacket, "MQTT-3.1.2-22"},
	{"user name missing", V311, "10 [{'MQTT'} 04 82 0000 {}]", MalformedPacket, ""},
	{"password missing", V5, "10 [{'MQTT'} 05 c2 0000 [] {} {'u'}]", MalformedPacket, ""},
	{"half a user name in MQTT 3.1", V31, "10 [{'MQIsdp'} 03 82 0000 {'a'} 00]", MalformedPacket, ""},
	{"client identifier missing", V5, "10 [{'MQTT'} 05 02 0000 []]", MalformedPacket, ""},
	{"more than was announced", V311, "10 [{'MQTT'} 04 02 0000 {} {'u'}]", MalformedPacket, ""},
	{"authentication data without a method", V5, "10 [{'MQTT'} 05 02 0000 [16 {'x'}] {}]", ProtocolError, ""},
	{"CONNACK flags", V311, "20 [02 00]", MalformedPacket, ""},
	{"CONNACK flags", V5, "20 [02 00 []]", MalformedPacket, "MQTT-3.2.2-1"},
	{"session present but refused", V311, "20 [01 02]", ProtocolError, "MQTT-3.2.2-4"},
	{"session present but refused", V5, "20 [01 88 []]", ProtocolError, "MQTT-3.2.2-6"},
	{"return code 6", V311, "20 [00 06]", ProtocolError, ""},
	{"reason code of 3.1.1", V5, "20 [00 05 []]", ProtocolError, "MQTT-3.2.2-8"},
	{"reason code of DISCONNECT", V5, "20 [00 8e []]", ProtocolError, "MQTT-3.2.2-8"},
	{"CONNACK without a code", V311, "20 [00]", MalformedPacket, ""},
	{"CONNACK of MQTT 5 without properties", V5, "20 [00 00]", MalformedPacket, ""},
	{"CONNACK of 3.1.1 with properties", V311, "20 [00 00 []]", MalformedPacket, ""},
}

var publishCases = []malformedCase{
	{"QoS 3", V311, "36 [{'a'} 0001]", MalformedPacket, "MQTT-3.3.1-4"},
	{"QoS 3", V5, "37 [{'a'} 0001 []]", MalformedPacket, "MQTT-3.3.1-4"},
	{"DUP with QoS 0", V31, "38 [{'a'}]", ProtocolError, "MQTT-3.3.1-2"},
	{"DUP with QoS 0", V5, "39 [{'a'} []]", ProtocolError, "MQTT-3.3.1-2"},
	{"packet identifier 0", V311, "32 [{'a'} 0000]", ProtocolError, "MQTT-2.3.1-1"},
	{"packet identifier 0", V5, "34 [{'a'} 0000 []]", ProtocolError, "MQTT-2.2.1-3"},
	{"packet identifier missing", V311, "32 [{'a'}]", MalformedPacket, ""},
	{"wildcard + in the topic", V31, "30 [{'a/+'}]", ProtocolError, "MQTT-3.3.2-2"},
	{"wildcard # in the topic", V5, "30 [{'#'} []]", ProtocolError, "MQTT-3.3.2-2"},
	{"empty topic", V311, "30 [{}]", ProtocolError, "MQTT-4.7.3-1"},
	{"empty topic without an alias", V5, "30 [{} []]", ProtocolError, "MQTT-4.7.3-1"},
	{"empty PUBLISH", V311, "30 []", MalformedPacket, ""},
	{"topic longer than the packet", V311, "30 [0004 'abc']", MalformedPacket, ""},
	{"property length missing", V5, "30 [{'a'}]", MalformedPacket, ""},
	{"property length longer than the packet", V5, "30 [{'a'} 05 01 01]", MalformedPacket, ""},
	{"property length that does not end", V5, "30 [{'a'} 80]", MalformedPacket, ""},
	{"property length longer than needed", V5, "30 [{'a'} 8000]", MalformedPacket, "MQTT-1.5.5-1"},
}

var ackCases = []malformedCase{
	{"empty PUBACK", V311, "40 []", MalformedPacket, ""},
	{"half a packet identifier", V5, "50 [00]", MalformedPacket, ""},
	{"packet identifier 0", V311, "40 [0000]", ProtocolError, "MQTT-2.3.1-1"},
	{"packet identifier 0", V5, "62 [0000]", ProtocolError, "MQTT-2.2.1-3"},
	{"reason code before MQTT 5", V311, "40 [0001 00]", MalformedPacket, ""},
	{"reason code of SUBACK in PUBACK", V5, "40 [0001 01]", ProtocolError, "MQTT-3.4.2-1"},
	{"reason code of PUBREL in PUBREC", V5, "50 [0001 92]", ProtocolError, "MQTT-3.5.2-1"},
	{"reason code of PUBREC in PUBREL", V5, "62 [0001 10]", ProtocolError, "MQTT-3.6.2-1"},
	{"reason code of PUBREC in PUBCOMP", V5, "70 [0001 80]", ProtocolError, "MQTT-3.7.2-1"},
	{"bytes after the properties", V5, "40 [0001 00 [] 00]", MalformedPacket, ""},
	{"property that PUBACK has not", V5, "40 [0001 00 [23 0001]]", MalformedPacket, ""},
}

var subscribeCases = []malformedCase{
	{"SUBSCRIBE without filters", V311, "82 [0001]", ProtocolError, "MQTT-3.8.3-3"},
	{"SUBSCRIBE without filters", V5, "82 [0001 []]", ProtocolError, "MQTT-3.8.3-2"},
	{"packet identifier 0", V311, "82 [0000 {'a'} 00]", ProtocolError, "MQTT-2.3.1-1"},
	{"options missing", V5, "82 [0001 [] {'a'}]", MalformedPacket, ""},
	{"reserved options", V311, "82 [0001 {'a'} 04]", MalformedPacket, "MQTT-3.8.3-4"},
	{"reserved options", V5, "82 [0001 [] {'a'} 40]", MalformedPacket, "MQTT-3.8.3-5"},
	{"QoS 3", V311, "82 [0001 {'a'} 03]", MalformedPacket, "MQTT-3.8.3-4"},
	{"QoS 3", V5, "82 [0001 [] {'a'} 03]", ProtocolError, ""},
	{"retain handling 3", V5, "82 [0001 [] {'a'} 30]", ProtocolError, ""},
	{"no local on a shared subscription", V5, "82 [0001 [] {'$share/g/a'} 04]", ProtocolError, "MQTT-3.8.3-4"},
	{"empty filter", V311, "82 [0001 {} 00]", ProtocolError, "MQTT-4.7.3-1"},
	{"# before the end", V311, "82 [0001 {'#/a'} 00]", ProtocolError, "MQTT-4.7.1-2"},
	{"# before the end", V5, "82 [0001 [] {'#/a'} 00]", ProtocolError, "MQTT-4.7.1-1"},
	{"# in a level", V5, "82 [0001 [] {'a#'} 00]", ProtocolError, "MQTT-4.7.1-1"},
	{"+ in a level", V311, "82 [0001 {'a+'} 00]", ProtocolError, "MQTT-4.7.1-3"},
	{"+ in a level", V5, "82 [0001 [] {'+a/b'} 00]", ProtocolError, "MQTT-4.7.1-2"},
	{"empty share name", V5, "82 [0001 [] {'$share//a'} 00]", ProtocolError, "MQTT-4.8.2-1"},
	{"wildcard in the share name", V5, "82 [0001 [] {'$share/+/a'} 00]", ProtocolError, "MQTT-4.8.2-2"},
	{"share name without a filter", V5, "82 [0001 [] {'$share/g'} 00]", ProtocolError, "MQTT-4.8.2-2"},
	{"share name with an empty filter", V5, "82 [0001 [] {'$share/g/'} 00]", ProtocolError, "MQTT-4.8.2-2"},
	{"SUBACK without codes", V311, "90 [0001]", MalformedPacket, ""},
	{"SUBACK without codes", V5, "90 [0001 []]", MalformedPacket, ""},
	{"return code 3", V311, "90 [0001 03]", ProtocolError, "MQTT-3.9.3-2"},
	{"reason code of MQTT 5", V311, "90 [0001 87]", ProtocolError, "MQTT-3.9.3-2"},
	{"reason code of UNSUBACK in SUBACK", V5, "90 [0001 [] 11]", ProtocolError, "MQTT-3.9.3-2"},
	{"UNSUBSCRIBE without filters", V311, "a2 [0001]", ProtocolError, "MQTT-3.10.3-2"},
	{"UNSUBSCRIBE without filters", V5, "a2 [0001 []]", ProtocolError, "MQTT-3.10.3-2"},
	{"filter longer than the packet", V311, "a2 [0001 0002 'a']", MalformedPacket, ""},
	{"wrong filter in UNSUBSCRIBE", V311, "a2 [0001 {'a/#/b'}]", ProtocolError, "MQTT-4.7.1-2"},
	{"UNSUBACK with codes before MQTT 5", V311, "b0 [0001 00]", MalformedPacket, ""},
	{"UNSUBACK without codes", V5, "b0 [0001 []]", MalformedPacket, ""},
	{"reason code of SUBACK in UNSUBACK", V5, "b0 [0001 [] 01]", ProtocolError, "MQTT-3.11.3-2"},
}

var endCases = []malformedCase{
	{"PINGREQ with a body", V311, "c0 [00]", MalformedPacket, ""},
	{"PINGRESP with a body", V5, "d0 [00]", MalformedPacket, ""},
	{"DISCONNECT with a body before MQTT 5", V311, "e0 [00]", MalformedPacket, ""},
	{"reason code of CONNACK in DISCONNECT", V5, "e0 [84]", ProtocolError, "MQTT-3.14.2-1"},
	{"bytes after the properties", V5, "e0 [00 [] 00]", MalformedPacket, ""},
	{"reason code of DISCONNECT in AUTH", V5, "f0 [04 [15 {'m'}]]", ProtocolError, "MQTT-3.15.2-1"},
	{"AUTH without a method", V5, "f0 [18 [16 {'d'}]]", ProtocolError, ""},
	{"AUTH with a code alone", V5, "f0 [18]", ProtocolError, ""},
}

var propertyCases = []malformedCase{
	{"property that does not exist", V5, "30 [{'a'} [04 00]]", MalformedPacket, ""},
	{"property 0", V5, "30 [{'a'} [00]]", MalformedPacket, ""},
	{"property identifier of two bytes", V5, "30 [{'a'} [8101 00]]", MalformedPacket, ""},
	{"property that PUBLISH has not", V5, "30 [{'a'} [11 00000000]]", MalformedPacket, ""},
	{"property of a will in CONNECT", V5, "10 [{'MQTT'} 05 02 0000 [18 00000000] {}]", MalformedPacket, ""},
	{"property of CONNECT in a will", V5, "10 [{'MQTT'} 05 06 0000 [] {} [11 00000000] {'w'} {}]", MalformedPacket, ""},
	{"subscription identifier in UNSUBSCRIBE", V5, "a2 [0001 [0b 01] {'a'}]", MalformedPacket, ""},
	{"twice", V5, "30 [{'a'} [01 00 01 00]]", ProtocolError, ""},
	{"twice in a will", V5, "10 [{'MQTT'} 05 06 0000 [] {} [03 {} 03 {}] {'w'} {}]", ProtocolError, ""},
	{"subscription identifier twice in SUBSCRIBE", V5, "82 [0001 [0b 01 0b 02] {'a'} 00]", ProtocolError, ""},
	{"subscription identifier 0", V5, "30 [{'a'} [0b 00]]", ProtocolError, ""},
	{"subscription identifier of five bytes", V5, "30 [{'a'} [0b 8080808001]]", MalformedPacket, ""},
	{"subscription identifier longer than needed", V5, "30 [{'a'} [0b 8100]]", MalformedPacket, "MQTT-1.5.5-1"},
	{"topic alias 0", V5, "30 [{'a'} [23 0000]]", ProtocolError, "MQTT-3.3.2-8"},
	{"payload format indicator 2", V5, "30 [{'a'} [01 02]]", ProtocolError, ""},
	{"receive maximum 0", V5, "20 [00 00 [21 0000]]", ProtocolError, ""},
	{"maximum packet size 0", V5, "20 [00 00 [27 00000000]]", ProtocolError, ""},
	{"maximum QoS 2", V5, "20 [00 00 [24 02]]", ProtocolError, ""},
	{"retain available 2", V5, "20 [00 00 [25 02]]", ProtocolError, ""},
	{"wildcard subscription available 2", V5, "20 [00 00 [28 ff]]", ProtocolError, ""},
	{"subscription identifier available 2", V5, "20 [00 00 [29 02]]", ProtocolError, ""},
	{"shared subscription available 2", V5, "20 [00 00 [2a 02]]", ProtocolError, ""},
	{"request response information 2", V5, "10 [{'MQTT'} 05 02 0000 [19 02] {}]", ProtocolError, ""},
	{"request problem information 2", V5, "10 [{'MQTT'} 05 02 0000 [17 02] {}]", ProtocolError, ""},
	{"response topic with a wildcard", V5, "30 [{'a'} [08 {'re/+'}]]", ProtocolError, "MQTT-3.3.2-14"},
	{"response topic of a will with a wildcard", V5, "10 [{'MQTT'} 05 06 0000 [] {} [08 {'#'}] {'w'} {}]", ProtocolError, "MQTT-3.3.2-14"},
	{"half a two byte integer", V5, "30 [{'a'} [23 00]]", MalformedPacket, ""},
	{"half a four byte integer", V5, "30 [{'a'} [02 0000]]", MalformedPacket, ""},
	{"byte missing", V5, "30 [{'a'} [01]]", MalformedPacket, ""},
	{"string longer than the properties", V5, "30 [{'a'} [03 0002 'a'] 'b']", MalformedPacket, ""},
	{"user property without a value", V5, "30 [{'a'} [26 {'k'}]]", MalformedPacket, ""},
}

var textCases = []malformedCase{
	{"U+0000 in a topic", V311, "30 [{'a' 00}]", MalformedPacket, "MQTT-1.5.3-2"},
	{"U+0000 after other than ASCII", V5, "30 [{'€' 00} []]", MalformedPacket, "MQTT-1.5.4-2"},
	{"surrogate", V311, "30 [{eda080}]", MalformedPacket, "MQTT-1.5.3-1"},
	{"surrogate", V5, "30 [{'a' edbfbf} []]", MalformedPacket, "MQTT-1.5.4-1"},
	{"overlong", V5, "30 [{c0af} []]", MalformedPacket, "MQTT-1.5.4-1"},
	{"overlong U+0000", V5, "30 [{c080} []]", MalformedPacket, "MQTT-1.5.4-1"},
	{"above U+10FFFF", V5, "30 [{f4908080} []]", MalformedPacket, "MQTT-1.5.4-1"},
	{"sequence cut short", V5, "30 [{e282} []]", MalformedPacket, "MQTT-1.5.4-1"},
	{"client identifier", V5, "10 [{'MQTT'} 05 02 0000 [] {ff}]", MalformedPacket, "MQTT-1.5.4-1"},
	{"user name", V31, "10 [{'MQIsdp'} 03 82 0000 {'a'} {00}]", MalformedPacket, "MQTT-1.5.3-2"},
	{"will topic", V311, "10 [{'MQTT'} 04 06 0000 {} {ff} {}]", MalformedPacket, "MQTT-1.5.3-1"},
	{"topic filter", V5, "82 [0001 [] {80} 00]", MalformedPacket, "MQTT-1.5.4-1"},
	{"string property", V5, "40 [0001 00 [1f {ff}]]", MalformedPacket, "MQTT-1.5.4-1"},
	{"response topic", V5, "30 [{'a'} [08 {00}]]", MalformedPacket, "MQTT-1.5.4-2"},
	{"name of a user property", V5, "30 [{'a'} [26 {ff} {}]]", MalformedPacket, "MQTT-1.5.4-1"},
	{"value of a user property", V5, "30 [{'a'} [26 {} {00}]]", MalformedPacket, "MQTT-1.5.4-2"},
}

func TestMalformed(t *testing.T) {
	for _, c := range malformedCases {
		t.Run(c.v.String()+" "+c.name, func(t *testing.T) {
			p, err := decodeAll(wireBytes(t, c.wire), c.v)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("decoded %#v, error %v; want an *Error", p, err)
			}
			if p != nil {
				t.Errorf("a packet besides the error: %#v", p)
			}
			if e.Code != c.code || e.Statement != c.statement {
				t.Errorf("refused with %q, %q: %v", e.Code, e.Statement, e)
			}
		})
	}
}

// TestTruncated cuts every fixture at every byte: what is left must be refused
// unless it is a packet of its own, which then is encoded as it was.
func TestTruncated(t *testing.T) {
	for _, f := range fixtures {
		whole := wireBytes(t, f.wire)
		h, n, err := ParseHeader(whole, f.v)
		if err != nil {
			t.Fatal(err)
		}
		for h.Length--; h.Length >= 0; h.Length-- {
			p, err := Decode(h, whole[n:n+h.Length], f.v)
			var e *Error
			if err != nil && !errors.As(err, &e) {
				t.Errorf("MQTT %v %s cut to %d bytes: %v is not an *Error", f.v, f.name, h.Length, err)
			}
			if err == nil {
				checkRoundTrip(t, p, f.v)
			}
		}
	}
}

// TestDecodeWrongHeader proves that a header which did not come from
// ParseHeader, or not with that body, is refused.
func TestDecodeWrongHeader(t *testing.T) {
	for _, h := range []Header{{Type: PINGREQ, Length: 1}, {Type: PINGREQ, Flags: 1}, {Type: 16}, {}} {
		if p, err := Decode(h, nil, V5); !isCode(err, MalformedPacket) {
			t.Errorf("header %+v without a body: %v, %v", h, p, err)
		}
	}
}
