package mqtttest

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy passes TCP connections on to a server until they are cut, as quickly or
// slowly as it is told.
type Proxy struct {
	// Addr is host:port where the proxy listens.
	Addr string

	target   string
	listener net.Listener
	mu       sync.Mutex
	changed  *sync.Cond // stalled, closed or conns is another
	conns    map[net.Conn]struct{}
	refusing bool
	stalled  bool
	delay    time.Duration
	rate     int
	closed   bool
	accepted int
	wg       sync.WaitGroup
}

// NewProxy starts a proxy for the server at target, host:port.
func NewProxy(tb testing.TB, target string) *Proxy {
	tb.Helper()
	return NewProxyAt(tb, "127.0.0.1:0", target)
}

// NewProxyAt is NewProxy at an address of the caller's choice.
func NewProxyAt(tb testing.TB, addr, target string) *Proxy {
	tb.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{Addr: l.Addr().String(), target: target, listener: l, conns: make(map[net.Conn]struct{})}
	p.changed = sync.NewCond(&p.mu)
	p.wg.Go(p.serve)
	tb.Cleanup(func() {
		_ = l.Close()
		p.mu.Lock()
		p.closed = true
		p.mu.Unlock()
		p.Cut()
		p.wg.Wait()
	})
	return p
}

// Cut resets every connection there is, on both sides; bytes under way are lost.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
	clear(p.conns)
	p.changed.Broadcast()
}

// Stall lets nothing pass any more, while the connections stay: neither side
// can tell it from a peer that is silent. Or it lets everything pass again.
func (p *Proxy) Stall(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stalled = on
	p.changed.Broadcast()
}

// Slow makes each read wait that long before it is passed on, and lets no more
// than rate bytes a second pass in each direction of each connection. Zero and
// zero for neither.
func (p *Proxy) Slow(delay time.Duration, rate int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay, p.rate = delay, rate
}

// Refuse makes the proxy cut new connections at once, or pass them on again.
func (p *Proxy) Refuse(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusing = on
}

// Accepted is how many connections were passed on.
func (p *Proxy) Accepted() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted
}

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil || !p.track(client, server) {
			_ = client.Close()
			if server != nil {
				_ = server.Close()
			}
			continue
		}
		p.wg.Go(func() { p.pass(server, client) })
		p.wg.Go(func() { p.pass(client, server) })
	}
}

func (p *Proxy) track(client, server net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refusing || p.closed {
		return false
	}
	p.accepted++
	p.conns[client], p.conns[server] = struct{}{}, struct{}{}
	return true
}

// pass copies one direction; the end of either direction ends both.
func (p *Proxy) pass(dst, src net.Conn) {
	buf := make([]byte, 16<<10)
	for {
		n, err := src.Read(buf)
		if !p.await(src, n) {
			break
		}
		if _, failed := dst.Write(buf[:n]); err != nil || failed != nil {
			break // a cut is what a proxy is for
		}
	}
	_ = src.Close()
	_ = dst.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, src)
	delete(p.conns, dst)
	p.changed.Broadcast()
}

// await holds n bytes back as the proxy was told; it is false when the
// connection was cut meanwhile.
func (p *Proxy) await(src net.Conn, n int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := p.delay
	if p.rate > 0 {
		wait += time.Duration(n) * time.Second / time.Duration(p.rate)
	}
	if wait > 0 {
		p.mu.Unlock()
		time.Sleep(wait)
		p.mu.Lock()
	}
	for p.stalled && p.has(src) {
		p.changed.Wait()
	}
	return p.has(src)
}

func (p *Proxy) has(conn net.Conn) bool {
	_, ok := p.conns[conn]
	return ok
}
