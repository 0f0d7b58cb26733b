package dgram

import (
	"net"
	"net/netip"
	"syscall"

	"github.com/mqscript/mqscript/internal/module/native"
)

// settings are the functions that change a socket, by their names in Node.
var settings = map[string]func(s *socket, a native.Args) error{
	"setTTL": func(s *socket, a native.Args) error {
		if s.v4 != nil {
			return s.v4.SetTTL(a.Int(1))
		}
		return s.v6.SetHopLimit(a.Int(1))
	},
	"setMulticastTTL": func(s *socket, a native.Args) error {
		if s.v4 != nil {
			return s.v4.SetMulticastTTL(a.Int(1))
		}
		return s.v6.SetMulticastHopLimit(a.Int(1))
	},
	"setMulticastLoopback": func(s *socket, a native.Args) error {
		if s.v4 != nil {
			return s.v4.SetMulticastLoopback(a.Bool(1))
		}
		return s.v6.SetMulticastLoopback(a.Bool(1))
	},
	"setMulticastInterface": func(s *socket, a native.Args) error {
		on, err := interfaceOf(a.String(1))
		if err != nil {
			return err
		}
		if s.v4 != nil {
			return s.v4.SetMulticastInterface(on)
		}
		return s.v6.SetMulticastInterface(on)
	},
	"addMembership": func(s *socket, a native.Args) error {
		group, on, err := membership(a)
		if err != nil {
			return err
		}
		if s.v4 != nil {
			return s.v4.JoinGroup(on, group)
		}
		return s.v6.JoinGroup(on, group)
	},
	"dropMembership": func(s *socket, a native.Args) error {
		group, on, err := membership(a)
		if err != nil {
			return err
		}
		if s.v4 != nil {
			return s.v4.LeaveGroup(on, group)
		}
		return s.v6.LeaveGroup(on, group)
	},
	"setRecvBufferSize": func(s *socket, a native.Args) error { return s.conn.SetReadBuffer(a.Int(1)) },
	"setSendBufferSize": func(s *socket, a native.Args) error { return s.conn.SetWriteBuffer(a.Int(1)) },
}

func membership(a native.Args) (group *net.UDPAddr, on *net.Interface, err error) {
	address, err := netip.ParseAddr(a.String(1))
	if err != nil || !address.IsMulticast() {
		return nil, nil, syscall.EINVAL
	}
	on, err = interfaceOf(a.String(2))
	return &net.UDPAddr{IP: address.AsSlice()}, on, err
}

// interfaceOf finds the interface that has an address, or the name or number
// behind its "%"; nil leaves the choice to the system.
func interfaceOf(text string) (*net.Interface, error) {
	address, err := netip.ParseAddr(text)
	switch {
	case text == "":
		return nil, nil
	case err != nil:
		return nil, syscall.EINVAL
	case address.IsUnspecified() && address.Zone() == "":
		return nil, nil
	}
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for i, one := range all {
		if address.Zone() != "" && address.Zone() == one.Name {
			return &all[i], nil
		}
		addresses, err := one.Addrs()
		if err != nil {
			continue
		}
		for _, at := range addresses {
			if prefix, err := netip.ParsePrefix(at.String()); err == nil && prefix.Addr() == address {
				return &all[i], nil
			}
		}
	}
	return nil, syscall.EADDRNOTAVAIL
}
