package mqtt

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// Connections are cut at random while messages of every QoS go both ways. With
// the session kept, QoS 2 arrives exactly once, QoS 1 at least once, and every
// publication is reported once.
func TestNothingIsLostThroughCutConnections(t *testing.T) {
	for _, v := range []packet.Version{packet.V311, packet.V5} {
		t.Run(v.String(), func(t *testing.T) {
			broker := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{Config: "max_queued_messages 0"})
			proxy := mqtttest.NewProxy(t, broker.Addr)
			expiry := uint32(3600)
			j := &journal{keep: true}
			c := newClient(t, j, Config{
				URL: "mqtt://" + proxy.Addr, Version: v, ClientID: "survivor", SessionExpiry: &expiry,
				ReconnectPeriod: time.Millisecond, ReconnectMax: 5 * time.Millisecond, ReceiveMaximum: 20,
			})
			c.Trace(false)
			c.Start()
			j.await(t, "connect(", 1)
			subscribe(t, c, "cut/#", 2)
			stop := make(chan struct{})
			acked := make(chan struct{})
			go ackInRandomOrder(c, j, stop, acked)
			defer func() { close(stop); <-acked }()
			pubs := publishThroughCuts(t, c, proxy, 1500)
			for _, p := range pubs {
				if err := j.result(t, p); err != nil {
					t.Errorf("message %s: %v", p.Packet.Payload, err)
				}
			}
			checkDeliveries(t, j, pubs)
			if proxy.Accepted() < 5 {
				t.Errorf("the connection was made %d times only", proxy.Accepted())
			}
		})
	}
}

func publishThroughCuts(t *testing.T, c *Client, proxy *mqtttest.Proxy, n int) []*Publication {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var pubs []*Publication
	for i := range n {
		qos := byte(1 + i%2)
		pubs = append(pubs, mustPublish(t, c, publication(qos, fmt.Sprintf("cut/%d", qos), fmt.Sprint(i))))
		if i%100 == 99 {
			wait := rng.IntN(100)
			mqtttest.Eventually(t, "the stream to go on", func() bool {
				return c.Info().Connected && c.Info().Inflight+c.Info().Queued < 100+wait
			})
			proxy.Cut()
		}
	}
	return pubs
}

// ackInRandomOrder deals with messages late and not in their order.
func ackInRandomOrder(c *Client, j *journal, stop, done chan struct{}) {
	defer close(done)
	rng := rand.New(rand.NewPCG(3, 4))
	next := 0
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		fresh := j.delivered()[next:]
		next += len(fresh)
		rng.Shuffle(len(fresh), func(a, b int) { fresh[a], fresh[b] = fresh[b], fresh[a] })
		for _, m := range fresh {
			c.Ack(m)
		}
	}
}

func checkDeliveries(t *testing.T, j *journal, pubs []*Publication) {
	t.Helper()
	var got map[string]int
	mqtttest.Eventually(t, "every message", func() bool {
		got = make(map[string]int)
		for _, m := range j.delivered() {
			got[string(m.Packet.Payload)]++
		}
		return len(got) == len(pubs)
	})
	for _, p := range pubs {
		if n := got[string(p.Packet.Payload)]; p.Packet.QoS == 2 && n != 1 {
			t.Errorf("QoS 2 message %s came %d times", p.Packet.Payload, n)
		}
	}
}
