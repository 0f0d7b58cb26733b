package broker

import (
	"bufio"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// conn is one client's network connection. Its reader goroutine runs read and
// what read calls; send and end may be called from anywhere.
type conn struct {
	broker  *Broker
	nc      net.Conn
	in      *bufio.Reader
	out     *outbound
	version packet.Version // 0 until CONNECT
	silence time.Duration  // the longest the client may be silent; 0 for any
	limit   int            // largest packet in bytes that the client takes; 0 for any
	aliases [aliasMaximum + 1]string

	session *session // guarded by the broker's lock; nil until CONNECT is accepted, and after detach
	goodbye bool     // guarded too: DISCONNECT came, so that the will is off
	warned  bool     // guarded too: the log has a word about dropped messages
}

func newConn(b *Broker, nc net.Conn) *conn {
	c := &conn{broker: b, nc: nc, in: bufio.NewReader(nc), silence: connectTimeout}
	c.out = newOutbound(nc, c.resume)
	return c
}

// resume sends what has waited because the client was behind.
func (c *conn) resume() {
	c.broker.mu.Lock()
	defer c.broker.mu.Unlock()
	if c.session != nil {
		c.session.pump()
	}
}

// read serves the connection until it ends.
func (c *conn) read() error {
	err := c.accept()
	for err == nil {
		c.out.await()
		var pk packet.Packet
		if pk, err = c.next(); err == nil {
			err = c.handle(pk)
		}
	}
	c.refuse(err)
	return err
}

// next reads a packet, in time.
func (c *conn) next() (packet.Packet, error) {
	if c.in.Buffered() == 0 {
		var deadline time.Time
		if c.silence > 0 {
			deadline = time.Now().Add(c.silence)
		}
		_ = c.nc.SetReadDeadline(deadline)
	}
	version := c.version
	if version == 0 {
		version = packet.V5 // CONNECT itself says which
	}
	pk, err := packet.Read(c.in, version, c.broker.opts.MaxPacketSize)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, violation(packet.KeepAliveTimeout, "MQTT-3.1.2-22", "the client was silent for too long")
	}
	return pk, err
}

// violation is a rule that the codec does not know of.
func violation(code packet.ReasonCode, statement, message string) *packet.Error {
	return &packet.Error{Code: code, Statement: statement, Message: message}
}

// refuse ends the connection and, where the protocol allows it, says why
// [MQTT-4.13.1-1].
func (c *conn) refuse(err error) {
	c.broker.mu.Lock()
	var wrong *packet.Error
	if errors.As(err, &wrong) {
		c.end(wrong.Code)
	}
	c.broker.detach(c)
	c.broker.mu.Unlock()
	c.out.finish()
	// The client may be sending still.
	_ = c.nc.SetReadDeadline(time.Now().Add(closeTimeout))
	_, _ = io.CopyN(io.Discard, c.nc, drained)
}

// drained bounds the bytes that are read after the last packet.
const drained = 1 << 20

// end says DISCONNECT to a client that knows it from a server, and closes. The
// broker's lock is held.
func (c *conn) end(reason packet.ReasonCode) {
	if c.session != nil && c.version == packet.V5 {
		c.send(&packet.Disconnect{ReasonCode: reason})
	}
	c.out.finish()
}

// send queues a packet for writing.
func (c *conn) send(pk packet.Packet) {
	c.out.add(func(buf []byte) []byte {
		before := len(buf)
		buf, err := pk.Append(buf, c.version)
		if err != nil || c.limit > 0 && len(buf)-before > c.limit {
			return buf[:before] // the client does without it [MQTT-3.1.2-25]
		}
		return buf
	})
}

// accept reads CONNECT and answers it.
func (c *conn) accept() error {
	pk, err := c.next()
	if err != nil {
		return err
	}
	connect, ok := pk.(*packet.Connect)
	if !ok {
		return errors.New("the first packet is not CONNECT [MQTT-3.1.0-1]")
	}
	c.version = connect.Version
	if code := c.broker.judge(connect); code != packet.Success {
		c.send(&packet.Connack{ReasonCode: returnCode(connect.Version, code)})
		return fmt.Errorf("refusing the connection: %v", code)
	}
	c.silence = time.Duration(connect.KeepAlive) * time.Second * 3 / 2 // [MQTT-3.1.2-22]
	c.limit = int(connect.Properties.Int(packet.PropMaximumPacketSize, 0))
	return c.broker.attach(c, connect)
}

// judge decides whether a client may connect.
func (b *Broker) judge(c *packet.Connect) packet.ReasonCode {
	if _, ok := c.Properties.Get(packet.PropAuthenticationMethod); ok {
		return packet.BadAuthenticationMethod
	}
	if len(b.opts.Users) > 0 {
		password, known := b.opts.Users[c.Username]
		same := subtle.ConstantTimeCompare([]byte(password), c.Password) == 1
		if !known || !same || !c.HasUsername {
			return packet.BadUserNameOrPassword
		}
	}
	if c.ClientID == "" && c.Version != packet.V5 && !c.CleanStart {
		return packet.ClientIdentifierNotValid // [MQTT-3.1.3-8] of MQTT 3.1.1
	}
	return packet.Success
}

// returnCode is a reason code as the version has it [MQTT-3.2.2.3] of 3.1.1.
func returnCode(v packet.Version, code packet.ReasonCode) packet.ReasonCode {
	if v == packet.V5 {
		return code
	}
	switch code {
	case packet.Success:
		return 0
	case packet.ClientIdentifierNotValid:
		return 2
	case packet.BadUserNameOrPassword:
		return 4
	case packet.ServerUnavailable, packet.QuotaExceeded:
		return 3
	}
	return 5
}

// handle acts on one packet.
func (c *conn) handle(pk packet.Packet) error {
	b := c.broker
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.session == nil {
		return errors.New("another connection took the session over")
	}
	switch pk := pk.(type) {
	case *packet.Publish:
		return c.handlePublish(pk)
	case *packet.Ack:
		c.handleAck(pk)
		return nil
	case *packet.Subscribe:
		return c.handleSubscribe(pk)
	case *packet.Unsubscribe:
		c.handleUnsubscribe(pk)
		return nil
	case *packet.Pingreq:
		c.send(&packet.Pingresp{})
		return nil
	case *packet.Disconnect:
		return c.handleDisconnect(pk)
	case *packet.Connect:
		return violation(packet.ProtocolError, "MQTT-3.1.0-2", "a second CONNECT")
	case *packet.Auth:
		return violation(packet.ProtocolError, "MQTT-4.12.0-1", "AUTH without an authentication method")
	}
	return violation(packet.ProtocolError, "", pk.Type().String()+" from a client")
}

// errGoodbye ends the reader without anything being wrong.
var errGoodbye = errors.New("the client said goodbye")

func (c *conn) handleDisconnect(pk *packet.Disconnect) error {
	if p, ok := pk.Properties.Get(packet.PropSessionExpiryInterval); ok {
		if p.Int > 0 && c.session.expiry == 0 {
			return violation(packet.ProtocolError, "MQTT-3.1.2-23", "a session that was to end is to be kept")
		}
		c.session.expiry = p.Int
	}
	c.goodbye = pk.ReasonCode != packet.DisconnectWithWill // [MQTT-3.14.4-3]
	return errGoodbye
}
