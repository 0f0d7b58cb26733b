package ttqm

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/gorilla/websocket"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// mostSockets is how many connections a server has at once; further ones are
// refused.
const mostSockets = 1024

// server accepts WebSockets. It hands them on one at a time: a client waits
// with its handshake until the script has taken those before it.
type server struct {
	env      *native.Env
	listener net.Listener
	http     *http.Server
	upgrader websocket.Upgrader
	incoming chan *socket
	ended    chan struct{}
	end      sync.Once
	release  func()
	group    sync.WaitGroup // of connections that are not WebSockets yet
	open     atomic.Int64
}

// serverHandle is what JavaScript holds of a server; it shows nothing.
type serverHandle struct{ server *server }

func listen(env *native.Env, port int) (any, error) {
	if err := env.Permissions.Listen("", port); err != nil {
		return nil, err
	}
	on, err := new(net.ListenConfig).Listen(context.Background(), "tcp", net.JoinHostPort("", strconv.Itoa(port)))
	if err != nil {
		return nil, nodeerr.SystemOf("listen", err).InWords().At("::", port)
	}
	s := &server{env: env, listener: on, incoming: make(chan *socket), ended: make(chan struct{})}
	// Whoever may reach the server may use it, pages of any origin too.
	s.upgrader = websocket.Upgrader{HandshakeTimeout: handshake, CheckOrigin: func(*http.Request) bool { return true }}
	s.http = &http.Server{
		Handler: s, ReadHeaderTimeout: handshake, IdleTimeout: handshake, MaxHeaderBytes: 64 << 10, ConnState: s.track,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // a client's mistakes
	}
	s.release = env.Resources.Hold(s)
	if !env.Resources.Go(s.run) {
		return nil, errors.Join(errors.New("the script is ending"), s.Close())
	}
	return &serverHandle{s}, nil
}

// run serves until the server is closed, and waits for its connections.
func (s *server) run(context.Context) {
	_ = s.http.Serve(s.listener) // it ends when it is closed
	s.group.Wait()
}

// track counts the connections that the HTTP server has.
func (s *server) track(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.group.Add(1)
	case http.StateHijacked, http.StateClosed:
		s.group.Done()
	}
}

// ServeHTTP makes a WebSocket of a request.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.group.Add(1) // its connection is not counted any more once it is a WebSocket
	defer s.group.Done()
	switch {
	case !websocket.IsWebSocketUpgrade(r):
		http.Error(w, "this is a server of WebSockets", http.StatusUpgradeRequired)
		return
	case s.open.Add(1) > mostSockets:
		s.open.Add(-1)
		http.Error(w, "too many connections", http.StatusServiceUnavailable)
		return
	}
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil { // it has told the client
		s.open.Add(-1)
		return
	}
	made := newSocket(s.env, conn, func() { s.open.Add(-1) })
	select {
	case s.incoming <- made:
	case <-s.ended:
		made.end(net.ErrClosed)
	}
}

// accept waits for the next WebSocket; nil says that the server is closed.
func (s *server) accept(context.Context) (any, error) {
	select {
	case made := <-s.incoming:
		return made, nil
	case <-s.ended:
		return nil, nil //nolint:nilnil // the end
	}
}

// Close ends the server; WebSockets that it has handed on stay.
func (s *server) Close() error {
	var err error
	s.end.Do(func() {
		close(s.ended)
		err = s.http.Close()
		_ = s.listener.Close() // if it was not served yet
		s.release()
	})
	return err
}

func serverOf(a native.Args) *server {
	if h, ok := a.Handle(0).(*serverHandle); ok {
		return h.server
	}
	return nil
}

func defineServers(env *native.Env, f *native.Functions) {
	f.Sync("wsListen", func(a native.Args) (any, error) { return listen(env, a.Int(0)) })
	f.Sync("wsPort", func(a native.Args) (any, error) {
		at, _ := serverOf(a).listener.Addr().(*net.TCPAddr)
		return at.Port, nil
	})
	f.Callback("wsAccept", func(a native.Args) (any, native.Work) { return nil, serverOf(a).accept })
	f.Callback("wsStop", func(a native.Args) (any, native.Work) {
		s := serverOf(a)
		return nil, func(context.Context) (any, error) { return nil, s.Close() }
	})
}
