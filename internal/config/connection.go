package config

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/mqscript/mqscript/internal/packet"
)

// DefaultURL is the server that pub and sub talk to when none is named.
const DefaultURL = "mqtt://127.0.0.1:1883"

// Connection is the flags that say how to connect to a server. run, pub and
// sub share them.
type Connection struct {
	Config string `placeholder:"FILE" help:"Read flags from a file, an object of JSON: {\"url\": \"mqtts://example.org\", \"topic\": [\"a\", \"b\"]}. Flags of the command line win."`

	URL      string   `name:"url" placeholder:"URL" env:"MQSCRIPT_URL" help:"Server: mqtt:// mqtts:// tcp:// ssl:// tls:// ws:// wss:// or unix:///path."`
	Protocol Protocol `short:"V" placeholder:"VERSION" default:"5" help:"MQTT version: 3.1, 3.1.1 or 5 (the default)."`
	ClientID string   `name:"client-id" aliases:"id" short:"i" placeholder:"ID" help:"Client identifier. The default is a random one."`

	Username     string  `short:"u" placeholder:"NAME" env:"MQSCRIPT_USERNAME" help:"User name."`
	Password     *Secret `short:"P" aliases:"pw" placeholder:"TEXT" help:"Password. Better kept in $$MQSCRIPT_PASSWORD or a file: other users can see a program's flags."`
	PasswordFile string  `placeholder:"FILE" help:"Read the password from the first line of FILE."`

	CA       string `name:"ca" aliases:"cafile" placeholder:"FILE" help:"Certificates in PEM form that the server's must come from. The default is the system's."`
	Cert     string `placeholder:"FILE" help:"Client certificate in PEM form."`
	Key      string `placeholder:"FILE" help:"Private key of the client certificate."`
	Insecure bool   `help:"Accept any certificate: for tests only."`

	KeepAlive       KeepAlive `name:"keepalive" short:"k" placeholder:"SECONDS" default:"60" help:"Longest silence before a ping; 0 for none. Default 60."`
	ConnectTimeout  Duration  `placeholder:"TIME" default:"30s" help:"How long the server may take to accept the connection. Default 30s."`
	ReconnectPeriod Duration  `placeholder:"TIME" default:"1s" help:"Wait before the first attempt to connect again; it doubles from attempt to attempt. 0 for no attempt. Default 1s."`
	NoClean         bool      `short:"c" aliases:"disable-clean-session" help:"Go on with the session that the server keeps for --client-id."`
	SessionExpiry   *Expiry   `short:"x" aliases:"session-expiry-interval" placeholder:"SECONDS" help:"How long the server keeps the session after the connection (MQTT 5); \"never\" for ever, the default with --no-clean."`

	WillTopic   string  `placeholder:"TOPIC" help:"Topic of the message that the server publishes when this client is lost."`
	WillMessage *string `aliases:"will-payload" placeholder:"TEXT" help:"That message. The default is an empty one."`
	WillQoS     QoS     `name:"will-qos" placeholder:"QOS" default:"0" help:"That message's quality of service."`
	WillRetain  bool    `help:"Publish that message retained."`

	secretInFile bool // the password came from Config

	Property Properties `short:"D" placeholder:"PACKET NAME VALUE" help:"An MQTT 5 property, in three words (user-property: four), such as --property connect user-property KEY VALUE. Repeatable."`
}

// PasswordIsVisible tells whether the password is a flag of the command line,
// which other users of the machine can see.
func (c *Connection) PasswordIsVisible() bool { return c.Password != nil && !c.secretInFile }

// Log is the flags for the program's own words.
type Log struct {
	LogFormat string `enum:"text,json" placeholder:"FORMAT" default:"text" help:"Form of the program's own words on stderr: text or json."`
	LogLevel  string `enum:"debug,info,warn,error" placeholder:"LEVEL" default:"info" help:"The least of them that is shown: debug, info, warn or error."`
}

var (
	plainSchemes = []string{"mqtt", "tcp", "ws", "unix"}
	tlsSchemes   = []string{"mqtts", "ssl", "tls", "wss"}
)

func (c *Connection) validate() error {
	if err := c.validateURL(); err != nil {
		return err
	}
	if c.Password != nil && c.PasswordFile != "" {
		return errors.New("--password and --password-file name the same thing: give one of them")
	}
	if (c.Cert == "") != (c.Key == "") {
		return errors.New("--cert and --key belong together: give both")
	}
	if c.ConnectTimeout == 0 {
		return errors.New("--connect-timeout must be over zero")
	}
	if err := c.validateSession(); err != nil {
		return err
	}
	return c.validateWill()
}

func (c *Connection) validateURL() error {
	if c.URL == "" {
		if c.secure() {
			return errors.New("--ca, --cert and --insecure are for a server with TLS: name it with --url mqtts://…")
		}
		return nil
	}
	u, err := url.Parse(c.URL)
	if err != nil { // its message would show a password
		return errors.New("--url: that is no URL, such as mqtt://127.0.0.1:1883")
	}
	if !slices.Contains(plainSchemes, u.Scheme) && !slices.Contains(tlsSchemes, u.Scheme) {
		return fmt.Errorf("--url: %s is no MQTT URL, which begins with mqtt:// mqtts:// tcp:// ssl:// tls:// ws:// wss:// or unix://%s",
			redacted(u), schemeHint(c.URL))
	}
	if u.Scheme == "unix" {
		if u.Path == "" || u.Host != "" {
			return errors.New("--url: unix:// needs the socket's whole path, such as unix:///run/mqtt.sock")
		}
		return nil
	}
	if u.Hostname() == "" {
		return fmt.Errorf("--url: %s names no host", redacted(u))
	}
	if c.secure() && !slices.Contains(tlsSchemes, u.Scheme) {
		return fmt.Errorf("--ca, --cert and --insecure are for a server with TLS, and %s:// is without: use mqtts:// or wss://", u.Scheme)
	}
	return nil
}

// schemeHint guesses what was meant by an address that is no URL, such as
// "localhost:1883".
func schemeHint(given string) string {
	if strings.Contains(given, "://") || strings.Contains(given, "@") {
		return ""
	}
	return fmt.Sprintf(`; did you mean "mqtt://%s"?`, given)
}

// redacted shows a URL without its password, also one that lacks its scheme.
func redacted(u *url.URL) string {
	text := u.Redacted()
	if at := strings.LastIndex(text, "@"); at >= 0 && u.User == nil {
		return "***" + text[at:]
	}
	return text
}

func (c *Connection) validateSession() error {
	v5 := c.Protocol.Version() == packet.V5
	if c.NoClean && c.ClientID == "" {
		return errors.New("--no-clean needs --client-id, by which the server finds the session")
	}
	if c.SessionExpiry != nil && !v5 {
		return fmt.Errorf("--session-expiry needs MQTT 5, and --protocol says %v", c.Protocol.Version())
	}
	if len(c.Property) > 0 && !v5 {
		return fmt.Errorf("--property needs MQTT 5, and --protocol says %v", c.Protocol.Version())
	}
	return nil
}

func (c *Connection) validateWill() error {
	if c.WillTopic == "" {
		if c.WillMessage != nil || c.WillRetain || c.WillQoS > 0 {
			return errors.New("--will-message, --will-qos and --will-retain need --will-topic")
		}
		return nil
	}
	if err := packet.ValidTopicName(c.WillTopic); err != nil {
		return fmt.Errorf("--will-topic: %w", err)
	}
	return nil
}

// secure tells whether a flag asks for TLS.
func (c *Connection) secure() bool { return c.CA != "" || c.Cert != "" || c.Insecure }

// TLS returns the settings for a server with TLS, or nil when none differ
// from the defaults.
func (c *Connection) TLS() (*tls.Config, error) {
	if !c.secure() {
		return nil, nil
	}
	settings := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: c.Insecure} //nolint:gosec // on request
	if c.CA != "" {
		pem, err := os.ReadFile(c.CA)
		if err != nil {
			return nil, fmt.Errorf("--ca: %w", err)
		}
		settings.RootCAs = x509.NewCertPool()
		if !settings.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("--ca: %s holds no certificate in PEM form", c.CA)
		}
	}
	if c.Cert != "" {
		pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
		if err != nil {
			return nil, fmt.Errorf("--cert and --key: %w", err)
		}
		settings.Certificates = []tls.Certificate{pair}
	}
	return settings, nil
}

// Server is mosquitto's way to name a server, for pub and sub.
type Server struct {
	Host string `short:"h" placeholder:"HOST" help:"Server's host name or address, in place of --url."`
	Port uint16 `short:"p" placeholder:"PORT" help:"Server's port, with --host. Default 1883, with TLS 8883."`
}

// apply puts host and port into the URL. They win over the environment's.
func (s *Server) apply(c *Connection) error {
	if s.Host == "" && s.Port == 0 {
		if c.URL == "" {
			c.URL = DefaultURL
		}
		return nil
	}
	if c.URL != "" && c.URL != os.Getenv("MQSCRIPT_URL") {
		return errors.New("--url and --host or --port name the same thing: give one of them")
	}
	scheme, port := "mqtt", uint16(1883)
	if c.secure() {
		scheme, port = "mqtts", 8883
	}
	host := cmp.Or(s.Host, "127.0.0.1")
	port = cmp.Or(s.Port, port)
	c.URL = scheme + "://" + net.JoinHostPort(host, strconv.Itoa(int(port)))
	return nil
}
