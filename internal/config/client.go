package config

import (
	"net/url"
	"time"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
)

// Client returns the settings as the client takes them, with its files read;
// the caller adds what is not a setting, such as the handler. A warning is a
// sentence for the log, if not empty.
func (c *Connection) Client() (cfg mqtt.Config, warning string, err error) {
	cfg = mqtt.Config{
		URL:             c.URL,
		Version:         c.Protocol.Version(),
		ClientID:        c.ClientID,
		CleanStart:      !c.NoClean,
		SessionExpiry:   c.sessionExpiry(),
		KeepAlive:       time.Duration(c.KeepAlive) * time.Second,
		ConnectTimeout:  time.Duration(c.ConnectTimeout),
		ReconnectPeriod: time.Duration(c.ReconnectPeriod),
	}
	if cfg.TLS, err = c.TLS(); err != nil {
		return cfg, "", err
	}
	if cfg.ConnectProperties, err = c.Property.For(packet.CONNECT); err != nil {
		return cfg, "", err
	}
	if cfg.Will, err = c.will(); err != nil {
		return cfg, "", err
	}
	cfg.Username, cfg.Password, warning, err = c.credentials()
	return cfg, warning, err
}

// sessionExpiry lets MQTT 5's --no-clean mean what it meant before: the
// session outlives the connection.
func (c *Connection) sessionExpiry() *uint32 {
	expiry := c.SessionExpiry
	if expiry == nil && c.NoClean && c.Protocol.Version() == packet.V5 {
		never := Never
		expiry = &never
	}
	return (*uint32)(expiry)
}

func (c *Connection) will() (*packet.Will, error) {
	if c.WillTopic == "" {
		return nil, nil
	}
	props, err := c.Property.For(0)
	if err != nil {
		return nil, err
	}
	will := &packet.Will{Topic: c.WillTopic, QoS: byte(c.WillQoS), Retain: c.WillRetain, Properties: props}
	if c.WillMessage != nil {
		will.Payload = []byte(*c.WillMessage)
	}
	return will, nil
}

// credentials returns user name and password, the password nil for none. A
// flag wins over the environment, and that over the URL.
func (c *Connection) credentials() (username string, password []byte, warning string, err error) {
	username = c.Username
	var inURL *url.Userinfo
	if u, err := url.Parse(c.URL); err == nil {
		inURL = u.User
	}
	if username == "" {
		username = inURL.Username()
	}
	if c.Password != nil {
		return username, []byte(*c.Password), "", nil
	}
	secret, warning, err := passwordFrom(c.PasswordFile, username != "")
	if err != nil || secret != nil {
		return username, secret, warning, err
	}
	if text, ok := inURL.Password(); ok {
		password = []byte(text)
	}
	return username, password, "", nil
}
