package httpio

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
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
	Agent          int   `json:"agent"` // tells agents with equal settings apart
	KeepAlive      bool  `json:"keepAlive"`
	MaxSockets     int   `json:"maxSockets"`     // for each server; 0: no limit
	MaxFreeSockets int   `json:"maxFreeSockets"` // for each server; 0: net/http's own
	IdleTimeout    int   `json:"idleTimeout"`    // in milliseconds; 0: none
	ConnectTimeout int   `json:"connectTimeout"` // in milliseconds; 0: none
	HeaderTimeout  int   `json:"headerTimeout"`  // in milliseconds; 0: none
	MaxHeaderSize  int64 `json:"maxHeaderSize"`
	HTTP2          bool  `json:"http2"`
	Sockets        bool  `json:"sockets"` // the script makes the connections
}

// Client keeps the connections to servers of one VM.
type Client struct {
	env   *native.Env
	ended chan struct{} // closed when the script ends
	end   sync.Once

	// On the loop only.
	transports map[string]*http.Transport
	texts      []string // the settings of transports, the oldest first
	open       int      // exchanges that have not ended
}

// NewClient creates the client of a VM. On the loop.
func NewClient(env *native.Env) *Client {
	c := &Client{env: env, ended: make(chan struct{}), transports: make(map[string]*http.Transport)}
	env.Resources.Hold(c)
	return c
}

// Close ends what waits for the script. From anywhere.
func (c *Client) Close() error {
	c.end.Do(func() { close(c.ended) })
	return nil
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
	if len(c.texts) >= maxTransports {
		c.forget(c.texts[0])
	}
	t := c.newTransport(s)
	c.transports[text] = t
	c.texts = append(c.texts, text)
	return t, nil
}

// forget closes the connections of a pool that nobody uses now.
func (c *Client) forget(text string) {
	t := c.transports[text]
	if t == nil {
		return
	}
	t.CloseIdleConnections()
	delete(c.transports, text)
	c.texts = slices.DeleteFunc(c.texts, func(other string) bool { return other == text })
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func (c *Client) newTransport(s settings) *http.Transport {
	t := &http.Transport{
		DialContext: c.dialer(s), TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: s.HTTP2, DisableKeepAlives: !s.KeepAlive, DisableCompression: true,
		MaxConnsPerHost: s.MaxSockets, MaxIdleConnsPerHost: s.MaxFreeSockets,
		IdleConnTimeout: milliseconds(s.IdleTimeout), ResponseHeaderTimeout: milliseconds(s.HeaderTimeout),
		ExpectContinueTimeout: time.Second, MaxResponseHeaderBytes: s.MaxHeaderSize,
	}
	if s.Sockets {
		t.DialContext = c.ask
	}
	return t
}

// dialer connects as far as the script's permissions allow it.
func (c *Client) dialer(s settings) func(ctx context.Context, network, address string) (net.Conn, error) {
	dial := c.env.Permissions.DialContext(&net.Dialer{Timeout: milliseconds(s.ConnectTimeout)})
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &held{Conn: conn, release: c.env.Resources.Hold(conn)}, nil
	}
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

// wanted is a connection that the transport waits for and the script makes.
type wanted struct {
	given chan *lent // capacity 1; nil is a refusal

	mu   sync.Mutex
	over bool // given once, or nobody waits any more
}

// give hands over a connection, or nil. From anywhere.
func (w *wanted) give(conn *lent) {
	w.mu.Lock()
	over := w.over
	w.over = true
	w.mu.Unlock()
	if !over {
		w.given <- conn
	} else if conn != nil {
		_ = conn.Close() // nobody wants it any more
	}
}

// errRefused is for a connection that the script did not make; it has told why
// itself.
var errRefused = errors.New("no connection was made")

// ask has the script make a connection for the request that it is for.
func (c *Client) ask(ctx context.Context, _, _ string) (net.Conn, error) {
	x, ok := ctx.Value(exchangeKey{}).(*Exchange)
	if !ok {
		return nil, errRefused
	}
	w := &wanted{given: make(chan *lent, 1)}
	x.listen.tell("dial", w)
	select {
	case conn := <-w.given:
		if conn == nil {
			return nil, errRefused
		}
		return conn, nil
	case <-ctx.Done():
		w.give(nil)
		return nil, ctx.Err()
	case <-c.ended:
		return nil, errRefused
	}
}
