package broker

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// A client with a small receive maximum gets every message, in order, and
// never more at a time than it allows [MQTT-3.3.4-9].
func TestReceiveMaximum(t *testing.T) {
	const messages, most = 500, 3
	b := start(t, Options{})
	p := dial(t, b, packet.V5)
	p.connect(&packet.Connect{
		Version: packet.V5, CleanStart: true, ClientID: "slow",
		Properties: packet.Properties(nil).AppendInt(packet.PropReceiveMaximum, most),
	})
	p.subscribe(packet.Subscription{Filter: "t", QoS: 1})
	sender := connected(t, b, packet.V311, "sender")
	for i := range messages {
		sender.send(&packet.Publish{Topic: "t", QoS: 1, ID: uint16(i + 1), Payload: fmt.Append(nil, i)})
		receive[*packet.Ack](sender)
	}
	var pending []uint16
	for i := range messages {
		for len(pending) < min(most, messages-i) {
			m := receive[*packet.Publish](p)
			if want := fmt.Sprint(i + len(pending)); string(m.Payload) != want || m.QoS != 1 {
				t.Fatalf("got %q with QoS %d, want %q with QoS 1", m.Payload, m.QoS, want)
			}
			pending = append(pending, m.ID)
		}
		p.send(&packet.Pingreq{}) // nothing may come before its answer
		receive[*packet.Pingresp](p)
		p.send(&packet.Ack{Kind: packet.PUBACK, ID: pending[0]})
		pending = pending[1:]
	}
}

// keep is CONNECT of a client whose session outlives its connections.
func keep(v packet.Version, id string) *packet.Connect {
	c := &packet.Connect{Version: v, ClientID: id}
	if v == packet.V5 {
		c.Properties = c.Properties.AppendInt(packet.PropSessionExpiryInterval, forever)
	}
	return c
}

// What a client has not acknowledged comes again, in order and marked
// [MQTT-4.4.0-1] [MQTT-4.6.0-1], and then what came while it was away.
func TestSessionIsResumed(t *testing.T) {
	for _, v := range []packet.Version{packet.V311, packet.V5} {
		t.Run(v.String(), func(t *testing.T) {
			b := start(t, Options{})
			p := dial(t, b, v)
			p.connect(keep(v, "keeper"))
			p.subscribe(packet.Subscription{Filter: "t", QoS: 2})
			sender := connected(t, b, packet.V311, "sender")
			sendAll := func(from, to int) {
				for i := from; i < to; i++ {
					sender.send(&packet.Publish{Topic: "t", QoS: 1, ID: uint16(i + 1), Payload: fmt.Append(nil, i)})
					receive[*packet.Ack](sender)
				}
			}
			sendAll(0, 50)
			ids := make([]uint16, 50)
			for i := range ids {
				ids[i] = receive[*packet.Publish](p).ID
			}
			p.send(&packet.Ack{Kind: packet.PUBACK, ID: ids[10]}) // not in order
			p.send(&packet.Pingreq{})
			receive[*packet.Pingresp](p)
			_ = p.nc.Close()
			eventually(t, func() bool { return b.Stats().Connections == 1 })
			sendAll(50, 60)

			p = dial(t, b, v)
			if ack := p.connect(keep(v, "keeper")); !ack.SessionPresent {
				t.Error("CONNACK says that there is no session")
			}
			for i := range 60 {
				if i == 10 {
					continue
				}
				m := receive[*packet.Publish](p)
				if string(m.Payload) != fmt.Sprint(i) || m.Dup != (i < 50) || i < 50 && m.ID != ids[i] {
					t.Fatalf("message %d is %+v", i, m)
				}
			}
		})
	}
}

// QoS 2 flows go on where they stopped, in both directions.
func TestQoS2IsResumed(t *testing.T) {
	b := start(t, Options{})
	p := dial(t, b, packet.V5)
	p.connect(keep(packet.V5, "p"))
	p.subscribe(packet.Subscription{Filter: "t", QoS: 2})
	p.send(&packet.Publish{Topic: "t", QoS: 2, ID: 1, Payload: []byte("once")})
	for seen := 0; seen < 2; seen++ {
		pk, err := p.read()
		if err != nil {
			t.Fatal(err)
		}
		if m, ok := pk.(*packet.Publish); ok {
			p.send(&packet.Ack{Kind: packet.PUBREC, ID: m.ID})
		}
	}
	if rel := receive[*packet.Ack](p); rel.Kind != packet.PUBREL {
		t.Fatalf("got %v", rel.Kind)
	}
	_ = p.nc.Close()
	eventually(t, func() bool { return b.Stats().Connections == 0 })

	p = dial(t, b, packet.V5)
	p.connect(keep(packet.V5, "p"))
	rel := receive[*packet.Ack](p)
	if rel.Kind != packet.PUBREL {
		t.Fatalf("got %v", rel.Kind)
	}
	p.send(&packet.Ack{Kind: packet.PUBCOMP, ID: rel.ID})
	p.send(&packet.Publish{Topic: "t", QoS: 2, ID: 1, Dup: true, Payload: []byte("once")})
	if rec := receive[*packet.Ack](p); rec.Kind != packet.PUBREC || rec.ReasonCode != packet.Success {
		t.Fatalf("got %+v", rec)
	}
	p.send(&packet.Ack{Kind: packet.PUBREL, ID: 1})
	if comp := receive[*packet.Ack](p); comp.Kind != packet.PUBCOMP || comp.ReasonCode != packet.Success {
		t.Fatalf("got %+v", comp) // and no second PUBLISH came before it
	}
	p.send(&packet.Ack{Kind: packet.PUBREL, ID: 1})
	if comp := receive[*packet.Ack](p); comp.ReasonCode != packet.PacketIdentifierNotFound {
		t.Fatalf("got %+v", comp)
	}
}

// The two sides' packet identifiers have nothing to do with each other
// [MQTT-2.2.1-3].
func TestIdentifiersOfBothSides(t *testing.T) {
	b := start(t, Options{})
	p := connected(t, b, packet.V5, "p")
	p.subscribe(packet.Subscription{Filter: "t", QoS: 1})
	other := connected(t, b, packet.V5, "other")
	other.send(&packet.Publish{Topic: "t", QoS: 1, ID: 9, Payload: []byte("a")})
	m := receive[*packet.Publish](p) // stays unacknowledged
	p.send(&packet.Subscribe{ID: m.ID, Subscriptions: []packet.Subscription{{Filter: "u"}}})
	if ack := receive[*packet.Suback](p); ack.ReasonCodes[0] != packet.Success {
		t.Errorf("SUBACK has %v", ack.ReasonCodes)
	}
	p.send(&packet.Unsubscribe{ID: m.ID, Filters: []string{"u", "v"}})
	if ack := receive[*packet.Unsuback](p); ack.ReasonCodes[0] != packet.Success || ack.ReasonCodes[1] != packet.NoSubscriptionExisted {
		t.Errorf("UNSUBACK has %v", ack.ReasonCodes)
	}
	p.send(&packet.Publish{Topic: "x", QoS: 2, ID: m.ID})
	if rec := receive[*packet.Ack](p); rec.Kind != packet.PUBREC || rec.ReasonCode != packet.Success {
		t.Errorf("got %+v", rec)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.sessions["p"]; len(s.inflight) != 1 || len(s.received) != 1 {
		t.Errorf("the session has %d out and %d in", len(s.inflight), len(s.received))
	}
}

func TestSessionEnds(t *testing.T) {
	b := start(t, Options{})
	present := func(c *packet.Connect) bool {
		p := dial(t, b, c.Version)
		ack := p.connect(c)
		p.send(&packet.Disconnect{})
		p.ended()
		return ack.SessionPresent
	}
	clean := keep(packet.V5, "a")
	clean.CleanStart = true
	brief := &packet.Connect{Version: packet.V5, ClientID: "a"} // session expiry 0
	for i, step := range []struct {
		connect *packet.Connect
		want    bool
	}{
		{keep(packet.V5, "a"), false},
		{keep(packet.V5, "a"), true},
		{clean, false}, // [MQTT-3.1.2-4]
		{brief, true},
		{brief, false},
		{keep(packet.V311, "a"), false},
		{&packet.Connect{Version: packet.V311, ClientID: "a", CleanStart: true}, false},
		{keep(packet.V311, "a"), false},
	} {
		if got := present(step.connect); got != step.want {
			t.Errorf("step %d: session present is %v, want %v", i, got, step.want)
		}
	}
	p := dial(t, b, packet.V5)
	p.connect(brief)
	p.send(&packet.Disconnect{Properties: packet.Properties(nil).AppendInt(packet.PropSessionExpiryInterval, 5)})
	if reason := p.ended(); reason != packet.ProtocolError { // [MQTT-3.1.2-23]
		t.Errorf("reason is %v", reason)
	}
	short := &packet.Connect{Version: packet.V5, ClientID: "short", Properties: packet.Properties(nil).AppendInt(packet.PropSessionExpiryInterval, 1)}
	present(short)
	if !present(short) {
		t.Error("the session ended too early")
	}
	eventually(t, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.sessions["short"] == nil
	})
}

func TestTakeOver(t *testing.T) {
	b := start(t, Options{})
	first := connected(t, b, packet.V5, "same")
	second := connected(t, b, packet.V5, "same")
	if reason := first.ended(); reason != packet.SessionTakenOver {
		t.Errorf("reason is %v", reason)
	}
	second.subscribe(packet.Subscription{Filter: "t"})
	second.roundTrip("t")
}

func TestKeepalive(t *testing.T) {
	b := start(t, Options{})
	p := dial(t, b, packet.V5)
	p.connect(&packet.Connect{Version: packet.V5, CleanStart: true, KeepAlive: 1})
	began := time.Now()
	if reason := p.ended(); reason != packet.KeepAliveTimeout {
		t.Errorf("reason is %v", reason)
	}
	if took := time.Since(began); took < 1400*time.Millisecond { // [MQTT-3.1.2-22]
		t.Errorf("it ended after %v", took)
	}
}

func TestClientIdentifiers(t *testing.T) {
	b := start(t, Options{})
	ack := dial(t, b, packet.V5).connect(&packet.Connect{Version: packet.V5})
	if id := ack.Properties.String(packet.PropAssignedClientIdentifier); id == "" { // [MQTT-3.1.3-6]
		t.Error("no identifier was assigned")
	}
	if ack := dial(t, b, packet.V311).connect(&packet.Connect{Version: packet.V311, CleanStart: true}); ack.ReasonCode != 0 {
		t.Errorf("clean session without identifier: %d", ack.ReasonCode)
	}
	if ack := dial(t, b, packet.V311).connect(&packet.Connect{Version: packet.V311}); ack.ReasonCode != 2 {
		t.Errorf("kept session without identifier: %d", ack.ReasonCode)
	}
}

func TestWill(t *testing.T) {
	b := start(t, Options{})
	watcher := connected(t, b, packet.V5, "watcher")
	watcher.subscribe(packet.Subscription{Filter: "will", QoS: 1})
	props := packet.Properties(nil).AppendString(packet.PropContentType, "text/plain").AppendUser("k", "v")
	die := func(expiry, delay uint32, last func(*peer)) {
		p := dial(t, b, packet.V5)
		c := &packet.Connect{
			Version: packet.V5, ClientID: "dying",
			Will: &packet.Will{Topic: "will", QoS: 1, Payload: nil, Properties: props.AppendInt(packet.PropWillDelayInterval, delay)},
		}
		c.Properties = c.Properties.AppendInt(packet.PropSessionExpiryInterval, expiry)
		p.connect(c)
		last(p)
		_ = p.nc.Close()
	}
	expect := func(what string) {
		t.Helper()
		m := receive[*packet.Publish](watcher)
		if m.Topic != "will" || !bytes.Equal(m.Properties, props) {
			t.Errorf("%s: got %+v", what, m)
		}
		watcher.send(&packet.Ack{Kind: packet.PUBACK, ID: m.ID})
	}
	die(0, 0, func(*peer) {})
	expect("connection lost")
	die(0, 0, func(p *peer) { p.send(&packet.Disconnect{ReasonCode: packet.DisconnectWithWill}) })
	expect("goodbye with will")
	die(0, 100, func(*peer) {})
	expect("the session ends before the delay")
	die(100, 1, func(*peer) {})
	expect("delayed")
	die(100, 100, func(*peer) {}) // the next connection takes it back [MQTT-3.1.3-9]
	eventually(t, func() bool { return b.Stats().Connections == 1 })
	die(100, 0, func(p *peer) { p.send(&packet.Disconnect{}); p.ended() })
	watcher.subscribe(packet.Subscription{Filter: "t"})
	watcher.roundTrip("t") // nothing came before
}

func TestPersistentQueueIsBounded(t *testing.T) {
	b := start(t, Options{})
	p := dial(t, b, packet.V311)
	p.connect(keep(packet.V311, "away"))
	p.subscribe(packet.Subscription{Filter: "t", QoS: 1})
	_ = p.nc.Close()
	eventually(t, func() bool { return b.Stats().Connections == 0 })
	sender := connected(t, b, packet.V311, "sender")
	for i := range queuedMessages + 10 {
		sender.send(&packet.Publish{Topic: "t", QoS: 1, ID: uint16(i%60000 + 1)})
		receive[*packet.Ack](sender)
	}
	if dropped := b.Stats().Dropped; dropped != 10 {
		t.Errorf("%d messages were dropped, want 10", dropped)
	}
	for range queuedBytes >> 20 {
		sender.send(&packet.Publish{Topic: "t", QoS: 1, ID: 1, Payload: make([]byte, 1<<20)})
		receive[*packet.Ack](sender)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if size := b.sessions["away"].size; size > queuedBytes {
		t.Errorf("%d bytes are kept", size)
	}
}
