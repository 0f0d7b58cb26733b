package mqtt

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// meet connects a new client with a scripted server.
func meet(t *testing.T, cfg Config, ack *packet.Connack) (*mqtttest.Peer, *mqtttest.PeerConn, *Client, *journal) {
	t.Helper()
	if cfg.Version == 0 {
		cfg.Version = packet.V5
	}
	peer := mqtttest.NewPeer(t, cfg.Version)
	cfg.URL = peer.URL
	if cfg.ReconnectPeriod == 0 {
		cfg.ReconnectPeriod = time.Millisecond
	}
	j := &journal{keep: true}
	c := newClient(t, j, cfg)
	c.Start()
	conn, _ := peer.AcceptClient(ack)
	j.await(t, "connect(", 1)
	return peer, conn, c, j
}

func incoming(id uint16, qos byte, topic string) *packet.Publish {
	return &packet.Publish{ID: id, QoS: qos, Topic: topic, Payload: []byte("x")}
}

// settled proves that the client has acted on everything sent so far.
func settled(t *testing.T, conn *mqtttest.PeerConn, j *journal) {
	t.Helper()
	n := j.count("message(fence")
	conn.Send(&packet.Publish{Topic: "fence"})
	j.await(t, "message(fence", n+1)
}

func TestAcknowledgementsKeepTheOrderOfArrival(t *testing.T) {
	// [MQTT-4.6.0-2] [MQTT-4.6.0-3]
	_, conn, c, j := meet(t, Config{}, nil)
	for id := uint16(1); id <= 3; id++ {
		conn.Send(incoming(id, 1, "one"), incoming(id+10, 2, "two"))
	}
	j.await(t, "message(", 6)
	for _, i := range []int{4, 5, 2, 3} { // 3, 13, 2, 12
		c.Ack(j.message(t, i))
	}
	settled(t, conn, j)
	if n := j.count("packetsend(pub"); n != 0 {
		t.Fatalf("%d acknowledgements were sent before that of the first message", n)
	}
	c.Ack(j.message(t, 0))
	for id := uint16(1); id <= 3; id++ {
		if a := conn.ExpectAck(packet.PUBACK); a.ID != id {
			t.Fatalf("PUBACK %d, want %d", a.ID, id)
		}
	}
	c.Ack(j.message(t, 1))
	for id := uint16(11); id <= 13; id++ {
		if a := conn.ExpectAck(packet.PUBREC); a.ID != id {
			t.Fatalf("PUBREC %d, want %d", a.ID, id)
		}
	}
}

func TestMessageThatNobodyWaitsForIsAcknowledgedAtOnce(t *testing.T) {
	_, conn, _, j := meet(t, Config{}, nil)
	j.mu.Lock()
	j.keep = false
	j.mu.Unlock()
	conn.Send(incoming(7, 1, "one"))
	if a := conn.ExpectAck(packet.PUBACK); a.ID != 7 {
		t.Fatalf("PUBACK %d", a.ID)
	}
}

func TestQoS2IsDeliveredOnceASession(t *testing.T) {
	// [MQTT-4.3.3-10]
	resumed := &packet.Connack{SessionPresent: true}
	peer, conn, c, j := meet(t, Config{}, nil)
	conn.Send(incoming(1, 2, "done"), incoming(2, 2, "open"))
	j.await(t, "message(", 2)
	c.Ack(j.message(t, 0))
	conn.ExpectAck(packet.PUBREC)
	again := func(id uint16) *packet.Publish {
		p := incoming(id, 2, "again")
		p.Dup = true
		return p
	}
	conn.Send(again(1), again(2))
	if a := conn.ExpectAck(packet.PUBREC); a.ID != 1 {
		t.Fatalf("PUBREC %d, want 1", a.ID)
	}
	settled(t, conn, j)
	if n := j.count("packetsend(pubrec"); n != 2 {
		t.Fatalf("%d PUBRECs, want two for the one that is dealt with", n)
	}
	conn.Reset()

	conn, _ = peer.AcceptClient(resumed)
	conn.Send(again(1), again(2))
	if a := conn.ExpectAck(packet.PUBREC); a.ID != 1 {
		t.Fatalf("after the reconnect: PUBREC %d, want 1", a.ID)
	}
	c.Ack(j.message(t, 1))
	if a := conn.ExpectAck(packet.PUBREC); a.ID != 2 {
		t.Fatalf("after the reconnect: PUBREC %d, want 2", a.ID)
	}
	for _, id := range []uint16{1, 2} {
		conn.Ack(packet.PUBREL, id, 0)
		conn.ExpectAck(packet.PUBCOMP)
	}
	settled(t, conn, j)
	if n := j.count("message(again"); n != 0 {
		t.Fatalf("a QoS 2 message was delivered %d times too often", n)
	}
	conn.Send(incoming(1, 2, "new"))
	j.await(t, "message(new", 1)
}

func TestQoS2ComesAgainWhenTheSessionIsGone(t *testing.T) {
	peer, conn, c, j := meet(t, Config{}, nil)
	conn.Send(incoming(1, 2, "old"))
	old := j.message(t, 0)
	conn.Reset()
	conn, _ = peer.AcceptClient(nil)
	conn.Send(incoming(1, 2, "new"))
	j.await(t, "message(new", 1)
	c.Ack(old) // of a session that is gone: nothing must be sent
	c.Ack(j.message(t, 1))
	conn.ExpectAck(packet.PUBREC)
	settled(t, conn, j)
	if n := j.count("packetsend(pubrec"); n != 1 {
		t.Fatalf("%d PUBRECs, want 1", n)
	}
}

func TestQoS1AckOfAnEarlierConnectionIsDropped(t *testing.T) {
	peer, conn, c, j := meet(t, Config{}, nil)
	conn.Send(incoming(1, 1, "old"))
	old := j.message(t, 0)
	conn.Reset()
	conn, _ = peer.AcceptClient(&packet.Connack{SessionPresent: true})
	conn.Send(incoming(1, 1, "new"))
	again := j.message(t, 1)
	c.Ack(old)
	settled(t, conn, j)
	if n := j.count("packetsend(puback"); n != 0 {
		t.Fatal("the message was acknowledged before it was dealt with")
	}
	c.Ack(again)
	conn.ExpectAck(packet.PUBACK)
}

func TestPubrelWithoutMessageIsAnswered(t *testing.T) {
	_, conn, _, _ := meet(t, Config{}, nil)
	conn.Ack(packet.PUBREL, 9, 0)
	if a := conn.ExpectAck(packet.PUBCOMP); a.ID != 9 || a.ReasonCode != packet.PacketIdentifierNotFound {
		t.Fatalf("PUBCOMP %d %v", a.ID, a.ReasonCode)
	}
}

func TestReceiveMaximumBoundsWhatIsDelivered(t *testing.T) {
	// [MQTT-3.3.4-9]
	_, conn, c, j := meet(t, Config{ReceiveMaximum: 2}, nil)
	conn.Send(incoming(1, 1, "a"), incoming(2, 2, "b"))
	j.await(t, "message(", 2)
	// A QoS 2 message counts until PUBCOMP, not until PUBREC.
	c.Ack(j.message(t, 1))
	conn.ExpectAck(packet.PUBREC)
	conn.Ack(packet.PUBREL, 2, 0)
	conn.ExpectAck(packet.PUBCOMP)
	conn.Send(incoming(3, 1, "c"))
	j.await(t, "message(", 3)
	conn.Send(incoming(4, 1, "d")) // the server breaks the rule
	settled(t, conn, j)
	if n := j.count("message(d"); n != 0 {
		t.Fatal("a message beyond the receive maximum was delivered")
	}
	c.Ack(j.message(t, 0))
	conn.ExpectAck(packet.PUBACK)
	j.await(t, "message(d", 1)
}

func TestMessagesBeyondTheBoundAreHeldBackBeforeMQTT5(t *testing.T) {
	_, conn, c, j := meet(t, Config{Version: packet.V311, ReceiveMaximum: 2}, nil)
	for id := uint16(1); id <= 5; id++ {
		conn.Send(incoming(id, 1+byte(id%2), fmt.Sprint("m", id)))
	}
	settled(t, conn, j)
	if n := j.count("message(m"); n != 2 {
		t.Fatalf("%d messages were delivered, want 2", n)
	}
	for id := uint16(1); id <= 5; id++ {
		j.await(t, fmt.Sprintf("message(m%d", id), 1)
		for _, m := range j.delivered() {
			if m.Topic == fmt.Sprint("m", id) {
				c.Ack(m)
			}
		}
		if id%2 == 0 {
			conn.ExpectAck(packet.PUBACK)
			continue
		}
		conn.ExpectAck(packet.PUBREC)
		conn.Ack(packet.PUBREL, id, 0)
		conn.ExpectAck(packet.PUBCOMP)
	}
}

func TestMessagesBeyondTheBoundAreHeldBackOnAResumedSession(t *testing.T) {
	// mosquitto 2.0 sends all that was on its way again at once.
	peer, conn, c, j := meet(t, Config{ReceiveMaximum: 1}, nil)
	conn.Reset()
	conn, _ = peer.AcceptClient(&packet.Connack{SessionPresent: true})
	for id := uint16(1); id <= 3; id++ {
		conn.Send(incoming(id, 1, fmt.Sprint("m", id)))
	}
	settled(t, conn, j)
	if n := j.count("message(m"); n != 1 {
		t.Fatalf("%d messages were delivered, want 1", n)
	}
	for id := uint16(1); id <= 3; id++ {
		j.await(t, fmt.Sprintf("message(m%d", id), 1)
		for _, m := range j.delivered() {
			c.Ack(m)
		}
		if a := conn.ExpectAck(packet.PUBACK); a.ID != id {
			t.Fatalf("PUBACK %d, want %d", a.ID, id)
		}
	}
}

func (j *journal) delivered() []*Message {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]*Message(nil), j.messages...)
}

// What exceeds the bytes that may be held back is fetched on another
// connection, once the rest was dealt with.
func TestServerThatFloodsIsAskedAgain(t *testing.T) {
	peer, conn, c, j := meet(t, Config{Version: packet.V311, ReceiveMaximum: 1, ReconnectPeriod: time.Millisecond}, nil)
	big := make([]byte, 4<<20)
	for id := uint16(1); id <= 6; id++ {
		p := incoming(id, 1, fmt.Sprint("m", id))
		p.Payload = big
		conn.Send(p)
	}
	taken := 0
	take := func(topic string) {
		t.Helper()
		if m := j.message(t, taken); m.Topic != topic {
			t.Fatalf("message %s, want %s", m.Topic, topic)
		} else {
			taken++
			c.Ack(m)
		}
	}
	mqtttest.Eventually(t, "the overflow", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.conn != nil && c.conn.overflowed
	})
	for id := 1; id <= 3; id++ { // one was delivered, three held back, two left to the server
		take(fmt.Sprint("m", id))
		conn.ExpectAck(packet.PUBACK)
	}
	j.await(t, "error(Error: the server sent more than 16777216 bytes without an acknowledgement", 1)
	take("m4") // which was delivered when the connection ended
	conn, _ = peer.AcceptClient(&packet.Connack{SessionPresent: true})
	for id := uint16(4); id <= 6; id++ {
		p := incoming(id, 1, fmt.Sprint("m", id))
		p.Dup, p.Payload = true, big
		conn.Send(p)
		if id > 4 {
			take(p.Topic)
		}
		conn.ExpectAck(packet.PUBACK)
	}
}

func TestTopicAliasesOfTheServer(t *testing.T) {
	// [MQTT-3.3.2-7] [MQTT-3.3.2-8]
	alias := func(topic string, n uint32) *packet.Publish {
		return &packet.Publish{Topic: topic, Properties: packet.Properties(nil).AppendInt(packet.PropTopicAlias, n)}
	}
	peer, conn, _, j := meet(t, Config{TopicAliasMaximum: 2}, nil)
	conn.Send(alias("a", 1), alias("b", 2), alias("", 1), alias("", 2), alias("c", 1), alias("", 1))
	j.await(t, "message(", 6)
	for i, want := range []string{"a", "b", "a", "b", "c", "c"} {
		if got := j.message(t, i).Topic; got != want {
			t.Errorf("message %d has the topic %q, want %q", i, got, want)
		}
	}
	if m := j.message(t, 2); m.Packet.Topic != "" {
		t.Errorf("the packet's topic is %q, want it as on the wire", m.Packet.Topic)
	}
	for _, tt := range []struct {
		bad  *packet.Publish
		code packet.ReasonCode
	}{
		{alias("", 1), packet.ProtocolError}, // of the connection before
		{alias("d", 3), packet.TopicAliasInvalid},
	} {
		conn.Reset()
		conn, _ = peer.AcceptClient(nil)
		conn.Send(tt.bad)
		if p := mqtttest.Expect[*packet.Disconnect](conn); p.ReasonCode != tt.code {
			t.Errorf("DISCONNECT with %v, want %v", p.ReasonCode, tt.code)
		}
	}
}

func TestViolationsOfTheServerEndTheConnection(t *testing.T) {
	big := incoming(1, 1, "big")
	big.Payload = make([]byte, 300)
	for name, tt := range map[string]struct {
		send packet.Packet
		code packet.ReasonCode
		cfg  Config
	}{
		"second CONNACK":       {new(packet.Connack), packet.ProtocolError, Config{}},
		"SUBSCRIBE":            {&packet.Subscribe{ID: 1, Subscriptions: []packet.Subscription{{Filter: "a"}}}, packet.ProtocolError, Config{}},
		"PINGREQ":              {new(packet.Pingreq), packet.ProtocolError, Config{}},
		"AUTH without method":  {&packet.Auth{ReasonCode: packet.ContinueAuthentication, Properties: packet.Properties(nil).AppendString(packet.PropAuthenticationMethod, "x")}, packet.ProtocolError, Config{}},
		"packet over the size": {big, packet.PacketTooLarge, Config{MaximumPacketSize: 200}},
	} {
		t.Run(name, func(t *testing.T) {
			_, conn, _, j := meet(t, tt.cfg, nil)
			conn.Send(tt.send)
			if p := mqtttest.Expect[*packet.Disconnect](conn); p.ReasonCode != tt.code {
				t.Errorf("DISCONNECT with %v, want %v", p.ReasonCode, tt.code)
			}
			_ = conn.Close()
			j.await(t, "close", 1)
			if j.count("error(") != 1 || j.count("message(") != 0 {
				t.Errorf("events: %q", j.snapshot())
			}
		})
	}
}

func TestDisconnectBeforeMQTT5IsAViolation(t *testing.T) {
	_, conn, _, j := meet(t, Config{Version: packet.V311}, nil)
	conn.SendBytes([]byte{0xE0, 0x00})
	conn.ExpectEnd()
	j.await(t, "error(", 1)
}

func TestNothingIsTakenBeforeConnack(t *testing.T) {
	for _, v := range versions {
		peer := mqtttest.NewPeer(t, v)
		j := new(journal)
		c := newClient(t, j, Config{URL: peer.URL, Version: v})
		c.Start()
		conn := peer.Accept()
		mqtttest.Expect[*packet.Connect](conn)
		conn.Send(&packet.Publish{Topic: "early"})
		conn.ExpectEnd()
		j.await(t, "close", 1)
		if j.count("message(") > 0 || j.count("error(Error: PUBLISH before CONNACK") != 1 {
			t.Errorf("MQTT %v: events: %q", v, j.snapshot())
		}
		endNow(c)
	}
}

func TestCleanStartMustNotFindASession(t *testing.T) {
	// [MQTT-3.2.2-4]
	peer := mqtttest.NewPeer(t, packet.V5)
	j := new(journal)
	newClient(t, j, Config{URL: peer.URL, CleanStart: true}).Start()
	conn, _ := peer.AcceptClient(&packet.Connack{SessionPresent: true})
	conn.ExpectEnd()
	j.await(t, "close", 1)
	if j.count("connect(") != 0 || j.count("error(") != 1 {
		t.Errorf("events: %q", j.snapshot())
	}
}

func TestPiecesOfPacketsAreJoined(t *testing.T) {
	_, conn, _, j := meet(t, Config{Version: packet.V311}, nil)
	p := incoming(1, 1, "slow")
	p.Payload = []byte(strings.Repeat("y", 300))
	b, err := p.Append(nil, packet.V311)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		conn.SendBytes(b[i : i+1])
	}
	if m := j.message(t, 0); string(m.Packet.Payload) != string(p.Payload) || m.Topic != "slow" {
		t.Fatalf("got %q %q", m.Topic, m.Packet.Payload)
	}
}

func TestUntracedPacketsAreNotReported(t *testing.T) {
	_, conn, c, j := meet(t, Config{}, nil)
	c.Trace(false)
	before := j.count("packet")
	p := mustPublish(t, c, publication(0, "a", "x"))
	if err := j.result(t, p); err != nil {
		t.Fatal(err)
	}
	mqtttest.Expect[*packet.Publish](conn)
	settled(t, conn, j)
	if n := j.count("packet"); n != before {
		t.Fatalf("%d packet events without Trace", n-before)
	}
}

// TestHandlersOutliveTheConnection: what comes again while the one delivery there
// was is still being dealt with, or was dealt with meanwhile, is not delivered
// twice.
func TestHandlersOutliveTheConnection(t *testing.T) {
	for _, v := range []packet.Version{packet.V311, packet.V5} {
		peer, conn, c, j := meet(t, Config{Version: v}, nil)
		again := func(id uint16, topic string) *packet.Publish {
			p := incoming(id, 1, topic)
			p.Dup = true
			return p
		}
		for id := uint16(1); id <= 4; id++ {
			conn.Send(incoming(id, 1, fmt.Sprint("m", id)))
		}
		j.await(t, "message(m", 4)
		conn.Reset()
		conn, _ = peer.AcceptClient(resumed)
		c.Ack(j.message(t, 0)) // dealt with in between
		conn.Send(again(1, "m1"), again(2, "m2"), again(3, "another"), incoming(4, 1, "m4"))
		if a := conn.ExpectAck(packet.PUBACK); a.ID != 1 {
			t.Errorf("%v: PUBACK %d, want 1", v, a.ID)
		}
		j.await(t, "message(m4", 2) // without DUP it is a new message
		if got := j.message(t, 4).Topic; got != "another" {
			t.Errorf("%v: %s was delivered, want the one with another topic", v, got)
		}
		if n := j.count("message(m2"); n != 1 {
			t.Errorf("%v: m2 was delivered %d times", v, n)
		}
		for i := range 6 {
			c.Ack(j.message(t, i))
		}
		for id := uint16(2); id <= 4; id++ {
			if a := conn.ExpectAck(packet.PUBACK); a.ID != id {
				t.Errorf("%v: PUBACK %d, want %d", v, a.ID, id)
			}
		}
		// A server without the session starts anew.
		conn.Send(incoming(9, 1, "m9"))
		j.await(t, "message(m9", 1)
		conn.Reset()
		conn, _ = peer.AcceptClient(nil)
		conn.Send(again(9, "m9"))
		j.await(t, "message(m9", 2)
	}
}
