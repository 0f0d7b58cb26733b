package mqtt

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// pipes lets a client dial into memory, where time can be made up: each dial
// takes the server's end from accept.
type pipes struct {
	accept chan net.Conn
	dials  atomic.Int32
	down   atomic.Bool // dialing is refused
}

func newPipes() *pipes { return &pipes{accept: make(chan net.Conn, 100)} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	p.dials.Add(1)
	if p.down.Load() {
		return nil, syscall.ECONNREFUSED
	}
	client, server := net.Pipe()
	p.accept <- server
	return client, nil
}

// inMemory connects a client in a bubble of made-up time.
func inMemory(t *testing.T, cfg Config, ack *packet.Connack) (*pipes, *mqtttest.PeerConn, *Client, *journal) {
	t.Helper()
	if cfg.Version == 0 {
		cfg.Version = packet.V5
	}
	line := newPipes()
	cfg.URL, cfg.Dial = "mqtt://pipe", line.dial
	if cfg.ReconnectPeriod == 0 {
		cfg.ReconnectPeriod = time.Hour
		cfg.ReconnectMax = time.Hour
	}
	j := &journal{keep: true}
	c := newClient(t, j, cfg)
	c.Start()
	return line, line.serve(t, cfg.Version, ack), c, j
}

func (p *pipes) serve(t *testing.T, v packet.Version, ack *packet.Connack) *mqtttest.PeerConn {
	t.Helper()
	conn := mqtttest.NewPeerConn(t, <-p.accept, v)
	mqtttest.Expect[*packet.Connect](conn)
	if ack == nil {
		ack = new(packet.Connack)
	}
	conn.Send(ack)
	synctest.Wait()
	return conn
}

// drainPings reads everything and tells when each PINGREQ came.
func drainPings(conn *mqtttest.PeerConn, answer bool) *[]time.Time {
	times := new([]time.Time)
	go func() {
		for {
			p, err := conn.ReadUnhurried()
			if err != nil {
				return
			}
			if _, ok := p.(*packet.Pingreq); ok {
				*times = append(*times, time.Now())
				if answer {
					conn.Send(new(packet.Pingresp))
				}
			}
		}
	}()
	return times
}

func TestKeepalivePingsAtTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, conn, _, j := inMemory(t, Config{KeepAlive: 10 * time.Second}, nil)
		start := time.Now()
		times := drainPings(conn, true)
		time.Sleep(35 * time.Second)
		synctest.Wait()
		if len(*times) != 3 {
			t.Fatalf("%d pings in 35 s, want 3", len(*times))
		}
		for i, at := range *times {
			if d := at.Sub(start); d != time.Duration(i+1)*10*time.Second {
				t.Errorf("ping %d after %v", i+1, d)
			}
		}
		if j.count("error(") > 0 {
			t.Errorf("events: %q", j.snapshot())
		}
	})
}

func TestKeepaliveTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, conn, _, j := inMemory(t, Config{KeepAlive: 10 * time.Second}, nil)
		drainPings(conn, false)
		time.Sleep(15*time.Second - time.Millisecond)
		synctest.Wait()
		if j.count("error(") > 0 {
			t.Fatalf("before one and a half intervals: %q", j.snapshot())
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if j.count("error(Error: Keepalive timeout") != 1 || j.count("close") != 1 {
			t.Fatalf("events: %q", j.snapshot())
		}
	})
}

func TestWhateverArrivesIsASignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, conn, _, j := inMemory(t, Config{KeepAlive: 10 * time.Second}, nil)
		times := drainPings(conn, false)
		for range 20 {
			time.Sleep(3 * time.Second)
			conn.Send(&packet.Publish{Topic: "t"})
		}
		synctest.Wait()
		if j.count("error(") > 0 || len(*times) < 4 {
			t.Fatalf("%d pings, events: %q", len(*times), j.snapshot())
		}
	})
}

func TestClientThatOnlyPublishesPingsToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, conn, c, j := inMemory(t, Config{KeepAlive: 10 * time.Second}, nil)
		drainPings(conn, false)
		for range 6 {
			mustPublish(t, c, publication(0, "t", "x"))
			time.Sleep(3 * time.Second)
		}
		synctest.Wait()
		if j.count("error(Error: Keepalive timeout") != 1 {
			t.Fatalf("a server that went away was not noticed: %q", j.snapshot())
		}
	})
}

func TestGateDoesNotStopThePings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		open := make(chan struct{})
		closed := false
		gate := func(stop <-chan struct{}) {
			if closed {
				select {
				case <-open:
				case <-stop:
				}
			}
		}
		_, conn, _, j := inMemory(t, Config{KeepAlive: 10 * time.Second, Gate: gate}, nil)
		closed = true
		conn.Send(&packet.Publish{Topic: "last"})
		j.await(t, "message(last", 1)
		// net.Pipe has no buffer: the answers wait for the gate.
		pings := 0
		go func() {
			for {
				p, err := conn.ReadUnhurried()
				if err != nil {
					return
				}
				if _, ok := p.(*packet.Pingreq); ok {
					pings++
				}
			}
		}()
		time.Sleep(63 * time.Second)
		synctest.Wait()
		if pings != 6 || j.count("error(") > 0 {
			t.Fatalf("%d pings in 63 s, want 6; events: %q", pings, j.snapshot())
		}
		close(open)
		synctest.Wait()
		time.Sleep(5*time.Second - time.Millisecond)
		synctest.Wait()
		if j.count("error(") > 0 {
			t.Fatalf("the server got no time to answer after the gate opened: %q", j.snapshot())
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if j.count("error(Error: Keepalive timeout") != 1 {
			t.Fatalf("events: %q", j.snapshot())
		}
	})
}

func TestKeepaliveOfTheServer(t *testing.T) {
	for _, tt := range []struct {
		own  time.Duration
		ack  *packet.Connack
		want int // pings in 100 s
	}{
		{60 * time.Second, connackWith(noProps.AppendInt(packet.PropServerKeepAlive, 20)), 4},
		{10 * time.Second, connackWith(noProps.AppendInt(packet.PropServerKeepAlive, 0)), 0},
		{0, nil, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, conn, _, _ := inMemory(t, Config{KeepAlive: tt.own}, tt.ack)
			times := drainPings(conn, true)
			time.Sleep(99 * time.Second)
			synctest.Wait()
			if len(*times) != tt.want {
				t.Errorf("%d pings, want %d", len(*times), tt.want)
			}
		})
	}
}

func TestConnectTimeoutCoversDialing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		c := newClient(t, j, Config{
			URL: "mqtt://pipe", ConnectTimeout: 7 * time.Second, ReconnectPeriod: time.Hour, ReconnectMax: time.Hour,
			Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			},
		})
		start := time.Now()
		c.Start()
		j.await(t, "close", 1)
		if d := time.Since(start); d < 7*time.Second || d > 8*time.Second {
			t.Errorf("given up after %v", d)
		}
		if got := strings.Join(j.snapshot(), ", "); got != "error(Error: connack timeout), close" {
			t.Errorf("events: %s", got)
		}
	})
}

func TestBackoff(t *testing.T) {
	b := backoff{first: time.Second, most: 30 * time.Second}
	for _, whole := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		whole *= time.Second
		if d := b.next(); d < whole/2 || d > whole {
			t.Errorf("waits %v, want between %v and %v", d, whole/2, whole)
		}
	}
	b.reset()
	if d := b.next(); d > time.Second {
		t.Errorf("after a reset: %v", d)
	}
}

func TestBackoffSpreads(t *testing.T) {
	first := (&backoff{first: time.Hour, most: time.Hour}).next()
	for range 100 {
		if (&backoff{first: time.Hour, most: time.Hour}).next() != first {
			return
		}
	}
	t.Error("the same delay a hundred times")
}

func TestBackoffGrowsUntilAConnectionStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newPipes()
		line.down.Store(true)
		j := new(journal)
		c := newClient(t, j, Config{URL: "mqtt://pipe", Dial: line.dial, ReconnectPeriod: time.Second, ReconnectMax: time.Minute})
		c.Start()
		time.Sleep(61 * time.Second)
		synctest.Wait()
		// The delays add up to 63 s for seven attempts, or half of that.
		if n := line.dials.Load(); n < 6 || n > 8 {
			t.Errorf("%d attempts in a minute", n)
		}
		line.down.Store(false)
		conn := line.serve(t, packet.V5, nil)
		time.Sleep(stableAfter)
		before := time.Now()
		_ = conn.Close()
		line.serve(t, packet.V5, nil)
		if d := time.Since(before); d > 2*time.Second {
			t.Errorf("after a stable connection the delay was %v", d)
		}
	})
}

func TestBackoffStartsOverWhenMessagesWentThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newPipes()
		j := new(journal)
		c := newClient(t, j, Config{URL: "mqtt://pipe", Dial: line.dial, ReconnectPeriod: time.Second, ReconnectMax: time.Minute})
		c.Start()
		for range 8 {
			conn := line.serve(t, packet.V5, nil)
			conn.Send(&packet.Publish{Topic: "t"})
			synctest.Wait()
			before := time.Now()
			_ = conn.Close()
			synctest.Wait()
			time.Sleep(time.Second)
			synctest.Wait()
			if len(line.accept) != 1 {
				t.Fatalf("no attempt after %v", time.Since(before))
			}
		}
	})
}

func TestReconnectPeriodZeroMeansNever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newPipes()
		j := new(journal)
		c := newClient(t, j, Config{URL: "mqtt://pipe", Dial: line.dial})
		waiting := mustPublish(t, c, publication(1, "t", "x"))
		c.Start()
		conn := line.serve(t, packet.V5, nil)
		_ = conn.Close()
		<-c.Done()
		if c.Err() == nil || j.result(t, waiting) == nil {
			t.Errorf("the client does not say that it stopped: %v", c.Err())
		}
		if err := c.Publish(publication(0, "t", "x")); !errors.Is(err, c.Err()) {
			t.Errorf("publishing after it gave up: %v", err)
		}
		if n := line.dials.Load(); n != 1 || j.count("reconnect") > 0 || j.count("end") > 0 {
			t.Errorf("%d dials, events: %q", n, j.snapshot())
		}
	})
}

func TestNothingUnsentIsLostOrDoubled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line, conn, c, j := inMemory(t, Config{ReconnectPeriod: time.Second}, nil)
		var pubs []*Publication
		for i := range 9 {
			pubs = append(pubs, mustPublish(t, c, publication(byte(i%3), string(rune('a'+i)), "x")))
		}
		// A pipe has no buffer: what is not read here stays with the writer,
		// which is cut off in the middle of the second packet.
		size := pubs[0].Packet.Size(packet.V5)
		if _, err := io.ReadFull(conn.Conn, make([]byte, size+3)); err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
		conn = line.serve(t, packet.V5, &packet.Connack{SessionPresent: true})
		for want := 'b'; want <= 'i'; {
			p := conn.Next()
			if pub, ok := p.(*packet.Publish); ok {
				if pub.Topic != string(want) || pub.Dup {
					t.Fatalf("got %q dup=%v, want %q for the first time", pub.Topic, pub.Dup, want)
				}
				want++
			}
			answerOne(conn, p)
		}
		answerAll(conn)
		for i, p := range pubs {
			if err := j.result(t, p); err != nil {
				t.Errorf("publication %d: %v", i, err)
			}
		}
	})
}
