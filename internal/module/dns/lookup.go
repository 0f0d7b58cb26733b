package dns

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// lookup finds the addresses of a host as the system is set up to: in the hosts
// file, then at its servers. family is 4, 6, or 0 for both.
func lookup(env *native.Env, host string, family int) native.Work {
	denied := env.Permissions.Connect(host, 0)
	return func(ctx context.Context) (any, error) {
		if denied != nil {
			return nil, denied
		}
		network := "ip"
		if family != 0 {
			network += strconv.Itoa(family)
		}
		found, err := net.DefaultResolver.LookupNetIP(ctx, network, host)
		if err != nil && isLocalhost(host) {
			found, err = loopback(family), nil
		}
		if err != nil {
			return nil, lookupFailure(host, err)
		}
		list, addresses := make([]any, len(found)), make([]string, len(found))
		for i, address := range found {
			address = address.Unmap()
			addresses[i] = address.String()
			list[i] = map[string]any{"address": address.String(), "family": familyOf(address)}
		}
		env.Found(host, addresses)
		return list, nil
	}
}

func familyOf(address netip.Addr) int {
	if address.Is4() {
		return 4
	}
	return 6
}

// isLocalhost tells whether a name means this machine without asking anybody.
func isLocalhost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func loopback(family int) []netip.Addr {
	v4, v6 := netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()
	switch family {
	case 4:
		return []netip.Addr{v4}
	case 6:
		return []netip.Addr{v6}
	}
	return []netip.Addr{v4, v6}
}

// The numbers that Node has for failures of the system's lookup.
const (
	numberNoName = -3008
	numberAgain  = -3001
)

func lookupFailure(host string, err error) error {
	s := &nodeerr.System{Call: "getaddrinfo", Code: "EAI_AGAIN", Errno: numberAgain, Host: host, Cause: err}
	var failed *net.DNSError
	if errors.As(err, &failed) && failed.IsNotFound {
		s.Code, s.Errno = "ENOTFOUND", numberNoName
	}
	return s
}

// service finds the names of an address and a port.
func service(env *native.Env, address string, port int) native.Work {
	denied := env.Permissions.Connect(address, 0)
	return func(ctx context.Context) (any, error) {
		if denied != nil {
			return nil, denied
		}
		names, err := net.DefaultResolver.LookupAddr(ctx, address)
		if err != nil || len(names) == 0 {
			names = []string{address}
		}
		return map[string]any{"hostname": strings.TrimSuffix(names[0], "."), "service": serviceName(port)}, nil
	}
}

// services are the ports whose names are the same on every system.
var services = map[int]string{
	21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 53: "domain", 80: "http", 110: "pop3", 123: "ntp",
	143: "imap2", 443: "https", 1883: "mqtt", 8883: "secure-mqtt",
}

func serviceName(port int) string {
	if name := services[port]; name != "" {
		return name
	}
	return strconv.Itoa(port)
}
