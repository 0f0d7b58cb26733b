package test

import (
	"net"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// broker is a server that the tests can stop and start again on its address.
type broker interface {
	url() string
	address() string
	pub(t *testing.T, args ...string)
	stop(t *testing.T)
	start(t *testing.T)
}

// eachBroker runs the test against mosquitto and against the embedded broker.
func eachBroker(t *testing.T, test func(t *testing.T, b broker)) {
	t.Helper()
	t.Run("mosquitto", func(t *testing.T) {
		t.Parallel()
		test(t, newMosquitto(t))
	})
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		test(t, newEmbedded(t))
	})
}

// publish runs mqscript pub against the broker.
func publish(t *testing.T, url string, args ...string) {
	t.Helper()
	_, stderr, code := run(t, t.TempDir(), append([]string{"pub", "--url", url}, args...)...)
	if code != 0 {
		t.Fatalf("pub %q: exit code %d: %s", args, code, stderr)
	}
}

// mosquitto is a mosquitto process that keeps its sessions over a restart.
type mosquitto struct{ *mqtttest.Broker }

// newMosquitto starts one with these lines in its configuration.
func newMosquitto(t *testing.T, config ...string) *mosquitto {
	t.Helper()
	return &mosquitto{mqtttest.Mosquitto(t, mqtttest.BrokerOptions{Persistence: true, Config: strings.Join(config, "\n")})}
}

func (b *mosquitto) url() string     { return b.URL }
func (b *mosquitto) address() string { return b.Addr }

func (b *mosquitto) pub(t *testing.T, args ...string) {
	t.Helper()
	publish(t, b.url(), args...)
}

func (b *mosquitto) stop(*testing.T)    { b.Stop() }
func (b *mosquitto) start(t *testing.T) { t.Helper(); b.Restart(t) }

// embedded is `mqscript broker` as a process of its own.
type embedded struct {
	t    *testing.T // the process ends with it
	p    *process
	addr string
}

func newEmbedded(t *testing.T) *embedded {
	b := &embedded{t: t, addr: freeAddress(t)}
	b.start(t)
	return b
}

func (b *embedded) url() string     { return "mqtt://" + b.addr }
func (b *embedded) address() string { return b.addr }

func (b *embedded) pub(t *testing.T, args ...string) {
	t.Helper()
	publish(t, b.url(), args...)
}

func (b *embedded) stop(t *testing.T) {
	t.Helper()
	if code := b.p.stop(); code != 0 {
		t.Fatalf("the embedded broker ended with %d", code)
	}
}

func (b *embedded) start(t *testing.T) {
	t.Helper()
	b.p = start(b.t, t.TempDir(), "broker", "--listen", b.addr)
	awaitPort(t, b.addr)
}

// watch subscribes to a filter at QoS 2 and prints what comes, with the
// properties, once it says that it is ready.
func watch(t *testing.T, b broker, filter string) *process {
	t.Helper()
	dir, file := write(t, "watch.js", `
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback') console.log('ready') },
  onMessage(topic, payload, packet) {
    console.log(topic + ' ' + payload)
    const show = (key, value) => value && value.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value
    for (const name of Object.keys(packet.properties ?? {}).sort()) console.log(name, JSON.stringify(packet.properties[name], show))
  },
}`)
	p := start(t, dir, "run", "--url", b.url(), "-t", filter, "--qos", "2", file)
	p.expect("ready")
	return p
}

// newDoor returns an address where nobody listens, and a function that opens
// it: from then on it leads to the broker.
func newDoor(t *testing.T, b broker) (addr string, open func()) {
	addr = freeAddress(t)
	return addr, func() {
		t.Helper()
		mqtttest.NewProxyAt(t, addr, b.address())
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func awaitPort(t *testing.T, addr string) {
	t.Helper()
	mqtttest.Eventually(t, "a listener at "+addr, func() bool {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return false
		}
		_ = c.Close()
		return true
	})
}
