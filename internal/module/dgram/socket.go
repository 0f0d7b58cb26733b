package dgram

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"

	"github.com/dop251/goja"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// socket is a bound socket.
type socket struct {
	conn    *net.UDPConn
	v4      *ipv4.PacketConn // of udp4
	v6      *ipv6.PacketConn // of udp6
	release func()
	closing sync.Once
	buffer  []byte // of the receive that is under way

	// onlyPeers says that the script may not listen: it hears whom it has sent to.
	onlyPeers bool
	mu        sync.Mutex
	peers     map[netip.AddrPort]struct{}
}

// mostPeers is how many are remembered; beyond it those before are forgotten.
const mostPeers = 1024

func (s *socket) addPeer(to netip.AddrPort) {
	if !s.onlyPeers {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.peers == nil || len(s.peers) >= mostPeers {
		s.peers = make(map[netip.AddrPort]struct{})
	}
	s.peers[unmapped(to)] = struct{}{}
}

// hears tells whether the script may have what this sender sent.
func (s *socket) hears(from netip.AddrPort) bool {
	if !s.onlyPeers {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.peers[unmapped(from)]
	return known
}

func unmapped(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// largest is what a datagram may have at most.
const largest = 64 << 10

// bind reads its arguments: 4 or 6; the host as the script gave it, "" when a
// send needs a socket; the address; the port; whether others may use the
// address, too; and whether a socket of udp6 takes no IPv4.
func bind(env *native.Env, a native.Args) (any, error) {
	family, host, port := a.Int(0), a.String(1), a.Int(3)
	if host != "" {
		if err := env.MayListen(host, a.String(2), port); err != nil {
			return nil, err
		}
	}
	address, err := netip.ParseAddr(a.String(2))
	if err != nil {
		return nil, nodeerr.SystemOf("bind", syscall.EINVAL).At(a.String(2), port)
	}
	network := "udp4"
	if family == 6 {
		network = "udp"
		if a.Bool(5) || address.IsLoopback() {
			network = "udp6"
		}
	}
	config := net.ListenConfig{}
	if a.Bool(4) {
		config.Control = shareAddress
	}
	on, err := config.ListenPacket(context.Background(), network, netip.AddrPortFrom(address, uint16(port)).String())
	if err != nil {
		return nil, nodeerr.SystemOf("bind", err).At(a.String(2), port)
	}
	conn, ok := on.(*net.UDPConn)
	if !ok {
		return nil, errors.Join(errNoSocket, on.Close())
	}
	s := &socket{conn: conn, buffer: make([]byte, largest)}
	s.onlyPeers = host == "" && env.Permissions.Listen("", 0) != nil
	if family == 4 {
		s.v4 = ipv4.NewPacketConn(conn)
	} else {
		s.v6 = ipv6.NewPacketConn(conn)
	}
	s.release = env.Resources.Hold(conn)
	return s, nil
}

var errNoSocket = errors.New("the system did not give a socket of UDP")

// socketOf returns the socket that the first argument stands for; one that is
// closed for anything else.
func socketOf(a native.Args) *socket {
	if s, ok := a.Handle(0).(*socket); ok {
		return s
	}
	return &socket{conn: &net.UDPConn{}, release: func() {}}
}

// message is a datagram that arrived.
type message struct {
	data []byte
	from netip.AddrPort
}

// Value implements native.Valuer: [data, address, family, port].
func (m *message) Value(env *native.Env) goja.Value {
	address, family := m.from.Addr().Unmap(), "IPv6"
	if address.Is4() {
		family = "IPv4"
	}
	return env.VM.NewArray(env.Buffers.Wrap(m.data), address.String(), family, int(m.from.Port()))
}

// receive waits for a datagram; nil says that the socket is closed.
func (s *socket) receive(context.Context) (any, error) {
	n, from, err := s.conn.ReadFromUDPAddrPort(s.buffer)
	for err == nil && !s.hears(from) {
		n, from, err = s.conn.ReadFromUDPAddrPort(s.buffer)
	}
	switch {
	case err == nil:
		return &message{append([]byte{}, s.buffer[:n]...), from}, nil
	case errors.Is(err, net.ErrClosed), errors.Is(err, syscall.EINVAL):
		return nil, nil
	}
	return nil, nodeerr.SystemOf("recvmsg", err)
}

// send reads its arguments: data, address, port, and the host as the script
// gave it.
func (s *socket) send(env *native.Env, a native.Args) native.Work {
	data, address, port := a.Copy(1), a.String(2), a.Int(3)
	denied := env.MayConnect(a.String(4), address, port)
	return func(context.Context) (any, error) {
		if denied != nil {
			return nil, denied
		}
		to, err := netip.ParseAddr(address)
		if err == nil {
			if s.v6 != nil && to.Is4() {
				to = netip.AddrFrom16(to.As16())
			}
			peer := netip.AddrPortFrom(to, uint16(port))
			s.addPeer(peer)
			_, err = s.conn.WriteToUDPAddrPort(data, peer)
		}
		var wrong *net.AddrError
		switch {
		case err == nil:
			return len(data), nil
		case errors.As(err, &wrong):
			err = syscall.EINVAL
		case errors.Is(err, net.ErrClosed):
			err = syscall.ECANCELED
		}
		return nil, nodeerr.SystemOf("send", err).At(address, port)
	}
}

func (s *socket) close() {
	s.closing.Do(func() {
		_ = s.conn.Close() // nobody can do anything about it
		s.release()
	})
}

// address returns where the socket is bound.
func (s *socket) address() any {
	at, ok := s.conn.LocalAddr().(*net.UDPAddr)
	if !ok {
		return nil
	}
	address, family := at.AddrPort().Addr(), "IPv6"
	if address.Is4() {
		family = "IPv4"
	}
	return map[string]any{"address": address.String(), "family": family, "port": at.Port}
}
