package packet

import "testing"

// benchmarked are the packets that a busy connection is made of.
var benchmarked = []struct {
	name   string
	v      Version
	packet Packet
}{
	{"publish 3.1.1 qos 0", V311, &Publish{Topic: "devices/kitchen/temperature", Payload: make([]byte, 64)}},
	{"publish 3.1.1 qos 1", V311, &Publish{Topic: "devices/kitchen/temperature", Payload: make([]byte, 64), QoS: 1, ID: 7}},
	{"publish 5 qos 1", V5, &Publish{Topic: "devices/kitchen/temperature", Payload: make([]byte, 64), QoS: 1, ID: 7}},
	{
		"publish 5 properties", V5,
		&Publish{
			Topic: "devices/kitchen/temperature", Payload: make([]byte, 64), QoS: 1, ID: 7,
			Properties: none.AppendInt(PropPayloadFormatIndicator, 1).AppendInt(PropMessageExpiryInterval, 60).
				AppendString(PropContentType, "application/json").AppendString(PropResponseTopic, "devices/reply").
				AppendBytes(PropCorrelationData, make([]byte, 8)).AppendUser("trace", "0123456789abcdef"),
		},
	},
	{"puback 3.1.1", V311, &Ack{Kind: PUBACK, ID: 7}},
	{"puback 5", V5, &Ack{Kind: PUBACK, ID: 7}},
	{"puback 5 reason", V5, &Ack{Kind: PUBACK, ID: 7, ReasonCode: NoMatchingSubscribers}},
}

func BenchmarkAppend(b *testing.B) {
	for _, c := range benchmarked {
		b.Run(c.name, func(b *testing.B) {
			dst := make([]byte, 0, 1024)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.packet.Append(dst, c.v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDecode decodes from bytes that are there already, a PUBLISH into
// the same struct.
func BenchmarkDecode(b *testing.B) {
	for _, c := range benchmarked {
		wire, err := c.packet.Append(nil, c.v)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			var p Publish
			b.ReportAllocs()
			for b.Loop() {
				h, n, err := ParseHeader(wire, c.v)
				if err == nil && h.Type == PUBLISH {
					err = DecodePublish(&p, h, wire[n:], c.v)
				} else if err == nil {
					_, err = Decode(h, wire[n:], c.v)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMatchTopic(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if !MatchTopic("devices/+/temperature/#", "devices/kitchen/temperature") {
			b.Fatal("no match")
		}
	}
}
