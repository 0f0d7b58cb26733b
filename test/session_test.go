package test

import (
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
)

// A script whose program is killed again and again: what was stored reaches the
// broker, QoS 1 at least once and QoS 2 exactly once.
func TestStoredMessagesSurviveKills(t *testing.T) {
	for _, protocol := range []string{"3.1.1", "5"} {
		for _, qos := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s/qos%d", protocol, qos), func(t *testing.T) {
				eachBroker(t, func(t *testing.T, b broker) { surviveKills(t, b, protocol, qos) })
			})
		}
	}
}

func surviveKills(t *testing.T, b broker, protocol string, qos int) {
	const total, kills = 1200, 6
	dir, check := write(t, "check.js", `
const seen = new Set(), numbers = new Set()
let ready = false, duplicates = 0
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback' && !ready) { ready = true; console.log('ready') } },
  onMessage(topic, payload) {
    const text = payload.toString()
    if (seen.has(text)) duplicates++
    seen.add(text)
    if (text === 'last') console.log('numbers', numbers.size, 'duplicates', duplicates)
    else numbers.add(text.split(' ')[0])
  },
}`)
	c := start(t, dir, "run", "--url", b.url(), "--protocol", protocol, "-t", "out", "--qos", "2", check)
	c.expect("ready")

	// The number says which message it is; the second word makes one that was
	// stored, but not said so before the kill, another message.
	_, source := write(t, "source.js", `
const [from, total, qos] = process.argv.slice(2).map(Number)
async function publishAll() {
  for (let n = from; n < total; n++) {
    await publish('out', n + ' from ' + from, { qos, resolveWhen: 'stored' })
    console.log('stored', n)
  }
  await publish('out', 'last', { qos })
  exit()
}
publishAll()
module.exports = {}`)
	session := filepath.Join(t.TempDir(), "session")
	next := 0
	for kill := range kills + 1 {
		s := start(t, t.TempDir(), "run", "--url", b.url(), "--protocol", protocol, "--session", session,
			"--session-sync", "never", source, "--", fmt.Sprint(next), fmt.Sprint(total), fmt.Sprint(qos))
		if kill == kills {
			if code := s.wait(); code != 0 {
				t.Fatalf("the last run ended with %d", code)
			}
			break
		}
		s.expect(fmt.Sprintf("stored %d", next+(total-next)/(kills+1-kill)-1)) // it may be past that when it is killed
		s.signal(syscall.SIGKILL)
		<-s.done
		for _, line := range s.stdout.list {
			var n int
			if _, err := fmt.Sscanf(line, "stored %d", &n); err == nil {
				next = n + 1
			}
		}
	}
	c.expect("numbers *")
	t.Logf("QoS %d, %d kills: %s", qos, kills, c.stdout.matched())
	var numbers, duplicates int
	if _, err := fmt.Sscanf(c.stdout.matched(), "numbers %d duplicates %d", &numbers, &duplicates); err != nil {
		t.Fatal(err)
	}
	if numbers != total {
		t.Errorf("%d messages of %d arrived", numbers, total)
	}
	if qos == 2 && duplicates > 0 {
		t.Errorf("%d messages of QoS 2 came more than once", duplicates)
	}
}
