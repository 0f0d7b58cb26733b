package native

import "sync"

// mostNames is how many hosts are remembered.
const mostNames = 1024

// names are the addresses that hosts have been found to have.
type names struct {
	mu    sync.Mutex
	found map[string]map[string]bool // host, address
}

// Found remembers the addresses of a host that a script has looked up. Beyond
// 1,024 hosts those before are forgotten. From anywhere.
func (e *Env) Found(host string, addresses []string) {
	n := &e.names
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.found == nil || len(n.found) >= mostNames {
		n.found = make(map[string]map[string]bool)
	}
	of := make(map[string]bool, len(addresses))
	for _, address := range addresses {
		of[address] = true
	}
	n.found[host] = of
}

// has tells whether an address was found for a host.
func (n *names) has(host, address string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.found[host][address]
}

// MayConnect tells whether the script may reach a host at this address. What
// JavaScript says of a name's address is not believed: when it was not found
// here the address itself must be allowed. An error is a *permission.Denied.
// From anywhere.
func (e *Env) MayConnect(host, address string, port int) error {
	return e.check(host, address, func(at string) error { return e.Permissions.Connect(at, port) })
}

// MayListen is MayConnect for accepting connections; the host is "" for all
// addresses.
func (e *Env) MayListen(host, address string, port int) error {
	return e.check(host, address, func(at string) error { return e.Permissions.Listen(at, port) })
}

func (e *Env) check(host, address string, allowed func(at string) error) error {
	if err := allowed(host); err != nil || host == address || e.names.has(host, address) {
		return err
	}
	return allowed(address)
}
