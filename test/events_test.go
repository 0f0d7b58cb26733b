package test

import (
	"fmt"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// The client events of the contract, each shown by a script that prints it.

const allEvents = `
const say = (name, ...args) => console.log(name, ...args)
module.exports = {
  onConnect(connack) { say('connect', arguments.length, connack.cmd, connack.sessionPresent, connack.reasonCode ?? connack.returnCode) },
  onMessage(topic, payload, packet) {
    say('message', arguments.length, topic, payload.toString(), Buffer.isBuffer(payload), packet.cmd, packet.qos, packet.retain, packet.payload === payload)
    if (topic === 'in/publish') publish('out/x', 'hello', { qos: Number(payload.toString()) })
    if (topic === 'in/exit') exit()
  },
  onReconnect() { say('reconnect', arguments.length) },
  onDisconnect(packet) { say('disconnect', arguments.length, packet.cmd, packet.reasonCode) },
  onClose() { say('close', arguments.length) },
  onEnd() { say('end', arguments.length) },
  onError(error) { say('error', arguments.length, error instanceof Error, error.code) },
  onPacketSend(packet) { say('sent', arguments.length, packet.cmd) },
  onPublish(topic, message, opts) { say('published', arguments.length, topic, typeof message, message, opts.qos) },
  onPacketReceive(packet) { say('received', arguments.length, packet.cmd) },
}
`

func TestClientEvents(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		for _, protocol := range []string{"3.1", "3.1.1", "5"} {
			t.Run(protocol, func(t *testing.T) { clientEvents(t, b, protocol) })
		}
	})
}

func clientEvents(t *testing.T, b broker, protocol string) {
	dir, file := write(t, "events.js", allEvents)
	p := start(t, dir, "run", "--url", b.url(), "--protocol", protocol, "-t", "in/#", "--qos", "2",
		"--reconnect-period", "100ms", file)
	p.expect("sent 1 connect", "received 1 connack", "sent 1 subscribe", "connect 1 connack false 0", "received 1 suback")

	b.pub(t, "-t", "in/a", "-m", "zero")
	p.expect("received 1 publish", "message 3 in/a zero true publish 0 false true")
	b.pub(t, "-t", "in/a", "-m", "one", "-q", "1")
	p.expect("received 1 publish", "message 3 in/a one true publish 1 false true", "sent 1 puback")
	b.pub(t, "-t", "in/a", "-m", "two", "-q", "2")
	p.expect("received 1 publish", "message 3 in/a two true publish 2 false true",
		"sent 1 pubrec", "received 1 pubrel", "sent 1 pubcomp")

	b.pub(t, "-t", "in/publish", "-m", "0")
	p.expect("sent 1 publish", "published 3 out/x string hello 0")
	b.pub(t, "-t", "in/publish", "-m", "1")
	p.expect("sent 1 publish", "received 1 puback", "published 3 out/x string hello 1")
	b.pub(t, "-t", "in/publish", "-m", "2")
	p.expect("sent 1 publish", "received 1 pubrec", "sent 1 pubrel", "received 1 pubcomp", "published 3 out/x string hello 2")

	b.stop(t)
	p.expect("close 0", "reconnect 0", "error 1 true ECONNREFUSED", "close 0", "reconnect 0")
	b.start(t)
	p.expect("sent 1 connect", "received 1 connack", "connect 1 connack false 0")

	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// The embedded broker sends DISCONNECT when a second client takes the session
// over. mosquitto 2.0 closes the connection before its own is written, so that
// a scripted server stands in for it.
func TestOnDisconnect(t *testing.T) {
	dir, file := write(t, "events.js", allEvents)
	t.Run("embedded", func(t *testing.T) {
		b := newEmbedded(t)
		p := start(t, dir, "run", "--url", b.url(), "--client-id", "twin", file)
		p.expect("connect 1 *")
		other := start(t, dir, "run", "--url", b.url(), "--client-id", "twin", "--reconnect-period", "0", file)
		p.expect("received 1 disconnect", "disconnect 1 disconnect 142", "close 0", "reconnect 0", "connect 1 *")
		other.expect("disconnect 1 disconnect 142", "close 0", "end 0")
	})
	t.Run("scripted", func(t *testing.T) {
		peer := mqtttest.NewPeer(t, packet.V5)
		p := start(t, dir, "run", "--url", "mqtt://"+peer.Addr, file)
		server, _ := peer.AcceptClient(&packet.Connack{})
		p.expect("connect 1 *")
		server.Send(&packet.Disconnect{ReasonCode: packet.ServerShuttingDown})
		p.expect("received 1 disconnect", "disconnect 1 disconnect 139", "close 0", "reconnect 0")
	})
}

// With the broker down at the start, the script runs, the events come as they
// do in MQTT.js, and what was published meanwhile arrives in order.
func TestBrokerDownAtStart(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		dir, file := write(t, "early.js", `
console.log('running')
for (let i = 0; i < 20; i++) publish('early/' + i, String(i), { qos: i % 2 })
module.exports = {
  onConnect() { console.log('connect') },
  onMessage(topic, payload) { console.log('got', topic, payload.toString()) },
  onReconnect() { console.log('reconnect') },
  onClose() { console.log('close') },
  onError(error) { console.log('error', error.code, error.message) },
}`)
		watcher := watch(t, b, "early/#")
		addr, open := newDoor(t, b)
		p := start(t, dir, "run", "--url", "mqtt://"+addr, "--reconnect-period", "100ms", file)
		p.expect("running", "error ECONNREFUSED connect ECONNREFUSED 127.0.0.1:*", "close",
			"reconnect", "error ECONNREFUSED *", "close", "reconnect")
		open()
		p.expect("connect")
		for i := range 20 {
			watcher.expect(fmt.Sprintf("early/%d %d", i, i))
		}
	})
}

// The client ends on purpose when the broker refuses it for good.
func TestOnEnd(t *testing.T) {
	b := mqtttest.Mosquitto(t, mqtttest.BrokerOptions{User: "someone", Password: "secret"})
	for protocol, code := range map[string]string{"3.1.1": "5", "5": "135"} {
		t.Run(protocol, func(t *testing.T) {
			dir, file := write(t, "events.js", allEvents)
			p := start(t, dir, "run", "--url", b.URL, "--protocol", protocol, "-u", "someone", "-P", "wrong", file)
			p.expect("sent 1 connect", "received 1 connack", "error 1 true "+code, "close 0", "end 0")
			p.expectErr("*error: Connection refused: Not authorized*")
			if code := p.wait(); code != 2 {
				t.Errorf("exit code %d, not 2", code)
			}
		})
	}
}
