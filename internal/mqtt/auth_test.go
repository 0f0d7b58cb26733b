package mqtt

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// counting is an authentication that answers each challenge with what came,
// reversed in case, and expects "bye" at the end.
type counting struct {
	fail  bool
	began int
	block chan struct{}
}

var _ Authenticator = (*counting)(nil)

func (*counting) Method() string { return "COUNT" }

func (a *counting) Begin(context.Context) ([]byte, error) {
	a.began++
	return []byte("hello"), nil
}

func (a *counting) Continue(ctx context.Context, data []byte) ([]byte, error) {
	if a.fail {
		return nil, errors.New("no idea")
	}
	if a.block != nil {
		close(a.block)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return []byte(strings.ToUpper(string(data))), nil
}

func (a *counting) Finish(data []byte) error {
	if string(data) != "bye" {
		return errors.New("the server did not prove itself")
	}
	return nil
}

func authProps(method, data string) packet.Properties {
	return noProps.AppendString(packet.PropAuthenticationMethod, method).AppendBytes(packet.PropAuthenticationData, []byte(data))
}

// challenge plays the server up to the client's answer.
func challenge(t *testing.T, peer *mqtttest.Peer) *mqtttest.PeerConn {
	t.Helper()
	conn := peer.Accept()
	p := mqtttest.Expect[*packet.Connect](conn)
	if p.Properties.String(packet.PropAuthenticationMethod) != "COUNT" || p.Properties.String(packet.PropAuthenticationData) != "hello" {
		t.Fatalf("CONNECT has %x", p.Properties)
	}
	conn.Send(&packet.Auth{ReasonCode: packet.ContinueAuthentication, Properties: authProps("COUNT", "one")})
	return conn
}

func expectAnswer(t *testing.T, conn *mqtttest.PeerConn, code packet.ReasonCode, data string) {
	t.Helper()
	a := mqtttest.Expect[*packet.Auth](conn)
	if a.ReasonCode != code || a.Properties.String(packet.PropAuthenticationMethod) != "COUNT" ||
		a.Properties.String(packet.PropAuthenticationData) != data {
		t.Fatalf("AUTH %v with %x", a.ReasonCode, a.Properties)
	}
}

func TestEnhancedAuthentication(t *testing.T) {
	peer := mqtttest.NewPeer(t, packet.V5)
	a, j := new(counting), new(journal)
	c := newClient(t, j, Config{URL: peer.URL, Authenticator: a, ReconnectPeriod: time.Millisecond})
	if err := c.Reauthenticate(within(t)); err == nil {
		t.Error("re-authentication without a connection")
	}
	c.Start()
	conn := challenge(t, peer)
	expectAnswer(t, conn, packet.ContinueAuthentication, "ONE")
	conn.Send(connackWith(authProps("COUNT", "bye")))
	j.await(t, "connect(", 1)
	if err := c.Reauthenticate(within(t)); err != nil {
		t.Fatal(err)
	}
	expectAnswer(t, conn, packet.Reauthenticate, "hello")
	conn.Send(&packet.Auth{ReasonCode: packet.ContinueAuthentication, Properties: authProps("COUNT", "two")})
	expectAnswer(t, conn, packet.ContinueAuthentication, "TWO")
	conn.Send(&packet.Auth{Properties: authProps("COUNT", "bye")})
	settled(t, conn, j)
	if j.count("error(") > 0 {
		t.Errorf("events: %q", j.snapshot())
	}
	conn.Send(&packet.Auth{ReasonCode: packet.ContinueAuthentication, Properties: authProps("OTHER", "x")})
	if d := mqtttest.Expect[*packet.Disconnect](conn); d.ReasonCode != packet.ProtocolError {
		t.Errorf("DISCONNECT with %v", d.ReasonCode)
	}
}

func TestAuthenticationThatFails(t *testing.T) {
	for name, play := range map[string]func(*counting, *mqtttest.PeerConn){
		"server does not prove itself": func(_ *counting, conn *mqtttest.PeerConn) {
			mqtttest.Expect[*packet.Auth](conn)
			conn.Send(connackWith(authProps("COUNT", "who")))
			if d := mqtttest.Expect[*packet.Disconnect](conn); d.ReasonCode != packet.NotAuthorized {
				t.Errorf("DISCONNECT with %v", d.ReasonCode)
			}
		},
		"client has no answer": func(_ *counting, conn *mqtttest.PeerConn) { conn.ExpectEnd() },
	} {
		peer := mqtttest.NewPeer(t, packet.V5)
		a, j := &counting{fail: name == "client has no answer"}, new(journal)
		c := newClient(t, j, Config{URL: peer.URL, Authenticator: a, ReconnectPeriod: time.Hour, ReconnectMax: time.Hour})
		c.Start()
		conn := challenge(t, peer)
		play(a, conn)
		_ = conn.Close()
		j.await(t, "close", 1)
		if j.count("connect(") > 0 || j.count("error(Error: authentication: ") != 1 {
			t.Errorf("%s: events: %q", name, j.snapshot())
		}
	}
}

func TestEndCutsAnAuthenticationShort(t *testing.T) {
	peer := mqtttest.NewPeer(t, packet.V5)
	a, j := &counting{block: make(chan struct{})}, new(journal)
	c := newClient(t, j, Config{URL: peer.URL, Authenticator: a})
	c.Start()
	challenge(t, peer)
	<-a.block
	if err := c.End(within(t), false); err != nil {
		t.Fatal(err)
	}
}
