package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
)

// bare is the ceiling: what a script does, in Go on the client alone. It does
// count, receive and echo.
//
// The client calls Message with its lock held; one goroutine publishes, and
// ends with the process.
type bare struct {
	client *mqtt.Client
	every  int // publish progress once in so many messages; 0: never
	echo   bool
	qos    byte
	count  int

	mu      sync.Mutex
	wake    *sync.Cond
	waiting []answer
	room    *sync.Cond
}

// answer is a publication, and the message that it makes good for.
type answer struct {
	pub *mqtt.Publication
	to  *mqtt.Message // to be acknowledged when the publication was taken; may be nil
}

// bareWorkloads are those that bare can do.
var bareWorkloads = []string{"count", "receive", "echo"}

// backlog is how many publications wait before the reader does.
const backlog = 2048

// runBare is the process of a bare subject; it ends when ctx does.
func runBare(ctx context.Context, url string, v packet.Version, qos byte, workload string) error {
	b := &bare{qos: qos, echo: workload == "echo"}
	if workload == "receive" {
		b.every = 100
	}
	b.wake, b.room = sync.NewCond(&b.mu), sync.NewCond(&b.mu)
	client, err := mqtt.New(mqtt.Config{
		URL: url, Version: v, CleanStart: true, Handler: b, Gate: b.gate,
	})
	if err != nil {
		return fmt.Errorf("making the client: %w", err)
	}
	b.client = client
	client.SubscribeAsync([]packet.Subscription{{Filter: "in/#", QoS: qos}}, nil, nil)
	client.Start()
	go b.publish(ctx)
	select {
	case <-ctx.Done():
	case <-client.Done():
	}
	return client.End(context.WithoutCancel(ctx), true)
}

// gate holds the reader while too much waits to be published. With QoS 1 and 2
// it never does, because messages are acknowledged only when their answer was
// taken: that matters, for the reader brings the acknowledgements that make
// room for publications.
func (b *bare) gate(<-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.waiting) > backlog {
		b.room.Wait()
	}
}

func (b *bare) send(topic string, payload []byte, qos byte, to *mqtt.Message) {
	p := &mqtt.Publication{Packet: packet.Publish{Topic: topic, Payload: payload, QoS: qos}}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting, answer{p, to})
	b.wake.Signal()
}

func (b *bare) publish(ctx context.Context) {
	var batch []answer
	for {
		b.mu.Lock()
		for len(b.waiting) == 0 {
			b.wake.Wait()
		}
		batch, b.waiting = b.waiting, batch[:0]
		b.room.Broadcast()
		b.mu.Unlock()
		for _, a := range batch {
			for b.client.Publish(a.pub) != nil {
				if !b.client.AwaitRoom(ctx.Done(), nil) {
					return
				}
			}
			if a.to != nil {
				b.client.Ack(a.to)
			}
		}
	}
}

// Connected says that the subject is ready.
func (b *bare) Connected(*packet.Connack) { b.send("out/ready", nil, 0, nil) }

// Message counts, and echoes.
func (b *bare) Message(m *mqtt.Message) (done bool) {
	if m.Topic == "in/end" {
		b.send("out/done", strconv.AppendInt(nil, int64(b.count), 10), b.qos, nil)
		b.count = 0
		return true
	}
	b.count++
	if b.echo {
		b.send("out/echo", m.Packet.Payload, b.qos, m)
		return m.Packet.QoS == 0
	}
	if b.every > 0 && b.count%b.every == 0 {
		b.send("out/progress", strconv.AppendInt(nil, int64(b.count), 10), b.qos, nil)
	}
	return true
}

// The other events tell the bare loop nothing.

func (b *bare) Reconnecting()                               {}
func (b *bare) Disconnected(*packet.Disconnect)             {}
func (b *bare) Closed()                                     {}
func (b *bare) Ended()                                      {}
func (b *bare) Error(error)                                 {}
func (b *bare) PacketSent(packet.Packet, *mqtt.Publication) {}
func (b *bare) PacketReceived(packet.Packet)                {}
func (b *bare) Published(*mqtt.Publication, error)          {}
