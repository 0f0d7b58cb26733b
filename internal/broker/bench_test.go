package broker

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
)

// BenchmarkForward sends messages from one client to another.
func BenchmarkForward(b *testing.B) {
	for _, v := range []packet.Version{packet.V311, packet.V5} {
		b.Run(fmt.Sprintf("MQTT %v QoS 0", v), func(b *testing.B) { benchmarkForward(b, v) })
	}
}

func benchmarkForward(b *testing.B, v packet.Version) {
	const batch = 100
	server, err := Start(Options{Addr: "127.0.0.1:0"})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	message := &packet.Publish{Topic: "devices/1/state", Payload: make([]byte, 64)}
	wire, err := message.Append(nil, v)
	if err != nil {
		b.Fatal(err)
	}
	from, to := benchClient(b, server, v, "from"), benchClient(b, server, v, "to")
	request, err := (&packet.Subscribe{ID: 1, Subscriptions: []packet.Subscription{{Filter: "devices/#"}}}).Append(nil, v)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := to.Write(request); err != nil {
		b.Fatal(err)
	}
	answer := make([]byte, 5)
	if v == packet.V5 {
		answer = make([]byte, 6)
	}
	if _, err := io.ReadFull(to, answer); err != nil {
		b.Fatal(err)
	}
	batched := bytes.Repeat(wire, batch)
	// The window keeps the receiver from losing messages.
	window := make(chan struct{}, 100)
	b.SetBytes(int64(len(wire)))
	b.ResetTimer()
	go func() {
		for sent := 0; sent < b.N; sent += batch {
			window <- struct{}{}
			if _, err := from.Write(batched); err != nil {
				return
			}
		}
	}()
	buf := make([]byte, len(batched))
	for got := 0; got < b.N; got += batch {
		if _, err := io.ReadFull(to, buf); err != nil {
			b.Fatal(err)
		}
		<-window
	}
}

// benchClient connects and reads CONNACK.
func benchClient(b *testing.B, server *Broker, v packet.Version, id string) net.Conn {
	nc, err := net.Dial("tcp", server.Addr())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = nc.Close() })
	wire, err := (&packet.Connect{Version: v, CleanStart: true, ClientID: id}).Append(nil, v)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := nc.Write(wire); err != nil {
		b.Fatal(err)
	}
	head := make([]byte, 2)
	if _, err := io.ReadFull(nc, head); err != nil {
		b.Fatal(err)
	}
	if _, err := io.ReadFull(nc, make([]byte, head[1])); err != nil {
		b.Fatal(err)
	}
	return nc
}
