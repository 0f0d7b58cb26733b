package ttqm

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

const (
	mostMessage  = 64 << 20         // bytes of a message that is received
	handshake    = 30 * time.Second // for connecting, and for a client of a server
	farewell     = 5 * time.Second  // for the peer's answer to a close
	abnormalEnd  = websocket.CloseAbnormalClosure
	messageLarge = websocket.CloseMessageTooBig
)

// socket is a WebSocket's connection.
type socket struct {
	conn    *websocket.Conn
	release func()
	closing sync.Once

	mu     sync.Mutex // guards what follows
	ended  bool
	code   int
	reason string
}

// newSocket makes a connection one of the script's, closed when it ends; gone,
// which may be nil, is called when it is closed.
func newSocket(env *native.Env, conn *websocket.Conn, gone func()) *socket {
	conn.SetReadLimit(mostMessage)
	s := &socket{conn: conn, code: abnormalEnd}
	release := env.Resources.Hold(conn)
	s.release = func() {
		release()
		if gone != nil {
			gone()
		}
	}
	return s
}

// read waits for a message. At the end of the connection, which end has noted,
// it returns nil; an error is one of the connection that is not its end alone.
func (s *socket) read(context.Context) (any, error) {
	_, data, err := s.conn.ReadMessage()
	if err == nil {
		return data, nil
	}
	s.end(err)
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed), errors.Is(err, net.ErrClosed), isTimeout(err):
		return nil, nil //nolint:nilnil // the end
	case errors.Is(err, websocket.ErrReadLimit):
		return nil, &native.Failure{
			Class: nodeerr.RangeError, Code: "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", Message: "a message of the peer is larger than 8 MiB",
		}
	}
	var cut *net.OpError
	if errors.As(err, &cut) {
		return nil, nodeerr.SystemOf("read", err)
	}
	return nil, err
}

func isTimeout(err error) bool {
	var late net.Error
	return errors.As(err, &late) && late.Timeout()
}

// end notes why the connection ended, and closes it.
func (s *socket) end(err error) {
	s.mu.Lock()
	s.ended = true
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed) && closed.Code != abnormalEnd:
		s.code, s.reason = closed.Code, closed.Text
	case errors.Is(err, websocket.ErrReadLimit):
		s.code = messageLarge
	}
	s.mu.Unlock()
	s.closing.Do(func() {
		_ = s.conn.Close() // it has ended
		s.release()
	})
}

func (s *socket) state() (ended bool, code int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended, s.code, s.reason
}

func (s *socket) write(kind int, data []byte) native.Work {
	return func(context.Context) (any, error) {
		if err := s.conn.WriteMessage(kind, data); err != nil {
			return nil, nodeerr.SystemOf("write", err)
		}
		return nil, nil //nolint:nilnil // nothing is called back with
	}
}

// close says goodbye; the reader ends with the peer's answer, or when that
// does not come.
func (s *socket) close(code int, reason string) native.Work {
	return func(context.Context) (any, error) {
		now := time.Now()
		message := websocket.FormatCloseMessage(code, reason)
		if err := s.conn.WriteControl(websocket.CloseMessage, message, now.Add(farewell)); err != nil {
			_ = s.conn.Close() // nobody is there any more
		}
		_ = s.conn.NetConn().SetReadDeadline(now.Add(farewell))
		return nil, nil //nolint:nilnil // nothing is called back with
	}
}

// dial connects to a server.
func dial(env *native.Env, url string) native.Work {
	dialer := &websocket.Dialer{
		NetDialContext: env.Permissions.DialContext(&net.Dialer{}), HandshakeTimeout: handshake,
	}
	return func(ctx context.Context) (any, error) {
		conn, answer, err := dialer.DialContext(ctx, url, nil)
		if answer != nil {
			_ = answer.Body.Close() // of a refusal; it holds what is at hand
		}
		if err != nil {
			if answer != nil {
				return nil, fmt.Errorf("unexpected server response: %d", answer.StatusCode)
			}
			return nil, dialFailed(err)
		}
		return newSocket(env, conn, nil), nil
	}
}

// dialFailed gives an error of the network Node's form.
func dialFailed(err error) error {
	var name *net.DNSError
	if errors.As(err, &name) {
		return &nodeerr.System{Call: "getaddrinfo", Code: "ENOTFOUND", Host: name.Name, Cause: err}
	}
	var network *net.OpError
	if !errors.As(err, &network) || network.Op != "dial" || network.Addr == nil {
		return err
	}
	host, text, _ := net.SplitHostPort(network.Addr.String())
	port, _ := strconv.Atoi(text)
	return nodeerr.SystemOf("connect", err).At(host, port)
}

func socketOf(a native.Args) *socket {
	if s, ok := a.Handle(0).(*socket); ok {
		return s
	}
	return nil
}

// defineWebSockets defines the functions of WebSockets for the module.
func defineWebSockets(env *native.Env, f *native.Functions) {
	f.Callback("wsDial", func(a native.Args) (any, native.Work) { return nil, dial(env, a.String(0)) })
	f.Callback("wsRead", func(a native.Args) (any, native.Work) { return nil, socketOf(a).read })
	f.Callback("wsWrite", func(a native.Args) (any, native.Work) {
		kind := websocket.BinaryMessage
		if a.Bool(2) {
			kind = websocket.TextMessage
		}
		return nil, socketOf(a).write(kind, a.Copy(1))
	})
	f.Callback("wsClose", func(a native.Args) (any, native.Work) { return nil, socketOf(a).close(a.Int(1), a.String(2)) })
	f.Sync("wsClosed", func(a native.Args) (any, error) {
		ended, _, _ := socketOf(a).state()
		return ended, nil
	})
	f.Sync("wsCode", func(a native.Args) (any, error) {
		_, code, _ := socketOf(a).state()
		return code, nil
	})
	f.Sync("wsReason", func(a native.Args) (any, error) {
		_, _, reason := socketOf(a).state()
		return reason, nil
	})
	f.Sync("wsRemote", func(a native.Args) (any, error) {
		host, _, err := net.SplitHostPort(socketOf(a).conn.RemoteAddr().String())
		if err != nil {
			return "", nil
		}
		return host, nil
	})
	defineServers(env, f)
}
