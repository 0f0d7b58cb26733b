package broker

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
)

func TestFiltersAreForgotten(t *testing.T) {
	b := start(t, Options{})
	p := connected(t, b, packet.V5, "p")
	p.subscribe(
		packet.Subscription{Filter: "a/b/#"}, packet.Subscription{Filter: "a"},
		packet.Subscription{Filter: "$share/g/a/+"}, packet.Subscription{Filter: "a/+"},
	)
	p.send(&packet.Unsubscribe{ID: 2, Filters: []string{"a", "$share/g/a/+"}})
	receive[*packet.Unsuback](p)
	p.send(&packet.Disconnect{})
	p.ended()
	eventually(t, func() bool { return b.Stats().Connections == 0 })
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.filters.Empty() || len(b.sessions) != 0 {
		t.Errorf("left are the filters %v and the sessions %v", b.filters, b.sessions)
	}
}

func TestSharedSubscriptions(t *testing.T) {
	b := start(t, Options{})
	members := []*peer{connected(t, b, packet.V5, "a"), connected(t, b, packet.V5, "b"), connected(t, b, packet.V5, "c")}
	for _, p := range members {
		p.subscribe(packet.Subscription{Filter: "$share/group/t/#"})
	}
	sender := connected(t, b, packet.V5, "sender")
	for i := range 9 {
		sender.send(&packet.Publish{Topic: "t/x", Payload: fmt.Append(nil, i)})
	}
	var all []string
	for _, p := range members {
		for range 3 {
			all = append(all, string(receive[*packet.Publish](p).Payload))
		}
	}
	slices.Sort(all)
	if got := strings.Join(all, ""); got != "012345678" {
		t.Errorf("the members got %s", got)
	}
	// Nobody gets what belongs to a member that left.
	members[0].send(&packet.Disconnect{})
	members[0].ended()
	eventually(t, func() bool { return b.Stats().Connections == 3 })
	for range 4 {
		sender.send(&packet.Publish{Topic: "t"})
	}
	for _, p := range members[1:] {
		receive[*packet.Publish](p)
		receive[*packet.Publish](p)
	}
}

func TestSubscriptionOptions(t *testing.T) {
	b := start(t, Options{})
	p := connected(t, b, packet.V5, "p")
	sender := connected(t, b, packet.V5, "sender")
	sender.send(&packet.Publish{Topic: "kept", Retain: true, Payload: []byte("old"), QoS: 1, ID: 1})
	receive[*packet.Ack](sender)

	retainedOn := func(sub packet.Subscription, want bool) {
		t.Helper()
		p.subscribe(sub)
		p.send(&packet.Pingreq{})
		pk, err := p.read()
		if err != nil {
			t.Fatal(err)
		}
		m, got := pk.(*packet.Publish)
		if got != want {
			t.Errorf("%+v: retained message %v, want %v", sub, got, want)
		}
		if got {
			if !m.Retain || string(m.Payload) != "old" {
				t.Errorf("got %+v", m)
			}
			receive[*packet.Pingresp](p)
		}
	}
	retainedOn(packet.Subscription{Filter: "kept", RetainHandling: 2}, false)
	retainedOn(packet.Subscription{Filter: "kept", RetainHandling: 1}, false) // it is not new
	retainedOn(packet.Subscription{Filter: "kept", RetainHandling: 0}, true)
	retainedOn(packet.Subscription{Filter: "+", RetainHandling: 1}, true)
	retainedOn(packet.Subscription{Filter: "$share/g/kept"}, false)

	// No local, and retain as published, on different filters of one client.
	p.send(&packet.Unsubscribe{ID: 3, Filters: []string{"kept", "+", "$share/g/kept"}})
	receive[*packet.Unsuback](p)
	p.subscribe(packet.Subscription{Filter: "own", NoLocal: true}, packet.Subscription{Filter: "asis", RetainAsPublished: true}, packet.Subscription{Filter: "plain"})
	p.send(&packet.Publish{Topic: "own"})
	for _, topic := range []string{"own", "asis", "plain"} {
		sender.send(&packet.Publish{Topic: topic, Retain: true, Payload: []byte("x")})
		m := receive[*packet.Publish](p)
		if m.Topic != topic || m.Retain != (topic == "asis") {
			t.Errorf("got %+v", m)
		}
	}
}

// Of overlapping subscriptions a client gets one copy, with the highest QoS
// and all identifiers [MQTT-3.3.4-2] [MQTT-3.3.4-3].
func TestOverlappingSubscriptions(t *testing.T) {
	b := start(t, Options{})
	p := connected(t, b, packet.V5, "p")
	for i, filter := range []string{"a/#", "a/+", "a/b"} {
		p.send(&packet.Subscribe{
			ID: 1, Subscriptions: []packet.Subscription{{Filter: filter, QoS: byte(i)}},
			Properties: packet.Properties(nil).AppendInt(packet.PropSubscriptionIdentifier, uint32(i+1)),
		})
		receive[*packet.Suback](p)
	}
	other := connected(t, b, packet.V5, "other")
	other.subscribe(packet.Subscription{Filter: "#"})
	props := packet.Properties(nil).AppendString(packet.PropContentType, "t").AppendUser("k", "1").AppendUser("k", "2")
	p.send(&packet.Publish{Topic: "a/b", QoS: 2, ID: 1, Properties: props})
	var m *packet.Publish
	for m == nil {
		pk, err := p.read()
		if err != nil {
			t.Fatal(err)
		}
		m, _ = pk.(*packet.Publish)
	}
	var ids []uint32
	for prop := range m.Properties.All() {
		if prop.ID == packet.PropSubscriptionIdentifier {
			ids = append(ids, prop.Int)
		}
	}
	slices.Sort(ids)
	if m.QoS != 2 || fmt.Sprint(ids) != "[1 2 3]" {
		t.Errorf("got QoS %d and the identifiers %v", m.QoS, ids)
	}
	got := receive[*packet.Publish](other)
	if got.QoS != 0 || string(got.Properties) != string(props) {
		t.Errorf("the other got %+v", got)
	}
}

func TestRetainedMessages(t *testing.T) {
	b := start(t, Options{})
	sender := connected(t, b, packet.V5, "sender")
	publish := func(topic, payload string, props packet.Properties) {
		sender.send(&packet.Publish{Topic: topic, Payload: []byte(payload), Retain: true, QoS: 1, ID: 1, Properties: props})
		receive[*packet.Ack](sender)
	}
	publish("a/1", "one", nil)
	publish("a/2", "two", nil)
	publish("a/2", "", nil) // forgets it [MQTT-3.3.1-6]
	publish("$x/3", "three", nil)
	publish("a/4", "four", packet.Properties(nil).AppendInt(packet.PropMessageExpiryInterval, 60).AppendInt(packet.PropTopicAlias, 5))
	publish("a/5", "five", packet.Properties(nil).AppendInt(packet.PropMessageExpiryInterval, 0))
	p := connected(t, b, packet.V5, "p")
	p.subscribe(packet.Subscription{Filter: "#", QoS: 2})
	got := map[string]*packet.Publish{}
	for range 2 {
		m := receive[*packet.Publish](p)
		got[m.Topic] = m
	}
	if got["a/1"] == nil || got["a/4"] == nil || got["a/1"].QoS != 1 {
		t.Fatalf("got %v", got)
	}
	left := got["a/4"].Properties.Int(packet.PropMessageExpiryInterval, 0)
	if _, alias := got["a/4"].Properties.Get(packet.PropTopicAlias); alias || left == 0 || left > 60 {
		t.Errorf("its properties are % x", got["a/4"].Properties) // [MQTT-3.3.2-6]
	}
	p.send(&packet.Pingreq{})
	receive[*packet.Pingresp](p) // and nothing else
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.retained) != 3 {
		t.Errorf("%d messages are retained, want 3", len(b.retained))
	}
}

func TestTopicAliases(t *testing.T) {
	b := start(t, Options{})
	p := connected(t, b, packet.V5, "p")
	p.subscribe(packet.Subscription{Filter: "#"})
	alias := packet.Properties(nil).AppendInt(packet.PropTopicAlias, aliasMaximum)
	for _, topic := range []string{"first", "", "second", ""} {
		p.send(&packet.Publish{Topic: topic, Properties: alias})
	}
	for _, want := range []string{"first", "first", "second", "second"} {
		if m := receive[*packet.Publish](p); m.Topic != want || len(m.Properties) != 0 {
			t.Errorf("got %+v, want the topic %q", m, want)
		}
	}
}

func TestClientsPacketLimit(t *testing.T) {
	b := start(t, Options{})
	p := dial(t, b, packet.V5)
	p.connect(&packet.Connect{Version: packet.V5, CleanStart: true, Properties: packet.Properties(nil).AppendInt(packet.PropMaximumPacketSize, 100)})
	p.subscribe(packet.Subscription{Filter: "t"})
	p.send(&packet.Publish{Topic: "t", Payload: make([]byte, 200)}) // [MQTT-3.1.2-24]
	p.roundTrip("t")
}

func TestSubscriptionLimit(t *testing.T) {
	b := start(t, Options{})
	p := connected(t, b, packet.V5, "p")
	subs := make([]packet.Subscription, maxSubscriptions+1)
	for i := range subs {
		subs[i].Filter = fmt.Sprint("t/", i)
	}
	codes := p.subscribe(subs...).ReasonCodes
	if codes[maxSubscriptions-1] != 0 || codes[maxSubscriptions] != packet.QuotaExceeded {
		t.Errorf("the last codes are %v", codes[maxSubscriptions-1:])
	}
}
