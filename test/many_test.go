package test

import "testing"

// One script that loops, one that throws, one that exits and one that counts,
// on one client: the counter counts every message.
func TestScriptsDoNotHarmEachOther(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		dir, loops := write(t, "loops.js", `module.exports = { onMessage() { while (true) {} } }`)
		_, throws := write(t, "throws.js", `module.exports = { onMessage() { throw new Error('never mind') } }`)
		_, exits := write(t, "exits.js", `module.exports = { onMessage() { exit() } }`)
		_, counts := write(t, "counts.js", `
let n = 0
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback') console.log('ready') },
  onMessage(topic, payload) {
    if (payload.toString() !== String(n)) console.log('expected', n, 'got', payload.toString())
    if (++n === 5010) console.log('counted all')
  },
}`)
		_, source := write(t, "source.js", `
module.exports = {
  async onConnect() {
    for (let i = 0; i < 5010; i++) await publish('in', String(i), { qos: i < 5000 ? 0 : 1 })
    exit()
  },
}`)
		p := start(t, dir, "run", "--url", b.url(), "-t", "in", "--qos", "1", "--handler-limit", "200ms", "--stats",
			loops, throws, exits, counts)
		p.expect("*ready")
		s := start(t, dir, "run", "--url", b.url(), source)
		p.expect("*counted all")
		if n := p.stdout.count("*expected*"); n > 0 {
			t.Errorf("%d messages were lost or out of order", n)
		}
		if code := s.wait(); code != 0 {
			t.Errorf("the source ended with %d", code)
		}
		if code := p.stop(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

// Every script sees every event, and its payload is its own.
func TestEachScriptHasItsOwnPayload(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		const source = `
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback') console.log('ready') },
  onMessage(topic, payload, packet) {
    const before = payload.toString()
    payload.fill(33)
    console.log('message', before, packet.payload.toString())
  },
}`
		dir, one := write(t, "one.js", source)
		_, two := write(t, "two.js", source)
		p := start(t, dir, "run", "--url", b.url(), "-t", "in", one, two)
		p.expect("*ready", "*ready")
		b.pub(t, "-t", "in", "-m", "abc")
		p.expect("*message abc !!!", "*message abc !!!")
		if p.stdout.count("*one*message abc !!!") != 1 || p.stdout.count("*two*message abc !!!") != 1 {
			t.Error("the lines do not name their scripts")
		}
	})
}
