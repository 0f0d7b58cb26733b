package mqtt

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// conversation is what a server sends to a client that subscribes to one filter
// and publishes with QoS 1 and 2, from CONNACK to messages of its own.
func conversation(t *testing.T, v packet.Version) []byte {
	t.Helper()
	var props packet.Properties
	if v == packet.V5 {
		props = props.AppendInt(packet.PropReceiveMaximum, 20).AppendUser("name", "value")
	}
	var b []byte
	for _, p := range []packet.Packet{
		&packet.Connack{Properties: props},
		&packet.Ack{Kind: packet.PUBACK, ID: 1},
		&packet.Ack{Kind: packet.PUBREC, ID: 2},
		&packet.Suback{ID: 3, ReasonCodes: []packet.ReasonCode{2}},
		&packet.Publish{Topic: "in/zero", Payload: []byte("payload")},
		&packet.Publish{Topic: "in/one", Payload: []byte("payload"), QoS: 1, ID: 4},
		&packet.Publish{Topic: "in/two", Payload: []byte("payload"), QoS: 2, ID: 5},
		&packet.Ack{Kind: packet.PUBREL, ID: 5},
		&packet.Ack{Kind: packet.PUBCOMP, ID: 2},
		new(packet.Pingresp),
	} {
		var err error
		if b, err = p.Append(b, v); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// TestConversationsThatBreakAtAnyByte: whatever a server sends or leaves out,
// the client comes back, and finishes each publication once.
func TestConversationsThatBreakAtAnyByte(t *testing.T) {
	for _, v := range versions {
		whole := conversation(t, v)
		for name, spoil := range map[string]func(n int) []byte{
			"ended":    func(n int) []byte { return whole[:n] },
			"changed":  func(n int) []byte { b := bytes.Clone(whole); b[n] ^= 0x55; return b },
			"left out": func(n int) []byte { return slices.Delete(bytes.Clone(whole), n, n+1) },
			"doubled":  func(n int) []byte { return slices.Insert(bytes.Clone(whole), n, whole[n]) },
		} {
			t.Run(fmt.Sprintf("%v/%s", v, name), func(t *testing.T) {
				t.Parallel()
				for n := range whole {
					breakAndRecover(t, v, n, spoil(n))
				}
			})
		}
	}
}

func breakAndRecover(t *testing.T, v packet.Version, n int, spoiled []byte) {
	t.Helper()
	server := newBreaking(t, v, spoiled, n%2 == 0)
	defer server.end()
	j := new(journal)
	c := newClient(t, j, Config{
		URL: server.url(), Version: v, ClientID: "x", ReconnectPeriod: time.Microsecond, TopicAliasMaximum: 3,
	})
	defer endNow(c)
	pubs := []*Publication{publication(1, "one", "x"), publication(2, "two", "x")}
	for _, p := range pubs {
		mustPublish(t, c, p)
	}
	c.SubscribeAsync([]packet.Subscription{{Filter: "in/#", QoS: 2}}, nil, nil)
	c.Start()
	mqtttest.Eventually(t, "a connection after the one that broke", func() bool {
		return server.accepted.Load() > 1 || c.Err() != nil
	})
	if after := publication(1, "after", "x"); c.Publish(after) == nil {
		pubs = append(pubs, after)
	} else if c.Err() == nil {
		t.Fatalf("byte %d: publishing is refused", n)
	}
	for _, p := range pubs {
		var reason *Error
		err := j.result(t, p)
		if err != nil && c.Err() == nil && !(errors.As(err, &reason) && reason.HasReason) {
			t.Fatalf("byte %d: %s: %v", n, p.Packet.Topic, err)
		}
	}
}

// breaking is a server that sends its first client what it was given, and
// serves the later ones well.
type breaking struct {
	version  packet.Version
	listener net.Listener
	spoiled  []byte
	reset    bool // the first connection ends with a reset
	accepted atomic.Int32
	wg       sync.WaitGroup
}

func newBreaking(t *testing.T, v packet.Version, spoiled []byte, reset bool) *breaking {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &breaking{version: v, listener: l, spoiled: spoiled, reset: reset}
	b.wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			b.wg.Go(func() { b.serve(conn, b.accepted.Add(1) == 1) })
		}
	})
	return b
}

func (b *breaking) url() string { return "mqtt://" + b.listener.Addr().String() }

func (b *breaking) end() {
	_ = b.listener.Close()
	b.wg.Wait()
}

func (b *breaking) serve(conn net.Conn, first bool) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	if _, err := packet.Read(in, b.version, 0); err != nil {
		return
	}
	if first {
		_, _ = conn.Write(b.spoiled) // the client may have enough before the end
		if b.reset {
			_ = conn.(*net.TCPConn).SetLinger(0)
		}
		return
	}
	out, err := new(packet.Connack).Append(nil, b.version)
	for err == nil {
		if _, err = conn.Write(out); err != nil {
			return
		}
		var p packet.Packet
		if p, err = packet.Read(in, b.version, 0); err == nil {
			out, err = b.answer(p)
		}
	}
}

func (b *breaking) answer(p packet.Packet) ([]byte, error) {
	var out packet.Packet
	switch p := p.(type) {
	case *packet.Publish:
		out = &packet.Ack{Kind: packet.PUBACK + packet.Type(p.QoS-1), ID: p.ID}
	case *packet.Ack:
		out = &packet.Ack{Kind: packet.PUBCOMP, ID: p.ID}
	case *packet.Subscribe:
		out = &packet.Suback{ID: p.ID, ReasonCodes: make([]packet.ReasonCode, len(p.Subscriptions))}
	default:
		return nil, io.EOF
	}
	return out.Append(nil, b.version)
}

// TestServerThatDripsIsUnderstood sends a conversation byte by byte.
func TestServerThatDripsIsUnderstood(t *testing.T) {
	for _, v := range versions {
		peer := mqtttest.NewPeer(t, v)
		j := new(journal)
		c := newClient(t, j, Config{URL: peer.URL, Version: v})
		for _, p := range []*Publication{publication(1, "one", "x"), publication(2, "two", "x")} {
			mustPublish(t, c, p)
		}
		c.SubscribeAsync([]packet.Subscription{{Filter: "in/#", QoS: 2}}, nil, nil)
		c.Start()
		conn := peer.Accept()
		mqtttest.Expect[*packet.Connect](conn)
		for i, b := range conversation(t, v) {
			conn.SendBytes([]byte{b})
			if i%8 == 0 {
				runtime.Gosched()
			}
		}
		j.await(t, "message(in/two", 1)
		j.await(t, "publish callback", 2)
		j.await(t, "packetreceive(pingresp", 1)
		if n := j.count("error("); n > 0 {
			t.Errorf("%v: %q", v, j.snapshot())
		}
	}
}
