package mqtt

import (
	"crypto/tls"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

var versions = []packet.Version{packet.V31, packet.V311, packet.V5}

// connected starts a client and waits until it is.
func connected(t *testing.T, cfg Config) (*Client, *journal) {
	t.Helper()
	j := new(journal)
	c := newClient(t, j, cfg)
	c.Start()
	j.await(t, "connect(", 1)
	return c, j
}

func subscribe(t *testing.T, c *Client, filter string, qos byte) {
	t.Helper()
	codes, err := c.Subscribe(within(t), []packet.Subscription{{Filter: filter, QoS: qos}}, nil)
	if err != nil || codes[0] != packet.ReasonCode(qos) {
		t.Fatalf("subscribing to %s: %v %v", filter, codes, err)
	}
}

func TestMosquittoEveryTransportVersionAndQoS(t *testing.T) {
	certs := mqtttest.NewCertificates(t)
	broker := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{
		TLS: certs, ClientCertificates: true, WebSocket: true, Unix: true,
	})
	config := &tls.Config{RootCAs: certs.CA, Certificates: []tls.Certificate{certs.Client}}
	for name, url := range map[string]string{
		"tcp": broker.URL, "tls": broker.TLSURL, "ws": broker.WebSocketURL, "unix": broker.UnixURL,
	} {
		for _, v := range versions {
			t.Run(fmt.Sprintf("%s/%v", name, v), func(t *testing.T) {
				c, j := connected(t, Config{URL: url, Version: v, TLS: config, KeepAlive: time.Minute, CleanStart: true})
				roundTrip(t, c, j)
			})
		}
	}
}

// roundTrip sends a message of each QoS to itself.
func roundTrip(t *testing.T, c *Client, j *journal) {
	t.Helper()
	topic := "round/" + c.Info().ClientID
	subscribe(t, c, topic, 2)
	for qos := byte(0); qos <= 2; qos++ {
		p := mustPublish(t, c, publication(qos, topic, fmt.Sprintf("qos %d", qos)))
		if err := j.result(t, p); err != nil {
			t.Fatalf("QoS %d: %v", qos, err)
		}
		m := j.message(t, int(qos))
		if m.Topic != topic || string(m.Packet.Payload) != fmt.Sprintf("qos %d", qos) || m.Packet.QoS != qos {
			t.Fatalf("got %q %q with QoS %d", m.Topic, m.Packet.Payload, m.Packet.QoS)
		}
	}
	if codes, err := c.Unsubscribe(within(t), []string{topic}, nil); err != nil || codes[0].Failed() {
		t.Fatalf("unsubscribing: %v %v", codes, err)
	}
	if err := c.End(within(t), false); err != nil {
		t.Fatalf("ending: %v", err)
	}
	if got := j.snapshot(); got[len(got)-1] != "end" || got[len(got)-2] != "close" {
		t.Fatalf("the last events are %q", got[len(got)-2:])
	}
}

func TestMosquittoKeepsEveryProperty(t *testing.T) {
	broker := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{})
	c, j := connected(t, Config{URL: broker.URL, CleanStart: true, TopicAliasMaximum: 10})
	codes, err := c.Subscribe(within(t), []packet.Subscription{{Filter: "props/#", QoS: 2}}, noProps.AppendInt(packet.PropSubscriptionIdentifier, 42))
	if err != nil || codes[0] != packet.GrantedQoS2 {
		t.Fatalf("subscribing: %v %v", codes, err)
	}
	p := publication(2, "props/a", "{}")
	p.Packet.Properties = noProps.AppendInt(packet.PropPayloadFormatIndicator, 1).
		AppendInt(packet.PropMessageExpiryInterval, 4321).AppendInt(packet.PropTopicAlias, 100).
		AppendString(packet.PropResponseTopic, "answer").AppendBytes(packet.PropCorrelationData, []byte{1, 2, 3, 4}).
		AppendUser("test", "test").AppendUser("test", "again").
		AppendInt(packet.PropSubscriptionIdentifier, 120).AppendString(packet.PropContentType, "test")
	if err := j.result(t, mustPublish(t, c, p)); err != nil {
		t.Fatal(err)
	}
	if want := OmittedSubscriptionIdentifier | OmittedTopicAlias; p.Omitted() != want {
		t.Errorf("omitted %b, want %b", p.Omitted(), want)
	}
	got := j.message(t, 0).Packet.Properties
	var users []string
	for prop := range got.All() {
		if prop.ID == packet.PropUserProperty {
			users = append(users, string(prop.Key)+"="+string(prop.Bytes))
		}
	}
	if got.Int(packet.PropPayloadFormatIndicator, 0) != 1 || got.Int(packet.PropMessageExpiryInterval, 0) == 0 ||
		got.String(packet.PropResponseTopic) != "answer" || got.String(packet.PropCorrelationData) != "\x01\x02\x03\x04" ||
		got.String(packet.PropContentType) != "test" || got.Int(packet.PropSubscriptionIdentifier, 0) != 42 ||
		fmt.Sprint(users) != "[test=test test=again]" {
		t.Errorf("properties %x", got)
	}
}

func TestMosquittoTopicAliases(t *testing.T) {
	broker := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{})
	c, j := connected(t, Config{URL: broker.URL, CleanStart: true})
	subscribe(t, c, "alias/#", 0)
	for i, topic := range []string{"alias/a", "", ""} {
		p := publication(byte(i), topic, "x")
		p.Packet.Properties = noProps.AppendInt(packet.PropTopicAlias, 3)
		if err := j.result(t, mustPublish(t, c, p)); err != nil {
			t.Fatal(err)
		}
		if m := j.message(t, i); m.Topic != "alias/a" {
			t.Errorf("message %d has the topic %q", i, m.Topic)
		}
	}
}

func TestMosquittoWillRetainAndSharedSubscription(t *testing.T) {
	broker := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{})
	for _, v := range versions {
		topic := fmt.Sprintf("will/%d", v)
		watch, seen := connected(t, Config{URL: broker.URL, Version: v, CleanStart: true})
		subscribe(t, watch, topic, 1)
		dying, _ := connected(t, Config{URL: broker.URL, Version: v, CleanStart: true, Will: &packet.Will{
			Topic: topic, Payload: []byte("gone"), QoS: 1, Retain: true, Properties: noProps.AppendString(packet.PropContentType, "last"),
		}})
		endNow(dying)
		m := seen.message(t, 0)
		if string(m.Packet.Payload) != "gone" || v == packet.V5 && m.Packet.Properties.String(packet.PropContentType) != "last" {
			t.Errorf("MQTT %v: will %q with %x", v, m.Packet.Payload, m.Packet.Properties)
		}
		late, seen := connected(t, Config{URL: broker.URL, Version: v, CleanStart: true})
		subscribe(t, late, topic, 1)
		if m := seen.message(t, 0); !m.Packet.Retain || string(m.Packet.Payload) != "gone" {
			t.Errorf("MQTT %v: retained message %+v", v, m.Packet)
		}
		orderly, _ := connected(t, Config{URL: broker.URL, Version: v, CleanStart: true, Will: &packet.Will{Topic: topic, Payload: []byte("wrong")}})
		if err := orderly.End(within(t), false); err != nil {
			t.Error(err)
		}
		roundTripTo(t, watch, topic)
		if n := seen.count("message(" + topic + " wrong"); n > 0 {
			t.Errorf("MQTT %v: an orderly end published the will", v)
		}
	}
	one, oneSeen := connected(t, Config{URL: broker.URL, CleanStart: true})
	two, twoSeen := connected(t, Config{URL: broker.URL, CleanStart: true})
	subscribe(t, one, "$share/group/work", 1)
	subscribe(t, two, "$share/group/work", 1)
	for i := range 20 {
		mustPublish(t, one, publication(1, "work", fmt.Sprint(i)))
	}
	mqtttest.Eventually(t, "the shared work", func() bool { return oneSeen.count("message(")+twoSeen.count("message(") >= 20 })
	if oneSeen.count("message(") == 0 || twoSeen.count("message(") == 0 {
		t.Error("the work was not shared")
	}
}

// roundTripTo publishes to a topic that others are subscribed to and waits for
// the broker to have handed it on.
func roundTripTo(t *testing.T, c *Client, topic string) {
	t.Helper()
	p := mustPublish(t, c, publication(1, topic, "fence"))
	if err := c.cfg.Handler.(*journal).result(t, p); err != nil {
		t.Fatal(err)
	}
}

func TestMosquittoLogin(t *testing.T) {
	broker := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{User: "user", Password: "pass"})
	for _, v := range versions {
		connected(t, Config{URL: broker.URL, Version: v, Username: "user", Password: []byte("pass"), CleanStart: true})
		c := newClient(t, new(journal), Config{URL: broker.URL, Version: v, Username: "user", Password: []byte("wrong"), ReconnectPeriod: 1})
		c.Start()
		<-c.Done()
		var e *Error
		if !errors.As(c.Err(), &e) || e.Reason != packet.NotAuthorized && e.Reason != 4 && e.Reason != 5 {
			t.Errorf("MQTT %v: %v", v, c.Err())
		}
	}
}

func TestMosquittoSessionSurvivesARestart(t *testing.T) {
	for _, v := range versions {
		t.Run(v.String(), func(t *testing.T) {
			broker := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{Persistence: true})
			expiry := uint32(3600)
			cfg := Config{URL: broker.URL, Version: v, ClientID: "keeper", SessionExpiry: &expiry, ReconnectPeriod: 20 * time.Millisecond, ReconnectMax: 100 * time.Millisecond}
			c, j := connected(t, cfg)
			subscribe(t, c, "kept", 2)
			broker.Restart(t)
			j.await(t, "connect(", 2)
			other, oj := connected(t, Config{URL: broker.URL, Version: v, CleanStart: true})
			for qos := byte(1); qos <= 2; qos++ {
				if err := oj.result(t, mustPublish(t, other, publication(qos, "kept", fmt.Sprint(qos)))); err != nil {
					t.Fatal(err)
				}
			}
			j.await(t, "message(kept", 2)
			// MQTT 3.1 does not tell that the session is there.
			if n := j.count("packetsend(subscribe"); v != packet.V31 && n != 1 {
				t.Errorf("subscribed %d times though the session was kept", n)
			}
		})
	}
}

func TestMosquittoRestartInTheMiddleOfAStream(t *testing.T) {
	for _, v := range versions {
		t.Run(v.String(), func(t *testing.T) {
			broker := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{Persistence: true, Config: "max_queued_messages 0"})
			expiry := uint32(3600)
			c, j := connected(t, Config{
				URL: broker.URL, Version: v, ClientID: "streamer", SessionExpiry: &expiry,
				ReconnectPeriod: 10 * time.Millisecond, ReconnectMax: 50 * time.Millisecond,
			})
			c.Trace(false)
			subscribe(t, c, "stream", 1)
			const total = 3000
			var pubs []*Publication
			for i := range total {
				p := publication(1, "stream", fmt.Sprint(i))
				for c.Publish(p) != nil {
					c.AwaitRoom(nil, nil)
				}
				pubs = append(pubs, p)
				if i == total/3 {
					j.await(t, "message(stream", total/6)
					broker.Restart(t)
				}
			}
			got := make(map[string]bool)
			for _, p := range pubs {
				if err := j.result(t, p); err != nil {
					t.Fatalf("message %s: %v", p.Packet.Payload, err)
				}
			}
			mqtttest.Eventually(t, "every message", func() bool {
				for _, m := range j.delivered() {
					got[string(m.Packet.Payload)] = true
				}
				return len(got) == total
			})
		})
	}
}
