package mqtt

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

func offline(t *testing.T, cfg Config) (*Client, *journal) {
	t.Helper()
	cfg.URL = "mqtt://127.0.0.1"
	j := new(journal)
	return newClient(t, j, cfg), j
}

func connackWith(props packet.Properties) *packet.Connack { return &packet.Connack{Properties: props} }

var noProps packet.Properties

// answerAll answers whatever the client sends until the connection ends.
func TestFullQueueRefuses(t *testing.T) {
	for unit, cfg := range map[string]Config{
		"messages": {QueueLimit: 3, QueueBytes: 1 << 20},
		"bytes":    {QueueLimit: 100, QueueBytes: 3 * (overhead + 2)},
	} {
		c, j := offline(t, cfg)
		for range 3 {
			mustPublish(t, c, publication(0, "t", "x"))
		}
		refused := publication(0, "t", "x")
		var full *QueueFullError
		err := c.Publish(refused)
		if !errors.As(err, &full) || full.Unit != unit || full.Limit != max(cfg.QueueLimit*b2i(unit == "messages"), cfg.QueueBytes*b2i(unit == "bytes")) {
			t.Errorf("the fourth: %v", err)
		}
		if !strings.Contains(err.Error(), fmt.Sprint(full.Limit)) {
			t.Errorf("%q does not name the limit", err)
		}
		if c.AwaitRoom(nil, nil) {
			t.Error("AwaitRoom promises room without a connection")
		}
		endNow(c)
		if n := j.count("publish callback(Error: client disconnecting"); n != 3 {
			t.Errorf("%d publications failed, want the 3 that were taken", n)
		}
		if len(j.results[refused]) != 0 {
			t.Error("the refused publication was reported")
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestAwaitRoom(t *testing.T) {
	_, conn, c, _ := meet(t, Config{MaxInflight: 1, QueueLimit: 4}, nil)
	for range 5 {
		mustPublish(t, c, publication(1, "t", "x"))
	}
	cancel := make(chan struct{})
	close(cancel)
	if c.AwaitRoom(cancel, nil) || c.AwaitRoom(nil, cancel) {
		t.Fatal("AwaitRoom promises room that is not there")
	}
	room := make(chan bool, 1)
	go func() { room <- c.AwaitRoom(nil, nil) }()
	for range 2 {
		answerOne(conn, mqtttest.Expect[*packet.Publish](conn))
	}
	if !<-room {
		t.Fatal("AwaitRoom gave up")
	}
	if n := c.Info().Queued; n > 2 {
		t.Fatalf("%d publications wait, want half of 4 at most", n)
	}
	go func() { room <- c.AwaitRoom(nil, nil) }()
	<-room
	for c.Info().Queued < 4 {
		mustPublish(t, c, publication(1, "t", "x"))
	}
	go func() { room <- c.AwaitRoom(nil, nil) }()
	go endNow(c)
	if <-room {
		t.Fatal("AwaitRoom promises room in an ended client")
	}
}

// While room depends on the socket alone, it does not matter what holds the
// reader; as soon as it depends on answers it does.
func TestAwaitRoomOfTheSocket(t *testing.T) {
	client, server := net.Pipe() // what nobody reads, it does not take
	j := new(journal)
	c := newClient(t, j, Config{
		URL: "mqtt://pipe", Version: packet.V5, MaxInflight: 1, QueueLimit: 8,
		Dial: func(context.Context, string, string) (net.Conn, error) { return client, nil },
	})
	c.Start()
	conn := mqtttest.NewPeerConn(t, server, packet.V5)
	mqtttest.Expect[*packet.Connect](conn)
	conn.Send(new(packet.Connack))
	j.await(t, "connect(", 1)
	sent := 0
	for ; c.Info().Queued == 0; sent++ {
		mustPublish(t, c, publication(0, "t", strings.Repeat("x", highWater)))
	}
	for c.Info().Queued < 8 {
		mustPublish(t, c, publication(1, "t", "x"))
	}
	held := make(chan struct{})
	close(held)
	room := make(chan bool, 1)
	go func() { room <- c.AwaitRoom(nil, held) }()
	mqtttest.Eventually(t, "somebody who waits", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.unheld
	})
	for range sent {
		mqtttest.Expect[*packet.Publish](conn)
	}
	if <-room {
		t.Fatal("AwaitRoom promises room that needs answers")
	}
}

func TestLimitsOfTheServerAreKept(t *testing.T) {
	limits := noProps.AppendInt(packet.PropMaximumQoS, 1).AppendInt(packet.PropRetainAvailable, 0).AppendInt(packet.PropMaximumPacketSize, 100)
	retained := publication(0, "retained", "x")
	retained.Packet.Retain = true
	cases := []struct {
		pub  *Publication
		code packet.ReasonCode
		name string
	}{
		{publication(2, "qos", "x"), packet.QoSNotSupported, "Maximum QoS"},
		{retained, packet.RetainNotSupported, "Retain Available"},
		{publication(0, "size", strings.Repeat("x", 100)), packet.PacketTooLarge, "Maximum Packet Size"},
	}
	check := func(err error, code packet.ReasonCode, name string) {
		t.Helper()
		var e *Error
		if !errors.As(err, &e) || e.Reason != code || !strings.Contains(e.Message, name) {
			t.Errorf("got %v, want %v naming %q", err, code, name)
		}
	}
	peer := mqtttest.NewPeer(t, packet.V5)
	j := new(journal)
	c := newClient(t, j, Config{URL: peer.URL})
	for _, tt := range cases {
		mustPublish(t, c, tt.pub) // nothing is known of the server yet
	}
	good := mustPublish(t, c, publication(1, "good", "x"))
	c.Start()
	conn, _ := peer.AcceptClient(connackWith(limits))
	for _, tt := range cases {
		check(j.result(t, tt.pub), tt.code, tt.name)
		again := &Publication{Packet: tt.pub.Packet}
		check(c.Publish(again), tt.code, tt.name)
	}
	if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != "good" {
		t.Fatalf("got %q", p.Topic)
	} else {
		answerOne(conn, p)
	}
	if err := j.result(t, good); err != nil {
		t.Fatal(err)
	}
	exact := publication(0, "exact", "")
	exact.Packet.Payload = make([]byte, 100-exact.Packet.Size(packet.V5))
	mustPublish(t, c, exact)
	if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != "exact" {
		t.Fatalf("got %q", p.Topic)
	}
}

func TestTopicAliasesOfTheCaller(t *testing.T) {
	aliased := func(topic string, n uint32) *Publication {
		p := publication(0, topic, "x")
		p.Packet.Properties = noProps.AppendInt(packet.PropTopicAlias, n).AppendUser("k", "v")
		return p
	}
	ack := connackWith(noProps.AppendInt(packet.PropTopicAliasMaximum, 5))
	peer, conn, c, j := meet(t, Config{}, ack)
	expect := func(topic string, alias uint32) {
		t.Helper()
		p := mqtttest.Expect[*packet.Publish](conn)
		if p.Topic != topic || p.Properties.Int(packet.PropTopicAlias, 0) != alias {
			t.Fatalf("got %q with alias %d, want %q with %d", p.Topic, p.Properties.Int(packet.PropTopicAlias, 0), topic, alias)
		}
	}
	mustPublish(t, c, aliased("a", 5))
	expect("a", 5)
	mustPublish(t, c, aliased("", 5))
	expect("", 5)
	above := mustPublish(t, c, aliased("b", 6))
	expect("b", 0)
	if err := j.result(t, above); err != nil || above.Omitted() != OmittedTopicAlias {
		t.Fatalf("above the maximum: %v, omitted %b", err, above.Omitted())
	}
	mustPublish(t, c, aliased("", 6)) // the caller's alias stands for b all the same
	expect("b", 0)
	if err := c.Publish(aliased("", 7)); err == nil {
		t.Fatal("an alias that stands for nothing was taken")
	}
	conn.Reset()
	conn, _ = peer.AcceptClient(ack)
	j.await(t, "connect(", 2)
	mustPublish(t, c, aliased("", 5))
	expect("a", 5) // a new connection knows no aliases [MQTT-3.3.2-7]
	mustPublish(t, c, aliased("", 5))
	expect("", 5)
}

func TestOmissions(t *testing.T) {
	props := noProps.AppendInt(packet.PropSubscriptionIdentifier, 120).AppendString(packet.PropContentType, "test")
	for _, tt := range []struct {
		v    packet.Version
		want Omission
		left packet.Properties
	}{
		{packet.V5, OmittedSubscriptionIdentifier, noProps.AppendString(packet.PropContentType, "test")},
		{packet.V311, OmittedProperties, nil},
		{packet.V31, OmittedProperties, nil},
	} {
		_, conn, c, _ := meet(t, Config{Version: tt.v}, nil)
		p := publication(0, "t", "x")
		p.Packet.Properties = props
		mustPublish(t, c, p)
		if p.Omitted() != tt.want {
			t.Errorf("MQTT %v: omitted %b, want %b", tt.v, p.Omitted(), tt.want)
		}
		got := mqtttest.Expect[*packet.Publish](conn)
		if string(got.Properties) != string(tt.left) {
			t.Errorf("MQTT %v: sent %x, want %x", tt.v, got.Properties, tt.left)
		}
		if string(p.Packet.Properties) != string(props) {
			t.Errorf("MQTT %v: the caller's packet was changed", tt.v)
		}
	}
}

func TestInvalidPublicationsAreRefused(t *testing.T) {
	for name, p := range map[string]packet.Publish{
		"no topic":     {},
		"wildcard":     {Topic: "a/#"},
		"QoS 3":        {Topic: "a", QoS: 3},
		"alias 0":      {Topic: "a", Properties: noProps.AppendInt(packet.PropTopicAlias, 0)},
		"bad property": {Topic: "a", Properties: noProps.AppendInt(packet.PropReceiveMaximum, 1)},
	} {
		c, j := offline(t, Config{})
		if err := c.Publish(&Publication{Packet: p}); err == nil {
			t.Errorf("%s was taken", name)
		}
		endNow(c)
		if j.count("publish callback") > 0 {
			t.Errorf("%s was reported", name)
		}
	}
	c, _ := offline(t, Config{})
	p := mustPublish(t, c, publication(0, "a", "x"))
	if c.Publish(p) == nil {
		t.Error("a publication was taken twice")
	}
}

func TestDupOfTheCallerIsSentOnlyWithQoS(t *testing.T) {
	// [MQTT-3.3.1-2]
	_, conn, c, _ := meet(t, Config{}, nil)
	for _, qos := range []byte{0, 1} {
		p := publication(qos, "t", "x")
		p.Packet.Dup = true
		mustPublish(t, c, p)
		if got := mqtttest.Expect[*packet.Publish](conn); got.Dup != (qos > 0) {
			t.Errorf("QoS %d: DUP is %v", qos, got.Dup)
		}
	}
}

func TestLargePublicationsGoThroughASlowSocket(t *testing.T) {
	_, conn, c, j := meet(t, Config{}, nil)
	payload := strings.Repeat("x", 1<<20)
	var pubs []*Publication
	for range 8 {
		pubs = append(pubs, mustPublish(t, c, publication(0, "big", payload)))
	}
	if c.Info().Queued == 0 {
		t.Error("nothing waits for the socket")
	}
	for range pubs {
		if p := mqtttest.Expect[*packet.Publish](conn); len(p.Payload) != len(payload) {
			t.Fatalf("got %d bytes", len(p.Payload))
		}
	}
	for _, p := range pubs {
		if err := j.result(t, p); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeptTime(t *testing.T) {
	// The keepalive of CONNECT is in whole seconds, a part counting as one.
	for d, want := range map[time.Duration]uint16{0: 0, time.Millisecond: 1, time.Second: 1, 1500 * time.Millisecond: 2, 65_535 * time.Second: 65_535} {
		if got := (&Config{KeepAlive: d}).keepAliveSeconds(); got != want {
			t.Errorf("%v: %d s, want %d", d, got, want)
		}
	}
}
