package mqtt

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// refuse answers a PUBLISH with Quota exceeded.
func refuse(conn *mqtttest.PeerConn, p *packet.Publish) {
	kind := packet.PUBACK
	if p.QoS == 2 {
		kind = packet.PUBREC
	}
	conn.Ack(kind, p.ID, packet.QuotaExceeded)
}

func TestWhatTheServerHasNoRoomForIsSentAgain(t *testing.T) {
	for qos := byte(1); qos <= 2; qos++ {
		peer := mqtttest.NewPeer(t, packet.V5)
		cfg := onDisk(peer.URL, packet.V5, t.TempDir())
		var warnings atomic.Int32
		cfg.Session.Warn = func(string) { warnings.Add(1) }
		c, j := run(t, cfg)
		conn, _ := peer.AcceptClient(nil)
		var pubs []*Publication
		for i := range 4 {
			pubs = append(pubs, mustPublish(t, c, publication(qos, fmt.Sprint(i), "x")))
		}
		var first []*packet.Publish
		for range 4 {
			first = append(first, mqtttest.Expect[*packet.Publish](conn))
		}
		refuse(conn, first[1])
		refuse(conn, first[2])
		settled(t, conn, j)
		if info := c.Info(); info.Postponed != 2 || info.Inflight != 4 {
			t.Errorf("QoS %d: postponed %d, in flight %d; want 2 and 4", qos, info.Postponed, info.Inflight)
		}
		if n := j.count("packetsend(publish"); n != 4 {
			t.Errorf("QoS %d: %d PUBLISH were sent, want 4 and a pause", qos, n)
		}
		// They go out when others are through and the pause is over.
		var topics []string
		for _, p := range finish(conn, []*packet.Publish{first[0], first[3]}, 2) {
			if p.Dup {
				t.Errorf("QoS %d: %s goes as a duplicate; the server refused it and does not know it", qos, p.Topic)
			}
			topics = append(topics, p.Topic)
		}
		if slices.Sort(topics); !slices.Equal(topics, []string{"1", "2"}) {
			t.Errorf("QoS %d: %v were sent again, want 1 and 2", qos, topics)
		}
		for _, p := range pubs {
			if err := j.result(t, p); err != nil {
				t.Errorf("QoS %d: %v", qos, err)
			}
		}
		if n := warnings.Load(); n != 1 {
			t.Errorf("QoS %d: %d warnings, want one for the burst", qos, n)
		}
	}
}

// finish takes publications to their end and returns what arrives in the
// meantime, to its end as well, until n have arrived.
func finish(conn *mqtttest.PeerConn, open []*packet.Publish, n int) (arrived []*packet.Publish) {
	for _, p := range open {
		answerOne(conn, p)
	}
	releases := 0
	if open[0].QoS == 2 {
		releases = len(open) + n
	}
	for len(arrived) < n || releases > 0 {
		switch p := conn.Next(); got := p.(type) {
		case *packet.Publish:
			arrived = append(arrived, got)
			answerOne(conn, got)
		case *packet.Ack:
			releases--
			answerOne(conn, got)
		}
	}
	return arrived
}

// Some servers end the connection along with the refusal. The next one begins
// with no more on its way than the last one took.
func TestRoomIsRememberedOverConnections(t *testing.T) {
	peer := mqtttest.NewPeer(t, packet.V5)
	c, j := run(t, onDisk(peer.URL, packet.V5, t.TempDir()))
	conn, _ := peer.AcceptClient(nil)
	const all = 10
	var pubs []*Publication
	for i := range all {
		pubs = append(pubs, mustPublish(t, c, publication(2, fmt.Sprint(i), "x")))
	}
	var sent []*packet.Publish
	for range all {
		sent = append(sent, mqtttest.Expect[*packet.Publish](conn))
	}
	for _, p := range sent[3:] {
		refuse(conn, p)
	}
	settled(t, conn, j)
	_ = conn.Close()

	conn, _ = peer.AcceptClient(resumed)
	for i := range 3 {
		if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != fmt.Sprint(i) || !p.Dup {
			t.Fatalf("got %+v, want %d once more", p, i)
		}
	}
	settled(t, conn, j)
	if n := j.count("packetsend(publish"); n != all+3 {
		t.Fatalf("%d PUBLISH were sent, want %d", n, all+3)
	}
	for i, p := range finish(conn, sent[:3], all-3) {
		if p.Topic != fmt.Sprint(3+i) || p.Dup {
			t.Errorf("got %+v, want %d as new", p, 3+i)
		}
	}
	for _, p := range pubs {
		if err := j.result(t, p); err != nil {
			t.Error(err)
		}
	}
}

func TestRoomGrowsAgain(t *testing.T) {
	q := quota{window: 1}
	for want := 2; want < 5; want++ {
		for range want - 1 {
			q.relax(5)
		}
		if n := q.bound(5); n != want {
			t.Fatalf("%d may be on their way, want %d", n, want)
		}
	}
	for range 4 {
		q.relax(5)
	}
	if q.window != 0 || q.bound(5) != 5 {
		t.Errorf("the bound of the limits is not back: %+v", q)
	}
}
