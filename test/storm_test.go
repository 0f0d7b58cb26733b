package test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// stormMessages is how many messages go through the storm.
var stormMessages = flag.Int("storm", 20_000, "messages in the test of broker restarts and cut connections")

// Messages at QoS 1 through an echo script while the broker is restarted three
// times and the TCP connection is cut twenty times: every message is echoed at
// least once.
func TestNothingIsLostInTheStorm(t *testing.T) {
	messages := *stormMessages
	if testing.Short() {
		messages = 3_000
	}
	for _, protocol := range []string{"3.1.1", "5"} {
		t.Run(protocol, func(t *testing.T) { storm(t, protocol, messages) })
	}
}

func storm(t *testing.T, protocol string, messages int) {
	b := newMosquitto(t, "max_queued_messages 0", "max_inflight_messages 200")
	cut := mqtttest.NewProxy(t, b.address())
	dir, echo := write(t, "echo.js", `
let ready = false
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback' && !ready) { ready = true; console.log('ready') } },
  async onMessage(topic, payload) { await publish('echo', payload, { qos: 1 }) },
  onError() {},
}`)
	e := start(t, dir, "run", "--url", "mqtt://"+cut.Addr, "--client-id", "echo", "--no-clean",
		"--protocol", protocol, "-t", "say", "--qos", "1", "--reconnect-period", "50ms", echo)
	e.expect("ready")
	_, check := write(t, "check.js", fmt.Sprintf(`
const total = %d
const seen = new Set()
let ready = false, duplicates = 0
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback' && !ready) { ready = true; console.log('ready') } },
  onMessage(topic, payload) {
    const n = Number(payload.toString())
    if (seen.has(n)) duplicates++
    seen.add(n)
    if (seen.size %% (total / 20) === 0) console.log('seen', seen.size)
    if (seen.size === total) { console.log('all', total, 'duplicates', duplicates); exit() }
  },
  onError() {},
}`, messages))
	c := start(t, dir, "run", "--url", b.url(), "--client-id", "check", "--no-clean",
		"--protocol", protocol, "-t", "echo", "--qos", "1", "--reconnect-period", "50ms", check)
	c.expect("ready")
	_, source := write(t, "source.js", fmt.Sprintf(`
let sent = 0
async function worker() { while (sent < %d) await publish('say', String(sent++), { qos: 1 }) }
let begun = false
module.exports = {
  async onConnect() {
    if (begun) return
    begun = true
    await Promise.all(Array.from({ length: 100 }, worker))
    console.log('sent all')
    exit()
  },
  onError() {},
}`, messages))
	s := start(t, dir, "run", "--url", b.url(), "--client-id", "source", "--no-clean",
		"--protocol", protocol, "--reconnect-period", "50ms", source)

	for step := 1; step < 20; step++ {
		c.expect(fmt.Sprintf("seen %d", messages/20*step))
		cut.Cut()
		if step%5 == 0 {
			b.stop(t)
			b.start(t)
		}
	}
	cut.Cut()
	c.expect(fmt.Sprintf("all %d duplicates *", messages))
	if code := c.wait(); code != 0 {
		t.Errorf("the checker ended with %d", code)
	}
	if code := s.wait(); code != 0 {
		t.Errorf("the source ended with %d", code)
	}
	if code := e.stop(); code != 0 {
		t.Errorf("the echo ended with %d", code)
	}
	t.Log(c.stdout.matched())
}
