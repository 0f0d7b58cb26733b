package net

import (
	"context"
	"errors"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// listener is a server's socket.
type listener struct {
	net.Listener
	release func()
	closing sync.Once
}

// listen reads its arguments: the host as the script gave it, "" for all; the
// address; the port; or, fourth, a path.
func listen(env *native.Env, a native.Args) (any, error) {
	host, address, port, path := a.String(0), a.String(1), a.Int(2), a.String(3)
	config := net.ListenConfig{KeepAlive: -1}
	network, at := "tcp", net.JoinHostPort(address, strconv.Itoa(port))
	denied := env.MayListen(host, address, port)
	if path != "" {
		network, at, address, port = "unix", path, path, noPort
		denied = env.Permissions.Unix(path)
	} else if a.Bool(4) {
		network = "tcp6" // which is "ipv6Only"
	}
	if denied != nil {
		return nil, denied
	}
	on, err := config.Listen(context.Background(), network, at)
	if err != nil {
		if address == "" {
			address = "::"
		}
		return nil, listenFailed(err, address, port)
	}
	l := &listener{Listener: on}
	l.release = env.Resources.Hold(on)
	return l, nil
}

// noPort is what Node shows for a server that has a path in place of a port.
const noPort = -1

func listenFailed(err error, address string, port int) error {
	var name *net.AddrError
	if errors.As(err, &name) {
		err = syscall.EINVAL
	}
	return nodeerr.SystemOf("listen", err).InWords().At(address, port)
}

// nowhereToListen stands for a server that a script did not get from here.
var nowhereToListen = &listener{Listener: closedListener{}, release: func() {}}

// closedListener is a listener that is closed.
type closedListener struct{}

func (closedListener) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (closedListener) Close() error              { return nil }
func (closedListener) Addr() net.Addr            { return &net.UnixAddr{} }

func listenerOf(a native.Args) *listener {
	if l, ok := a.Handle(0).(*listener); ok {
		return l
	}
	return nowhereToListen
}

// address returns where the server listens: an object, or a path.
func (l *listener) address() any {
	if at := shown(l.Addr()); at != nil {
		return at
	}
	return l.Addr().String()
}

// What the server waits for before it tries again when the system has no more
// descriptors.
const (
	firstPause = 5 * time.Millisecond
	lastPause  = time.Second
)

// accept waits for the next connection; nil says that the server is closed.
func (l *listener) accept(resources *native.Resources) native.Work {
	return func(ctx context.Context) (any, error) {
		for pause := firstPause; ; pause = min(2*pause, lastPause) {
			c, err := l.Accept()
			switch {
			case err == nil:
				_, made := NewConn(resources, c)
				return made, nil
			case errors.Is(err, net.ErrClosed):
				return nil, nil
			}
			again := time.NewTimer(pause)
			select {
			case <-again.C:
			case <-ctx.Done():
				again.Stop()
				return nil, nil
			}
		}
	}
}

// close closes the server's socket; connections that it has made stay.
func (l *listener) close(context.Context) (any, error) {
	l.closing.Do(func() {
		_ = l.Close() // nobody can do anything about it
		l.release()
	})
	return nil, nil
}
