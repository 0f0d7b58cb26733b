package mqtt

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// Config is what a Client is made from. New checks it and fills in defaults.
// It does not show its secrets when it is printed.
type Config struct {
	// URL is the server: mqtt:// or tcp://, mqtts:// or ssl:// or tls://,
	// ws://, wss://, or unix:///path. It may hold a user name and a password;
	// Username and Password, when set, take precedence.
	URL string
	// Version is the protocol version; default packet.V5.
	Version packet.Version
	// ClientID identifies the client at the server; default "mqscript_" and
	// eight random hexadecimal digits.
	ClientID string
	// Username and Password log in; "" and nil send none.
	Username string
	Password []byte
	// TLS is for mqtts, ssl, tls and wss; nil means the system's roots and
	// TLS 1.2 or later. It is not changed.
	TLS *tls.Config
	// Header is sent with the opening handshake of ws and wss.
	Header http.Header

	// CleanStart drops the session that an earlier run left at the server.
	// Before MQTT 5, and in MQTT 5 without a SessionExpiry, the session then
	// ends with each connection. With a SessionExpiry only the client's first
	// CONNECT is clean: the later ones resume the session [MQTT-3.1.2-4].
	CleanStart bool
	// SessionExpiry is how many seconds the server keeps the session after the
	// connection ends, MQTT 5 only; nil leaves it out, which means 0.
	SessionExpiry *uint32
	// KeepAlive is the longest time without a packet from the client, in whole
	// seconds (a part counts as a whole one) up to 65,535 s; 0 turns it off. A
	// server may override it.
	KeepAlive time.Duration
	// ConnectTimeout bounds one attempt from the dialing to CONNACK; default 30 s.
	ConnectTimeout time.Duration
	// ReconnectPeriod is the first back-off delay. It doubles with each attempt
	// that fails, up to ReconnectMax (default 30 s); what is waited is a random
	// time between half the delay and the whole. 0 means never reconnect.
	ReconnectPeriod time.Duration
	ReconnectMax    time.Duration

	// ReceiveMaximum bounds QoS 1 and 2 messages that were delivered and not
	// acknowledged; default 256. MQTT 5 announces it to the server.
	ReceiveMaximum uint16
	// MaximumPacketSize is the largest packet in bytes that is taken. MQTT 5
	// announces it. Default: what the protocol can express, 268,435,460.
	MaximumPacketSize uint32
	// TopicAliasMaximum is how many topic aliases the server may use, MQTT 5
	// only; 0 means none.
	TopicAliasMaximum uint16

	// Will is what the server publishes when the client is lost.
	Will *packet.Will
	// ConnectProperties are added to CONNECT, MQTT 5 only: user properties and
	// the two requests for information.
	ConnectProperties packet.Properties
	// Authenticator does enhanced authentication, MQTT 5 only; nil means none.
	Authenticator Authenticator

	// MaxInflight bounds QoS 1 and 2 publications on their way; the server's
	// receive maximum may lower it, and before MQTT 5 no more than 16 of them
	// are QoS 2. Default 1024, at most 60,000.
	MaxInflight int
	// QueueLimit and QueueBytes bound the publications that wait for the
	// connection or for the window. A publication is taken while both are not
	// reached, so the last one may exceed QueueBytes. Default 16,384 and 64 MiB.
	QueueLimit int
	QueueBytes int

	// Session keeps the client's side of the session on disk; nil keeps it in
	// memory. It goes with CleanStart off and, in MQTT 5, a SessionExpiry.
	Session *SessionConfig

	// Handler takes the events. It is required.
	Handler Handler
	// Gate, when set, is called by the reader before it takes more from the
	// socket, without the client's lock. It may block, to hold the server back;
	// it must return soon after stop is closed. Pings are sent meanwhile, and
	// a missing answer does not count against the server.
	Gate func(stop <-chan struct{})
	// Dial opens the network connection; default net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	generatedID bool // ClientID is the default
}

// The largest packet that the wire can express: header and remaining length.
const protocolMaximum = 5 + packet.MaxLength

// maxWindow keeps packet identifiers free for SUBSCRIBE and UNSUBSCRIBE.
const maxWindow = 60_000

// String describes the configuration without its secrets.
func (c Config) String() string {
	server := "invalid URL"
	if e, err := parseURL(c.URL); err == nil {
		server = e.String()
	}
	return fmt.Sprintf("%s, MQTT %v, client identifier %q", server, c.Version, c.ClientID)
}

// GoString is String.
func (c Config) GoString() string { return c.String() }

// prepare fills in defaults and checks the rest.
func (c *Config) prepare() (endpoint, error) {
	server, err := parseURL(c.URL)
	if err != nil {
		return server, err
	}
	if c.Username == "" && c.Password == nil && server.user != nil {
		c.Username = server.user.Username()
		if p, ok := server.user.Password(); ok {
			c.Password = []byte(p)
		}
	}
	server.user = nil
	c.setDefaults()
	return server, c.check()
}

func (c *Config) setDefaults() {
	setDefault(&c.Version, packet.V5)
	setDefault(&c.ConnectTimeout, 30*time.Second)
	setDefault(&c.ReconnectMax, max(30*time.Second, c.ReconnectPeriod))
	setDefault(&c.ReceiveMaximum, 256)
	setDefault(&c.MaxInflight, 1024)
	setDefault(&c.QueueLimit, 16_384)
	setDefault(&c.QueueBytes, 64<<20)
	if c.ClientID == "" {
		id := make([]byte, 4)
		_, _ = rand.Read(id) // it never fails
		c.generatedID = true
		c.ClientID = "mqscript_" + hex.EncodeToString(id)
	}
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
}

func setDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

func (c *Config) check() error {
	switch {
	case c.Handler == nil:
		return errors.New("configuring the client: no handler")
	case c.Version != packet.V31 && c.Version != packet.V311 && c.Version != packet.V5:
		return fmt.Errorf("configuring the client: unknown protocol version %d", byte(c.Version))
	case c.KeepAlive < 0 || c.KeepAlive > 65_535*time.Second:
		return fmt.Errorf("configuring the client: keepalive of %v is not between 0 and 65535 s", c.KeepAlive)
	case c.ConnectTimeout < 0 || c.ReconnectPeriod < 0 || c.ReconnectMax < c.ReconnectPeriod:
		return errors.New("configuring the client: a time is negative, or the longest back-off is below the first")
	case c.MaxInflight < 0 || c.MaxInflight > maxWindow:
		return fmt.Errorf("configuring the client: window of %d publications is not between 1 and %d", c.MaxInflight, maxWindow)
	case c.QueueLimit < 0 || c.QueueBytes < 0:
		return errors.New("configuring the client: a queue limit is negative")
	case c.Authenticator != nil && c.Version != packet.V5:
		return errors.New("configuring the client: enhanced authentication needs MQTT 5")
	}
	if err := c.validSession(); err != nil {
		return err
	}
	return c.checkConnect()
}

// checkConnect checks what goes into CONNECT by encoding one.
func (c *Config) checkConnect() error {
	if w := c.Will; w != nil {
		if err := packet.ValidTopicName(w.Topic); err != nil {
			return fmt.Errorf("configuring the will: %w", err)
		}
		if err := w.Properties.ValidateWill(); err != nil && c.Version == packet.V5 {
			return fmt.Errorf("configuring the will: %w", err)
		}
	}
	connect := c.connect(c.ClientID, c.CleanStart)
	if err := connect.Properties.Validate(packet.CONNECT); err != nil {
		return fmt.Errorf("configuring the client: %w", err)
	}
	if _, err := connect.Append(nil, c.Version); err != nil {
		return fmt.Errorf("configuring the client: %w", err)
	}
	return nil
}

// keepAliveSeconds is KeepAlive as CONNECT carries it.
func (c *Config) keepAliveSeconds() uint16 {
	return uint16((c.KeepAlive + time.Second - 1) / time.Second)
}

// packetLimit is the largest packet in bytes that is taken.
func (c *Config) packetLimit() int {
	if c.MaximumPacketSize == 0 || c.MaximumPacketSize > protocolMaximum {
		return protocolMaximum
	}
	return int(c.MaximumPacketSize)
}

// connect builds CONNECT without authentication data.
func (c *Config) connect(id string, clean bool) *packet.Connect {
	p := &packet.Connect{
		Version: c.Version, CleanStart: clean, KeepAlive: c.keepAliveSeconds(), ClientID: id,
		HasUsername: c.Username != "" || c.Password != nil && c.Version != packet.V5, Username: c.Username,
		HasPassword: c.Password != nil, Password: c.Password, Will: c.Will,
	}
	if c.Version == packet.V5 {
		p.Properties = c.connectProperties()
	}
	return p
}

func (c *Config) connectProperties() packet.Properties {
	var props packet.Properties
	if c.SessionExpiry != nil {
		props = props.AppendInt(packet.PropSessionExpiryInterval, *c.SessionExpiry)
	}
	props = props.AppendInt(packet.PropReceiveMaximum, uint32(c.ReceiveMaximum))
	if c.MaximumPacketSize > 0 {
		props = props.AppendInt(packet.PropMaximumPacketSize, c.MaximumPacketSize)
	}
	if c.TopicAliasMaximum > 0 {
		props = props.AppendInt(packet.PropTopicAliasMaximum, uint32(c.TopicAliasMaximum))
	}
	return append(props, c.ConnectProperties...)
}
