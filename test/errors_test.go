package test

import (
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// Errors in a script are reported with the author's file and line, and the
// script goes on.

func TestErrorsAreReported(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		dir, file := write(t, "faulty.js", `
module.exports = {
  onConnect() {
    console.log('ready')
    setTimeout(() => { throw new Error('in a timer') }, 1)
    Promise.reject(new Error('in a promise'))
    queueMicrotask(() => { throw new Error('in a microtask') })
  },
  async onPublish() {
    throw new Error('in an async handler')
  },
  onMessage(topic, payload) {
    if (payload.toString() === 'throw') throw new Error('in a handler')
    console.log('still here')
    publish('x', 'y')
    publish({}, 'y')
  },
}`)
		p := start(t, dir, "run", "--url", b.url(), "-t", "in", file)
		p.expect("ready")
		for _, want := range []string{
			"*in a microtask", "*faulty.js:6:*",
			"*in a promise", "*faulty.js:5:*",
			"*in a timer", "*faulty.js:4:*",
		} {
			awaitAnywhere(t, p, want)
		}
		b.pub(t, "-t", "in", "-m", "throw")
		p.expectErr("*in a handler", "*faulty.js:12:*")
		b.pub(t, "-t", "in", "-m", "go on")
		p.expect("still here")
		for _, want := range []string{"*faulty.js:15:*", "*in an async handler", "*faulty.js:9:*"} {
			awaitAnywhere(t, p, want)
		}
		if code := p.stop(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

func awaitAnywhere(t *testing.T, p *process, pattern string) {
	t.Helper()
	mqtttest.Eventually(t, "a line "+pattern+" on stderr", func() bool { return p.stderr.count(pattern) > 0 })
}

// An endless loop is interrupted, in a handler, in a timer and in a promise.
func TestEndlessLoopIsInterrupted(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		dir, file := write(t, "loop.js", `
module.exports = {
  onConnect() { console.log('ready') },
  onMessage(topic, payload) {
    const how = payload.toString()
    if (how === 'handler') while (true) {}
    if (how === 'timer') setTimeout(() => { for (;;); }, 1)
    if (how === 'promise') Promise.resolve().then(() => { for (;;); })
    if (how === 'ping') console.log('pong')
  },
}`)
		p := start(t, dir, "run", "--url", b.url(), "-t", "in", "--handler-limit", "300ms", file)
		p.expect("ready")
		for _, how := range []string{"handler", "timer", "promise"} {
			b.pub(t, "-t", "in", "-m", how)
			p.expectErr("*300ms*")
			b.pub(t, "-t", "in", "-m", "ping")
			p.expect("pong")
		}
	})
}

// A script that does not load has failed, and the others run.
func TestFailedScript(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		dir, file := write(t, "good.js", `module.exports = { onConnect() { console.log('ready') }, onMessage() { exit() } }`)
		_, bad := write(t, "bad.js", "const a = 1\nthrow new Error('no device')\n")
		p := start(t, dir, "run", "--url", b.url(), "-t", "in", bad, file)
		p.expectErr("*no device*")
		p.expect("*ready")
		b.pub(t, "-t", "in", "-m", "x")
		if code := p.wait(); code != 1 {
			t.Errorf("exit code %d, not 1", code)
		}
		if !strings.Contains(p.stderr.all(), "bad.js:2:7") {
			t.Error("the place of the error is missing")
		}
	})
}
