package test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

var (
	faultSeed     = flag.Uint64("seed", 0, "seed of the test of faults, to run it again; 0 for the usual ones")
	faultMessages = flag.Int("faults", 1_000, "messages in each run of the test of faults")
)

// A source and a relay, both with their sessions on disk, both behind proxies
// that cut, stall, slow down and refuse; the broker is restarted and both
// programs are killed, in an order that a seed decides. In the end the books
// balance: every message that was stored has arrived and was relayed, and with
// QoS 2 no PUBLISH came twice.
func TestBooksBalanceAfterFaults(t *testing.T) {
	for _, protocol := range []string{"3.1.1", "5"} {
		for _, qos := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s/qos%d", protocol, qos), func(t *testing.T) {
				t.Parallel()
				seed := *faultSeed
				if seed == 0 {
					seed = uint64(qos)
				}
				f := newFaults(t, protocol, qos, seed)
				f.begin()
				f.audit(f.round(*faultMessages))
			})
		}
	}
}

// faults is one run.
type faults struct {
	t        *testing.T
	protocol string
	qos      int
	random   *rand.Rand
	broker   *mosquitto
	last     int // behind the last number that was given out

	source, relay *subject
	relayLives    bool // it is not killed
	kills         int
	binary        string
}

// subject is a program that is killed and started again, behind a proxy.
type subject struct {
	*process
	proxy   *mqtttest.Proxy
	session string
	args    []string
	script  string
	runs    int
	next    int // what the source has to publish next
}

func newFaults(t *testing.T, protocol string, qos int, seed uint64) *faults {
	t.Logf("seed %d", seed)
	return &faults{
		t: t, protocol: protocol, qos: qos,
		random: rand.New(rand.NewPCG(seed, 0)), //nolint:gosec // it must be repeatable
		binary: binary,
		broker: newMosquitto(t, "max_queued_messages 0", "max_inflight_messages 100"),
	}
}

// faultSource publishes numbers from the first one of which nobody knows that it
// is stored.
const faultSource = `
const [run, from, end, qos] = process.argv.slice(2).map(Number)
async function publishAll() {
  for (let n = from; n < end; n++) {
    await publish('say', n + ' in run ' + run, { qos, resolveWhen: 'stored' })
    console.log('stored', n)
  }
  await publish('say', 'last in run ' + run, { qos })
  exit()
}
publishAll()
module.exports = { onError() {} }`

// faultRelay says which run and which call of the handler relayed a message, so
// that what is handled twice can be told from what is sent twice.
const faultRelay = `
const run = process.argv[2], qos = Number(process.argv[3])
let calls = 0
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback') console.log('ready') },
  onMessage(topic, payload) {
    return publish('echo', payload + '|' + run + '.' + calls++, { qos, resolveWhen: 'stored' })
  },
  onError() {},
}`

const faultChecker = `
const [first, total] = process.argv.slice(2).map(Number)
const mine = (n) => n >= first && n < first + total // neither 'last' nor late from an earlier round
const said = new Set(), echoed = new Set(), relayed = new Set()
const numbers = new Set(), relayedNumbers = new Set()
let ready = false, saidTwice = 0, echoedTwice = 0, handledTwice = 0, shown = 0
function report() {
  const now = Math.min(numbers.size, relayedNumbers.size)
  if (now >= shown + total / 50) { shown = now; console.log('progress', Math.floor(now / (total / 50))) }
  if (now >= total) console.log('books', saidTwice, echoedTwice, handledTwice)
}
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback' && !ready) { ready = true; console.log('ready') } },
  onMessage(topic, payload) {
    const text = payload.toString(), n = text.split(' ')[0]
    if (topic === 'say') {
      if (said.has(text)) saidTwice++
      said.add(text)
      if (mine(n)) numbers.add(n)
    } else {
      const message = text.split('|')[0]
      if (echoed.has(text)) echoedTwice++
      echoed.add(text)
      if (relayed.has(message)) handledTwice++
      relayed.add(message)
      if (mine(n)) relayedNumbers.add(n)
    }
    report()
  },
  onError() {},
}`

// begin starts the relay.
func (f *faults) begin() {
	f.t.Cleanup(func() {
		if f.t.Failed() {
			f.broker.Stop()
			f.t.Logf("mosquitto:\n%s", tail(f.broker.Log()))
		}
	})
	f.relay = f.newSubject("relay", faultRelay, "-t", "say", "--qos", fmt.Sprint(f.qos))
	f.source = f.newSubject("source", faultSource)
	f.startRelay()
	f.relay.expect("ready")
}

// books is what a round came to.
type books struct{ saidTwice, echoedTwice, handledTwice int }

// round sends that many messages through faults and returns when the books
// balance.
func (f *faults) round(total int) (b books) {
	first := f.last
	f.last += total
	dir, check := write(f.t, "check.js", faultChecker)
	checker := start(f.t, dir, "run", "--url", f.broker.url(), "--client-id", "check", "--no-clean", "--protocol", f.protocol,
		"-t", "say", "-t", "echo", "--qos", "2", "--reconnect-period", "20ms", check, "--", fmt.Sprint(first), fmt.Sprint(total))
	checker.expect("ready")
	f.source.next = first
	if f.source.process != nil {
		f.source.wait() // it has the session until it has ended
	}
	f.startSource()
	const steps = 50
	for step := 1; step < steps; step++ {
		f.fault()
		f.await(checker, fmt.Sprintf("progress %d", step))
	}
	f.await(checker, "books *")
	if _, err := fmt.Sscanf(checker.stdout.matched(), "books %d %d %d", &b.saidTwice, &b.echoedTwice, &b.handledTwice); err != nil {
		f.t.Fatal(err)
	}
	if code := checker.stop(); code != 0 {
		f.t.Errorf("the checker ended with %d", code)
	}
	f.t.Logf("QoS %d, %d messages, %d kills so far: %d said twice, %d echoed twice, %d handled twice",
		f.qos, total, f.kills, b.saidTwice, b.echoedTwice, b.handledTwice)
	return b
}

// await waits for a line of the checker. Meanwhile the source is started again
// when it has ended: what it could not send in its last seconds is in its
// session.
func (f *faults) await(checker *process, line string) {
	f.t.Helper()
	checker.stdout.patience = time.Second
	for end := time.Now().Add(patience); !checker.stdout.await(line, checker.done); {
		if time.Now().After(end) {
			f.t.Fatalf("no line %q of the checker", line)
		}
		select {
		case <-f.source.done:
			f.startSource()
		default:
		}
	}
}

// audit ends the broker and asks its log about the messages of QoS 2 that came
// more than once.
func (f *faults) audit(b books) {
	f.broker.stop(f.t)
	if broken := brokenHandshakes(f.broker.Log(), "check"); f.qos == 2 && b.saidTwice+b.echoedTwice > broken {
		f.t.Errorf("%d messages of QoS 2 came twice, the broker began %d handshakes anew", b.saidTwice+b.echoedTwice, broken)
	}
}

var handshakeLine = regexp.MustCompile(`(Sending PUBREL|Received PUBCOMP|Sending PUBLISH) (?:to|from) (\S+) \((?:d1, q2, r\d, )?(?:m|Mid: )(\d+)`)

// brokenHandshakes counts in mosquitto's log the PUBLISH packets of QoS 2 that it
// sent to a client once more after their PUBREL, which it must not: 2.0.11 does
// so when it is restarted before the PUBCOMP is there.
func brokenHandshakes(log, client string) int {
	released := map[string]bool{}
	broken := 0
	for _, m := range handshakeLine.FindAllStringSubmatch(log, -1) {
		switch id := m[3]; {
		case m[2] != client:
		case m[1] == "Sending PUBREL":
			released[id] = true
		case m[1] == "Sending PUBLISH" && released[id]:
			broken++
			delete(released, id)
		default:
			delete(released, id)
		}
	}
	return broken
}

func (f *faults) newSubject(name, source string, args ...string) *subject {
	_, script := write(f.t, name+".js", source)
	s := &subject{proxy: mqtttest.NewProxy(f.t, f.broker.address()), script: script}
	s.session = filepath.Join(f.t.TempDir(), name)
	s.args = append([]string{
		"run", "--url", "mqtt://" + s.proxy.Addr, "--client-id", name, "--protocol", f.protocol,
		"--session", s.session, "--session-sync", "never", "--reconnect-period", "20ms", "--keepalive", "1", "--connect-timeout", "2s",
	}, args...)
	return s
}

func (f *faults) start(s *subject, args ...string) {
	s.runs++
	line := append(append([]string{}, s.args...), s.script, "--")
	s.process = startBinary(f.t, f.binary, f.t.TempDir(), append(line, args...)...)
}

// startSource lets the source go on behind the last number that it said to be
// stored.
func (f *faults) startSource() {
	if s := f.source; s.process != nil {
		for _, line := range s.stdout.list {
			var n int
			if _, err := fmt.Sscanf(line, "stored %d", &n); err == nil {
				s.next = max(s.next, n+1)
			}
		}
	}
	f.start(f.source, fmt.Sprint(f.source.runs), fmt.Sprint(f.source.next), fmt.Sprint(f.last), fmt.Sprint(f.qos))
}

func (f *faults) startRelay() { f.start(f.relay, fmt.Sprint(f.relay.runs), fmt.Sprint(f.qos)) }

// fault lets something break, which is over when it returns; how long it lasts
// and what it hits are the seed's choice.
func (f *faults) fault() {
	victim := f.source
	if f.random.IntN(2) == 0 {
		victim = f.relay
	}
	while := time.Duration(f.random.IntN(200)) * time.Millisecond
	switch f.random.IntN(8) {
	case 0, 1:
		victim.proxy.Cut()
	case 2: // silent, then it goes on
		victim.proxy.Stall(true)
		time.Sleep(while)
		victim.proxy.Stall(false)
	case 3: // silent, then lost
		victim.proxy.Stall(true)
		time.Sleep(while)
		victim.proxy.Cut()
		victim.proxy.Stall(false)
	case 4:
		victim.proxy.Slow(5*time.Millisecond, 100_000)
		time.Sleep(while)
		victim.proxy.Slow(0, 0)
	case 5:
		victim.proxy.Refuse(true)
		victim.proxy.Cut()
		time.Sleep(while)
		victim.proxy.Refuse(false)
	case 6:
		f.broker.stop(f.t)
		time.Sleep(while)
		f.broker.start(f.t)
	case 7:
		f.kill(victim)
	}
}

// kill ends a program as nothing can refuse, and starts it again.
func (f *faults) kill(s *subject) {
	select {
	case <-s.done: // the source is through
		return
	default:
	}
	if s == f.relay && f.relayLives {
		return
	}
	f.kills++
	s.signal(syscall.SIGKILL)
	<-s.done
	if s == f.source {
		f.startSource()
	} else {
		f.startRelay()
	}
}
