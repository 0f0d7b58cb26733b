package net

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// Conn is a connection that a socket of JavaScript uses.
type Conn struct {
	release func()
	explain func(call string, err error) error // what a script is told; io.EOF is an end
	closing sync.Once

	reading sync.Mutex // held while a read is under way
	buffer  []byte     // of that read

	mu    sync.Mutex // guards what follows
	conn  net.Conn
	taken bool // Take has it, or Interrupt was called for that
}

func (c *Conn) current() net.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conn
}

// handle is what JavaScript holds of a Conn; it shows nothing.
type handle struct{ conn *Conn }

// NewConn makes a connection one of the script's, closed when it ends, and
// returns it with what a socket is made of. From anywhere.
func NewConn(resources *native.Resources, c net.Conn) (conn *Conn, forJavaScript any) {
	conn = &Conn{conn: c, explain: explain}
	conn.release = resources.Hold(c)
	return conn, &handle{conn}
}

// Above makes what a socket goes on with when another protocol was put on its
// connection: c, which is closed with it. From anywhere.
func Above(below *Conn, c net.Conn, explain func(call string, err error) error) (forJavaScript any) {
	return &handle{&Conn{conn: c, explain: explain, release: below.release}}
}

func explain(call string, err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return Failed(call, err)
}

// nowhere stands for a connection that a script did not get from here.
var nowhere = func() *Conn {
	ours, theirs := net.Pipe()
	_, _ = ours.Close(), theirs.Close()
	return &Conn{conn: ours, explain: explain, release: func() {}}
}()

// ConnOf returns the connection that an argument stands for. One that is
// closed stands for what is none.
func ConnOf(a native.Args, i int) *Conn {
	if h, ok := a.Handle(i).(*handle); ok {
		return h.conn
	}
	return nowhere
}

// The sizes of the memory that a read waits with: it grows while reads fill it.
const (
	smallRead = 4 << 10
	largeRead = 64 << 10
)

// read waits for bytes; nil is the end, and an empty value says that it was
// interrupted.
func (c *Conn) read(context.Context) (any, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if c.buffer == nil {
		c.buffer = make([]byte, smallRead)
	}
	n, err := c.current().Read(c.buffer)
	switch {
	case n > 0:
		return c.filled(n), nil
	case err == nil, c.isTaken():
		return []byte{}, nil
	}
	if err = c.explain("read", err); errors.Is(err, io.EOF) {
		return nil, nil
	}
	return nil, err
}

// filled returns the first n bytes of the buffer. A buffer that is full is given
// away, and the next one is larger.
func (c *Conn) filled(n int) []byte {
	if n < len(c.buffer) {
		return append([]byte{}, c.buffer[:n]...)
	}
	full := c.buffer
	c.buffer = make([]byte, min(2*n, largeRead))
	return full
}

func (c *Conn) write(data []byte) native.Work {
	return func(context.Context) (any, error) {
		if _, err := c.current().Write(data); err != nil {
			return nil, c.explain("write", err)
		}
		return nil, nil
	}
}

// shutdown ends what is written; reading goes on.
func (c *Conn) shutdown(context.Context) (any, error) {
	half, ok := c.current().(interface{ CloseWrite() error })
	if !ok {
		return nil, nil
	}
	err := half.CloseWrite()
	if err == nil || errors.Is(err, syscall.ENOTCONN) || errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.EPIPE) {
		return nil, nil
	}
	return nil, Failed("shutdown", err)
}

// close closes the connection; with reset the peer is told that it was cut.
func (c *Conn) close(reset bool) native.Work {
	return func(context.Context) (any, error) {
		c.closing.Do(func() {
			conn := c.current()
			if tcp, ok := conn.(*net.TCPConn); ok && reset {
				_ = tcp.SetLinger(0) // without it the peer sees an ordinary end
			}
			_ = conn.Close() // nobody can do anything about it
			c.release()
		})
		return nil, nil
	}
}

// past ends reads at once.
var past = time.Unix(1, 0)

// Interrupt ends a read that waits, because the connection is to be taken. It
// does not wait. From anywhere.
func (c *Conn) Interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken = true
	_ = c.conn.SetReadDeadline(past) // a connection that is closed ends its reads by itself
}

// Take takes the connection away from its socket, for another protocol to be
// put on it. It waits for the read that is under way, which ends. Not on the
// VM's goroutine.
func (c *Conn) Take() net.Conn {
	c.Interrupt()
	c.reading.Lock()
	defer c.reading.Unlock()
	conn := c.current()
	_ = conn.SetReadDeadline(time.Time{}) // as above
	return conn
}

// Return gives the connection back to the socket after Take, in the form in
// which it is to be used from then on. From anywhere.
func (c *Conn) Return(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn, c.taken = conn, false
}

func (c *Conn) isTaken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken
}

func (c *Conn) setNoDelay(on bool) {
	if tcp, ok := c.current().(*net.TCPConn); ok {
		_ = tcp.SetNoDelay(on) // as in Node, what the system refuses stays as it was
	}
}

// setKeepAlive has the system probe an idle connection; delay is in
// milliseconds, 0 leaves the system's.
func (c *Conn) setKeepAlive(on bool, delay int) {
	tcp, ok := c.current().(*net.TCPConn)
	if !ok {
		return
	}
	config := net.KeepAliveConfig{Enable: on, Idle: -1, Interval: -1, Count: -1}
	if delay >= 1000 {
		config.Idle = time.Duration(delay) * time.Millisecond
	}
	_ = tcp.SetKeepAliveConfig(config) // as above
}

// names returns the addresses of both ends.
func (c *Conn) names() any {
	names := make(map[string]any)
	if local := shown(c.current().LocalAddr()); local != nil {
		names["local"] = local
	}
	if remote := shown(c.current().RemoteAddr()); remote != nil {
		names["remote"] = remote
	}
	return names
}

// shown is an address as Node shows it; nil for one without a port.
func shown(a net.Addr) map[string]any {
	at, ok := a.(interface{ AddrPort() netip.AddrPort })
	if !ok || !at.AddrPort().IsValid() {
		return nil
	}
	address, family := at.AddrPort().Addr(), "IPv6"
	if address.Is4() {
		family = "IPv4"
	}
	return map[string]any{"address": address.String(), "family": family, "port": int(at.AddrPort().Port())}
}

// version returns 4 or 6 for an address in text, 0 for anything else.
func version(text string) int {
	address, err := netip.ParseAddr(text)
	switch {
	case err != nil:
		return 0
	case address.Is4():
		return 4
	}
	return 6
}

// Failed is the error of a call of a socket, in Node's form.
func Failed(call string, err error) *nodeerr.System {
	switch {
	case errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe):
		err = syscall.ECANCELED
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = syscall.ECONNRESET
	}
	return nodeerr.SystemOf(call, err)
}
