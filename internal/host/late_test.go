package host

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/broker"
	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// eachServer runs a test against mosquitto and the embedded broker, in every
// version and QoS.
func eachServer(t *testing.T, versions []packet.Version, test func(t *testing.T, url string, v packet.Version, qos byte)) {
	t.Helper()
	servers := map[string]func(t *testing.T) string{
		"mosquitto": func(t *testing.T) string {
			return mqtttest.Mosquitto(t, mqtttest.BrokerOptions{Config: "max_queued_messages 0"}).URL
		},
		"embedded": embedded,
	}
	for name, start := range servers {
		for _, v := range versions {
			for qos := range byte(3) {
				t.Run(fmt.Sprintf("%s %v QoS %d", name, v, qos), func(t *testing.T) {
					t.Parallel()
					test(t, start(t), v, qos)
				})
			}
		}
	}
}

func embedded(t *testing.T) string {
	t.Helper()
	b, err := broker.Start(broker.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b.URL()
}

// live is a host on a real server.
func live(t *testing.T, url string, v packet.Version, subs []packet.Subscription, change func(*mqtt.Config)) *fixture {
	t.Helper()
	f := &fixture{t: t, notes: new(notes)}
	opts := Options{
		Client:        mqtt.Config{URL: url, Version: v, CleanStart: true, ReconnectPeriod: 10 * time.Millisecond},
		Subscriptions: subs, New: howScriptsLive(t), Log: slog.New(slog.NewTextHandler(f.notes, nil)),
	}
	if change != nil {
		change(&opts.Client)
	}
	var err error
	if f.Host, err = New(opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return f
}

// publisher is a client of its own. What is to be retained is there when its
// functions return: the server has acknowledged it.
func publisher(t *testing.T, url string, v packet.Version) func(topic, payload string, qos byte, retain bool) {
	t.Helper()
	done := make(sent, 1)
	c, err := mqtt.New(mqtt.Config{URL: url, Version: v, CleanStart: true, Handler: done})
	if err != nil {
		t.Fatal(err)
	}
	c.Start()
	t.Cleanup(func() { _ = c.End(context.Background(), false) })
	return func(topic, payload string, qos byte, retain bool) {
		t.Helper()
		if retain {
			qos = max(qos, 1)
		}
		p := &mqtt.Publication{Packet: packet.Publish{Topic: topic, Payload: []byte(payload), QoS: qos, Retain: retain}}
		if err := c.Publish(p); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
}

// sent is a handler that tells the end of each publication.
type sent chan error

func (s sent) Published(_ *mqtt.Publication, err error) { s <- err }
func (sent) Connected(*packet.Connack)                  {}
func (sent) Message(*mqtt.Message) bool                 { return true }
func (sent) Reconnecting()                              {}
func (sent) Disconnected(*packet.Disconnect)            {}
func (sent) Closed()                                    {}
func (sent) Ended()                                     {}
func (sent) Error(error)                                {}
func (sent) PacketSent(packet.Packet, *mqtt.Publication) {
}
func (sent) PacketReceived(packet.Packet) {}

// hears prints what a script gets: its name, topic, payload, the retain flag and
// the subscription identifiers.
func hears(name string) string {
	return `module.exports = { onMessage(t, p, { retain, properties }) {
		console.log('` + name + `', t, p.toString(), retain, JSON.stringify(properties?.subscriptionIdentifier) ?? '') } }`
}

// heard are the lines of one script.
func (n *notes) heard(name string) []string {
	var list []string
	for line := range strings.Lines(n.String()) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			list = append(list, strings.TrimSpace(rest))
		}
	}
	return list
}

// expectHeard waits until a script has heard as much as is wanted, and compares.
func (n *notes) expectHeard(t *testing.T, name string, want ...string) {
	t.Helper()
	mqtttest.Eventually(t, name+" to hear "+strings.Join(want, ", "), func() bool { return len(n.heard(name)) >= len(want) })
	got := n.heard(name)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s heard\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

var allVersions = []packet.Version{packet.V31, packet.V311, packet.V5}

func TestLateScriptsGetRetainedMessagesAlone(t *testing.T) {
	eachServer(t, allVersions, func(t *testing.T, url string, v packet.Version, qos byte) {
		pub := publisher(t, url, v)
		for _, topic := range []string{"a/1", "a/2", "a/b/3", "s/1"} {
			pub(topic, "kept", qos, true)
		}
		subs := []packet.Subscription{{Filter: "a/#", QoS: qos}, {Filter: "a/+", QoS: qos}}
		if v == packet.V5 {
			subs = append(subs, packet.Subscription{Filter: "$share/g/s/#", QoS: qos})
		}
		f := live(t, url, v, subs, nil)
		f.add("early", hears("early"))
		f.Start()
		// Servers differ in how often they send what two subscriptions match.
		mqtttest.Eventually(t, "the early script's messages", func() bool {
			got := f.notes.heard("early")
			return slices.Contains(got, "a/1 kept true") && slices.Contains(got, "a/2 kept true") && slices.Contains(got, "a/b/3 kept true")
		})
		pub("a/fence/1", "new", qos, false)
		f.notes.await(t, "early a/fence/1 new false")
		before := len(f.notes.heard("early"))

		f.add("late", hears("late"))
		f.notes.expectHeard(t, "late", "a/1 kept true", "a/2 kept true", "a/b/3 kept true")
		pub("a/b/3", "changed", qos, true)
		pub("a/fence/2", "new", qos, false)
		f.notes.await(t, "early a/fence/2 new false")
		f.notes.await(t, "late a/fence/2 new false")
		f.notes.expectHeard(t, "late", "a/1 kept true", "a/2 kept true", "a/b/3 kept true", "a/b/3 changed false", "a/fence/2 new false")

		// Another one, with what has changed meanwhile.
		f.add("later", hears("later"))
		f.notes.expectHeard(t, "later", "a/1 kept true", "a/2 kept true", "a/b/3 changed true")
		pub("a/fence/3", "new", qos, false)
		for _, name := range []string{"early", "late", "later"} {
			f.notes.await(t, name+" a/fence/3 new false")
		}
		if got := f.notes.heard("early"); len(got) != before+3 {
			t.Errorf("the early script heard more than three new messages: %v", got[before:])
		}
		if got := f.notes.heard("late"); len(got) != 6 {
			t.Errorf("the late script heard %v", got)
		}
	})
}

// Subscriptions that keep the retain flag of new messages, that have an
// identifier, or that want no retained messages, stay what they are.
func TestLateScriptsKeepTheSubscriptionsOptions(t *testing.T) {
	eachServer(t, []packet.Version{packet.V5}, func(t *testing.T, url string, v packet.Version, qos byte) {
		pub := publisher(t, url, v)
		for _, topic := range []string{"flag/1", "none/1", "plain/1", "once/1"} {
			pub(topic, "kept", qos, true)
		}
		f := live(t, url, v, []packet.Subscription{{Filter: "plain/#", QoS: qos}, {Filter: "none/#", QoS: qos, RetainHandling: 2}}, nil)
		f.add("early", fmt.Sprintf(`const { subscribe } = require('mqscript')
			subscribe('flag/#', { qos: %d, rap: true, properties: { subscriptionIdentifier: 7 } })
			subscribe('once/#', { qos: %[1]d, rh: 1 })
			`, qos)+hears("early"))
		f.Start()
		f.notes.expectHeard(t, "early", "flag/1 kept true 7", "plain/1 kept true", "once/1 kept true")
		f.add("late", hears("late"))
		f.notes.expectHeard(t, "late", "flag/1 kept true 7", "plain/1 kept true", "once/1 kept true")
		// New ones are everybody's, with the flag where it was asked for.
		pub("flag/2", "new", qos, true)
		pub("plain/2", "new", qos, true)
		pub("none/2", "new", qos, true)
		for _, name := range []string{"early", "late"} {
			f.notes.expectHeard(t, name, "flag/1 kept true 7", "plain/1 kept true", "once/1 kept true",
				"flag/2 new true 7", "plain/2 new false", "none/2 new false")
		}
	})
}

// A script that is late and subscribes itself to what is subscribed already gets
// each retained message once, and the others nothing.
func TestLateScriptsThatSubscribe(t *testing.T) {
	eachServer(t, allVersions, func(t *testing.T, url string, v packet.Version, qos byte) {
		pub := publisher(t, url, v)
		pub("a/1", "kept", qos, true)
		pub("b/1", "kept", qos, true)
		f := live(t, url, v, nil, nil)
		subscribes := func(filters string) string {
			return fmt.Sprintf("require('mqscript').subscribe(%s, { qos: %d })\n", filters, qos)
		}
		f.add("early", subscribes("['a/#']")+hears("early"))
		f.Start()
		f.notes.expectHeard(t, "early", "a/1 kept true")
		f.add("late", subscribes("['a/#']")+subscribes("['b/#']")+hears("late"))
		// b/# is new to the client: its messages are for both.
		f.notes.expectHeard(t, "late", "a/1 kept true", "b/1 kept true")
		f.notes.expectHeard(t, "early", "a/1 kept true", "b/1 kept true")
		mqtttest.Eventually(t, "the late script to be late no longer", func() bool { return f.late.count.Load() == 0 })
		pub("a/2", "new", qos, false)
		f.notes.expectHeard(t, "late", "a/1 kept true", "b/1 kept true", "a/2 new false")
		f.notes.expectHeard(t, "early", "a/1 kept true", "b/1 kept true", "a/2 new false")
	})
}

// A script that is there before the client connects is not late, whether the
// client was started or not.
func TestScriptsThatWaitForTheConnectionGetRetainedMessagesOnce(t *testing.T) {
	url := embedded(t)
	pub := publisher(t, url, packet.V5)
	pub("a/1", "kept", 1, true)
	addr := strings.TrimPrefix(url, "mqtt://")
	port, err := mqtttest.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	door := fmt.Sprintf("127.0.0.1:%d", port)
	f := live(t, "mqtt://"+door, packet.V5, []packet.Subscription{{Filter: "a/#", QoS: 1}}, nil)
	f.add("early", hears("early"))
	f.Start()
	f.add("late", hears("late"))
	mqtttest.NewProxyAt(t, door, addr)
	f.notes.await(t, "early a/1 kept true")
	pub("a/2", "new", 1, false)
	for _, name := range []string{"early", "late"} {
		f.notes.expectHeard(t, name, "a/1 kept true", "a/2 new false")
	}
}

// retained is a copy of a retained message of the topic.
func retained(topic string) *packet.Publish {
	return &packet.Publish{Topic: topic, Payload: []byte("kept"), Retain: true}
}

// played is a host on a broker that the test plays, subscribed to a/#, with one
// script.
func played(t *testing.T) (*fixture, *mqtttest.PeerConn) {
	t.Helper()
	expiry := uint32(60)
	f := newFixture(t, func(o *Options) {
		o.Client.SessionExpiry = &expiry
		o.Subscriptions = []packet.Subscription{{Filter: "a/#"}}
	})
	f.add("early", hears("early"))
	conn := f.connect()
	suback(conn)
	mqtttest.Eventually(t, "the host to know of its connection", func() bool {
		_, connections := f.late.next()
		return connections == 1
	})
	return f, conn
}

// suback takes a SUBSCRIBE and grants what it asks for.
func suback(conn *mqtttest.PeerConn) *packet.Subscribe {
	p := mqtttest.Expect[*packet.Subscribe](conn)
	codes := make([]packet.ReasonCode, len(p.Subscriptions))
	conn.Send(&packet.Suback{ID: p.ID, ReasonCodes: codes})
	return p
}

func TestLateScriptsFetchAgainOnANewConnection(t *testing.T) {
	f, conn := played(t)
	conn.Send(retained("a/1"), retained("a/2"))
	f.notes.expectHeard(t, "early", "a/1 kept true", "a/2 kept true")
	f.add("late", hears("late"))
	suback(conn)
	conn.Send(retained("a/1"))
	f.notes.expectHeard(t, "late", "a/1 kept true")
	_ = conn.Close()
	conn, _ = f.peer.AcceptClient(&packet.Connack{SessionPresent: true})
	p := suback(conn)
	if len(p.Subscriptions) != 1 || p.Subscriptions[0].Filter != "a/#" {
		t.Errorf("asked for %+v", p.Subscriptions)
	}
	conn.Send(retained("a/1"), retained("a/2"), message(0, 0, "fence"))
	f.notes.await(t, "early t fence false")
	f.notes.expectHeard(t, "late", "a/1 kept true", "a/2 kept true", "t fence false")
	f.notes.expectHeard(t, "early", "a/1 kept true", "a/2 kept true", "t fence false")
}

// Without the session everything is subscribed anew, for everybody.
func TestLateScriptsAreLateNoLongerWithoutTheSession(t *testing.T) {
	f, conn := played(t)
	f.add("late", hears("late"))
	mqtttest.Expect[*packet.Subscribe](conn) // and no answer
	_ = conn.Close()
	conn, _ = f.peer.AcceptClient(new(packet.Connack))
	suback(conn)
	conn.Send(retained("a/1"), message(0, 0, "fence"))
	for _, name := range []string{"early", "late"} {
		f.notes.expectHeard(t, name, "a/1 kept true", "t fence false")
	}
	f.add("later", hears("later"))
	suback(conn)
	conn.Send(retained("a/1"), message(0, 0, "second fence"))
	f.notes.expectHeard(t, "later", "a/1 kept true", "t second fence false")
	f.notes.expectHeard(t, "early", "a/1 kept true", "t fence false", "t second fence false")
	// Nothing else was asked for.
	go func() { _ = f.Stop(context.Background()) }()
	for {
		p, err := conn.ReadPacket()
		if err != nil {
			t.Fatal(err)
		}
		switch p.(type) {
		case *packet.Disconnect:
			_ = conn.Close()
			return
		case *packet.Subscribe:
			t.Error("one more SUBSCRIBE")
		}
	}
}

// What a server sends late because of the first subscription reaches everybody,
// though a late script's copies come between.
func TestLateScriptsTakeNothingFromTheOthers(t *testing.T) {
	f, conn := played(t)
	conn.Send(retained("a/1"))
	f.notes.expectHeard(t, "early", "a/1 kept true")
	f.add("late", hears("late"))
	suback(conn)
	// a/1 by the second subscription; a/2 and a/3 by both.
	conn.Send(retained("a/2"), retained("a/3"), retained("a/1"), retained("a/2"), retained("a/3"), message(0, 0, "fence"))
	for _, name := range []string{"early", "late"} {
		f.notes.expectHeard(t, name, "a/1 kept true", "a/2 kept true", "a/3 kept true", "t fence false")
	}
}

// Two scripts that are late at the same time get their own copies.
func TestLateScriptsTogether(t *testing.T) {
	f, conn := played(t)
	conn.Send(retained("a/1"))
	f.notes.expectHeard(t, "early", "a/1 kept true")
	f.add("one", hears("one"))
	suback(conn)
	f.add("two", hears("two"))
	suback(conn)
	conn.Send(retained("a/1"), retained("a/1"), message(0, 0, "fence"))
	for _, name := range []string{"one", "two"} {
		f.notes.expectHeard(t, name, "a/1 kept true", "t fence false")
	}
	f.notes.expectHeard(t, "early", "a/1 kept true", "t fence false")
}

func TestLateScriptWithoutOnMessageAsksForNothing(t *testing.T) {
	f, conn := played(t)
	s := f.add("deaf", `module.exports = { onClose() {} }`)
	mqtttest.Eventually(t, "it to be late no longer", func() bool { return f.late.count.Load() == 0 })
	s.Stop()
	<-s.Done()
	f.add("late", hears("late"))
	suback(conn) // the only one
	conn.Send(retained("a/1"))
	f.notes.expectHeard(t, "late", "a/1 kept true")
}

func TestRefusedFetchIsReported(t *testing.T) {
	f, conn := played(t)
	f.add("late", hears("late"))
	p := mqtttest.Expect[*packet.Subscribe](conn)
	conn.Send(&packet.Suback{ID: p.ID, ReasonCodes: []packet.ReasonCode{packet.NotAuthorized}})
	f.notes.await(t, "the retained messages for a script that started late did not come")
}

// The process of a script may die and another one be started: it is late.
func TestScriptThatStartsAgainIsLate(t *testing.T) {
	f, conn := played(t)
	conn.Send(retained("a/1"))
	f.notes.expectHeard(t, "early", "a/1 kept true")
	f.add("again", hears("again"))
	suback(conn)
	conn.Send(retained("a/1"))
	f.notes.expectHeard(t, "again", "a/1 kept true")
	for _, r := range *f.residents.Load() {
		if r.script.Name() == "again" {
			r.Restarting()
		}
	}
	suback(conn)
	conn.Send(retained("a/1"), message(0, 0, "fence"))
	f.notes.expectHeard(t, "again", "a/1 kept true", "a/1 kept true", "t fence false")
	f.notes.expectHeard(t, "early", "a/1 kept true", "t fence false")
}
