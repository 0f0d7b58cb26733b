package tls

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"sync"

	"github.com/mqscript/mqscript/internal/module/native"
	sockets "github.com/mqscript/mqscript/internal/module/net"
)

// session is TLS on one connection.
type session struct {
	below      *sockets.Conn
	context    *secureContext
	server     bool
	name       string // of the server, as asked for or as a client asked
	protocols  []string
	leftover   []byte // what was read before the handshake
	ask        bool   // a server asks for the client's certificate
	require    bool   // the peer's certificate must be one that can be verified
	asksScript bool   // a server asks the script which context it uses

	conn   *tls.Conn
	peer   []*x509.Certificate
	verify *failure
	err    error

	greeted chan string   // the name that a client asked for
	ended   chan struct{} // closed when the handshake is over
	chosen  chan choice
	once    sync.Once
}

type choice struct {
	context *secureContext
	refused bool
}

// newSession reads its arguments: the connection, the context, and an object
// with server, name, protocols, leftover, ask, require and asksScript.
func newSession(env *native.Env, a native.Args) (any, error) {
	o := a.At(2).ToObject(env.VM)
	flag := func(name string) bool { v := o.Get(name); return v != nil && v.ToBoolean() }
	c, ok := a.Handle(1).(*secureContext)
	if !ok {
		return nil, errNone
	}
	s := &session{
		below: sockets.ConnOf(a, 0), context: c, server: flag("server"), ask: flag("ask"), require: flag("require"),
		asksScript: flag("asksScript"), greeted: make(chan string, 1), ended: make(chan struct{}), chosen: make(chan choice, 1),
	}
	if v := o.Get("name"); v != nil {
		s.name = v.String()
	}
	for _, protocol := range buffers(env, o.Get("protocols")) {
		s.protocols = append(s.protocols, string(protocol))
	}
	if data, ok := env.Buffers.Memory(o.Get("leftover")); ok {
		s.leftover = append([]byte{}, data...)
	}
	return s, nil
}

// config is what Go's TLS is given. Whom the peer's certificate is from is
// found out by us, so that a script can take a connection in spite of it.
func (s *session) config(c *secureContext) *tls.Config {
	config := &tls.Config{
		Certificates: c.certificates, MinVersion: c.min, MaxVersion: c.max, CipherSuites: c.suites, NextProtos: s.protocols,
		ServerName: s.name, InsecureSkipVerify: true,
	}
	if s.require && (s.ask || !s.server) {
		config.VerifyConnection = func(state tls.ConnectionState) error {
			if _, problem := verified(state, c.roots, s.server); problem != nil {
				return problem
			}
			return nil
		}
	}
	if !s.server {
		return config
	}
	config.ServerName = ""
	if len(c.certificates) == 0 {
		config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errNoCertificate }
	}
	switch {
	case s.ask && s.require:
		config.ClientAuth = tls.RequireAnyClientCert
	case s.ask:
		config.ClientAuth = tls.RequestClientCert
	}
	return config
}

var errNoCertificate = errors.New("the server has no certificate")

// handshake makes the connection secure; what it returns is the connection for
// a socket.
func (s *session) handshake(ctx context.Context) (any, error) {
	if s.err != nil {
		return nil, s.err
	}
	defer s.once.Do(func() { close(s.ended) })
	raw := s.below.Take()
	if len(s.leftover) > 0 {
		raw = &prefixed{Conn: raw, first: s.leftover}
	}
	config := s.config(s.context)
	if s.server {
		config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) { return s.configFor(ctx, hello.ServerName) }
		s.conn = tls.Server(raw, config)
	} else {
		s.conn = tls.Client(raw, config)
	}
	if err := s.conn.HandshakeContext(ctx); err != nil {
		return nil, failed(err, s.server)
	}
	state := s.conn.ConnectionState()
	if s.server {
		s.name = state.ServerName
	}
	if !s.server || s.ask {
		s.peer, s.verify = verified(state, s.context.roots, s.server)
	}
	return sockets.Above(s.below, &secured{s.conn, raw}, readFailed), nil
}

// configFor asks the script for the context of a name, when it wants that.
func (s *session) configFor(ctx context.Context, name string) (*tls.Config, error) {
	if !s.asksScript || name == "" {
		return nil, nil
	}
	s.greeted <- name // a handshake has one client's greeting
	select {
	case c := <-s.chosen:
		switch {
		case c.refused:
			return nil, errNoCertificate
		case c.context == nil:
			return nil, nil
		}
		s.context = c.context
		return s.config(c.context), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hello waits for the name that a client asks for; nil says that the handshake
// ended without asking.
func (s *session) hello(ctx context.Context) (any, error) {
	if s.err != nil {
		return nil, s.err
	}
	select {
	case name := <-s.greeted:
		return name, nil
	case <-s.ended:
		return nil, nil
	case <-ctx.Done():
		return nil, nil
	}
}

// choose answers what hello has asked; nil leaves the server's own context.
func (s *session) choose(c *secureContext, refused bool) {
	select {
	case s.chosen <- choice{c, refused}:
	default: // it was answered before
	}
}

// state describes the connection; it is empty before the handshake is over.
func (s *session) state() *tls.ConnectionState {
	state := &tls.ConnectionState{}
	if s.conn != nil {
		*state = s.conn.ConnectionState()
	}
	return state
}

// secured is a TLS connection that ends its lower one with its own half.
type secured struct {
	*tls.Conn
	raw net.Conn
}

// CloseWrite ends what is written.
func (c *secured) CloseWrite() error {
	err := c.Conn.CloseWrite()
	if half, ok := c.raw.(interface{ CloseWrite() error }); ok && err == nil {
		_ = half.CloseWrite() // the peer has been told already
	}
	return err
}

// prefixed is a connection of which something was read before.
type prefixed struct {
	net.Conn
	first []byte
}

// Read gives out what was read before, then what comes.
func (p *prefixed) Read(b []byte) (int, error) {
	if len(p.first) == 0 {
		return p.Conn.Read(b)
	}
	n := copy(b, p.first)
	p.first = p.first[n:]
	return n, nil
}

// CloseWrite ends what is written.
func (p *prefixed) CloseWrite() error {
	if half, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
