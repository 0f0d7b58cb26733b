package broker

import (
	"errors"
	"fmt"
	"testing"

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

func TestWindow(t *testing.T) {
	var w window
	var sent []string
	transmit := func(p []byte) error {
		for len(p) > 0 {
			h, n, err := packet.ParseHeader(p, packet.V5)
			if err != nil || n == 0 {
				t.Fatalf("cut packets: % x", p)
			}
			sent = append(sent, fmt.Sprint(h.Type, publishID(p[n:n+h.Length])))
			p = p[n+h.Length:]
		}
		return nil
	}
	w.open(&packet.Connect{Version: packet.V5, Properties: packet.Properties(nil).AppendInt(packet.PropReceiveMaximum, 2)})
	var wire []byte
	for _, pk := range []packet.Packet{
		&packet.Publish{Topic: "t", QoS: 1, ID: 1},
		&packet.Publish{Topic: "t", QoS: 2, ID: 2},
		&packet.Publish{Topic: "t", QoS: 1, ID: 3},
		&packet.Publish{Topic: "t", QoS: 2, ID: 4},
		&packet.Pingresp{},
	} {
		wire, _ = pk.Append(wire, packet.V5)
	}
	steps := []struct {
		do   func() error
		want string
	}{
		{func() error { return w.send(wire, transmit) }, "[PUBLISH 1 PUBLISH 2 PINGRESP 0]"},
		{func() error { return w.acknowledge(&packet.Ack{Kind: packet.PUBREC, ID: 2}, transmit) }, "[]"},
		{func() error { return w.acknowledge(&packet.Ack{Kind: packet.PUBCOMP, ID: 2}, transmit) }, "[PUBLISH 3]"},
		{func() error { return w.acknowledge(&packet.Ack{Kind: packet.PUBACK, ID: 9}, transmit) }, "[]"},
		{func() error { return w.acknowledge(&packet.Ack{Kind: packet.PUBACK, ID: 1}, transmit) }, "[PUBLISH 4]"},
		{func() error {
			return w.acknowledge(&packet.Ack{Kind: packet.PUBREC, ID: 4, ReasonCode: packet.QuotaExceeded}, transmit)
		}, "[]"},
		{func() error { return w.send(wire[:len(wire)-2], transmit) }, "[PUBLISH 1]"},
	}
	for i, step := range steps {
		sent = nil
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(sent); got != step.want {
			t.Errorf("step %d sent %v, want %v", i, got, step.want)
		}
	}
	broken := errors.New("broken")
	if err := w.acknowledge(&packet.Ack{Kind: packet.PUBACK, ID: 1}, func([]byte) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
}
