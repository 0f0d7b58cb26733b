// Package permission decides what a script may reach beside its own folders:
// files, hosts, sockets to listen on and variables of the environment. It
// knows nothing of JavaScript and opens nothing itself, DialContext aside.
//
// # Concurrency
//
// A Policy does not change once it is made. Its methods may be called from any
// goroutine.
package permission

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// Config is what the owner of the machine allows, in the form of the flags. It
// is plain data, so that it can be handed to another process.
//
// A list that is empty leaves its default: Read and Write add nothing to the
// script's own folders; Net, Env and Listen are open, or closed when Strict.
// A list that is not empty is all that is allowed. "*" allows everything.
type Config struct {
	Strict bool     // closed is the default of Net, Env and Listen, and the machine's names are not shown
	Read   []string // files and folders to read
	Write  []string // files and folders to read and write
	Net    []string // HOST, HOST:PORT, an address, a network such as 10.0.0.0/8, *.example.com, or unix:PATH
	Env    []string // names of variables; NAME* for all that begin so
	Listen []string // HOST:PORT, :PORT or HOST
}

// Policy answers what is allowed. A nil Policy stands for the empty Config.
type Policy struct {
	config      Config
	net, listen rules
	read, write []string
}

// New checks a Config. An error is one sentence that names the flag.
func New(c Config) (*Policy, error) {
	p := &Policy{config: c}
	var err error
	if p.net, err = parseRules("--allow-net", c.Net); err != nil {
		return nil, err
	}
	if p.listen, err = parseRules("--allow-listen", c.Listen); err != nil {
		return nil, err
	}
	if p.read, err = folders("--allow-read", c.Read); err != nil {
		return nil, err
	}
	if p.write, err = folders("--allow-write", c.Write); err != nil {
		return nil, err
	}
	for _, name := range c.Env {
		if name == "" || strings.ContainsAny(name, "=,\x00") || strings.Contains(strings.TrimSuffix(name, "*"), "*") {
			return nil, fmt.Errorf("--allow-env takes the name of one variable, such as HOME, or NAME* for all that begin with NAME, not %q", name)
		}
	}
	return p, nil
}

// folders makes paths absolute.
func folders(flag string, paths []string) ([]string, error) {
	var all []string
	for _, path := range paths {
		if path == "" || strings.ContainsRune(path, 0) {
			return nil, fmt.Errorf("%s takes the path of a file or folder, not %q", flag, path)
		}
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("%s=%s: %w", flag, path, err)
		}
		if path == "*" {
			abs = filepath.VolumeName(abs) + string(filepath.Separator)
		}
		all = append(all, abs)
	}
	return all, nil
}

// Config returns what the policy was made of.
func (p *Policy) Config() Config {
	if p == nil {
		return Config{}
	}
	return p.config
}

// ReadFolders returns the absolute paths of what may be read beside the
// script's own folders: folders with all that is below them, and single files.
func (p *Policy) ReadFolders() []string {
	if p == nil {
		return nil
	}
	return p.read
}

// WriteFolders returns the absolute paths of what may be read and written
// beside the script's own folders: folders with all below them, and single
// files.
func (p *Policy) WriteFolders() []string {
	if p == nil {
		return nil
	}
	return p.write
}

// Strict tells whether what is not allowed by a flag is closed.
func (p *Policy) Strict() bool { return p != nil && p.config.Strict }

// open tells whether a list leaves everything open.
func (p *Policy) open(list []string) bool { return len(list) == 0 && !p.config.Strict }

// Connect tells whether a script may reach a host, given as the script gave it:
// a name or an address in any form. A name is compared as a name, without
// looking it up. Port 0 asks whether the host may be reached at any port, which
// is what looking up its address needs. An error is a *Denied.
func (p *Policy) Connect(host string, port int) error {
	if p == nil || p.open(p.config.Net) || p.net.allow(host, port) {
		return nil
	}
	at := hostPort(host, port)
	return &Denied{What: "connecting to " + at, Flag: "--allow-net=" + at}
}

// Listen tells whether a script may accept connections, or datagrams, on this
// address of the machine: a name or an address, or "" for all addresses. Port 0
// stands for one that the system chooses. An error is a *Denied.
func (p *Policy) Listen(host string, port int) error {
	if p == nil || p.open(p.config.Listen) || p.listen.allowListen(host, port) {
		return nil
	}
	at := hostPort(host, port)
	switch {
	case host == "" && port == 0:
		at = "*"
	case host == "":
		at = ":" + strconv.Itoa(port)
	}
	return &Denied{What: "listening on " + at, Flag: "--allow-listen=" + at}
}

// Unix tells whether a script may use a socket of the file system, to connect
// or to listen. Symbolic links in its path are followed first. An error is a
// *Denied.
func (p *Policy) Unix(path string) error {
	if p == nil || p.open(p.config.Net) || p.net.allowUnix(path) {
		return nil
	}
	return &Denied{What: "using the socket " + printable(path), Flag: "--allow-net=unix:" + printable(path)}
}

// Env tells whether a script may see a variable of the environment.
func (p *Policy) Env(name string) bool {
	if p == nil || p.open(p.config.Env) {
		return true
	}
	if runtime.GOOS == "windows" {
		name = strings.ToUpper(name)
	}
	for _, allowed := range p.config.Env {
		if runtime.GOOS == "windows" {
			allowed = strings.ToUpper(allowed)
		}
		prefix, all := strings.CutSuffix(allowed, "*")
		if allowed == name || all && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// DialContext returns a function that checks a connection and then makes it
// with d. In the transport of an HTTP client it checks every redirect too.
func (p *Policy) DialContext(d *net.Dialer) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if err := p.checkDial(ctx, d, network, address); err != nil {
			return nil, err
		}
		return d.DialContext(ctx, network, address)
	}
}

func (p *Policy) checkDial(ctx context.Context, d *net.Dialer, network, address string) error {
	if strings.HasPrefix(network, "unix") {
		return p.Unix(address)
	}
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	resolver := d.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	port, err := resolver.LookupPort(ctx, network, service)
	if err != nil {
		return fmt.Errorf("connecting to %s: %w", address, err)
	}
	return p.Connect(host, port)
}

// Denied is the error for what is not allowed. Scripts see it with the code
// ERR_ACCESS_DENIED.
type Denied struct {
	What string // such as "connecting to example.com:80"
	Flag string // the flag that would allow it
}

// Error says what was denied and which flag allows it.
func (d *Denied) Error() string { return d.What + " is denied; " + d.Flag + " allows it" }
