package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mqscript/mqscript/internal/packet"
)

// transport carries bytes to the server and back. Read and Write may be called
// at the same time, each from one goroutine.
type transport interface {
	io.ReadWriter
	SetReadDeadline(t time.Time) error
	// CloseWrite tells the peer that nothing follows, after what was written.
	CloseWrite() error
	// Close ends the connection at once; Read and Write return.
	Close() error
}

var (
	_ transport = (*netTransport)(nil)
	_ transport = (*wsTransport)(nil)
)

// dial connects to the server. The error is in Node's form.
func (c *Config) dial(ctx context.Context, e endpoint) (transport, error) {
	kind := transports[e.scheme]
	if kind.ws {
		return c.dialWebSocket(ctx, e)
	}
	network := "tcp"
	if e.scheme == "unix" {
		network = "unix"
	}
	raw, err := c.Dial(ctx, network, e.addr)
	if err != nil {
		return nil, networkError("connect", e.display(), err)
	}
	if !kind.secure {
		return &netTransport{Conn: raw, raw: raw}, nil
	}
	conn := tls.Client(raw, c.tlsConfig(e))
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = raw.Close() // the handshake's error is the one that counts
		failed := networkError("connect", e.display(), err)
		if failed.Code == "ECONNRESET" {
			failed.Message = "the server " + e.display() + " closed the connection during the TLS handshake (does it speak TLS on this port?)"
		}
		return nil, failed
	}
	return &netTransport{Conn: conn, raw: raw}, nil
}

// tlsConfig is the configuration for that server.
func (c *Config) tlsConfig(e endpoint) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.TLS != nil {
		config = c.TLS.Clone()
		config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	}
	if config.ServerName == "" {
		config.ServerName, _, _ = net.SplitHostPort(e.addr)
	}
	return config
}

// netTransport is TCP, TLS or a Unix socket.
type netTransport struct {
	net.Conn
	raw net.Conn // beneath TLS
}

// CloseWrite implements transport. A connection that cannot be closed by half
// is closed.
func (t *netTransport) CloseWrite() error {
	if half, ok := t.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return t.Conn.Close()
}

// Close implements transport. It does not wait for TLS to say goodbye to a
// peer that may not listen.
func (t *netTransport) Close() error { return t.raw.Close() }

// dialWebSocket does the opening handshake with the subprotocol that the
// version demands [MQTT-6.0.0-3].
func (c *Config) dialWebSocket(ctx context.Context, e endpoint) (transport, error) {
	subprotocol := "mqtt"
	if c.Version == packet.V31 {
		subprotocol = "mqttv3.1"
	}
	var stop func() bool
	defer func() {
		if stop != nil {
			stop()
		}
	}()
	dialer := websocket.Dialer{
		NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := c.Dial(ctx, network, addr)
			if err == nil {
				stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
			}
			return conn, err
		},
		TLSClientConfig: c.tlsConfig(e),
		Subprotocols:    []string{subprotocol},
		ReadBufferSize:  16 << 10,
		WriteBufferSize: 16 << 10,
	}
	conn, resp, err := dialer.DialContext(ctx, e.String(), c.Header)
	switch {
	case errors.Is(err, websocket.ErrBadHandshake) && resp != nil:
		if resp.StatusCode == http.StatusSwitchingProtocols {
			return nil, &Error{Message: "the server's WebSocket handshake is not valid", Cause: err}
		}
		return nil, &Error{Message: fmt.Sprintf("Unexpected server response: %d", resp.StatusCode), Cause: err}
	case err != nil:
		return nil, networkError("connect", e.display(), err)
	}
	return &wsTransport{conn: conn}, nil
}

// wsTransport is MQTT in binary WebSocket messages, whose borders mean nothing
// [MQTT-6.0.0-2].
type wsTransport struct {
	conn  *websocket.Conn
	frame io.Reader // what is left of the current message
}

// errTextFrame is a violation of [MQTT-6.0.0-1].
var errTextFrame = errors.New("the server sent a WebSocket message that is not binary")

func (t *wsTransport) Read(b []byte) (int, error) {
	for {
		if t.frame == nil {
			kind, frame, err := t.conn.NextReader()
			if err != nil {
				return 0, err
			}
			if kind != websocket.BinaryMessage {
				return 0, errTextFrame
			}
			t.frame = frame
		}
		n, err := t.frame.Read(b)
		if errors.Is(err, io.EOF) {
			t.frame, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (t *wsTransport) Write(b []byte) (int, error) {
	if err := t.conn.WriteMessage(websocket.BinaryMessage, b); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (t *wsTransport) SetReadDeadline(at time.Time) error { return t.conn.SetReadDeadline(at) }

func (t *wsTransport) CloseWrite() error {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	return t.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(lingerTime))
}

func (t *wsTransport) Close() error { return t.conn.NetConn().Close() }
