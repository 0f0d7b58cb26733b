package mqtt

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

func TestEndBeforeStart(t *testing.T) {
	c, j := offline(t, Config{})
	p := mustPublish(t, c, publication(1, "t", "x"))
	var subErr error
	c.SubscribeAsync([]packet.Subscription{{Filter: "a"}}, nil, func(_ []packet.ReasonCode, err error) { subErr = err })
	for range 3 {
		if err := c.End(context.Background(), false); err != nil {
			t.Fatal(err)
		}
	}
	c.Start()
	if got := j.snapshot(); !slices.Equal(got, []string{"publish callback(Error: client disconnecting)", "end"}) {
		t.Errorf("events: %q", got)
	}
	if !errors.Is(j.result(t, p), ErrEnded) || !errors.Is(subErr, ErrEnded) || c.Err() != nil {
		t.Errorf("%v, %v, %v", j.result(t, p), subErr, c.Err())
	}
	<-c.Done()
	if _, err := c.Unsubscribe(context.Background(), []string{"a"}, nil); !errors.Is(err, ErrEnded) {
		t.Errorf("unsubscribing after the end: %v", err)
	}
}

func TestEndWhileDialing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dialing := make(chan struct{})
		j := new(journal)
		c := newClient(t, j, Config{URL: "mqtt://pipe", Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			close(dialing)
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		c.Start()
		<-dialing
		before := time.Now()
		if err := c.End(context.Background(), false); err != nil || time.Since(before) > 0 {
			t.Errorf("%v after %v", err, time.Since(before))
		}
		if got := j.snapshot(); !slices.Equal(got, []string{"end"}) {
			t.Errorf("events: %q", got)
		}
	})
}

func TestEndDuringBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newPipes()
		line.down.Store(true)
		j := new(journal)
		c := newClient(t, j, Config{URL: "mqtt://pipe", Dial: line.dial, ReconnectPeriod: time.Hour, ReconnectMax: time.Hour})
		p := mustPublish(t, c, publication(0, "t", "x"))
		c.Start()
		j.await(t, "close", 1)
		before := time.Now()
		if err := c.End(context.Background(), false); err != nil || time.Since(before) > 0 {
			t.Errorf("%v after %v", err, time.Since(before))
		}
		if !errors.Is(j.result(t, p), ErrEnded) || j.snapshot()[len(j.snapshot())-1] != "end" {
			t.Errorf("events: %q", j.snapshot())
		}
	})
}

func TestEndIsBoundedByItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, conn, c, j := inMemory(t, Config{}, nil)
		p := mustPublish(t, c, publication(1, "t", "x"))
		mqtttest.Expect[*packet.Publish](conn)
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		before := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { _ = c.End(context.Background(), false) }) // joins the same end
		err := c.End(ctx, false)
		if d := time.Since(before); !errors.Is(err, context.DeadlineExceeded) || d < 3*time.Second || d > 3*time.Second+2*lingerTime {
			t.Errorf("%v after %v", err, d)
		}
		wg.Wait()
		if !errors.Is(j.result(t, p), ErrEnded) {
			t.Errorf("result: %v", j.result(t, p))
		}
	})
}

func TestEndSaysGoodbyeAndWaitsForThePeer(t *testing.T) {
	for _, v := range versions {
		_, conn, c, j := meet(t, Config{Version: v}, nil)
		ended := make(chan error, 1)
		go func() { ended <- c.End(within(t), false) }()
		mqtttest.Expect[*packet.Disconnect](conn)
		conn.ExpectEnd() // the half of it
		conn.Send(&packet.Publish{Topic: "late"})
		_ = conn.Close()
		if err := <-ended; err != nil {
			t.Errorf("MQTT %v: %v", v, err)
		}
		if n := j.count("message("); n > 0 {
			t.Errorf("MQTT %v: a message was delivered after the end", v)
		}
	}
}

func TestDrainSendsWhatWaitsInTheQueue(t *testing.T) {
	_, conn, c, j := meet(t, Config{MaxInflight: 1}, nil)
	for range 4 {
		mustPublish(t, c, publication(1, "t", "x"))
	}
	ended := make(chan error, 1)
	go func() { ended <- c.End(within(t), false) }()
	awaitEnding(t, c)
	for range 4 {
		answerOne(conn, mqtttest.Expect[*packet.Publish](conn))
	}
	mqtttest.Expect[*packet.Disconnect](conn)
	_ = conn.Close()
	if err := <-ended; err != nil || j.count("publish callback(") > 0 {
		t.Errorf("%v, events: %q", err, j.snapshot())
	}
}

func TestConnectedComesBeforeWhatFollowsConnack(t *testing.T) {
	peer := mqtttest.NewPeer(t, packet.V5)
	j := new(journal)
	c := newClient(t, j, Config{URL: peer.URL})
	c.Start()
	conn := peer.Accept()
	mqtttest.Expect[*packet.Connect](conn)
	mustPublish(t, c, publication(0, "t", strings.Repeat("x", 10<<20))) // takes longer to write than to read on
	conn.Send(new(packet.Connack), &packet.Publish{Topic: "m"})
	j.await(t, "message(", 1)
	lines := j.snapshot()
	if i := slices.Index(lines, "connect(connack)"); i < 0 || i > slices.Index(lines, "packetreceive(publish qos0)") {
		t.Errorf("events: %q", lines)
	}
}

func TestConnectedComesBetweenWhatWasSentBeforeAndAfter(t *testing.T) {
	c, j := offline(t, Config{})
	c.mu.Lock()
	defer c.mu.Unlock()
	cn := &conn{client: c, greeting: new(packet.Connack), greetAt: 10}
	for _, pos := range []uint64{5, 10, 15} {
		cn.traced.push(traced{pos: pos, pkt: new(packet.Pingreq)})
	}
	cn.report(20)
	if got := strings.Join(j.snapshot(), " "); got != "packetsend(pingreq) packetsend(pingreq) connect(connack) packetsend(pingreq)" {
		t.Errorf("events: %s", got)
	}
}

// laggingConn is a connection whose Write returns only when released, once it
// has sent a packet of the type.
type laggingConn struct {
	net.Conn
	after   packet.Type
	release chan struct{}
}

func (c *laggingConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if len(b) > 0 && packet.Type(b[0]>>4) == c.after {
		<-c.release
	}
	return n, err
}

// What answers a packet proves that it was sent, also when the writer has not
// got round to saying so.
func TestAnswersComeAfterWhatTheyAnswer(t *testing.T) {
	for _, one := range []struct {
		sent    packet.Type
		provoke func(*mqtttest.PeerConn, *Client)
		answer  func(*mqtttest.PeerConn)
		want    []string
	}{
		{
			packet.PUBREC,
			func(conn *mqtttest.PeerConn, _ *Client) { conn.Send(incoming(1, 2, "t")) },
			func(conn *mqtttest.PeerConn) {
				conn.ExpectAck(packet.PUBREC)
				conn.Ack(packet.PUBREL, 1, 0)
			},
			[]string{"packetsend(pubrec)", "packetreceive(pubrel)"},
		},
		{
			packet.PUBLISH,
			func(_ *mqtttest.PeerConn, c *Client) { mustPublish(t, c, publication(1, "t", "x")) },
			func(conn *mqtttest.PeerConn) {
				conn.Ack(packet.PUBACK, mqtttest.Expect[*packet.Publish](conn).ID, 0)
			},
			[]string{"packetsend(publish qos1)", "packetreceive(puback)"},
		},
	} {
		t.Run(one.sent.String(), func(t *testing.T) {
			peer := mqtttest.NewPeer(t, packet.V5)
			j := new(journal)
			release := make(chan struct{})
			defer close(release)
			c := newClient(t, j, Config{URL: peer.URL, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, addr)
				return &laggingConn{Conn: conn, after: one.sent, release: release}, err
			}})
			c.Start()
			conn, _ := peer.AcceptClient(nil)
			j.await(t, "connect(", 1)
			one.provoke(conn, c)
			one.answer(conn)
			j.await(t, one.want[1], 1)
			lines := j.snapshot()
			if sent := slices.Index(lines, one.want[0]); sent < 0 || sent > slices.Index(lines, one.want[1]) {
				t.Errorf("events: %q", lines)
			}
		})
	}
}

// awaitEnding waits until End has told the client.
func awaitEnding(t *testing.T, c *Client) {
	t.Helper()
	mqtttest.Eventually(t, "the end to begin", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.ending
	})
}

func TestMessagesDuringTheDrainStayWithTheServer(t *testing.T) {
	_, conn, c, j := meet(t, Config{}, nil)
	mustPublish(t, c, publication(1, "t", "x"))
	p := mqtttest.Expect[*packet.Publish](conn)
	ended := make(chan error, 1)
	go func() { ended <- c.End(within(t), false) }()
	awaitEnding(t, c)
	conn.Send(incoming(1, 1, "one"), incoming(2, 2, "two"), incoming(0, 0, "zero"))
	conn.Ack(packet.PUBACK, p.ID, 0)
	mqtttest.Expect[*packet.Disconnect](conn)
	_ = conn.Close()
	if err := <-ended; err != nil || j.count("message(") > 0 || c.Info().Dropped != 3 {
		t.Errorf("%v, %d dropped, events: %q", err, c.Info().Dropped, j.snapshot())
	}
}

func TestForcedEndSendsNothing(t *testing.T) {
	_, conn, c, j := meet(t, Config{}, nil)
	p := mustPublish(t, c, publication(1, "t", "x"))
	mqtttest.Expect[*packet.Publish](conn)
	if err := c.End(context.Background(), true); err != nil {
		t.Fatal(err)
	}
	conn.ExpectEnd()
	if !errors.Is(j.result(t, p), ErrEnded) {
		t.Errorf("result: %v", j.result(t, p))
	}
}

func TestForceCutsADrainShort(t *testing.T) {
	_, conn, c, _ := meet(t, Config{}, nil)
	mustPublish(t, c, publication(1, "t", "x"))
	mqtttest.Expect[*packet.Publish](conn)
	var wg sync.WaitGroup
	wg.Go(func() { _ = c.End(within(t), false) })
	awaitEnding(t, c)
	endNow(c)
	wg.Wait()
	conn.ExpectEnd()
}

func TestServerThatStopsAtAnyByteOfTheHandshake(t *testing.T) {
	ack, err := connackWith(noProps.AppendInt(packet.PropReceiveMaximum, 5)).Append(nil, packet.V5)
	if err != nil {
		t.Fatal(err)
	}
	var connect []byte
	peer := mqtttest.NewPeer(t, packet.V5)
	j := new(journal)
	c := newClient(t, j, Config{URL: peer.URL, ReconnectPeriod: time.Nanosecond, ClientID: "x"})
	p, err := c.makeConnect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if connect, err = p.Append(nil, packet.V5); err != nil {
		t.Fatal(err)
	}
	c.Start()
	attempts := 0
	for n := range len(connect) { // n bytes of CONNECT are read
		conn := peer.Accept()
		if _, err := conn.Read(make([]byte, n)); err != nil && n > 0 {
			t.Fatal(err)
		}
		conn.Reset()
		attempts++
		j.await(t, "close", attempts)
	}
	for n := range len(ack) { // n bytes of CONNACK are sent
		conn := peer.Accept()
		mqtttest.Expect[*packet.Connect](conn)
		conn.SendBytes(ack[:n])
		_ = conn.Close()
		attempts++
		j.await(t, "close", attempts)
	}
	if j.count("connect(") > 0 {
		t.Errorf("events: %q", j.snapshot())
	}
	peer.AcceptClient(nil)
	j.await(t, "connect(", 1)
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		v     packet.Version
		code  packet.ReasonCode
		heals bool
	}{
		{packet.V311, 1, false},
		{packet.V311, 2, false},
		{packet.V311, 3, true},
		{packet.V311, 4, false},
		{packet.V311, 5, false},
		{packet.V31, 3, true},
		{packet.V31, 5, false},
		{packet.V5, packet.UnspecifiedError, true},
		{packet.V5, packet.MalformedPacket, false},
		{packet.V5, packet.ProtocolError, false},
		{packet.V5, packet.ImplementationSpecificError, true},
		{packet.V5, packet.UnsupportedProtocolVersion, false},
		{packet.V5, packet.ClientIdentifierNotValid, false},
		{packet.V5, packet.BadUserNameOrPassword, false},
		{packet.V5, packet.NotAuthorized, false},
		{packet.V5, packet.ServerUnavailable, true},
		{packet.V5, packet.ServerBusy, true},
		{packet.V5, packet.Banned, false},
		{packet.V5, packet.BadAuthenticationMethod, false},
		{packet.V5, packet.TopicNameInvalid, false},
		{packet.V5, packet.PacketTooLarge, false},
		{packet.V5, packet.QuotaExceeded, true},
		{packet.V5, packet.RetainNotSupported, false},
		{packet.V5, packet.QoSNotSupported, false},
		{packet.V5, packet.UseAnotherServer, true}, // without saying which
		{packet.V5, packet.ServerMoved, false},
		{packet.V5, packet.ConnectionRateExceeded, true},
	} {
		t.Run(fmt.Sprintf("%v/%d", tt.v, tt.code), func(t *testing.T) {
			peer := mqtttest.NewPeer(t, tt.v)
			j := new(journal)
			c := newClient(t, j, Config{URL: peer.URL, Version: tt.v, ReconnectPeriod: time.Millisecond})
			waiting := mustPublish(t, c, publication(1, "t", "x"))
			c.Start()
			peer.AcceptClient(&packet.Connack{ReasonCode: tt.code})
			if tt.heals {
				peer.AcceptClient(nil)
				j.await(t, "connect(", 1)
				return
			}
			<-c.Done()
			var e *Error
			if !errors.As(c.Err(), &e) || e.Reason != tt.code || !strings.HasPrefix(e.Message, "Connection refused: ") {
				t.Errorf("gave up for %v", c.Err())
			}
			if err := j.result(t, waiting); !errors.Is(err, c.Err()) {
				t.Errorf("result: %v", err)
			}
			if j.count("close") != 1 || j.count("reconnect") > 0 || j.count("end") > 0 {
				t.Errorf("events: %q", j.snapshot())
			}
		})
	}
}

func TestServerThatDoesNotKnowMQTT5(t *testing.T) {
	for name, connack := range map[string][]byte{
		"in the form of 3.1.1":     {0x20, 0x02, 0x00, 0x01},
		"in the form of 5":         {0x20, 0x03, 0x00, 0x84, 0x00},
		"of 5 without properties":  {0x20, 0x02, 0x00, 0x84},
		"with code 1 and reserved": {0x20, 0x02, 0x01, 0x01},
	} {
		peer := mqtttest.NewPeer(t, packet.V5)
		c := newClient(t, new(journal), Config{URL: peer.URL, ReconnectPeriod: time.Millisecond})
		c.Start()
		conn := peer.Accept()
		mqtttest.Expect[*packet.Connect](conn)
		conn.SendBytes(connack)
		<-c.Done()
		if err := c.Err().Error(); !strings.Contains(err, "does not speak MQTT 5; try 3.1.1") {
			t.Errorf("%s: %s", name, err)
		}
	}
}

func TestAssignedClientIdentifierIsKept(t *testing.T) {
	peer, conn, c, _ := meet(t, Config{}, connackWith(noProps.AppendString(packet.PropAssignedClientIdentifier, "given")))
	if id := c.Info().ClientID; id != "given" {
		t.Errorf("the client calls itself %q", id)
	}
	conn.Reset()
	if _, connect := peer.AcceptClient(nil); connect.ClientID != "given" {
		t.Errorf("the next CONNECT is from %q", connect.ClientID)
	}
}

func TestCleanStartOfLaterConnections(t *testing.T) {
	hour := uint32(3600)
	for _, tt := range []struct {
		cfg         Config
		first, next bool
	}{
		{Config{Version: packet.V311, CleanStart: true}, true, true},
		{Config{Version: packet.V311}, false, false},
		{Config{CleanStart: true}, true, true},
		{Config{CleanStart: true, SessionExpiry: &hour}, true, false},
		{Config{SessionExpiry: &hour}, false, false},
	} {
		if tt.cfg.Version == 0 {
			tt.cfg.Version = packet.V5
		}
		peer := mqtttest.NewPeer(t, tt.cfg.Version)
		tt.cfg.URL, tt.cfg.ReconnectPeriod = peer.URL, time.Millisecond
		c := newClient(t, new(journal), tt.cfg)
		c.Start()
		conn, first := peer.AcceptClient(nil)
		conn.Reset()
		_, next := peer.AcceptClient(nil)
		if first.CleanStart != tt.first || next.CleanStart != tt.next {
			t.Errorf("%v: clean start is %v, then %v", tt.cfg, first.CleanStart, next.CleanStart)
		}
		endNow(c)
	}
}

func TestRedirects(t *testing.T) {
	refer := func(to *mqtttest.Peer) packet.Properties {
		return noProps.AppendString(packet.PropServerReference, to.Addr+" other.example:1")
	}
	for _, code := range []packet.ReasonCode{packet.UseAnotherServer, packet.ServerMoved} {
		a, b := mqtttest.NewPeer(t, packet.V5), mqtttest.NewPeer(t, packet.V5)
		c := newClient(t, new(journal), Config{URL: a.URL, ReconnectPeriod: time.Millisecond})
		c.Start()
		a.AcceptClient(&packet.Connack{ReasonCode: code, Properties: refer(b)})
		conn, _ := b.AcceptClient(nil)
		if got := c.URL(); got != b.URL {
			t.Errorf("the client is at %s, want %s", got, b.URL)
		}
		conn.Reset()
		back := a // for now
		if code == packet.ServerMoved {
			back = b // for good
		}
		conn, _ = back.AcceptClient(nil)
		// A connected client is sent away by DISCONNECT.
		other := mqtttest.NewPeer(t, packet.V5)
		conn.Send(&packet.Disconnect{ReasonCode: code, Properties: refer(other)})
		other.AcceptClient(nil)
		endNow(c)
	}
}

func TestRedirectsInACircleWait(t *testing.T) {
	peer := mqtttest.NewPeer(t, packet.V5)
	j := new(journal)
	c := newClient(t, j, Config{URL: peer.URL, ReconnectPeriod: time.Hour, ReconnectMax: time.Hour})
	c.Start()
	to := noProps.AppendString(packet.PropServerReference, peer.Addr)
	for range maxHops + 1 {
		peer.AcceptClient(&packet.Connack{ReasonCode: packet.ServerMoved, Properties: to})
	}
	j.await(t, "close", maxHops+1)
	synced := c.Err() // the lock: next has decided or will
	if synced != nil || j.count("reconnect") != maxHops {
		t.Errorf("%v, events: %q", synced, j.snapshot())
	}
}

func TestServerReferences(t *testing.T) {
	for _, tt := range []struct{ url, reference, want string }{
		{"mqtt://a", "b", "mqtt://b:1883"},
		{"mqtts://a:1", "b:2 c:3", "mqtts://b:2"},
		{"ws://a/path?q=1", "b", "ws://b:80/path?q=1"},
		{"mqtt://a", "[::1]:7", "mqtt://[::1]:7"},
		{"mqtt://a", "[::1]", "mqtt://[::1]:1883"},
		{"mqtt://a", "", ""},
		{"mqtt://a", "b/c", ""},
		{"mqtt://a", ":7", ""},
		{"unix:///a", "b", ""},
	} {
		e, err := parseURL(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if to, ok := e.redirected(tt.reference); ok {
			got = to.String()
		}
		if got != tt.want {
			t.Errorf("%s referred to %q: %q, want %q", tt.url, tt.reference, got, tt.want)
		}
	}
}

func TestReasonOfADisconnectIsSeenThoughWritingFails(t *testing.T) {
	_, conn, c, j := meet(t, Config{}, nil)
	// The server reads nothing, so that the client's bytes are unread when it
	// closes: the client's writes fail with the DISCONNECT still to be read.
	for range 20 {
		_ = c.Publish(publication(0, "t", strings.Repeat("x", 100_000)))
	}
	conn.Send(&packet.Disconnect{ReasonCode: packet.PacketTooLarge})
	_ = conn.Close()
	j.await(t, "close", 1)
	if j.count("disconnect(disconnect rc149") != 1 {
		t.Errorf("events: %q", j.snapshot())
	}
}
