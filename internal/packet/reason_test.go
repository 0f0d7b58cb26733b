package packet

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// reasonHomes is where the specification's tables allow each reason code.
var reasonHomes = map[ReasonCode]string{
	0x00: "CONNACK PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK DISCONNECT AUTH",
	0x01: "SUBACK", 0x02: "SUBACK", 0x04: "DISCONNECT", 0x10: "PUBACK PUBREC", 0x11: "UNSUBACK", 0x18: "AUTH", 0x19: "AUTH",
	0x80: "CONNACK PUBACK PUBREC SUBACK UNSUBACK DISCONNECT", 0x81: "CONNACK DISCONNECT", 0x82: "CONNACK DISCONNECT",
	0x83: "CONNACK PUBACK PUBREC SUBACK UNSUBACK DISCONNECT", 0x84: "CONNACK", 0x85: "CONNACK", 0x86: "CONNACK",
	0x87: "CONNACK PUBACK PUBREC SUBACK UNSUBACK DISCONNECT", 0x88: "CONNACK", 0x89: "CONNACK DISCONNECT", 0x8A: "CONNACK",
	0x8B: "DISCONNECT", 0x8C: "CONNACK DISCONNECT", 0x8D: "DISCONNECT", 0x8E: "DISCONNECT",
	0x8F: "SUBACK UNSUBACK DISCONNECT", 0x90: "CONNACK PUBACK PUBREC DISCONNECT", 0x91: "PUBACK PUBREC SUBACK UNSUBACK",
	0x92: "PUBREL PUBCOMP", 0x93: "DISCONNECT", 0x94: "DISCONNECT", 0x95: "CONNACK DISCONNECT", 0x96: "DISCONNECT",
	0x97: "CONNACK PUBACK PUBREC SUBACK DISCONNECT", 0x98: "DISCONNECT", 0x99: "CONNACK PUBACK PUBREC DISCONNECT",
	0x9A: "CONNACK DISCONNECT", 0x9B: "CONNACK DISCONNECT", 0x9C: "CONNACK DISCONNECT", 0x9D: "CONNACK DISCONNECT",
	0x9E: "SUBACK DISCONNECT", 0x9F: "CONNACK DISCONNECT", 0xA0: "DISCONNECT", 0xA1: "SUBACK DISCONNECT", 0xA2: "SUBACK DISCONNECT",
}

// TestReasonCodes tries each of the 256 codes in each packet of MQTT 5.
func TestReasonCodes(t *testing.T) {
	for code := range 256 {
		c := ReasonCode(code)
		for wire, typ := range map[string]Type{
			"20 [00 %02x []]": CONNACK, "40 [0001 %02x]": PUBACK, "50 [0001 %02x]": PUBREC, "62 [0001 %02x]": PUBREL,
			"70 [0001 %02x]": PUBCOMP, "90 [0001 [] %02x]": SUBACK, "b0 [0001 [] %02x]": UNSUBACK, "e0 [%02x]": DISCONNECT,
			"f0 [%02x [15 {'m'}]]": AUTH,
		} {
			_, err := decodeAll(wireBytes(t, fmt.Sprintf(wire, code)), V5)
			want := slices.Contains(strings.Fields(reasonHomes[c]), typ.String())
			if want && err != nil || !want && !isCode(err, ProtocolError) {
				t.Errorf("%v with 0x%02x: %v, want allowed %v", typ, code, err, want)
			}
		}
	}
}

func TestReasonNames(t *testing.T) {
	for code := range reasonHomes {
		if strings.HasPrefix(code.String(), "reason code") {
			t.Errorf("0x%02x has no name", byte(code))
		}
	}
	for got, want := range map[string]string{
		ReasonCode(0xFE).String():                            "reason code 0xFE",
		NotAuthorized.String():                               "Not authorized",
		ReasonCode(5).ReturnString():                         "Not authorized",
		ReasonCode(9).ReturnString():                         "return code 9",
		V31.String() + V311.String() + V5.String():           "3.13.1.15",
		Version(9).String():                                  "Version(9)",
		Type(16).String():                                    "Type(16)",
		AUTH.String():                                        "AUTH",
		PropMaximumQoS.String():                              "Maximum QoS",
		PropertyID(0x04).String():                            "property 0x04",
		PropertyID(0xFF).String():                            "property 0xFF",
		(&Error{Message: "m"}).Error():                       "m",
		(&Error{Message: "m", Statement: "MQTT-1"}).Error():  "m [MQTT-1]",
		fmt.Sprint(NotAuthorized.Failed(), Success.Failed()): "true false",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
