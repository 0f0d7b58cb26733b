package mqtt

import (
	"errors"
	"fmt"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

func TestWindowIsTheSmallerOfBothSides(t *testing.T) {
	// [MQTT-3.3.4-7]
	for _, tt := range []struct {
		own    int
		server uint32
	}{{3, 65_535}, {100, 3}} {
		_, conn, c, j := meet(t, Config{MaxInflight: tt.own}, connackWith(noProps.AppendInt(packet.PropReceiveMaximum, tt.server)))
		for i := range 8 {
			mustPublish(t, c, publication(1+byte(i%2), fmt.Sprint(i), "x"))
		}
		zero := mustPublish(t, c, publication(0, "zero", "x"))
		var ids []uint16
		for i := range 3 {
			p := mqtttest.Expect[*packet.Publish](conn)
			if p.Topic != fmt.Sprint(i) {
				t.Fatalf("got %q, want %d", p.Topic, i)
			}
			ids = append(ids, p.ID)
		}
		settled(t, conn, j)
		if info := c.Info(); info.Inflight != 3 || info.Queued != 6 {
			t.Fatalf("%d on their way and %d waiting, want 3 and 6", info.Inflight, info.Queued)
		}
		// PUBREC does not open the window, PUBCOMP and PUBACK do.
		conn.Ack(packet.PUBREC, ids[1], 0)
		conn.ExpectAck(packet.PUBREL)
		settled(t, conn, j)
		if n := j.count("packetsend(publish"); n != 3 {
			t.Fatalf("%d PUBLISH were sent, want 3", n)
		}
		conn.Ack(packet.PUBCOMP, ids[1], 0)
		if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != "3" {
			t.Fatalf("got %q, want 3", p.Topic)
		} else {
			answerOne(conn, p)
			conn.ExpectAck(packet.PUBREL)
			conn.Ack(packet.PUBCOMP, p.ID, 0)
		}
		if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != "4" {
			t.Fatalf("got %q, want 4", p.Topic)
		} else {
			answerOne(conn, p)
		}
		conn.Ack(packet.PUBACK, ids[0], 0)
		conn.Ack(packet.PUBACK, ids[2], 0)
		answerAll(conn)
		if err := j.result(t, zero); err != nil {
			t.Fatal(err)
		}
	}
}

func TestQoS2IsBoundedWhereTheServerCannotSay(t *testing.T) {
	_, conn, c, j := meet(t, Config{Version: packet.V311}, nil)
	for range blindWindow + 1 {
		mustPublish(t, c, publication(2, "two", "x"))
	}
	var first uint16
	for i := range blindWindow {
		if p := mqtttest.Expect[*packet.Publish](conn); i == 0 {
			first = p.ID
		}
	}
	settled(t, conn, j)
	if n := c.Info().Queued; n != 1 {
		t.Fatalf("%d publications wait, want 1", n)
	}
	conn.Ack(packet.PUBREC, first, 0)
	conn.ExpectAck(packet.PUBREL)
	conn.Ack(packet.PUBCOMP, first, 0)
	mqtttest.Expect[*packet.Publish](conn)
}

func answerAll(conn *mqtttest.PeerConn) {
	go func() {
		for {
			p, err := conn.ReadUnhurried()
			if err != nil {
				return
			}
			if !answerOne(conn, p) {
				return
			}
		}
	}()
}

func answerOne(conn *mqtttest.PeerConn, p packet.Packet) bool {
	var out packet.Packet
	switch p := p.(type) {
	case *packet.Publish:
		if p.QoS == 0 {
			return true
		}
		out = &packet.Ack{Kind: packet.PUBACK + packet.Type(p.QoS-1), ID: p.ID}
	case *packet.Ack:
		if p.Kind != packet.PUBREL {
			return true
		}
		out = &packet.Ack{Kind: packet.PUBCOMP, ID: p.ID}
	case *packet.Subscribe:
		out = &packet.Suback{ID: p.ID, ReasonCodes: make([]packet.ReasonCode, len(p.Subscriptions))}
	case *packet.Pingreq:
		out = new(packet.Pingresp)
	default:
		return true
	}
	b, err := out.Append(nil, packet.V5)
	if err != nil {
		return false
	}
	_, err = conn.Write(b)
	return err == nil
}

func TestReplayWithTheSession(t *testing.T) {
	// [MQTT-4.4.0-1] [MQTT-4.6.0-1] [MQTT-4.6.0-4] [MQTT-3.3.1-1]
	peer, conn, c, j := meet(t, Config{}, nil)
	var pubs []*Publication
	var ids []uint16
	for i, qos := range []byte{1, 2, 2, 1, 2} {
		pubs = append(pubs, mustPublish(t, c, publication(qos, fmt.Sprint(i), "x")))
		ids = append(ids, mqtttest.Expect[*packet.Publish](conn).ID)
	}
	conn.Ack(packet.PUBREC, ids[2], 0)
	conn.ExpectAck(packet.PUBREL)
	conn.Ack(packet.PUBREC, ids[1], 0)
	conn.ExpectAck(packet.PUBREL)
	conn.Reset()

	conn, _ = peer.AcceptClient(&packet.Connack{SessionPresent: true})
	for _, want := range []int{2, 1} {
		if a := conn.ExpectAck(packet.PUBREL); a.ID != ids[want] {
			t.Fatalf("PUBREL %d, want %d", a.ID, ids[want])
		}
	}
	for _, want := range []int{0, 3, 4} {
		p := mqtttest.Expect[*packet.Publish](conn)
		if p.Topic != fmt.Sprint(want) || p.ID != ids[want] || !p.Dup {
			t.Fatalf("got %q %d dup=%v, want %d %d dup=true", p.Topic, p.ID, p.Dup, want, ids[want])
		}
	}
	for _, i := range []int{0, 3} {
		conn.Ack(packet.PUBACK, ids[i], 0)
	}
	for _, i := range []int{1, 2} {
		conn.Ack(packet.PUBCOMP, ids[i], 0)
	}
	conn.Ack(packet.PUBREC, ids[4], 0)
	conn.ExpectAck(packet.PUBREL)
	conn.Ack(packet.PUBCOMP, ids[4], 0)
	for i, p := range pubs {
		if err := j.result(t, p); err != nil {
			t.Errorf("publication %d: %v", i, err)
		}
	}
}

func TestReplayWithoutTheSessionPublishesAnew(t *testing.T) {
	peer, conn, c, j := meet(t, Config{}, nil)
	one := mustPublish(t, c, publication(2, "one", "x"))
	id := mqtttest.Expect[*packet.Publish](conn).ID
	conn.Ack(packet.PUBREC, id, 0)
	conn.ExpectAck(packet.PUBREL)
	two := mustPublish(t, c, publication(1, "two", "x"))
	mqtttest.Expect[*packet.Publish](conn)
	conn.Reset()
	j.await(t, "close", 1)
	conn, _ = peer.AcceptClient(nil)
	for _, want := range []string{"one", "two"} {
		if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != want || p.Dup {
			t.Fatalf("got %q dup=%v, want %q without DUP", p.Topic, p.Dup, want)
		} else {
			answerOne(conn, p)
		}
	}
	conn.ExpectAck(packet.PUBREL)
	conn.Ack(packet.PUBCOMP, id, 0)
	if err := errors.Join(j.result(t, one), j.result(t, two)); err != nil {
		t.Fatal(err)
	}
}

func TestReplayKeepsWithinTheWindowOfTheNewConnection(t *testing.T) {
	peer, conn, c, j := meet(t, Config{}, nil)
	for i := range 4 {
		mustPublish(t, c, publication(1, fmt.Sprint(i), "x"))
		mqtttest.Expect[*packet.Publish](conn)
	}
	conn.Reset()
	ack := connackWith(noProps.AppendInt(packet.PropReceiveMaximum, 1))
	ack.SessionPresent = true
	conn, _ = peer.AcceptClient(ack)
	later := mustPublish(t, c, publication(0, "later", "x"))
	for i := range 4 {
		p := mqtttest.Expect[*packet.Publish](conn)
		if p.Topic != fmt.Sprint(i) {
			t.Fatalf("got %q, want %d", p.Topic, i)
		}
		settled(t, conn, j)
		if n := j.count("packetsend(publish qos1"); n != 4+i+1 {
			t.Fatalf("%d PUBLISH were sent, want %d", n, 4+i+1)
		}
		answerOne(conn, p)
	}
	if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != "later" {
		t.Fatalf("got %q, want what was published later", p.Topic)
	}
	if err := j.result(t, later); err != nil {
		t.Fatal(err)
	}
}

func TestStrayAcknowledgements(t *testing.T) {
	_, conn, c, j := meet(t, Config{}, nil)
	p := mustPublish(t, c, publication(2, "a", "x"))
	id := mqtttest.Expect[*packet.Publish](conn).ID
	conn.Ack(packet.PUBACK, 77, 0)
	conn.Ack(packet.PUBCOMP, 77, 0)
	conn.Ack(packet.PUBACK, id, 0)  // for QoS 2
	conn.Ack(packet.PUBCOMP, id, 0) // before PUBREC
	conn.Send(&packet.Suback{ID: 5, ReasonCodes: []packet.ReasonCode{0}})
	conn.Ack(packet.PUBREC, 78, 0)
	if a := conn.ExpectAck(packet.PUBREL); a.ID != 78 || a.ReasonCode != packet.PacketIdentifierNotFound {
		t.Fatalf("PUBREL %d %v", a.ID, a.ReasonCode)
	}
	if n := c.Info().StrayAcks; n != 6 {
		t.Errorf("%d stray acknowledgements were counted, want 6", n)
	}
	conn.Ack(packet.PUBREC, id, 0)
	conn.ExpectAck(packet.PUBREL)
	conn.Ack(packet.PUBCOMP, id, 0)
	if err := j.result(t, p); err != nil {
		t.Fatal(err)
	}
}

func TestRejectedPublicationFreesItsIdentifier(t *testing.T) {
	_, conn, c, j := meet(t, Config{MaxInflight: 1}, nil)
	one := mustPublish(t, c, publication(2, "one", "x"))
	mustPublish(t, c, publication(2, "two", "x"))
	conn.Ack(packet.PUBREC, mqtttest.Expect[*packet.Publish](conn).ID, packet.QuotaExceeded)
	var e *Error
	if err := j.result(t, one); !errors.As(err, &e) || e.Reason != packet.QuotaExceeded || e.Message != "Publish error: Quota exceeded" {
		t.Fatalf("result: %v", err)
	}
	if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != "two" {
		t.Fatalf("got %q", p.Topic)
	}
	if n := c.Info().Inflight; n != 1 {
		t.Fatalf("%d publications on their way, want 1", n)
	}
}

func TestPacketIdentifiersAreNeverZeroOrInUse(t *testing.T) {
	c, _ := offline(t, Config{})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inflight[1] = new(Publication)
	c.requests[2] = new(request)
	c.lastID = 65_534
	for _, want := range []uint16{65_535, 3, 4} {
		if got := c.nextID(); got != want {
			t.Fatalf("got %d, want %d", got, want)
		}
	}
	clear(c.inflight)
	clear(c.requests)
}

func TestQueueGoesOutInOrderWithEveryQoS(t *testing.T) {
	peer := mqtttest.NewPeer(t, packet.V5)
	j := new(journal)
	c := newClient(t, j, Config{URL: peer.URL})
	var pubs []*Publication
	for i := range 30 {
		pubs = append(pubs, mustPublish(t, c, publication(byte(i%3), fmt.Sprint(i), "x")))
	}
	c.Start()
	conn, _ := peer.AcceptClient(nil)
	for next := 0; next < 30; {
		p := conn.Next()
		if pub, ok := p.(*packet.Publish); ok {
			if pub.Topic != fmt.Sprint(next) {
				t.Fatalf("got %q, want %d", pub.Topic, next)
			}
			next++
		}
		answerOne(conn, p)
	}
	answerAll(conn)
	for i, p := range pubs {
		if err := j.result(t, p); err != nil {
			t.Errorf("publication %d: %v", i, err)
		}
	}
	if got := c.Info(); got.Queued != 0 || got.QueuedBytes != 0 {
		t.Errorf("%d publications of %d bytes wait", got.Queued, got.QueuedBytes)
	}
}
