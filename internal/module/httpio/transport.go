package httpio

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/mqscript/mqscript/internal/module/native"
)

// The bounds of a Client.
const (
	maxExchanges  = 1024 // requests under way, beyond which one is refused
	maxTransports = 64   // pools of connections; the oldest is emptied for a new one
)

// settings say how a request reaches its server. They come as JSON, and the
// requests of one text share their connections.
type settings struct {
	Agent          int    `json:"agent"` // tells agents with equal settings apart
	KeepAlive      bool   `json:"keepAlive"`
	MaxSockets     int    `json:"maxSockets"`     // 0: no limit
	MaxFreeSockets int    `json:"maxFreeSockets"` // 0: net/http's own
	IdleTimeout    int    `json:"idleTimeout"`    // in milliseconds; 0: none
	ConnectTimeout int    `json:"connectTimeout"` // in milliseconds; 0: none
	HeaderTimeout  int    `json:"headerTimeout"`  // in milliseconds; 0: none
	MaxHeaderSize  int64  `json:"maxHeaderSize"`
	HTTP2          bool   `json:"http2"`
	SocketPath     string `json:"socketPath"`
	LocalAddress   string `json:"localAddress"`
	Family         int    `json:"family"`
	TLS            secure `json:"tls"`
}

// Client keeps the connections to servers of one VM.
type Client struct {
	env *native.Env

	// On the loop only.
	transports map[string]*http.Transport
	oldest     []string // the texts of transports
	open       int      // exchanges that have not ended
}

// NewClient creates the client of a VM. On the loop.
func NewClient(env *native.Env) *Client {
	return &Client{env: env, transports: make(map[string]*http.Transport)}
}

// transport returns the pool of connections with these settings.
func (c *Client) transport(text string) (*http.Transport, error) {
	if t := c.transports[text]; t != nil {
		return t, nil
	}
	var s settings
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, fmt.Errorf("reading the settings of a request: %w", err)
	}
	t, err := c.newTransport(s)
	if err != nil {
		return nil, err
	}
	if len(c.oldest) >= maxTransports {
		c.forget(c.oldest[0])
	}
	c.transports[text] = t
	c.oldest = append(c.oldest, text)
	return t, nil
}

// forget closes the connections of a pool that nobody uses now.
func (c *Client) forget(text string) {
	if t := c.transports[text]; t != nil {
		t.CloseIdleConnections()
		delete(c.transports, text)
	}
	for i, other := range c.oldest {
		if other == text {
			c.oldest = append(c.oldest[:i:i], c.oldest[i+1:]...)
			return
		}
	}
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func (c *Client) newTransport(s settings) (*http.Transport, error) {
	config, err := s.TLS.client()
	if err != nil {
		return nil, err
	}
	t := &http.Transport{
		DialContext: c.dialer(s), TLSClientConfig: config, ForceAttemptHTTP2: s.HTTP2,
		DisableKeepAlives: !s.KeepAlive, DisableCompression: true,
		MaxConnsPerHost: s.MaxSockets, MaxIdleConnsPerHost: s.MaxFreeSockets,
		IdleConnTimeout: milliseconds(s.IdleTimeout), ResponseHeaderTimeout: milliseconds(s.HeaderTimeout),
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: s.MaxHeaderSize,
	}
	if !s.HTTP2 {
		t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	return t, nil
}

// dialer connects as far as the script's permissions allow it.
func (c *Client) dialer(s settings) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{Timeout: milliseconds(s.ConnectTimeout)}
	if ip := net.ParseIP(s.LocalAddress); ip != nil {
		d.LocalAddr = &net.TCPAddr{IP: ip}
	}
	dial := c.env.Permissions.DialContext(d)
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		switch {
		case s.SocketPath != "":
			network, address = "unix", s.SocketPath
		case s.Family == 4 || s.Family == 6:
			network += fmt.Sprint(s.Family)
		}
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return c.hold(conn), nil
	}
}

// hold has the end of the script close a connection.
func (c *Client) hold(conn net.Conn) net.Conn {
	h := &held{Conn: conn}
	h.release = c.env.Resources.Hold(conn)
	return h
}

// held is a connection that the Resources hold.
type held struct {
	net.Conn
	release func()
	once    sync.Once
}

// Close closes the connection.
func (h *held) Close() error {
	h.once.Do(h.release)
	return h.Conn.Close()
}

// addresses describes both ends of a connection as Node's sockets do.
func addresses(conn net.Conn) map[string]any {
	all := make(map[string]any)
	for side, address := range map[string]net.Addr{"remote": conn.RemoteAddr(), "local": conn.LocalAddr()} {
		tcp, ok := address.(*net.TCPAddr)
		if !ok {
			continue
		}
		family := "IPv6"
		ip := tcp.IP.String()
		if tcp.IP.To4() != nil && !strings.Contains(ip, ":") {
			family = "IPv4"
		}
		all[side+"Address"], all[side+"Port"], all[side+"Family"] = ip, tcp.Port, family
	}
	return all
}
