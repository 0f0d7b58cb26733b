package packet

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

var tooLong = strings.Repeat("a", maxText+1)

// TestAppendRefuses has what cannot be encoded.
func TestAppendRefuses(t *testing.T) {
	huge := make([]byte, MaxLength)
	publish := func(p Publish) *Publish {
		if p.Topic == "" {
			p.Topic = "a"
		}
		return &p
	}
	connect := func(c Connect) *Connect {
		if c.Version == 0 {
			c.Version = V311
		}
		return &c
	}
	subscribe := func(s Subscription) *Subscribe { return &Subscribe{ID: 1, Subscriptions: []Subscription{s}} }
	cases := []struct {
		name      string
		v         Version
		packet    Packet
		code      ReasonCode
		statement string
	}{
		{"QoS 3", V5, publish(Publish{QoS: 3, ID: 1}), MalformedPacket, "MQTT-3.3.1-4"},
		{"DUP with QoS 0", V311, publish(Publish{Dup: true}), ProtocolError, "MQTT-3.3.1-2"},
		{"PUBLISH without packet identifier", V5, publish(Publish{QoS: 1}), ProtocolError, "MQTT-2.2.1-3"},
		{"PUBLISH without packet identifier", V311, publish(Publish{QoS: 2}), ProtocolError, "MQTT-2.3.1-1"},
		{"no topic", V311, &Publish{}, ProtocolError, "MQTT-4.7.3-1"},
		{"no topic and no alias", V5, &Publish{Properties: reason}, ProtocolError, "MQTT-4.7.3-1"},
		{"alias before MQTT 5", V311, &Publish{Properties: none.AppendInt(PropTopicAlias, 1)}, ProtocolError, "MQTT-4.7.3-1"},
		{"topic too long", V5, publish(Publish{Topic: tooLong}), MalformedPacket, ""},
		{"PUBLISH too large", V5, publish(Publish{Payload: huge}), PacketTooLarge, "MQTT-3.1.2-24"},
		{"PUBLISH too large", V311, publish(Publish{Payload: huge}), PacketTooLarge, ""},

		{"no version", V5, &Connect{}, UnsupportedProtocolVersion, "MQTT-3.1.2-2"},
		{"version 6", V5, &Connect{Version: 6}, UnsupportedProtocolVersion, "MQTT-3.1.2-2"},
		{"client identifier too long", V5, connect(Connect{ClientID: tooLong}), MalformedPacket, ""},
		{"user name too long", V5, connect(Connect{HasUsername: true, Username: tooLong}), MalformedPacket, ""},
		{"password too long", V5, connect(Connect{Version: V5, HasPassword: true, Password: []byte(tooLong)}), MalformedPacket, ""},
		{"password without user name", V311, connect(Connect{HasPassword: true}), MalformedPacket, "MQTT-3.1.2-22"},
		{"will QoS 3", V5, connect(Connect{Will: &Will{Topic: "a", QoS: 3}}), MalformedPacket, "MQTT-3.1.2-14"},
		{"will QoS 4", V5, connect(Connect{Version: V5, Will: &Will{Topic: "a", QoS: 4}}), MalformedPacket, "MQTT-3.1.2-12"},
		{"will without topic", V5, connect(Connect{Will: &Will{}}), ProtocolError, "MQTT-4.7.3-1"},
		{"will topic too long", V5, connect(Connect{Will: &Will{Topic: tooLong}}), MalformedPacket, ""},
		{"will payload too long", V5, connect(Connect{Will: &Will{Topic: "a", Payload: []byte(tooLong)}}), MalformedPacket, ""},
		{"CONNECT too large", V5, connect(Connect{Version: V5, Properties: huge}), PacketTooLarge, "MQTT-3.1.2-24"},

		{"session present and refused", V5, &Connack{SessionPresent: true, ReasonCode: Banned}, ProtocolError, "MQTT-3.2.2-6"},
		{"session present and refused", V311, &Connack{SessionPresent: true, ReasonCode: 1}, ProtocolError, "MQTT-3.2.2-4"},
		{"reason code before MQTT 5", V311, &Connack{ReasonCode: Banned}, ProtocolError, ""},
		{"reason code of another packet", V5, &Connack{ReasonCode: SessionTakenOver}, ProtocolError, "MQTT-3.2.2-8"},
		{"CONNACK too large", V5, &Connack{Properties: huge}, PacketTooLarge, "MQTT-3.1.2-24"},

		{"no acknowledgement", V5, &Ack{Kind: SUBACK, ID: 1}, ProtocolError, ""},
		{"no kind", V5, &Ack{ID: 1}, ProtocolError, ""},
		{"acknowledgement without packet identifier", V5, &Ack{Kind: PUBREL}, ProtocolError, "MQTT-2.2.1-3"},
		{"acknowledgement too large", V5, &Ack{Kind: PUBACK, ID: 1, Properties: huge}, PacketTooLarge, "MQTT-3.1.2-24"},
		{"acknowledgement's reason code", V5, &Ack{Kind: PUBCOMP, ID: 1, ReasonCode: QuotaExceeded}, ProtocolError, "MQTT-3.7.2-1"},

		{"SUBSCRIBE without filters", V5, &Subscribe{ID: 1}, ProtocolError, "MQTT-3.8.3-2"},
		{"SUBSCRIBE without packet identifier", V5, &Subscribe{Subscriptions: []Subscription{{Filter: "a"}}}, ProtocolError, "MQTT-2.2.1-3"},
		{"filter too long", V5, subscribe(Subscription{Filter: tooLong}), MalformedPacket, ""},
		{"requested QoS 3", V5, subscribe(Subscription{Filter: "a", QoS: 3}), ProtocolError, ""},
		{"requested QoS 3", V311, subscribe(Subscription{Filter: "a", QoS: 3}), MalformedPacket, "MQTT-3.8.3-4"},
		{"retain handling 3", V5, subscribe(Subscription{Filter: "a", RetainHandling: 3}), ProtocolError, ""},
		{"no local on a shared subscription", V5, subscribe(Subscription{Filter: "$share/a/b", NoLocal: true}), ProtocolError, "MQTT-3.8.3-4"},
		{"SUBSCRIBE too large", V5, &Subscribe{ID: 1, Subscriptions: []Subscription{{Filter: "a"}}, Properties: huge}, PacketTooLarge, "MQTT-3.1.2-24"},
		{"SUBACK without codes", V5, &Suback{ID: 1}, MalformedPacket, ""},
		{"SUBACK's reason code", V311, &Suback{ID: 1, ReasonCodes: []ReasonCode{NotAuthorized}}, ProtocolError, "MQTT-3.9.3-2"},
		{"SUBACK without packet identifier", V311, &Suback{ReasonCodes: []ReasonCode{0}}, ProtocolError, "MQTT-2.3.1-1"},
		{"UNSUBSCRIBE without filters", V5, &Unsubscribe{ID: 1}, ProtocolError, "MQTT-3.10.3-2"},
		{"UNSUBSCRIBE without packet identifier", V311, &Unsubscribe{Filters: []string{"a"}}, ProtocolError, "MQTT-2.3.1-1"},
		{"filter too long", V5, &Unsubscribe{ID: 1, Filters: []string{tooLong}}, MalformedPacket, ""},
		{"UNSUBACK without codes", V5, &Unsuback{ID: 1}, MalformedPacket, ""},
		{"UNSUBACK without packet identifier", V311, &Unsuback{}, ProtocolError, "MQTT-2.3.1-1"},

		{"DISCONNECT's reason code", V5, &Disconnect{ReasonCode: GrantedQoS1}, ProtocolError, "MQTT-3.14.2-1"},
		{"DISCONNECT too large", V5, &Disconnect{Properties: huge}, PacketTooLarge, "MQTT-3.1.2-24"},
		{"AUTH before MQTT 5", V311, &Auth{}, MalformedPacket, ""},
		{"AUTH's reason code", V5, &Auth{ReasonCode: Banned}, ProtocolError, "MQTT-3.15.2-1"},
		{"AUTH too large", V5, &Auth{Properties: huge}, PacketTooLarge, "MQTT-3.1.2-24"},
	}
	for _, c := range cases {
		t.Run(c.v.String()+" "+c.name, func(t *testing.T) {
			got, err := c.packet.Append([]byte("before"), c.v)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v, want an *Error", err)
			}
			if e.Code != c.code || e.Statement != c.statement {
				t.Errorf("refused with %q, %q: %v", e.Code, e.Statement, e)
			}
			if !bytes.Equal(got, []byte("before")) {
				t.Errorf("the destination was changed to %.20q", got)
			}
		})
	}
}

// TestAppendEarlierVersions checks what is left out before MQTT 5 rather than
// refused.
func TestAppendEarlierVersions(t *testing.T) {
	cases := map[string]Packet{
		"20 [00 00]":                           &Connack{Properties: reason},
		"30 [{'a'}]":                           &Publish{Topic: "a", Properties: reason},
		"40 [0001]":                            &Ack{Kind: PUBACK, ID: 1, ReasonCode: QuotaExceeded, Properties: reason},
		"82 [0001 {'a'} 01]":                   &Subscribe{ID: 1, Properties: users, Subscriptions: []Subscription{{Filter: "a", QoS: 1, NoLocal: true, RetainAsPublished: true, RetainHandling: 2}}},
		"90 [0001 80]":                         &Suback{ID: 1, Properties: reason, ReasonCodes: []ReasonCode{UnspecifiedError}},
		"a2 [0001 {'a'}]":                      &Unsubscribe{ID: 1, Properties: users, Filters: []string{"a"}},
		"b0 [0001]":                            &Unsuback{ID: 1, Properties: reason, ReasonCodes: []ReasonCode{NoSubscriptionExisted}},
		"e0 []":                                &Disconnect{ReasonCode: DisconnectWithWill, Properties: reason},
		"10 [{'MQTT'} 04 06 0000 {} {'w'} {}]": &Connect{Version: V311, CleanStart: true, Properties: users, Will: &Will{Topic: "w", Properties: users}},
	}
	for wire, p := range cases {
		got, err := p.Append(nil, V311)
		if want := wireBytes(t, wire); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v: %x, %v, want %x", p.Type(), got, err, want)
		}
	}
	if got, err := (&Connack{SessionPresent: true}).Append(nil, V31); err != nil || !bytes.Equal(got, []byte{0x20, 2, 0, 0}) {
		t.Errorf("CONNACK of MQTT 3.1 with session present: %x, %v", got, err)
	}
}

// TestLongestAccepted encodes and decodes what is just not too long.
func TestLongestAccepted(t *testing.T) {
	longest := tooLong[1:]
	for _, p := range []Packet{
		&Publish{Topic: longest, Properties: none.AppendUser(longest, longest)},
		&Connect{Version: V5, ClientID: longest, Will: &Will{Topic: longest, Payload: []byte(longest)}},
		&Subscribe{ID: 65535, Subscriptions: []Subscription{{Filter: longest}}},
	} {
		b, err := p.Append(nil, V5)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeAll(b, V5)
		if err != nil {
			t.Fatal(err)
		}
		checkRoundTrip(t, got, V5)
	}
}

func TestPublishSize(t *testing.T) {
	for _, f := range fixtures {
		if p, ok := f.packet.(*Publish); ok {
			if want := len(wireBytes(t, f.wire)); p.Size(f.v) != want {
				t.Errorf("MQTT %v %s has the size %d, want %d", f.v, f.name, p.Size(f.v), want)
			}
		}
	}
	for _, n := range []int{127 - 3, 128 - 3, 16383 - 3, 16384 - 3, 2097151 - 3, 2097152 - 3} {
		p := &Publish{Topic: "a", Payload: make([]byte, n)}
		b, err := p.Append(nil, V311)
		if err != nil || len(b) != p.Size(V311) {
			t.Errorf("a payload of %d bytes takes %d bytes, Size says %d, %v", n, len(b), p.Size(V311), err)
		}
		if got, err := decodeAll(b, V311); err != nil || len(got.(*Publish).Payload) != n {
			t.Errorf("a payload of %d bytes comes back wrong: %v", n, err)
		}
	}
}
