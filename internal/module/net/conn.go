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
	conn    net.Conn
	release func()

	closing   sync.Once
	reading   sync.Mutex // held while a read is under way
	buffer    []byte     // of the read that is under way
	stateLock sync.Mutex
	handed    bool // Take has taken the connection
}

// handle is what JavaScript holds of a Conn; it shows nothing.
type handle struct{ conn *Conn }

// NewConn makes a connection one of the script's, closed when it ends, and
// returns it with what a socket is made of. From anywhere.
func NewConn(resources *native.Resources, c net.Conn) (conn *Conn, forJavaScript any) {
	conn = &Conn{conn: c}
	conn.release = resources.Hold(c)
	return conn, &handle{conn}
}

// nowhere stands for a connection that a script did not get from here.
var nowhere = func() *Conn {
	ours, theirs := net.Pipe()
	_, _ = ours.Close(), theirs.Close()
	return &Conn{conn: ours, release: func() {}}
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

// read waits for bytes; nil is the end, and an empty value says that Take has
// the connection.
func (c *Conn) read(context.Context) (any, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if c.buffer == nil {
		c.buffer = make([]byte, smallRead)
	}
	n, err := c.conn.Read(c.buffer)
	switch {
	case n > 0:
		return c.taken(n), nil
	case c.taking():
		return []byte{}, nil
	case errors.Is(err, io.EOF):
		return nil, nil
	case err == nil:
		return []byte{}, nil
	}
	return nil, Failed("read", err)
}

// taken returns the first n bytes of the buffer. A buffer that is full is given
// away, and the next one is larger.
func (c *Conn) taken(n int) []byte {
	if n < len(c.buffer) {
		return append([]byte{}, c.buffer[:n]...)
	}
	full := c.buffer
	c.buffer = make([]byte, min(2*n, largeRead))
	return full
}

func (c *Conn) write(data []byte) native.Work {
	return func(context.Context) (any, error) {
		if _, err := c.conn.Write(data); err != nil {
			return nil, Failed("write", err)
		}
		return nil, nil
	}
}

// shutdown ends what is written; reading goes on.
func (c *Conn) shutdown(context.Context) (any, error) {
	half, ok := c.conn.(interface{ CloseWrite() error })
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
			if tcp, ok := c.conn.(*net.TCPConn); ok && reset {
				_ = tcp.SetLinger(0) // without it the peer sees an ordinary end
			}
			_ = c.conn.Close() // nobody can do anything about it
			c.release()
		})
		return nil, nil
	}
}

// Take takes the connection away from the socket that reads it, to go on with
// it in another form. A read that waits ends. From any goroutine but the VM's.
func (c *Conn) Take() net.Conn {
	c.stateLock.Lock()
	c.handed = true
	c.stateLock.Unlock()
	_ = c.conn.SetReadDeadline(time.Unix(1, 0)) // a closed connection ends the read by itself
	c.reading.Lock()
	defer c.reading.Unlock()
	_ = c.conn.SetReadDeadline(time.Time{})
	return c.conn
}

// Return gives the connection back to the socket after Take, in the form in
// which it is to be used from then on. From anywhere.
func (c *Conn) Return(conn net.Conn) {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.conn = conn
	c.stateLock.Lock()
	c.handed = false
	c.stateLock.Unlock()
}

func (c *Conn) taking() bool {
	c.stateLock.Lock()
	defer c.stateLock.Unlock()
	return c.handed
}

func (c *Conn) setNoDelay(on bool) {
	if tcp, ok := c.conn.(*net.TCPConn); ok {
		_ = tcp.SetNoDelay(on) // as in Node, what the system refuses stays as it was
	}
}

// setKeepAlive has the system probe an idle connection; delay is in
// milliseconds, 0 leaves the system's.
func (c *Conn) setKeepAlive(on bool, delay int) {
	tcp, ok := c.conn.(*net.TCPConn)
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
	if local := shown(c.conn.LocalAddr()); local != nil {
		names["local"] = local
	}
	if remote := shown(c.conn.RemoteAddr()); remote != nil {
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
