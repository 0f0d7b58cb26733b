package test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// The life of a script: exit, onWillExit and its two seconds.

func TestExit(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		watcher := watch(t, b, "bye")
		dir, file := write(t, "exit.js", `
module.exports = {
  onConnect() { publish('go', 'now', { qos: 1 }) },
  onPublish(topic) {
    if (topic !== 'go') return
    publish('bye', 'last words', { qos: 1 })
    try { exit() } catch { console.log('caught') } finally { console.log('finally') }
    console.log('after exit')
  },
  onWillExit() { console.log('will exit') },
  onClose() { console.log('close') },
}`)
		p := start(t, dir, "run", "--url", b.url(), file)
		if code := p.wait(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		if out := p.stdout.all(); out != "" {
			t.Errorf("the script went on after exit():\n%s", out)
		}
		watcher.expect("bye last words")
	})
}

func TestWillExitIsGivenTime(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		watcher := watch(t, b, "state")
		dir, file := write(t, "save.js", `
const fs = require('fs')
let count = 0
module.exports = {
  onConnect() { console.log('ready') },
  onMessage() { console.log('count', ++count) },
  async onWillExit() {
    await new Promise((done) => setTimeout(done, 300))
    fs.writeFileSync('count.json', JSON.stringify({ count }))
    await publish('state', 'saved ' + count, { qos: 2 })
    console.log('saved')
  },
}`)
		p := start(t, dir, "run", "--url", b.url(), "-t", "in", "--qos", "1", "--data-dir", filepath.Join(dir, "data"), file)
		p.expect("ready")
		b.pub(t, "-t", "in", "-m", "x", "-q", "1")
		p.expect("count 1")
		before := time.Now()
		if code := p.stop(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		if took := time.Since(before); took > 2*time.Second {
			t.Logf("it took %v, although the handler was done earlier", took)
		}
		p.expect("saved")
		watcher.expect("state saved 1")
		data, err := os.ReadFile(filepath.Join(dir, "data", "save", "count.json"))
		if err != nil || string(data) != `{"count":1}` {
			t.Errorf("the data folder holds %q, %v", data, err)
		}
	})
}

// What onWillExit leaves running is ended at two seconds, an endless loop
// included, and the console says so.
func TestWillExitLimit(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		for name, body := range map[string]string{
			"loop":    `while (true) {}`,
			"promise": `return new Promise(() => {})`,
			"timers":  `const again = () => setTimeout(again, 50); again()`,
		} {
			t.Run(name, func(t *testing.T) {
				dir, file := write(t, "late.js", `
module.exports = {
  onConnect() { console.log('ready') },
  onWillExit() { console.log('begin'); `+body+` },
}`)
				p := start(t, dir, "run", "--url", b.url(), file)
				p.expect("ready")
				if code := p.stop(); code != 0 {
					t.Errorf("exit code %d", code)
				}
				p.expect("begin")
				p.expectErr("*did not finish within 2s*")
			})
		}
	})
}

// A second signal ends at once.
func TestSecondSignal(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		dir, file := write(t, "slow.js", `
module.exports = {
  onConnect() { console.log('ready') },
  onWillExit() { console.log('begin'); return new Promise(() => {}) },
}`)
		p := start(t, dir, "run", "--url", b.url(), file)
		p.expect("ready")
		p.signal(os.Interrupt)
		p.signal(os.Interrupt) // one that comes twice is one
		p.expect("begin")
		mqtttest.Eventually(t, "the end", func() bool {
			_ = p.cmd.Process.Signal(os.Interrupt) // it may have ended
			select {
			case <-p.done:
				return true
			default:
				return false
			}
		})
		if code := p.wait(); code != 1 {
			t.Errorf("exit code %d, not 1", code)
		}
	})
}

// No message is delivered once onWillExit began; it is not acknowledged, so
// that the broker keeps it for the session.
func TestNoMessageAfterWillExit(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		dir, file := write(t, "quiet.js", `
module.exports = {
  onConnect() { console.log('ready') },
  onMessage(topic, payload) { console.log('message', payload.toString()) },
  onWillExit() { console.log('begin'); return new Promise((done) => setTimeout(done, 1000)) },
}`)
		args := []string{"run", "--url", b.url(), "--client-id", "quiet", "--no-clean", "--session-expiry", "60", "-t", "in", "--qos", "1", file}
		p := start(t, dir, args...)
		p.expect("ready")
		b.pub(t, "-t", "in", "-m", "one", "-q", "1")
		p.expect("message one")
		p.signal(os.Interrupt)
		p.expect("begin")
		b.pub(t, "-t", "in", "-m", "two", "-q", "1")
		p.wait()
		if p.stdout.count("message two") != 0 {
			t.Error("a message was delivered after onWillExit began")
		}
		p = start(t, dir, args...)
		p.expect("message two")
	})
}

// A script does not end by itself, even when it has nothing to do.
func TestIdleScriptStays(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		dir, file := write(t, "idle.js", `module.exports = { onConnect() { console.log('ready') } }`)
		p := start(t, dir, "run", "--url", b.url(), file)
		p.expect("ready")
		select {
		case <-p.done:
			t.Error("the script ended by itself")
		case <-time.After(500 * time.Millisecond):
		}
	})
}
