package mqtt

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// meter is a Handler that counts and, when echo is set, publishes each message
// again from a goroutine of its own.
type meter struct {
	client    *Client
	echo      chan *Message
	up        chan struct{}
	want      int
	messages  int
	published int
	done      chan struct{}
}

var _ Handler = (*meter)(nil)

func newMeter(n int) *meter {
	return &meter{want: n, up: make(chan struct{}, 1), done: make(chan struct{})}
}

func (m *meter) Connected(*packet.Connack)              { m.up <- struct{}{} }
func (m *meter) Reconnecting()                          {}
func (m *meter) Disconnected(*packet.Disconnect)        {}
func (m *meter) Closed()                                {}
func (m *meter) Ended()                                 {}
func (m *meter) Error(error)                            {}
func (m *meter) PacketSent(packet.Packet, *Publication) {}
func (m *meter) PacketReceived(packet.Packet)           {}

func (m *meter) Message(msg *Message) bool {
	m.messages++
	if m.echo != nil {
		m.echo <- msg
	} else if m.messages == m.want {
		close(m.done)
	}
	return true
}

func (m *meter) Published(*Publication, error) {
	m.published++
	if m.published == m.want {
		close(m.done)
	}
}

// sink is a cheap server: it accepts a client, hands it to play and reads on.
func sink(b *testing.B, play func(conn net.Conn, in *bufio.Reader)) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		in := bufio.NewReaderSize(conn, 1<<20)
		if _, err := packet.Read(in, packet.V311, 0); err != nil {
			return
		}
		if _, err := conn.Write([]byte{0x20, 2, 0, 0}); err != nil {
			return
		}
		play(conn, in)
		_, _ = io.Copy(io.Discard, in) // until the client goes
	})
	b.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return "mqtt://" + l.Addr().String()
}

func benchClient(b *testing.B, url string, m *meter) *Client {
	b.Helper()
	c, err := New(Config{URL: url, Version: packet.V311, CleanStart: true, Handler: m})
	if err != nil {
		b.Fatal(err)
	}
	m.client = c
	c.Start()
	<-m.up
	b.Cleanup(func() { _ = c.End(context.Background(), true) })
	return c
}

// stream is n PUBLISH in chunks as a batching server writes them.
func stream(b *testing.B, conn net.Conn, n int, qos byte) {
	const chunk = 500
	payload := []byte("0123456789012345678901234567890123456789012345678901234567890123")
	var buf []byte
	for i := 0; i < n; {
		buf = buf[:0]
		for k := 0; k < chunk && i < n; k, i = k+1, i+1 {
			p := packet.Publish{Topic: "bench/topic", Payload: payload, QoS: qos}
			if qos > 0 {
				p.ID = uint16(i%60_000 + 1)
			}
			var err error
			if buf, err = p.Append(buf, packet.V311); err != nil {
				b.Error(err)
				return
			}
		}
		if _, err := conn.Write(buf); err != nil {
			return
		}
	}
}

func BenchmarkReceive(b *testing.B) {
	for _, qos := range []byte{0, 1} {
		b.Run(fmt.Sprintf("qos%d", qos), func(b *testing.B) {
			start := make(chan struct{})
			m := newMeter(b.N)
			url := sink(b, func(conn net.Conn, _ *bufio.Reader) {
				<-start
				go stream(b, conn, b.N, qos)
			})
			benchClient(b, url, m)
			b.ReportAllocs()
			b.ResetTimer()
			close(start)
			<-m.done
		})
	}
}

func BenchmarkPublish(b *testing.B) {
	for _, qos := range []byte{0, 1} {
		b.Run(fmt.Sprintf("qos%d", qos), func(b *testing.B) {
			m := newMeter(b.N)
			c := benchClient(b, sink(b, answerPublishes), m)
			payload := make([]byte, 64)
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				publishPatiently(c, &Publication{Packet: packet.Publish{Topic: "bench/topic", Payload: payload, QoS: qos}})
			}
			<-m.done
		})
	}
}

// answerPublishes acknowledges QoS 1 in batches, as they can be read.
func answerPublishes(conn net.Conn, in *bufio.Reader) {
	var out []byte
	for {
		p, err := packet.Read(in, packet.V311, 0)
		if err != nil {
			return
		}
		if pub, ok := p.(*packet.Publish); ok && pub.QoS == 1 {
			out = append(out, 0x40, 2, byte(pub.ID>>8), byte(pub.ID))
		}
		if in.Buffered() == 0 && len(out) > 0 {
			if _, err := conn.Write(out); err != nil {
				return
			}
			out = out[:0]
		}
	}
}

func publishPatiently(c *Client, p *Publication) {
	for c.Publish(p) != nil {
		if !c.AwaitRoom(nil, nil) {
			return
		}
	}
}

func BenchmarkEcho(b *testing.B) {
	for _, qos := range []byte{0, 1} {
		b.Run(fmt.Sprintf("qos%d", qos), func(b *testing.B) {
			start := make(chan struct{})
			m := newMeter(b.N)
			m.echo = make(chan *Message, b.N)
			url := sink(b, func(conn net.Conn, in *bufio.Reader) {
				<-start
				go stream(b, conn, b.N, 0)
				answerPublishes(conn, in)
			})
			c := benchClient(b, url, m)
			b.ReportAllocs()
			b.ResetTimer()
			close(start)
			for range b.N {
				msg := <-m.echo
				publishPatiently(c, &Publication{Packet: packet.Publish{Topic: "echo", Payload: msg.Packet.Payload, QoS: qos}})
			}
			<-m.done
		})
	}
}

// BenchmarkMosquitto receives through a real broker what another client
// publishes, and reports the CPU time of this process beside the time in all.
func BenchmarkMosquitto(b *testing.B) {
	broker := mqtttest.Mosquitto(b, mqtttest.BrokerOptions{Config: "max_queued_messages 0\nlog_type none"})
	m := newMeter(b.N)
	c := benchClient(b, broker.URL, m)
	if _, err := c.Subscribe(context.Background(), []packet.Subscription{{Filter: "bench/#"}}, nil); err != nil {
		b.Fatal(err)
	}
	conn, err := net.Dial("tcp", broker.Addr)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	hello, err := (&packet.Connect{Version: packet.V311, CleanStart: true, ClientID: "pub"}).Append(nil, packet.V311)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := conn.Write(hello); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := cpuTime(b)
	b.ResetTimer()
	go stream(b, conn, b.N, 0)
	select {
	case <-m.done:
	case <-time.After(time.Minute):
		b.Fatal("messages are missing")
	}
	b.StopTimer()
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
}

// cpuTime is what this process has used, in nanoseconds.
func cpuTime(b *testing.B) int64 {
	if runtime.GOOS != "linux" {
		b.Skipf("no CPU time on %s", runtime.GOOS)
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(os.NewSyscallError("getrusage", err))
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
