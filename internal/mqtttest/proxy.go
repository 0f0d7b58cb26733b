package mqtttest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy passes TCP connections on to a server until they are cut.
type Proxy struct {
	// Addr is host:port where the proxy listens.
	Addr string

	target   string
	listener net.Listener
	mu       sync.Mutex
	conns    map[net.Conn]struct{}
	refusing bool
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
	_, _ = io.Copy(dst, src) // a cut is what a proxy is for
	_ = src.Close()
	_ = dst.Close()
	p.mu.Lock()
	delete(p.conns, src)
	delete(p.conns, dst)
	p.mu.Unlock()
}
