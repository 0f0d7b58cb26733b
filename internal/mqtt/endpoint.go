package mqtt

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// endpoint is where a server is and how to talk to it.
type endpoint struct {
	scheme string // as in the URL
	addr   string // host:port, or the path of a Unix socket
	path   string // of ws and wss: path and query
	user   *url.Userinfo
}

// transports tells, by URL scheme, the kind of transport and its usual port.
var transports = map[string]struct {
	port   string
	secure bool // TLS
	ws     bool // WebSocket
}{
	"mqtt": {port: "1883"}, "tcp": {port: "1883"},
	"mqtts": {port: "8883", secure: true}, "ssl": {port: "8883", secure: true}, "tls": {port: "8883", secure: true},
	"ws": {port: "80", ws: true}, "wss": {port: "443", secure: true, ws: true},
	"unix": {},
}

// parseURL reads a server URL. Its errors never quote what may be a password.
func parseURL(s string) (endpoint, error) {
	u, err := url.Parse(s)
	if err != nil {
		var parse *url.Error
		if strings.Contains(s, "@") || !errors.As(err, &parse) {
			return endpoint{}, errors.New("the server URL is not valid; special characters in user name and password must be percent-encoded")
		}
		return endpoint{}, fmt.Errorf("the server URL %q is not valid: %w", s, parse.Err)
	}
	kind, known := transports[u.Scheme]
	switch {
	case !known || u.Opaque != "":
		return endpoint{}, errors.New("the server URL must begin with mqtt://, mqtts://, tcp://, ssl://, tls://, ws://, wss:// or unix://")
	case u.Scheme == "unix":
		if u.Host != "" || u.Path == "" {
			return endpoint{}, errors.New("the URL of a Unix socket needs an absolute path: unix:///path/to/socket")
		}
		return endpoint{scheme: u.Scheme, addr: u.Path, user: u.User}, nil
	case u.Hostname() == "":
		return endpoint{}, fmt.Errorf("the server URL has no host; for example %s://localhost", u.Scheme)
	}
	port := u.Port()
	if port == "" {
		port = kind.port
	}
	e := endpoint{scheme: u.Scheme, addr: net.JoinHostPort(u.Hostname(), port), user: u.User}
	if kind.ws {
		e.path = u.RequestURI()
	}
	return e, nil
}

// String is the URL without user name and password.
func (e endpoint) String() string { return e.scheme + "://" + e.addr + e.path }

// display is the address in Node's form, without brackets around IPv6.
func (e endpoint) display() string {
	if host, port, err := net.SplitHostPort(e.addr); err == nil && e.scheme != "unix" {
		return host + ":" + port
	}
	return e.addr
}

// redirected is the endpoint that a Server Reference names: the first entry of
// a list separated by spaces, "host" or "host:port" [MQTT-4.11]. How to talk to
// it stays the same.
func (e endpoint) redirected(reference string) (endpoint, bool) {
	fields := strings.Fields(reference)
	if len(fields) == 0 || e.scheme == "unix" {
		return endpoint{}, false
	}
	host, port, err := net.SplitHostPort(fields[0])
	if err != nil {
		host, port = strings.Trim(fields[0], "[]"), transports[e.scheme].port
	}
	if host == "" || port == "" || strings.ContainsAny(host, "/@?#") {
		return endpoint{}, false
	}
	e.addr = net.JoinHostPort(host, port)
	return e, true
}
