package mqtt

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// The recordings in testdata/mqttjs tell in which order MQTT.js 5.16 reports
// what happens in a named situation. Each is played here by a scripted server.
// The first packetsend(connect) is not in the recordings, because their
// listeners were attached later; it is expected all the same.

// difference is a situation in which we report something else, on purpose.
type difference struct {
	reason string
	want   []string
}

var differences = map[string]difference{
	"connack-refused-reconnectOnConnackError": {
		"there is no such option: what can heal is tried again, bad credentials are not",
		[]string{"packetsend(connect)", "packetreceive(connack rc$REFUSED)", "error(ErrorWithReasonCode: Connection refused: Not authorized code=$REFUSED)", "close"},
	},
	"malformed-from-server": {
		"the connection is of no use after it: it is closed, in MQTT 5 with the reason; the text is the codec's",
		[]string{
			"packetsend(connect)", "packetreceive(connack)", "connect(connack)",
			"$V4 error(Error: MQTT 3.1.1 has no packet of type 15)",
			"$V5 error(Error: AUTH has the flags 1111 [MQTT-3.15.1-1])", "$V5 packetsend(disconnect rc129)", "close",
		},
	},
	"publish-after-end-then-reconnect": {
		"an ended client stays ended, and a refused publish is reported to its caller alone",
		[]string{"packetsend(connect)", "packetreceive(connack)", "connect(connack)", "packetsend(disconnect)", "close", "end"},
	},
	"qos1-inflight-replayed": {
		"the replay goes out in one go, without waiting for each answer, and connect does not wait for the answers either",
		[]string{
			"packetsend(connect)", "packetreceive(connack)", "connect(connack)",
			"packetsend(publish qos1)", "packetsend(publish qos2)", "error(Error: read ECONNRESET code=ECONNRESET)", "close",
			"reconnect", "packetsend(connect)", "packetreceive(connack)",
			"packetsend(publish qos1)", "packetsend(publish qos2)", "connect(connack)",
			"packetreceive(puback)", "publish callback",
			"packetreceive(pubrec)", "packetsend(pubrel)", "packetreceive(pubcomp)", "publish callback",
		},
	},
	"reconnect": {
		"packetsend is reported once the bytes were handed to a socket, so not for a refused connection; the offline queue goes out in one go",
		[]string{
			"packetsend(connect)", "packetreceive(connack)", "connect(connack)",
			"packetsend(subscribe)", "packetreceive(suback)", "close",
			"reconnect", "error(Error: connect ECONNREFUSED 127.0.0.1:PORT code=ECONNREFUSED)", "close",
			"reconnect", "error(Error: connect ECONNREFUSED 127.0.0.1:PORT code=ECONNREFUSED)", "close",
			"reconnect", "packetsend(connect)", "packetreceive(connack)",
			"packetsend(publish qos1)", "packetsend(publish qos0)", "publish callback", "packetsend(subscribe)", "connect(connack)",
			"packetreceive(puback)", "publish callback", "packetreceive(suback)",
		},
	},
	"subscribe-twice": {
		"a SUBSCRIBE is always sent: the server answers it with its retained messages",
		[]string{
			"packetsend(connect)", "packetreceive(connack)", "connect(connack)",
			"packetsend(subscribe)", "packetreceive(suback)", "packetsend(subscribe)", "packetreceive(suback)",
			"packetsend(subscribe)", "packetreceive(suback)",
		},
	},
	"tcp-refused": {
		"packetsend is reported once the bytes were handed to a socket, so not for a refused connection",
		[]string{
			"error(Error: connect ECONNREFUSED 127.0.0.1:PORT code=ECONNREFUSED)", "close",
			"reconnect", "error(Error: connect ECONNREFUSED 127.0.0.1:PORT code=ECONNREFUSED)", "close",
			"reconnect", "error(Error: connect ECONNREFUSED 127.0.0.1:PORT code=ECONNREFUSED)", "close",
		},
	},
	"connack-server-redirect": {
		"the redirect is followed",
		[]string{
			"packetsend(connect)", "packetreceive(connack rc156)",
			"error(ErrorWithReasonCode: Connection refused: Use another server code=156)", "close",
			"reconnect", "packetsend(connect)", "packetreceive(connack)", "connect(connack)",
		},
	},
	"outgoing-ignores-server-limits": {
		"what the server does not take is refused before it is sent",
		[]string{"packetsend(connect)", "packetreceive(connack)", "connect(connack)"},
	},
	"outgoing-ignores-server-receiveMaximum": {
		"what the server's receive maximum does not allow waits",
		[]string{"packetsend(connect)", "packetreceive(connack)", "connect(connack)", "packetsend(publish qos1)", "packetsend(publish qos1)"},
	},
	"server-disconnect-no-close": {
		"a client closes the connection after the server's DISCONNECT [MQTT-3.14.4-1]",
		[]string{
			"packetsend(connect)", "packetreceive(connack)", "connect(connack)",
			"packetreceive(disconnect rc157)", "disconnect(disconnect rc157)", "close",
		},
	},
}

// stage is what a scene is played on.
type stage struct {
	*testing.T
	peer    *mqtttest.Peer
	journal *journal
	client  *Client
	v       packet.Version
	refused packet.ReasonCode // "not authorized" in that version
	want    []string
}

// scene plays one situation.
type scene struct {
	cfg  Config
	play func(s *stage)
}

var scenes = map[string]scene{
	"connack-refused":                         {play: playRefused},
	"connack-refused-reconnectOnConnackError": {cfg: Config{ReconnectPeriod: time.Millisecond}, play: playRefused},
	"connack-timeout": {cfg: Config{ConnectTimeout: 200 * time.Millisecond}, play: func(s *stage) {
		mqtttest.Expect[*packet.Connect](s.peer.Accept())
	}},
	"end-before-connected": {play: func(s *stage) {
		mqtttest.Expect[*packet.Connect](s.peer.Accept())
		s.journal.await(s, "packetsend(connect)", 1)
		s.end()
	}},
	"end": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		go s.end()
		mqtttest.Expect[*packet.Disconnect](conn)
		_ = conn.Close()
	}},
	"end-force": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		endNow(s.client)
		conn.ExpectEnd()
	}},
	"end-with-qos1-outstanding": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		s.publish(1)
		id := mqtttest.Expect[*packet.Publish](conn).ID
		ended := make(chan struct{})
		go func() { defer close(ended); s.end() }()
		conn.Ack(packet.PUBACK, id, 0)
		mqtttest.Expect[*packet.Disconnect](conn)
		_ = conn.Close()
		<-ended
	}},
	"keepalive-timeout": {cfg: Config{KeepAlive: time.Second}, play: func(s *stage) { s.accept() }},
	"ping": {cfg: Config{KeepAlive: time.Second}, play: func(s *stage) {
		conn := s.accept()
		for range 2 {
			mqtttest.Expect[*packet.Pingreq](conn)
			conn.Send(new(packet.Pingresp))
		}
	}},
	"malformed-from-server": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		conn.SendBytes([]byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})
	}},
	"manualConnect": {play: func(s *stage) { s.accept() }},
	"publish-after-end-then-reconnect": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		go s.end()
		mqtttest.Expect[*packet.Disconnect](conn)
		_ = conn.Close()
		s.journal.await(s, "end", 1)
		if err := s.client.Publish(publication(0, "t", "x")); !errors.Is(err, ErrEnded) {
			s.Errorf("publishing after the end: %v", err)
		}
	}},
	"qos1-inflight-replayed": {cfg: Config{ReconnectPeriod: time.Millisecond}, play: playReplay},
	"reconnect":              {cfg: Config{ReconnectPeriod: 100 * time.Millisecond, ReconnectMax: 100 * time.Millisecond}, play: playReconnect},
	"server-closes-socket": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		_ = conn.Close()
	}},
	"server-resets-socket": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		conn.Reset()
	}},
	"subscribe-twice": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		for i, qos := range []byte{1, 1, 2} {
			s.subscribe("a", qos)
			p := mqtttest.Expect[*packet.Subscribe](conn)
			conn.Send(&packet.Suback{ID: p.ID, ReasonCodes: []packet.ReasonCode{packet.ReasonCode(qos)}})
			s.journal.await(s, "packetreceive(suback", i+1)
		}
		_, err := s.client.Subscribe(within(s), []packet.Subscription{{Filter: "bad/#/x"}}, nil)
		if err == nil || !strings.HasPrefix(err.Error(), "Invalid topic bad/#/x") {
			s.Errorf("subscribing to a filter that is not valid: %v", err)
		}
	}},
	"tcp-refused": {cfg: Config{ReconnectPeriod: 50 * time.Millisecond}, play: func(s *stage) {
		s.journal.await(s, "close", 3)
		endNow(s.client)
		s.want = append(s.want, "end")
	}},
	"connack-server-redirect": {play: func(s *stage) {
		other := mqtttest.NewPeer(s, s.v)
		props := packet.Properties(nil).AppendString(packet.PropServerReference, other.Addr)
		s.peer.AcceptClient(&packet.Connack{ReasonCode: packet.UseAnotherServer, Properties: props})
		other.AcceptClient(nil)
	}},
	"outgoing-ignores-server-limits": {play: func(s *stage) {
		s.peer.AcceptClient(&packet.Connack{Properties: packet.Properties(nil).AppendInt(packet.PropMaximumPacketSize, 50).
			AppendInt(packet.PropMaximumQoS, 0).AppendInt(packet.PropRetainAvailable, 0)})
		s.journal.await(s, "connect(", 1)
		p := publication(1, "t", strings.Repeat("x", 200))
		p.Packet.Retain = true
		if err := s.client.Publish(p); err == nil || !strings.Contains(err.Error(), "Maximum QoS") {
			s.Errorf("publishing beyond the limits: %v", err)
		}
	}},
	"outgoing-ignores-server-receiveMaximum": {play: func(s *stage) {
		s.peer.AcceptClient(&packet.Connack{Properties: packet.Properties(nil).AppendInt(packet.PropReceiveMaximum, 2)})
		s.journal.await(s, "connect(", 1)
		for range 10 {
			s.publish(1)
		}
		s.journal.await(s, "packetsend(publish", 2)
		if n := s.client.Info().Queued; n != 8 {
			s.Errorf("%d publications wait, want 8", n)
		}
	}},
	"publish-error-reason": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		s.publish(1)
		s.publish(2)
		one, two := mqtttest.Expect[*packet.Publish](conn), mqtttest.Expect[*packet.Publish](conn)
		s.journal.await(s, "packetsend(publish", 2)
		conn.Ack(packet.PUBACK, one.ID, packet.NotAuthorized)
		conn.Ack(packet.PUBREC, two.ID, packet.QuotaExceeded)
	}},
	"server-disconnect": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		conn.Send(&packet.Disconnect{ReasonCode: packet.ServerShuttingDown})
		_ = conn.Close()
	}},
	"server-disconnect-no-close": {play: func(s *stage) {
		conn := s.accept()
		s.journal.await(s, "connect(", 1)
		conn.Send(&packet.Disconnect{ReasonCode: packet.ServerMoved})
		conn.ExpectEnd()
	}},
}

func playRefused(s *stage) {
	s.peer.AcceptClient(&packet.Connack{ReasonCode: s.refused})
	<-s.client.Done()
	if s.client.Err() == nil {
		s.Error("the client does not tell why it gave up")
	}
}

func playReplay(s *stage) {
	conn := s.accept()
	s.journal.await(s, "connect(", 1)
	s.publish(1)
	s.publish(2)
	mqtttest.Expect[*packet.Publish](conn)
	mqtttest.Expect[*packet.Publish](conn)
	s.journal.await(s, "packetsend(publish", 2)
	conn.Reset()
	conn = s.accept()
	one, two := mqtttest.Expect[*packet.Publish](conn), mqtttest.Expect[*packet.Publish](conn)
	s.journal.await(s, "connect(", 2)
	conn.Ack(packet.PUBACK, one.ID, 0)
	conn.Ack(packet.PUBREC, two.ID, 0)
	conn.ExpectAck(packet.PUBREL)
	conn.Ack(packet.PUBCOMP, two.ID, 0)
}

func playReconnect(s *stage) {
	conn := s.accept()
	s.journal.await(s, "connect(", 1)
	s.subscribe("a", 1)
	p := mqtttest.Expect[*packet.Subscribe](conn)
	conn.Send(&packet.Suback{ID: p.ID, ReasonCodes: []packet.ReasonCode{1}})
	s.journal.await(s, "packetreceive(suback", 1)
	s.peer.Close()
	_ = conn.Close()
	s.journal.await(s, "close", 1)
	s.publish(1)
	s.publish(0)
	s.journal.await(s, "error(", 2)
	s.peer.Listen(s.peer.Addr)
	conn = s.accept()
	pub := mqtttest.Expect[*packet.Publish](conn)
	mqtttest.Expect[*packet.Publish](conn)
	again := mqtttest.Expect[*packet.Subscribe](conn)
	if again.Subscriptions[0] != p.Subscriptions[0] {
		s.Errorf("subscribed again to %+v, want %+v", again.Subscriptions[0], p.Subscriptions[0])
	}
	s.journal.await(s, "connect(", 2)
	conn.Ack(packet.PUBACK, pub.ID, 0)
	conn.Send(&packet.Suback{ID: again.ID, ReasonCodes: []packet.ReasonCode{1}})
}

func (s *stage) accept() *mqtttest.PeerConn {
	s.Helper()
	conn, _ := s.peer.AcceptClient(nil)
	return conn
}

func (s *stage) publish(qos byte) {
	s.Helper()
	mustPublish(s, s.client, publication(qos, "t", "x"))
}

func (s *stage) subscribe(filter string, qos byte) {
	s.client.SubscribeAsync([]packet.Subscription{{Filter: filter, QoS: qos}}, nil, nil)
}

func (s *stage) end() { _ = s.client.End(within(s), false) }

func TestEventsComeAsRecorded(t *testing.T) {
	files, err := filepath.Glob("testdata/mqttjs/events-*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	played := make(map[string]bool)
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "events-"), ".json")
		version, situation, _ := strings.Cut(name, "-")
		played[situation] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, refused := packet.V311, packet.ReasonCode(5)
			if version == "v5" {
				v, refused = packet.V5, packet.NotAuthorized
			}
			play(t, situation, &stage{T: t, v: v, refused: refused, want: recorded(t, file)})
		})
	}
	for name := range scenes {
		if !played[name] {
			t.Errorf("there is no recording of %s", name)
		}
	}
	for name := range differences {
		if !played[name] {
			t.Errorf("the difference about %s has no recording", name)
		}
	}
}

func play(t *testing.T, situation string, s *stage) {
	sc, ok := scenes[situation]
	if !ok {
		t.Fatalf("nothing plays this situation")
	}
	if d, ok := differences[situation]; ok {
		s.want = d.forVersion(s)
	}
	s.peer = mqtttest.NewPeer(t, s.v)
	s.journal = new(journal)
	cfg := sc.cfg
	cfg.URL, cfg.Version, cfg.CleanStart = s.peer.URL, s.v, true
	if cfg.ReconnectPeriod == 0 {
		cfg.ReconnectPeriod = time.Hour
	}
	if situation == "tcp-refused" {
		s.peer.Close()
	}
	s.client = newClient(t, s.journal, cfg)
	s.client.Start()
	sc.play(s)
	last := s.want[len(s.want)-1]
	occurrences := 0
	for _, l := range s.want {
		if strings.HasPrefix(l, last) {
			occurrences++
		}
	}
	prefix, _, _ := strings.Cut(last, "127.0.0.1:PORT")
	s.journal.await(t, prefix, occurrences)
	if got := withoutPorts(s.journal.snapshot()); !slices.Equal(got, s.want) {
		t.Errorf("events:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(s.want, "\n"))
	}
}

func (d difference) forVersion(s *stage) []string {
	var want []string
	for _, l := range d.want {
		if rest, only := strings.CutPrefix(l, fmt.Sprintf("$V%d ", byte(s.v))); only {
			l = rest
		} else if strings.HasPrefix(l, "$V") {
			continue
		}
		want = append(want, strings.ReplaceAll(l, "$REFUSED", fmt.Sprint(byte(s.refused))))
	}
	return want
}

var (
	timing   = regexp.MustCompile(`^ *\d+ms t\d+ `)
	number   = regexp.MustCompile(` #\d+`)
	callback = regexp.MustCompile(`^publish qos\d callback`)
	port     = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	seen     = regexp.MustCompile(`^(packetsend|packetreceive|connect|reconnect|close|end|error|disconnect|publish callback)(\(|$)`)
)

func withoutPorts(lines []string) []string {
	for i, l := range lines {
		lines[i] = port.ReplaceAllString(l, "127.0.0.1:PORT")
	}
	return lines
}

// recorded reads what a script would see in a recording.
func recorded(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rec struct{ Timeline []string }
	if err := json.Unmarshal(data, &rec); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, l := range rec.Timeline {
		l = number.ReplaceAllString(timing.ReplaceAllString(l, ""), "")
		l = callback.ReplaceAllString(l, "publish callback")
		if seen.MatchString(l) {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 || lines[0] != "packetsend(connect)" {
		lines = slices.Insert(lines, 0, "packetsend(connect)")
	}
	return withoutPorts(lines)
}
