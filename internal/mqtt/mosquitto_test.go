package mqtt

import (
	"crypto/tls"
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
