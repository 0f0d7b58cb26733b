package httpio

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"

	"github.com/mqscript/mqscript/internal/module/native"
	modulenet "github.com/mqscript/mqscript/internal/module/net"
)

// lent is the connection of a socket of the script while net/http uses it.
type lent struct {
	net.Conn
	owner  *modulenet.Conn
	id     int // of the socket, for the script
	gone   listener
	before []byte      // what the socket had read already
	deaf   atomic.Bool // nothing more is read

	mu     sync.Mutex
	closed bool
	back   bool // returned to its socket
}

// lend reads arguments: the connection of a socket, the socket's number, what
// it has read already, and what to call when the connection is closed here. The
// work takes the connection.
func lend(env *native.Env, a native.Args, first int) func() *lent {
	owner := modulenet.ConnOf(a, first)
	l := &lent{owner: owner, id: a.Int(first + 1), before: a.Copy(first + 2), gone: newListener(env, a.At(first+3))}
	return func() *lent {
		l.Conn = owner.Take()
		return l
	}
}

// Read implements net.Conn.
func (l *lent) Read(p []byte) (int, error) {
	if l.deaf.Load() {
		return 0, io.EOF
	}
	if len(l.before) > 0 {
		n := copy(p, l.before)
		l.before = l.before[n:]
		return n, nil
	}
	return l.Conn.Read(p)
}

// Close closes the connection and tells the script. After giveBack it only
// closes.
func (l *lent) Close() error {
	l.mu.Lock()
	first := !l.closed
	l.closed = true
	tell := first && !l.back
	l.mu.Unlock()
	if tell {
		l.gone.tell()
	}
	if !first {
		return nil
	}
	return l.Conn.Close()
}

// giveBack lets the socket go on with the connection; what is to be read comes
// from from.
func (l *lent) giveBack(from io.Reader) {
	l.mu.Lock()
	l.back = true
	l.mu.Unlock()
	l.owner.Return(&returned{Conn: l, from: from, raw: l.Conn})
}

// returned is a connection that its socket has back.
type returned struct {
	net.Conn
	from io.Reader
	raw  net.Conn
}

// Read implements net.Conn.
func (r *returned) Read(p []byte) (int, error) { return r.from.Read(p) }

// CloseWrite ends what is written; reading goes on.
func (r *returned) CloseWrite() error {
	if half, ok := r.raw.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// lentOf returns the socket's connection behind the one that net/http uses.
func lentOf(conn net.Conn) *lent {
	l, _ := conn.(*lent)
	return l
}

// defineLending defines the functions that give connections to a client.
//
//	lend(wanted, connection, number, before, gone, called)
//	refuse(wanted)
func defineLending(env *native.Env, f *native.Functions) {
	f.Callback("lend", func(a native.Args) (any, native.Work) {
		w, ok := a.Handle(0).(*wanted)
		take := lend(env, a, 1)
		return nil, func(context.Context) (any, error) {
			if conn := take(); ok {
				w.give(conn)
			}
			return nil, nil //nolint:nilnil // nothing is called back with
		}
	})
	f.Sync("refuse", func(a native.Args) (any, error) {
		if w, ok := a.Handle(0).(*wanted); ok {
			w.give(nil)
		}
		return nil, nil //nolint:nilnil // nothing is returned
	})
}
