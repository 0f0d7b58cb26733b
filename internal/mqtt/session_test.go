package mqtt

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/wal"
)

// crashed is what the disk would hold if the process ended now: a copy of the
// session's folder, for the next run.
func crashed(t testing.TB, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// onDisk is a configuration with a session in a folder.
func onDisk(url string, v packet.Version, dir string) Config {
	never := ^uint32(0)
	return Config{
		URL: url, Version: v, ReconnectPeriod: time.Millisecond, SessionExpiry: &never,
		Session: &SessionConfig{Dir: dir, Sync: wal.SyncNever},
	}
}

var resumed = &packet.Connack{SessionPresent: true}

// run starts a client on a session.
func run(t *testing.T, cfg Config) (*Client, *journal) {
	t.Helper()
	j := &journal{keep: true}
	c := newClient(t, j, cfg)
	c.Start()
	return c, j
}

func TestOfflineQueueSurvives(t *testing.T) {
	for _, v := range versions {
		dir := t.TempDir()
		peer := mqtttest.NewPeer(t, v)
		addr := peer.Addr
		peer.Close()
		c, j := run(t, onDisk("mqtt://"+addr, v, dir))
		var want []string
		for i := range 30 {
			qos := byte(i % 3)
			p := publication(qos, fmt.Sprintf("t/%d", i), strings.Repeat("x", i))
			p.Packet.Retain = i%2 == 0
			if v == packet.V5 {
				p.Packet.Properties = noProps.AppendString(packet.PropContentType, fmt.Sprint(i))
			}
			mustPublish(t, c, p)
			want = append(want, fmt.Sprintf("%s qos%d retain=%v %d bytes %x", p.Packet.Topic, qos, p.Packet.Retain, i, []byte(p.Packet.Properties)))
		}
		if err := c.session.commit(); err != nil {
			t.Fatal(err)
		}
		after := crashed(t, dir)
		endNow(c)
		if n := j.count("publish callback("); n != 30 {
			t.Errorf("%d publications failed at the end, want 30", n)
		}

		for _, folder := range []string{dir, after} { // a stop and a crash leave the same
			peer.Listen("127.0.0.1:0")
			c, j := run(t, onDisk(peer.URL, v, folder))
			conn, connect := peer.AcceptClient(nil)
			if id := c.Info().ClientID; connect.ClientID != id || !strings.HasPrefix(id, "mqscript_") {
				t.Errorf("the client calls itself %q", connect.ClientID)
			}
			var got []string
			for range 30 {
				p := mqtttest.Expect[*packet.Publish](conn)
				if p.Dup {
					t.Errorf("%s has DUP and was never sent", p.Topic)
				}
				got = append(got, fmt.Sprintf("%s qos%d retain=%v %d bytes %x", p.Topic, p.QoS, p.Retain, len(p.Payload), []byte(p.Properties)))
				if p.QoS == 1 {
					conn.Ack(packet.PUBACK, p.ID, 0)
				} else if p.QoS == 2 {
					conn.Ack(packet.PUBREC, p.ID, packet.NoMatchingSubscribers)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v: got\n%s\nwant\n%s", v, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			j.await(t, "publish callback", 20)
			endNow(c)
		}
		peer.Close()
	}
}

// TestHandshakesGoOnAfterACrash ends the process at each step of the sender's
// side of QoS 1 and 2.
func TestHandshakesGoOnAfterACrash(t *testing.T) {
	for _, v := range []packet.Version{packet.V311, packet.V5} {
		for _, kept := range []bool{true, false} {
			dir := t.TempDir()
			peer := mqtttest.NewPeer(t, v)
			c, _ := run(t, onDisk(peer.URL, v, dir))
			conn, _ := peer.AcceptClient(nil)
			ids := map[string]uint16{}
			for i, topic := range []string{"sent1", "acked1", "sent2", "received2", "done2"} {
				mustPublish(t, c, publication(1+byte(min(i/2, 1)), topic, topic))
				ids[topic] = mqtttest.Expect[*packet.Publish](conn).ID
			}
			conn.Ack(packet.PUBACK, ids["acked1"], 0)
			for _, topic := range []string{"received2", "done2"} {
				conn.Ack(packet.PUBREC, ids[topic], 0)
				conn.ExpectAck(packet.PUBREL)
			}
			conn.Ack(packet.PUBCOMP, ids["done2"], 0)
			mqtttest.Eventually(t, "the last answers", func() bool { return c.Info().Inflight == 3 })
			if err := c.session.commit(); err != nil {
				t.Fatal(err)
			}
			after := crashed(t, dir)
			endNow(c)

			_, j := run(t, onDisk(peer.URL, v, after))
			ack := resumed
			if !kept {
				ack = nil
			}
			conn, _ = peer.AcceptClient(ack)
			if kept {
				if a := conn.ExpectAck(packet.PUBREL); a.ID != ids["received2"] {
					t.Errorf("PUBREL of %d, want %d", a.ID, ids["received2"])
				}
			}
			for _, topic := range []string{"sent1", "sent2"} {
				p := mqtttest.Expect[*packet.Publish](conn)
				if p.Topic != topic || p.ID != ids[topic] || p.Dup != kept || string(p.Payload) != topic {
					t.Errorf("%v, session kept %v: got %+v, want %s with the identifier %d", v, kept, p, topic, ids[topic])
				}
				answerOne(conn, p)
			}
			if !kept {
				p := mqtttest.Expect[*packet.Publish](conn)
				if p.Topic != "received2" || p.Dup {
					t.Errorf("got %+v, want received2 from its beginning", p)
				}
				answerOne(conn, p)
			}
			answerAll(conn)
			conn.Ack(packet.PUBCOMP, ids["received2"], 0)
			j.await(t, "publish callback", 3)
		}
	}
}

// TestNothingIsSentBeforeItsRecord looks at the disk whenever a packet arrives:
// what it shows must be there.
func TestNothingIsSentBeforeItsRecord(t *testing.T) {
	dir := t.TempDir()
	peer := mqtttest.NewPeer(t, packet.V5)
	c, _ := run(t, onDisk(peer.URL, packet.V5, dir))
	conn, _ := peer.AcceptClient(nil)
	look := func(what string, there func(c *Client) bool) {
		t.Helper()
		later, err := New(Config{
			URL: peer.URL, SessionExpiry: onDisk("", packet.V5, "").SessionExpiry, Handler: new(journal),
			Session: &SessionConfig{Dir: crashed(t, dir)},
		})
		if err != nil {
			t.Fatal(err)
		}
		if !there(later) {
			t.Errorf("%s is not on disk", what)
		}
		endNow(later)
	}
	for range 20 {
		mustPublish(t, c, publication(2, "two", "x"))
		p := mqtttest.Expect[*packet.Publish](conn)
		look("a PUBLISH", func(c *Client) bool { return c.inflight[p.ID] != nil })
		conn.Ack(packet.PUBREC, p.ID, 0)
		conn.ExpectAck(packet.PUBREL)
		look("a PUBREC", func(c *Client) bool { return c.inflight[p.ID].released > 0 })
		conn.Ack(packet.PUBCOMP, p.ID, 0)
	}
	for i := range 20 {
		conn.Send(incoming(7, 2, "m"))
		j := c.cfg.Handler.(*journal)
		c.Ack(j.message(t, i))
		conn.ExpectAck(packet.PUBREC)
		look("an identifier in use", func(c *Client) bool { return c.received[7] != nil })
		conn.Ack(packet.PUBREL, 7, 0)
		conn.ExpectAck(packet.PUBCOMP)
		look("that an identifier is free", func(c *Client) bool { return c.received[7] == nil })
	}
}

func TestReceivedIdentifiersSurvive(t *testing.T) {
	dir := t.TempDir()
	peer := mqtttest.NewPeer(t, packet.V5)
	c, j := run(t, onDisk(peer.URL, packet.V5, dir))
	conn, _ := peer.AcceptClient(nil)
	for id := uint16(1); id <= 3; id++ {
		conn.Send(incoming(id, 2, "m"))
	}
	c.Ack(j.message(t, 0)) // 1 and 2 are dealt with, 3 is not
	c.Ack(j.message(t, 1))
	conn.ExpectAck(packet.PUBREC)
	conn.ExpectAck(packet.PUBREC)
	after := crashed(t, dir)
	endNow(c)

	c, j = run(t, onDisk(peer.URL, packet.V5, after))
	conn, _ = peer.AcceptClient(resumed)
	again := func(id uint16, dup bool) *packet.Publish {
		p := incoming(id, 2, "m")
		p.Dup = dup
		return p
	}
	conn.Send(again(1, true), again(3, true))
	if a := conn.ExpectAck(packet.PUBREC); a.ID != 1 {
		t.Errorf("PUBREC of %d, want 1", a.ID)
	}
	if m := j.message(t, 0); m.Packet.ID != 3 {
		t.Errorf("delivered %d, want 3 alone", m.Packet.ID)
	}
	// The server uses an identifier again whose PUBREL the disk does not know.
	conn.Send(again(2, false))
	if m := j.message(t, 1); m.Packet.ID != 2 {
		t.Errorf("delivered %d, want the new 2", m.Packet.ID)
	}
	c.Ack(j.message(t, 0))
	c.Ack(j.message(t, 1))
	conn.ExpectAck(packet.PUBREC)
	conn.ExpectAck(packet.PUBREC)
	conn.Ack(packet.PUBREL, 1, 0)
	if a := conn.ExpectAck(packet.PUBCOMP); a.ID != 1 || a.ReasonCode != packet.Success {
		t.Errorf("PUBCOMP %+v, want 1", a)
	}
}

func TestSessionBelongsToOneClientIdentifier(t *testing.T) {
	dir := t.TempDir()
	open := func(id string) error {
		cfg := onDisk("mqtt://127.0.0.1:1", packet.V5, dir)
		cfg.ClientID, cfg.Handler = id, new(journal)
		c, err := New(cfg)
		if err == nil {
			endNow(c)
		}
		return err
	}
	if err := open("mine"); err != nil {
		t.Fatal(err)
	}
	if err := open(""); err != nil {
		t.Errorf("without a name: %v", err)
	}
	if err := open("yours"); err == nil || !strings.Contains(err.Error(), `that of the client "mine" and not of "yours"`) {
		t.Errorf("another client's session: %v", err)
	}
}

func TestSessionNeedsTheServersSide(t *testing.T) {
	zero := uint32(0)
	for want, change := range map[string]func(*Config){
		"clean start off": func(c *Config) { c.CleanStart = true },
		"session expiry":  func(c *Config) { c.SessionExpiry = &zero },
		"no folder":       func(c *Config) { c.Session.Dir = "" },
	} {
		cfg := onDisk("mqtt://127.0.0.1:1", packet.V5, t.TempDir())
		cfg.Handler = new(journal)
		change(&cfg)
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestDiskIsBounded publishes much more than the session may hold.
func TestDiskIsBounded(t *testing.T) {
	dir := t.TempDir()
	peer := mqtttest.NewPeer(t, packet.V5)
	cfg := onDisk(peer.URL, packet.V5, dir)
	cfg.Session.SegmentSize = 8 << 10
	c, j := run(t, cfg)
	conn, _ := peer.AcceptClient(nil)
	stuck := mustPublish(t, c, publication(1, "stuck", "never acknowledged"))
	mqtttest.Expect[*packet.Publish](conn)
	answerAll(conn)
	const n = 3000
	for i := range n {
		p := mustPublish(t, c, publication(1+byte(i%2), "t", strings.Repeat("x", 200)))
		if err := j.result(t, p); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.session.commit(); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	size, wanted := sizeOf(c), c.session.bytes
	c.mu.Unlock()
	if limit := 2*wanted + 5*cfg.Session.SegmentSize; size > limit {
		t.Errorf("%d bytes on disk for %d wanted ones, the limit is %d", size, wanted, limit)
	}
	after := crashed(t, dir)
	c, _ = run(t, onDisk(peer.URL, packet.V5, after))
	conn, _ = peer.AcceptClient(resumed)
	if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != stuck.Packet.Topic || !p.Dup {
		t.Errorf("got %+v, want the one that was never acknowledged", p)
	}
	if n := c.Info().Inflight; n != 1 {
		t.Errorf("%d are on their way, want one", n)
	}
}

func sizeOf(c *Client) int64 {
	size, _, _ := c.session.log.Size()
	return size
}

// TestDiskThatFailsHeals has something in the way of the next segment.
func TestDiskThatFailsHeals(t *testing.T) {
	dir := t.TempDir()
	peer := mqtttest.NewPeer(t, packet.V5)
	cfg := onDisk(peer.URL, packet.V5, dir)
	cfg.Session.SegmentSize = 100
	cfg.ReconnectMax = 5 * time.Millisecond
	c, j := run(t, cfg)
	conn, _ := peer.AcceptClient(nil)
	j.await(t, "connect(", 1)
	first := mustPublish(t, c, publication(1, "first", strings.Repeat("x", 200)))
	mqtttest.Expect[*packet.Publish](conn)
	block(t, dir)
	second := mustPublish(t, c, publication(1, "second", "x"))
	j.await(t, "error(Error: keeping the session on disk: ", 1)
	if err := c.Publish(publication(1, "refused", "x")); err == nil || !strings.Contains(err.Error(), "keeping the session on disk") {
		t.Errorf("a publication meanwhile: %v", err)
	}
	unblock(t, dir)
	conn, _ = peer.AcceptClient(resumed)
	for _, want := range []string{"first", "second"} {
		p := mqtttest.Expect[*packet.Publish](conn)
		if p.Topic != want {
			t.Errorf("got %s, want %s", p.Topic, want)
		}
		answerOne(conn, p)
	}
	for _, p := range []*Publication{first, second} {
		if err := j.result(t, p); err != nil {
			t.Errorf("%s: %v", p.Packet.Topic, err)
		}
	}
	mustPublish(t, c, publication(1, "later", "x"))
	mqtttest.Expect[*packet.Publish](conn)
	c2, _ := run(t, onDisk("mqtt://127.0.0.1:1", packet.V5, crashed(t, dir)))
	if n := c2.Info().Inflight; n != 1 {
		t.Errorf("the disk holds %d publications, want the last one", n)
	}
}

// block puts folders where the next segments would be; unblock removes them.
func block(t *testing.T, dir string) {
	t.Helper()
	for n := 1; n < 100; n++ {
		if err := os.Mkdir(filepath.Join(dir, fmt.Sprintf("%08d.wal", n)), 0o700); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
	}
}

func unblock(t *testing.T, dir string) {
	t.Helper()
	for n := 1; n < 100; n++ {
		path := filepath.Join(dir, fmt.Sprintf("%08d.wal", n))
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestStoredIsTold(t *testing.T) {
	var mu sync.Mutex
	var stored []string
	for _, sync := range []wal.Sync{wal.SyncAlways, wal.SyncSecond, wal.SyncNever} {
		dir := t.TempDir()
		cfg := onDisk("mqtt://127.0.0.1:1", packet.V5, dir)
		cfg.Session.Sync = sync
		stored = nil
		cfg.Session.Stored = func(p *Publication) {
			mu.Lock()
			defer mu.Unlock()
			stored = append(stored, p.Packet.Topic)
		}
		c, _ := run(t, cfg)
		for i := range 10 {
			p := publication(1+byte(i%2), fmt.Sprint(i), "x")
			p.TellStored = i%2 == 0
			mustPublish(t, c, p)
		}
		mqtttest.Eventually(t, "five are stored", func() bool {
			mu.Lock()
			defer mu.Unlock()
			return slices.Equal(stored, []string{"0", "2", "4", "6", "8"})
		})
		later, err := New(func() Config {
			cfg := onDisk("mqtt://127.0.0.1:1", packet.V5, crashed(t, dir))
			cfg.Handler = new(journal)
			return cfg
		}())
		if err != nil {
			t.Fatal(err)
		}
		if n := later.Info().Queued; n < 9 {
			t.Errorf("policy %v: %d publications are on disk, want those up to the last one that was told", sync, n)
		}
		endNow(later)
		p := publication(0, "zero", "x")
		p.TellStored = true
		if err := c.Publish(p); err == nil {
			t.Error("QoS 0 is said to be stored")
		}
		endNow(c)
	}
}

func TestSessionOverMosquitto(t *testing.T) {
	for _, v := range versions {
		broker := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{})
		dir := t.TempDir()
		first, _ := connected(t, onDisk(broker.URL, v, dir))
		subscribe(t, first, "in/#", 2)
		broker.Kill() // what is published now waits
		for i := range 50 {
			mustPublish(t, first, publication(1+byte(i%2), fmt.Sprintf("out/%d", i), "x"))
		}
		if err := first.session.commit(); err != nil {
			t.Fatal(err)
		}
		after := crashed(t, dir)
		endNow(first)
		broker.Restart(t)
		watcher, seen := connected(t, Config{URL: broker.URL, Version: v, CleanStart: true})
		subscribe(t, watcher, "out/#", 2)
		second, j := connected(t, onDisk(broker.URL, v, after))
		j.await(t, "publish callback", 50)
		seen.await(t, "message(out/", 50)
		if n := seen.count("message("); n != 50 {
			t.Errorf("%v: %d messages arrived, want 50", v, n)
		}
		endNow(second)
		endNow(watcher)
	}
}
