package dns

import (
	"bufio"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// domainPort is where name servers listen.
const domainPort = 53

// systemServers returns the name servers that the system is set up with, as
// far as it says so in the way of Unix.
func systemServers() []string {
	file, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return []string{"127.0.0.1"}
	}
	defer func() { _ = file.Close() }()
	servers := []string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || fields[0] != "nameserver" {
			continue
		}
		if _, err := netip.ParseAddr(fields[1]); err == nil {
			servers = append(servers, fields[1])
		}
	}
	if len(servers) == 0 {
		return []string{"127.0.0.1"}
	}
	return servers
}

// parseServer reads an address with or without a port.
func parseServer(text string) (netip.AddrPort, bool) {
	if address, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return netip.AddrPortFrom(address, domainPort), true
	}
	at, err := netip.ParseAddrPort(text)
	return at, err == nil
}

// shownServer is how getServers shows it.
func shownServer(server netip.AddrPort) string {
	if server.Port() == domainPort {
		return server.Addr().String()
	}
	return net.JoinHostPort(server.Addr().String(), strconv.Itoa(int(server.Port())))
}
