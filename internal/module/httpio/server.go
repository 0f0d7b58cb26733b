package httpio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

// limits are the settings of a server, which come as JSON. Times are in
// milliseconds, 0 for none.
type limits struct {
	HeadersTimeout   int `json:"headersTimeout"`
	RequestTimeout   int `json:"requestTimeout"`
	KeepAliveTimeout int `json:"keepAliveTimeout"`
	MaxHeaderSize    int `json:"maxHeaderSize"`
}

// server speaks HTTP on connections that the script has accepted.
type server struct {
	env      *native.Env
	listen   listener
	http     *http.Server
	incoming chan net.Conn
	ended    chan struct{}
	end      sync.Once
	release  func()
	wait     time.Duration // for the body of a request; 0 for ever

	mu    sync.Mutex
	conns map[net.Conn]http.ConnState
	group sync.WaitGroup // of connections
	alone atomic.Bool    // no connection is kept after its answer
}

// DefineServer defines the functions of servers for a module.
//
//	serve(limits, tell)                    a server; tell("request", x, …) hears of requests
//	adopt(server, connection, number, before, gone, called)  gives it a socket's connection
//	closeIdle(server, last)                closes connections without a request; last: for good
//	stop(server)                           ends it with all its connections
//	respond(x, status, headers, chunk, flags, trailers, done)  a part of an answer
//	inform(x, status, headers)             an answer before the answer
//	hijack(x, called)                      gives the socket its connection back
//	abandon(x)                             ends a request without an answer
//	read(x)                                a promise of a part of its body, null at the end
func DefineServer(env *native.Env, f *native.Functions) {
	f.Sync("serve", func(a native.Args) (any, error) { return newServer(env, a) })
	f.Callback("adopt", func(a native.Args) (any, native.Work) {
		s, ok := a.Handle(0).(*server)
		take := lend(env, a, 1)
		return nil, func(context.Context) (any, error) {
			if conn := take(); ok {
				s.adopt(conn)
			}
			return nil, nil //nolint:nilnil // nothing is called back with
		}
	})
	f.Sync("closeIdle", func(a native.Args) (any, error) {
		if s, ok := a.Handle(0).(*server); ok {
			s.closeIdle(a.Bool(1))
		}
		return goja.Undefined(), nil
	})
	f.Sync("stop", func(a native.Args) (any, error) {
		if s, ok := a.Handle(0).(*server); ok {
			_ = s.Close() // it says nothing
		}
		return goja.Undefined(), nil
	})
	defineReading(f)
	defineAnswering(f)
}

func newServer(env *native.Env, a native.Args) (any, error) {
	var l limits
	if err := json.Unmarshal([]byte(a.String(0)), &l); err != nil {
		return nil, fmt.Errorf("reading the limits of a server: %w", err)
	}
	s := &server{
		env: env, listen: newListener(env, a.At(1)), incoming: make(chan net.Conn), ended: make(chan struct{}),
		conns: make(map[net.Conn]http.ConnState), wait: milliseconds(l.RequestTimeout),
	}
	s.http = &http.Server{
		Handler: s, ReadHeaderTimeout: milliseconds(l.HeadersTimeout),
		IdleTimeout: milliseconds(l.KeepAliveTimeout), MaxHeaderBytes: l.MaxHeaderSize,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), ConnState: s.track,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, conn)
		},
		DisableGeneralOptionsHandler: true,
	}
	s.release = env.Resources.Hold(s)
	env.Resources.Go(s.run)
	return s, nil
}

// connKey finds the connection of a request.
type connKey struct{}

// run serves until the server is closed, and waits for its connections.
func (s *server) run(ctx context.Context) {
	s.http.BaseContext = func(net.Listener) context.Context { return ctx }
	_ = s.http.Serve((*door)(s)) // it ends when it is closed
	s.group.Wait()
}

// adopt serves a connection.
func (s *server) adopt(conn *lent) {
	select {
	case s.incoming <- conn:
	case <-s.ended:
		_ = conn.Close() // there is no server for it
	}
}

// door is a server as the listener of connections that the script has accepted.
type door server

// Accept implements net.Listener.
func (s *door) Accept() (net.Conn, error) {
	select {
	case conn := <-s.incoming:
		return conn, nil
	case <-s.ended:
		return nil, net.ErrClosed
	}
}

// Addr implements net.Listener.
func (s *door) Addr() net.Addr { return &net.TCPAddr{} }

// Close implements net.Listener. It is the server's Close that matters.
func (s *door) Close() error { return nil }

// Close ends the server with all its connections. It may be called again. From
// anywhere.
func (s *server) Close() error {
	s.end.Do(func() {
		close(s.ended)
		s.release()
		_ = s.http.Close() // it is given up
		s.mu.Lock()
		defer s.mu.Unlock()
		for conn := range s.conns {
			_ = conn.Close() // it is given up
		}
	})
	return nil
}

// track keeps the books of connections.
func (s *server) track(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.group.Add(1)
		s.conns[conn] = state
	case http.StateClosed, http.StateHijacked:
		delete(s.conns, conn)
		s.group.Done()
	case http.StateIdle, http.StateActive:
		s.conns[conn] = state
	}
}

// closeIdle closes the connections that wait for a request. With last the
// others follow after their answers.
func (s *server) closeIdle(last bool) {
	if last {
		s.alone.Store(true)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn, state := range s.conns {
		if state == http.StateIdle {
			_ = conn.Close() // net/http sees it and tells
		}
	}
}

// ServeHTTP hands a request to the script and does what it says until the
// answer is complete.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &request{w: w, r: r, work: make(chan step, maxSteps), alone: &s.alone}
	x.conn, _ = r.Context().Value(connKey{}).(*lent)
	_ = http.NewResponseController(w).EnableFullDuplex() // every connection here is one of HTTP/1
	var arrived func()
	if s.wait > 0 && r.Body != http.NoBody && x.conn != nil {
		late := time.AfterFunc(s.wait, func() { _ = x.conn.Close() }) // its request ends with it
		defer late.Stop()
		arrived = func() { late.Stop() }
	}
	x.body = newDownload(r.Body, arrived)
	number := 0
	if x.conn != nil {
		number = x.conn.id
	}
	s.listen.tell("request", x, number, r.Method, r.RequestURI, version(r.ProtoMajor, r.ProtoMinor), requestHeaders(r))
	err := x.answer(r.Context())
	x.leaveBody(err)
	if errors.Is(err, errGone) {
		s.listen.tell("gone", x)
	} else if err != nil {
		panic(http.ErrAbortHandler) // how net/http is told to cut a connection
	}
}

// bodyMoment is how long what is left of a request's body may take to arrive
// when the request was answered already.
const bodyMoment = 200 * time.Millisecond

// leaveBody sees to it that the body is at its end when the handler returns, or
// that nothing more is read from the connection: net/http cannot read the rest
// of a body after a handler that wrote and read at the same time.
func (x *request) leaveBody(failed error) {
	if x.r.Body == http.NoBody || x.conn == nil || x.body.atEnd() {
		return
	}
	moment := bodyMoment
	if failed != nil {
		moment = 0
	} else {
		_ = http.NewResponseController(x.w).Flush() // who waits for the answer must not wait for this
	}
	if !x.body.leave(moment, func() { _ = x.conn.SetReadDeadline(time.Unix(1, 0)) }) {
		x.conn.deaf.Store(true)
	}
}

// requestHeaders are the headers of a request with those that net/http takes
// out of them, as names and values in turn.
func requestHeaders(r *http.Request) []string {
	var list []string
	if r.Host != "" {
		list = append(list, "Host", latin1(r.Host))
	}
	list = append(list, flat(r.Header)...)
	if len(r.TransferEncoding) > 0 {
		list = append(list, "Transfer-Encoding", strings.Join(r.TransferEncoding, ", "))
	}
	if len(r.Trailer) > 0 {
		list = append(list, "Trailer", strings.Join(namesOf(r.Trailer), ", "))
	}
	return list
}
