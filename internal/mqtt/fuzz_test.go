package mqtt

import (
	"context"
	"net"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/wal"
)

// FuzzServer lets a server send anything after a CONNACK that accepts. The
// client must neither panic nor hang, and must report each publication once.
func FuzzServer(f *testing.F) {
	add := func(v byte, ps ...packet.Packet) {
		var b []byte
		for _, p := range ps {
			var err error
			if b, err = p.Append(b, packet.Version(v)); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(v, b)
	}
	for v := byte(3); v <= 5; v++ {
		add(v, incoming(1, 1, "a"), incoming(2, 2, "b"), &packet.Ack{Kind: packet.PUBREL, ID: 2})
		add(v, &packet.Ack{Kind: packet.PUBACK, ID: 1}, &packet.Ack{Kind: packet.PUBREC, ID: 2}, &packet.Ack{Kind: packet.PUBCOMP, ID: 2})
		add(v, &packet.Suback{ID: 3, ReasonCodes: []packet.ReasonCode{1}}, new(packet.Pingresp))
	}
	add(5, &packet.Publish{Topic: "a", Properties: noProps.AppendInt(packet.PropTopicAlias, 1)},
		&packet.Publish{Properties: noProps.AppendInt(packet.PropTopicAlias, 1)})
	add(5, &packet.Disconnect{ReasonCode: packet.ServerMoved, Properties: noProps.AppendString(packet.PropServerReference, "x y")})
	f.Fuzz(func(t *testing.T, v byte, data []byte) {
		version := packet.Version(3 + v%3)
		j := new(journal)
		dial := func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go serveAnything(server, version, data)
			return client, nil
		}
		c := newClient(t, j, Config{URL: "mqtt://pipe", Version: version, Dial: dial, TopicAliasMaximum: 5})
		pubs := []*Publication{publication(1, "one", "x"), publication(2, "two", "x"), publication(0, "zero", "x")}
		for _, p := range pubs {
			mustPublish(t, c, p)
		}
		c.SubscribeAsync([]packet.Subscription{{Filter: "a"}}, nil, nil)
		c.Start()
		<-c.Done() // ReconnectPeriod is 0
		endNow(c)
		for _, p := range pubs {
			_ = j.result(t, p) // whatever it is, once
		}
	})
}

// serveAnything reads what the client sends and sends data after CONNACK.
func serveAnything(conn net.Conn, v packet.Version, data []byte) {
	defer func() { _ = conn.Close() }()
	buf := make([]byte, 64<<10)
	if _, err := conn.Read(buf); err != nil {
		return
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		b, err := new(packet.Connack).Append(nil, v)
		if err == nil {
			_, _ = conn.Write(append(b, data...)) // the client may close before the end
		}
		_ = conn.Close()
	}()
	for {
		if _, err := conn.Read(buf); err != nil {
			break
		}
	}
	<-sent
}

// FuzzSession restores a session from any records. What is restored can be
// written and restored again.
func FuzzSession(f *testing.F) {
	p := publication(2, "a/b", "payload")
	p.topic, p.order, p.id, p.released = "a/b", 7, 3, 9
	f.Add(appendPublication(nil, p), appendState(nil, p), appendNumber(nil, recordReceived, 5))
	f.Add(appendPublication(nil, p), appendNumber(nil, recordFinished, 7), appendNumber(nil, recordFreed, 5))
	f.Add([]byte{}, []byte{recordPublication}, []byte{99})
	f.Fuzz(func(t *testing.T, one, two, three []byte) {
		dir := t.TempDir()
		log, err := wal.Open(wal.Options{Dir: dir, Sync: wal.SyncNever, Replay: func(uint64, []byte) error { return nil }})
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range [][]byte{one, two, three} {
			log.Append(record)
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		restore := func(dir string) (Info, bool) {
			cfg := onDisk("mqtt://127.0.0.1:1", packet.V5, dir)
			cfg.Handler = new(journal)
			c, err := New(cfg)
			if err != nil {
				return Info{}, false // it names the record that it does not know
			}
			info := c.Info()
			c.mu.Lock()
			c.session.carry(func(kept) bool { return true })
			c.mu.Unlock()
			endNow(c)
			return info, true
		}
		before, ok := restore(dir)
		if !ok {
			return
		}
		if after, ok := restore(dir); !ok || after.Queued != before.Queued || after.Inflight != before.Inflight {
			t.Errorf("%d and %d became %d and %d", before.Queued, before.Inflight, after.Queued, after.Inflight)
		}
	})
}
