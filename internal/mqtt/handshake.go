package mqtt

import (
	"context"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// Authenticator is one side of MQTT 5's enhanced authentication [MQTT-4.12].
// The client calls one method at a time; Begin starts an exchange anew.
type Authenticator interface {
	// Method is the name of the authentication method.
	Method() string
	// Begin returns the data for CONNECT, or for the AUTH that starts a
	// re-authentication; nil for none. It may take its time until ctx is done.
	Begin(ctx context.Context) ([]byte, error)
	// Continue answers the server's data. It is called without the client's
	// lock, by its reader: nothing is read until it returns, which it must
	// soon after ctx is done.
	Continue(ctx context.Context, data []byte) ([]byte, error)
	// Finish checks the data that came with the server's success, if any. It
	// is called with the client's lock held and must return at once.
	Finish(data []byte) error
}

// makeConnect builds the CONNECT of the next connection.
func (c *Client) makeConnect(ctx context.Context) (*packet.Connect, error) {
	var data []byte
	if a := c.cfg.Authenticator; a != nil {
		var err error
		if data, err = a.Begin(ctx); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	expiry := c.cfg.SessionExpiry
	resume := c.met && c.cfg.Version == packet.V5 && expiry != nil && *expiry > 0
	p := c.cfg.connect(c.clientID, c.cfg.CleanStart && !resume)
	if c.cfg.Authenticator != nil {
		p.Properties = c.appendAuth(p.Properties, data)
	}
	return p, nil
}

func (c *Client) appendAuth(props packet.Properties, data []byte) packet.Properties {
	props = props.AppendString(packet.PropAuthenticationMethod, c.cfg.Authenticator.Method())
	if data != nil {
		props = props.AppendBytes(packet.PropAuthenticationData, data)
	}
	return props
}

// Reauthenticate starts a re-authentication on the connection, MQTT 5 only. It
// returns when AUTH was sent; a server that is not satisfied disconnects.
func (c *Client) Reauthenticate(ctx context.Context) error {
	a := c.cfg.Authenticator
	if a == nil {
		return &Error{Message: "no authenticator is configured"}
	}
	data, err := a.Begin(ctx)
	if err != nil {
		return &Error{Message: "authentication: " + err.Error(), Cause: err}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == nil || !c.conn.usable() {
		return &Error{Message: "the client is not connected"}
	}
	c.conn.send(&packet.Auth{ReasonCode: packet.Reauthenticate, Properties: c.appendAuth(nil, data)})
	return nil
}

// auth takes a step of the server's in an authentication.
func (cn *conn) auth(ctx context.Context, p *packet.Auth) error {
	c := cn.client
	a := c.cfg.Authenticator
	if a == nil || p.Properties.String(packet.PropAuthenticationMethod) != a.Method() {
		return protocolError(packet.ProtocolError, "MQTT-4.12.0-5", "AUTH with a method that CONNECT did not name")
	}
	data, _ := p.Properties.Get(packet.PropAuthenticationData)
	switch {
	case p.ReasonCode == packet.ContinueAuthentication:
		return cn.continueAuth(ctx, data.Bytes)
	case p.ReasonCode == packet.Success && cn.accepted:
		return cn.finishAuth(data.Bytes)
	}
	return protocolError(packet.ProtocolError, "MQTT-4.12.0-2", "AUTH with the reason %v", p.ReasonCode)
}

// continueAuth asks the authenticator without the lock, as it may take its time.
func (cn *conn) continueAuth(ctx context.Context, challenge []byte) error {
	c := cn.client
	ctx, cancel := context.WithTimeout(ctx, c.cfg.ConnectTimeout)
	defer cancel()
	cn.gated = true // nothing is read meanwhile
	c.mu.Unlock()
	answer, err := c.cfg.Authenticator.Continue(ctx, challenge)
	c.mu.Lock()
	cn.gated, cn.ungated = false, time.Now()
	switch {
	case cn.dead:
	case err != nil:
		return protocolError(packet.NotAuthorized, "", "authentication: %v", err)
	default:
		cn.send(&packet.Auth{ReasonCode: packet.ContinueAuthentication, Properties: c.appendAuth(nil, answer)})
	}
	return nil
}

func (cn *conn) finishAuth(data []byte) error {
	if err := cn.client.cfg.Authenticator.Finish(data); err != nil {
		return protocolError(packet.NotAuthorized, "", "authentication: %v", err)
	}
	return nil
}

// connack takes the server's verdict on the connection.
func (cn *conn) connack(p *packet.Connack) error {
	c := cn.client
	switch {
	case cn.accepted:
		return protocolError(packet.ProtocolError, "MQTT-3.2.0-2", "a second CONNACK")
	case p.ReasonCode != packet.Success:
		cn.refuse(p)
		return nil
	case p.SessionPresent && cn.clean:
		return protocolError(packet.ProtocolError, "MQTT-3.2.2-4", "CONNACK has a session for a clean start")
	}
	cn.accepted = true
	if c.cfg.Authenticator != nil {
		data, _ := p.Properties.Get(packet.PropAuthenticationData)
		if err := cn.finishAuth(data.Bytes); err != nil {
			return err
		}
	}
	cn.accept(p)
	return nil
}

// accept brings the session up on a connection that the server accepted.
func (cn *conn) accept(p *packet.Connack) {
	c := cn.client
	now := time.Now()
	cn.outcome.accepted = true
	cn.since, cn.lastSent, cn.lastReceived, cn.ungated = now, now, now, now
	cn.limits = limitsOf(p, c.cfg.Version)
	cn.keepAlive = time.Duration(c.cfg.keepAliveSeconds()) * time.Second
	if k := cn.limits.KeepAlive; k != nil {
		cn.keepAlive = *k
	}
	if id := p.Properties.String(packet.PropAssignedClientIdentifier); id != "" {
		c.clientID = id
	}
	if n := int(c.cfg.TopicAliasMaximum); n > 0 && c.cfg.Version == packet.V5 {
		cn.aliasesIn = make([]string, n+1)
	}
	cn.aliasesOut = make(map[uint16]string)
	c.stats.connections++
	// MQTT 3.1 does not tell whether it kept the session, which a client that
	// did not ask for a clean one may expect.
	kept := p.SessionPresent || c.cfg.Version == packet.V31 && !cn.clean && (c.met || c.session.continues())
	c.met = true
	if !kept {
		c.dropReceived()
	}
	c.orderReplay(kept)
	c.subs.connected(p.SessionPresent)
	close(cn.up)
	c.pump()
	c.sendRequests(cn)
	cn.greeting, cn.greetAt = p, cn.end
	cn.report(cn.written)
}

// refuse ends a connection that the server refused, and decides whether another
// attempt can heal it.
func (cn *conn) refuse(p *packet.Connack) {
	c := cn.client
	cn.refused = true
	text := p.ReasonCode.String()
	if p.ReasonCode < 0x80 {
		text = p.ReasonCode.ReturnString()
	}
	if p.ReasonCode == packet.UnsupportedProtocolVersion || p.ReasonCode == 1 {
		text += versionHint(c.cfg.Version)
	}
	err := reasonError(p.ReasonCode, "Connection refused: %s", text)
	if !cn.redirect(p.ReasonCode, p.Properties) && !heals(p.ReasonCode) {
		cn.outcome.fatal = err
	}
	cn.fail(err)
}

func versionHint(v packet.Version) string {
	other := packet.V311
	if v == packet.V311 {
		other = packet.V5
	}
	return " (the server does not speak MQTT " + v.String() + "; try " + other.String() + ")"
}

// heals tells whether a refusal may be over when the client tries again.
func heals(code packet.ReasonCode) bool {
	switch code {
	case 3, // server unavailable before MQTT 5
		packet.UnspecifiedError, packet.ImplementationSpecificError, packet.ServerUnavailable,
		packet.ServerBusy, packet.QuotaExceeded, packet.UseAnotherServer, packet.ConnectionRateExceeded:
		return true
	}
	return false
}

// oldRefusal reads the CONNACK with which a server that does not know MQTT 5
// refuses it: in the form of its own version, without properties.
func oldRefusal(h packet.Header, body []byte) (packet.ReasonCode, bool) {
	if h.Type != packet.CONNACK || len(body) != 2 {
		return 0, false
	}
	code := packet.ReasonCode(body[1])
	return code, code >= 1 && code <= 5 || code.Failed()
}
