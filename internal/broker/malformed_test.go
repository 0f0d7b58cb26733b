package broker

import (
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// Each of these ends its own connection and nothing else.
var malformed = []struct {
	name   string
	v      packet.Version
	wire   []byte
	reason packet.ReasonCode // of the DISCONNECT, MQTT 5 only
}{
	{"SUBSCRIBE without an options byte", packet.V5, []byte{0x82, 6, 0, 1, 0, 0, 1, 'a'}, packet.MalformedPacket},
	{"SUBSCRIBE without an options byte", packet.V311, []byte{0x82, 5, 0, 1, 0, 1, 'a'}, 0},
	{"SUBSCRIBE without a filter", packet.V5, []byte{0x82, 3, 0, 1, 0}, packet.ProtocolError},
	{"SUBSCRIBE with the wrong flags", packet.V5, []byte{0x80, 7, 0, 1, 0, 0, 1, 'a', 0}, packet.MalformedPacket},
	{"SUBSCRIBE with identifier 0", packet.V5, []byte{0x82, 7, 0, 0, 0, 0, 1, 'a', 0}, packet.ProtocolError},
	{"PUBLISH with QoS 3", packet.V5, []byte{0x36, 7, 0, 1, 'a', 0, 1, 0, 'x'}, packet.MalformedPacket},
	{"PUBLISH to a wildcard", packet.V5, []byte{0x30, 4, 0, 1, '#', 0}, packet.ProtocolError},
	{"PUBLISH shorter than its topic", packet.V5, []byte{0x30, 3, 0, 9, 'a'}, packet.MalformedPacket},
	{"PUBLISH with a topic that is not UTF-8", packet.V5, []byte{0x30, 4, 0, 1, 0xFF, 0}, packet.MalformedPacket},
	{"PUBLISH with properties over its end", packet.V5, []byte{0x30, 5, 0, 1, 'a', 9, 1}, packet.MalformedPacket},
	{"PUBLISH with an alias that was never set", packet.V5, []byte{0x30, 6, 0, 0, 3, 0x23, 0, 1}, packet.ProtocolError},
	{"PUBLISH with alias 0", packet.V5, []byte{0x30, 7, 0, 1, 'a', 3, 0x23, 0, 0}, packet.ProtocolError},
	{"PUBLISH with an alias over the maximum", packet.V5, []byte{0x30, 7, 0, 1, 'a', 3, 0x23, 0, 65}, packet.TopicAliasInvalid},
	{"PUBLISH with a subscription identifier", packet.V5, []byte{0x30, 6, 0, 1, 'a', 2, 0x0B, 1}, packet.ProtocolError},
	{"a length that does not end", packet.V5, []byte{0x30, 0xFF, 0xFF, 0xFF, 0xFF}, packet.MalformedPacket},
	{"a packet over the limit", packet.V5, []byte{0x30, 0xFF, 0xFF, 0xFF, 0x7F}, packet.PacketTooLarge},
	{"packet type 0", packet.V5, []byte{0, 0}, packet.MalformedPacket},
	{"packet type 15 before MQTT 5", packet.V311, []byte{0xF0, 0}, 0},
	{"AUTH without a method", packet.V5, []byte{0xF0, 2, 0x18, 0}, packet.ProtocolError},
	{"a second CONNECT", packet.V5, []byte{0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'x'}, packet.ProtocolError},
	{"CONNACK from a client", packet.V5, []byte{0x20, 3, 0, 0, 0}, packet.ProtocolError},
	{"PUBREL with the wrong flags", packet.V5, []byte{0x60, 2, 0, 1}, packet.MalformedPacket},
	{"PINGREQ with a body", packet.V5, []byte{0xC0, 1, 0}, packet.MalformedPacket},
}

func TestMalformedPackets(t *testing.T) {
	b := start(t, Options{})
	healthy := connected(t, b, packet.V5, "healthy")
	healthy.subscribe(packet.Subscription{Filter: "healthy"})
	for _, c := range malformed {
		t.Run(fmt.Sprintf("%v %s", c.v, c.name), func(t *testing.T) {
			p := connected(t, b, c.v, "broken")
			p.write(c.wire)
			if got := p.ended(); got != c.reason {
				t.Errorf("DISCONNECT has the reason %v, want %v", got, c.reason)
			}
			healthy.t = t
			healthy.roundTrip("healthy")
		})
	}
	if s := b.Stats(); s.Faults != 0 {
		t.Errorf("%d connections ended by a fault", s.Faults)
	}
}

// roundTrip publishes to a topic that the peer has subscribed.
func (p *peer) roundTrip(topic string) {
	p.t.Helper()
	p.send(&packet.Publish{Topic: topic, Payload: []byte("ping")})
	if got := receive[*packet.Publish](p); string(got.Payload) != "ping" {
		p.t.Fatalf("got %+v", got)
	}
}

func TestMalformedFirstPackets(t *testing.T) {
	b := start(t, Options{})
	for name, wire := range map[string][]byte{
		"not CONNECT":              {0xC0, 0},
		"PUBLISH":                  {0x30, 4, 0, 1, 'a', 0},
		"another protocol":         []byte("GET / HTTP/1.1\r\n\r\n"),
		"another protocol's level": {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 9, 2, 0, 0, 0, 1, 'x'},
		"reserved flag":            {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 3, 0, 0, 0, 1, 'x'},
		"cut short":                {0x10, 5, 0, 4, 'M', 'Q', 'T'},
		"a lot announced":          {0x10, 0xFF, 0xFF, 0xFF, 0x7F, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := dial(t, b, packet.V5)
			p.write(wire)
			if reason := p.ended(); reason != 0 {
				t.Errorf("got DISCONNECT %v before CONNACK", reason)
			}
		})
	}
}

// A broken packet is no goodbye: the will must be published [MQTT-3.1.2-8].
func TestMalformedPacketSendsTheWill(t *testing.T) {
	b := start(t, Options{})
	watcher := connected(t, b, packet.V5, "watcher")
	watcher.subscribe(packet.Subscription{Filter: "will"})
	for _, c := range malformed {
		if c.reason == 0 {
			continue
		}
		p := dial(t, b, packet.V5)
		p.connect(&packet.Connect{
			Version: packet.V5, CleanStart: true, ClientID: "dying",
			Will: &packet.Will{Topic: "will", Payload: []byte(c.name)},
		})
		p.write(c.wire)
		if got := receive[*packet.Publish](watcher); string(got.Payload) != c.name {
			t.Fatalf("got the will %q, want %q", got.Payload, c.name)
		}
	}
}

// Thousands of broken byte streams leave a healthy client undisturbed.
func TestMutatedStreams(t *testing.T) {
	streams := 2000
	if testing.Short() {
		streams = 200
	}
	b := start(t, Options{MaxPacketSize: 64 << 10})
	healthy := connected(t, b, packet.V5, "healthy")
	healthy.subscribe(packet.Subscription{Filter: "healthy/topic"})
	for seed := range streams {
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		p := dial(t, b, packet.V5)
		if _, err := p.nc.Write(mutatedStream(t, rng)); err != nil {
			continue // ended already
		}
		if seed%16 == 0 {
			healthy.roundTrip("healthy/topic")
		}
		_ = p.nc.(*net.TCPConn).CloseWrite()
		_ = p.nc.SetReadDeadline(time.Now().Add(patience))
		drain(p.nc)
		_ = p.nc.Close()
	}
	healthy.roundTrip("healthy/topic")
	eventually(t, func() bool { return b.Stats().Connections == 1 })
	if s := b.Stats(); s.Faults != 0 {
		t.Errorf("%d connections ended by a fault", s.Faults)
	}
}

func drain(nc net.Conn) {
	for buf := make([]byte, 4096); ; {
		if _, err := nc.Read(buf); err != nil {
			return
		}
	}
}

// mutatedStream is a plausible conversation with a few bytes changed, left out
// or repeated, or the stream cut.
func mutatedStream(t *testing.T, rng *rand.Rand) []byte {
	v := []packet.Version{packet.V31, packet.V311, packet.V5}[rng.IntN(3)]
	id := fmt.Sprintf("c%d", rng.IntN(4)) // some take over each other's session
	var props packet.Properties
	if v == packet.V5 {
		props = props.AppendUser("k", "v").AppendString(packet.PropContentType, "t")
	}
	conversation := []packet.Packet{
		&packet.Connect{Version: v, CleanStart: rng.IntN(2) == 0, ClientID: id, KeepAlive: 10, Will: &packet.Will{Topic: "w", Payload: []byte("w"), QoS: 1}},
		&packet.Subscribe{ID: 1, Subscriptions: []packet.Subscription{{Filter: "a/+", QoS: 2}, {Filter: "$share/g/b/#", QoS: 1}}},
		&packet.Publish{Topic: "a/b", QoS: 1, ID: 2, Payload: []byte("one"), Properties: props},
		&packet.Publish{Topic: "a/c", QoS: 2, ID: 3, Payload: []byte("two"), Retain: true},
		&packet.Ack{Kind: packet.PUBREL, ID: 3},
		&packet.Ack{Kind: packet.PUBACK, ID: 1},
		&packet.Ack{Kind: packet.PUBREC, ID: 2},
		&packet.Unsubscribe{ID: 4, Filters: []string{"a/+", "none"}},
		&packet.Pingreq{},
		&packet.Disconnect{},
	}
	var wire []byte
	for _, pk := range conversation {
		var err error
		if wire, err = pk.Append(wire, v); err != nil {
			t.Fatal(err)
		}
	}
	keep := rng.IntN(2) * 30 // half of them leave CONNECT alone
	for range 1 + rng.IntN(4) {
		at := keep + rng.IntN(len(wire)-keep)
		switch rng.IntN(5) {
		case 0:
			wire[at] ^= 1 << rng.IntN(8)
		case 1:
			wire[at] = byte(rng.Uint32())
		case 2:
			wire = slices.Delete(wire, at, at+1)
		case 3:
			wire = slices.Insert(wire, at, byte(rng.Uint32()))
		case 4:
			wire = wire[:max(at, keep+1)]
		}
		if len(wire) <= keep {
			break
		}
	}
	return wire
}
