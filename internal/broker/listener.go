package broker

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/gorilla/websocket"
)

// accept serves every connection of a TCP listener until that is closed.
func (b *Broker) accept(listener net.Listener) {
	for {
		nc, err := listener.Accept()
		switch {
		case err == nil:
			b.wg.Go(func() { b.serve(nc) })
		case errors.Is(err, net.ErrClosed):
			return
		default: // for example too many open files: it may pass
			b.log.Warn("a connection could not be accepted", "error", err)
			select {
			case <-b.done:
				return
			case <-time.After(acceptPause):
			}
		}
	}
}

// serve runs one connection from its first byte to its last.
func (b *Broker) serve(nc net.Conn) {
	c := newConn(b, nc)
	if !b.enter(c) {
		_ = nc.Close()
		return
	}
	defer b.leave(c)
	defer b.contain(c)
	err := c.read()
	b.log.Debug("connection ended", "remote", nc.RemoteAddr().String(), "reason", err)
}

// enter counts a connection in. It tells whether there was room.
func (b *Broker) enter(c *conn) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	if len(b.conns) >= b.opts.MaxConnections {
		b.log.Warn("too many connections, one is turned away", "limit", b.opts.MaxConnections)
		return false
	}
	b.conns[c] = struct{}{}
	b.accepted.Add(1)
	b.wg.Add(1) // under the lock, so that it never races with Close's Wait
	go c.out.write()
	return true
}

// leave counts a connection out, once what it had to write is written.
func (b *Broker) leave(c *conn) {
	defer b.wg.Done()
	b.mu.Lock()
	delete(b.conns, c)
	b.detach(c)
	b.mu.Unlock()
	c.out.finish()
	close(c.out.gone)
	<-c.out.done
}

// contain keeps a fault of ours inside its connection.
func (b *Broker) contain(c *conn) {
	fault := recover()
	if fault == nil {
		return
	}
	b.faults.Add(1)
	b.log.Error("a connection was ended by a fault in the broker",
		"remote", c.nc.RemoteAddr().String(), "fault", fault, "stack", string(debug.Stack()))
}

// serveWebSocket starts serving MQTT over WebSocket.
func (b *Broker) serveWebSocket() {
	upgrader := websocket.Upgrader{
		Subprotocols:     []string{"mqtt", "mqttv3.1"},
		HandshakeTimeout: connectTimeout,
		CheckOrigin:      b.originAllowed,
	}
	b.http = &http.Server{
		ReadHeaderTimeout: connectTimeout,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ws, err := upgrader.Upgrade(w, r, nil) // answers the request itself when it fails
			if err != nil {
				b.log.Debug("not a WebSocket connection", "remote", r.RemoteAddr, "reason", err)
				return
			}
			b.serve(&stream{Conn: ws.NetConn(), ws: ws})
		}),
	}
	b.wg.Go(func() {
		if err := b.http.Serve(b.ws); !errors.Is(err, http.ErrServerClosed) {
			b.log.Error("the WebSocket listener ended", "error", err)
		}
	})
}

// originAllowed keeps web pages from other sites away from a broker that asks
// for no password: a browser would connect for them from inside.
func (b *Broker) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || len(b.opts.Users) > 0 {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Host == r.Host || u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// stream makes a byte stream of a WebSocket's binary messages [MQTT-6.0.0-1].
type stream struct {
	net.Conn // for addresses, deadlines and Close
	ws       *websocket.Conn
	message  io.Reader // what is left of the current message; nil before the first
}

var errNotBinary = errors.New("a WebSocket message that is not binary [MQTT-6.0.0-1]")

// Read reads from the current message and goes on with the next.
func (s *stream) Read(p []byte) (int, error) {
	for {
		if s.message == nil {
			kind, message, err := s.ws.NextReader()
			if err != nil {
				return 0, err
			}
			if kind != websocket.BinaryMessage {
				return 0, errNotBinary
			}
			s.message = message
		}
		n, err := s.message.Read(p)
		if errors.Is(err, io.EOF) {
			s.message, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// Write sends p as one binary message.
func (s *stream) Write(p []byte) (int, error) {
	if err := s.ws.WriteMessage(websocket.BinaryMessage, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// CloseWrite starts the closing handshake.
func (s *stream) CloseWrite() error {
	text := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	return s.ws.WriteControl(websocket.CloseMessage, text, time.Now().Add(closeTimeout))
}
