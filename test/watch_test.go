package test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// A script that is saved again and again while messages stream in handles each
// of them once, whichever of its generations it is; a script beside it does not
// notice. With a connection that is cut, QoS 1 messages may come again.
func TestNothingIsLostWhileAScriptIsSaved(t *testing.T) {
	brokers := map[string]func(t *testing.T) broker{
		"mosquitto": func(t *testing.T) broker { return newMosquitto(t, "max_queued_messages 0") },
		"embedded":  func(t *testing.T) broker { return newEmbedded(t) },
	}
	for name, fresh := range brokers {
		for _, protocol := range []string{"3.1.1", "5"} {
			for _, qos := range []byte{1, 2} {
				ways := map[string]saving{"": {}, " with cuts": {cuts: true}}
				if protocol == "5" && qos == 2 { // it takes its time, with the race detector
					ways[" in a process of its own"] = saving{flags: []string{"--isolate"}}
				}
				for title, how := range ways {
					t.Run(fmt.Sprintf("%s %s QoS %d%s", name, protocol, qos, title), func(t *testing.T) {
						how.protocol, how.qos = protocol, qos
						saveWhileMessagesCome(t, fresh(t), how)
					})
				}
			}
		}
	}
}

// saving is how a script is run that is saved again and again.
type saving struct {
	protocol string
	qos      byte
	cuts     bool // the connection is cut each time
	flags    []string
}

const (
	saves         = 10
	savedMessages = 3000
)

// savedScript says what it handles and which generation it is. Some handlers
// take their time.
func savedScript(generation int) string {
	return fmt.Sprintf(`
const mark = require('./lib')
module.exports = {
  async onMessage(topic, payload) {
    const n = Number(payload)
    if (n %% 5 === 0) await new Promise((done) => setTimeout(done, n %% 20))
    console.log('handled', n, 'by', %d, mark)
  },
}
`, generation)
}

func saveWhileMessagesCome(t *testing.T, b broker, how saving) {
	t.Helper()
	proxy := mqtttest.NewProxy(t, b.address())
	dir, file := write(t, "saved.js", savedScript(0))
	save := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("lib.js", "module.exports = 0")
	save("beside.js", "module.exports = { onMessage(topic, payload) { console.log('beside', payload.toString()) } }")
	p := start(t, dir, append([]string{
		"run", "--url", "mqtt://" + proxy.Addr, "--protocol", how.protocol, "-c", "-i", "saved", "-t", "n/#", "-q", fmt.Sprint(how.qos),
		"--reconnect-period", "10ms", "--watch", file, filepath.Join(dir, "beside.js"),
	}, how.flags...)...)
	p.expectErr("*subscribed to n/#*")

	var handling sync.WaitGroup
	enough := make(chan struct{})
	total := 0
	handling.Go(func() { total = streamMessages(t, b, how.qos, p, enough) })
	for i := 1; i <= saves; i++ {
		seen := p.stdout.count("*handled*")
		if i%3 == 0 {
			save("lib.js", fmt.Sprintf("module.exports = %d", i))
		} else {
			save("next.js", savedScript(i)) // as editors do
			if err := os.Rename(filepath.Join(dir, "next.js"), file); err != nil {
				t.Fatal(err)
			}
		}
		p.expectErr("*loaded the script anew script=saved*")
		if how.cuts {
			proxy.Cut()
		}
		mqtttest.Eventually(t, "messages for the new script", func() bool { return p.stdout.count("*handled*") > seen })
	}
	close(enough)
	handling.Wait()
	mqtttest.Eventually(t, "the last message", func() bool {
		return p.stdout.count("*handled*") >= total && p.stdout.count("*beside*") >= total
	})
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	auditSaved(t, p, total, how.cuts && how.qos == 1)
}

// streamMessages publishes until enough is closed and there were savedMessages,
// and keeps the script's backlog bounded. It returns how many there were.
func streamMessages(t *testing.T, b broker, qos byte, p *process, enough <-chan struct{}) int {
	done := make(published, 1)
	c, err := mqtt.New(mqtt.Config{URL: b.url(), Version: packet.V5, CleanStart: true, Handler: done})
	if err != nil {
		t.Error(err)
		return 0
	}
	c.Start()
	defer func() { _ = c.End(context.Background(), false) }()
	for n := 0; ; n++ {
		select {
		case <-enough:
			if n >= savedMessages {
				return n
			}
		default:
		}
		if n%100 == 99 {
			mqtttest.Eventually(t, "the backlog to shrink", func() bool { return n-p.stdout.count("*handled*") < 400 })
		}
		pub := &mqtt.Publication{Packet: packet.Publish{Topic: "n/x", Payload: fmt.Appendf(nil, "%d", n), QoS: qos}}
		if err := c.Publish(pub); err != nil {
			t.Error(err)
			return n
		}
		if err := <-done; err != nil {
			t.Error(err)
			return n
		}
	}
}

// auditSaved counts how often each message was handled.
func auditSaved(t *testing.T, p *process, total int, again bool) {
	t.Helper()
	handled, beside, generations := make(map[int]int), make(map[int]int), make(map[string]bool)
	for line := range strings.Lines(p.stdout.all()) {
		var n int
		if _, rest, ok := strings.Cut(line, "handled "); ok {
			number, by, _ := strings.Cut(rest, " by ")
			if _, err := fmt.Sscan(number, &n); err != nil {
				t.Fatal(err)
			}
			handled[n]++
			generations[by] = true
		} else if _, rest, ok := strings.Cut(line, "beside "); ok {
			if _, err := fmt.Sscan(rest, &n); err != nil {
				t.Fatal(err)
			}
			beside[n]++
		}
	}
	for n := range total {
		for name, times := range map[string]int{"saved": handled[n], "beside": beside[n]} {
			if times == 0 || times > 1 && !again {
				t.Errorf("%s handled message %d %d times", name, n, times)
			}
		}
	}
	if len(generations) < saves {
		t.Errorf("only %d generations handled messages", len(generations))
	}
	t.Logf("%d messages, %d generations", total, len(generations))
}

// published is a client's handler that tells the end of each publication.
type published chan error

func (p published) Published(_ *mqtt.Publication, err error) { p <- err }
func (published) Connected(*packet.Connack)                  {}
func (published) Message(*mqtt.Message) bool                 { return true }
func (published) Reconnecting()                              {}
func (published) Disconnected(*packet.Disconnect)            {}
func (published) Closed()                                    {}
func (published) Ended()                                     {}
func (published) Error(error)                                {}
func (published) PacketSent(packet.Packet, *mqtt.Publication) {
}
func (published) PacketReceived(packet.Packet) {}

// The process of an isolated script is killed: the next one gets the retained
// messages, and the script beside it does not get them again.
func TestRestartedScriptGetsRetainedMessages(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		b.pub(t, "-t", "n/kept", "-m", "old", "-r")
		dir, file := write(t, "again.js", `
console.log('process', process.pid)
module.exports = { onMessage(topic, payload, packet) { console.log('again', topic, payload.toString(), packet.retain) } }
`)
		beside := filepath.Join(dir, "beside.js")
		source := `module.exports = { onMessage(topic, payload, packet) { console.log('beside', topic, payload.toString(), packet.retain) } }`
		if err := os.WriteFile(beside, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		p := start(t, dir, "run", "--url", b.url(), "-t", "n/#", "-q", "1", "--isolate", file, beside)
		p.expect("*process *")
		var pid int
		if _, err := fmt.Sscanf(p.stdout.matched(), "[again] process %d", &pid); err != nil {
			t.Fatal(err)
		}
		p.expect("*again n/kept old true")
		child, err := os.FindProcess(pid)
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Kill(); err != nil {
			t.Fatal(err)
		}
		p.expect("*process *", "*again n/kept old true")
		b.pub(t, "-t", "n/fence", "-m", "new", "-q", "1")
		p.expect("*again n/fence new false")
		mqtttest.Eventually(t, "the script beside it", func() bool { return p.stdout.count("*beside n/fence new false") == 1 })
		if n := p.stdout.count("*beside n/kept*"); n != 1 {
			t.Errorf("the script beside it got the retained message %d times", n)
		}
		if n := p.stdout.count("*again n/kept*"); n != 2 {
			t.Errorf("the script got the retained message %d times", n)
		}
	})
}
