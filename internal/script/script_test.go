package script_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMessageBecomesBufferAndPublish(t *testing.T) {
	r := scripttest.Start(t, `
		module.exports = {
			async onMessage(topic, payload) {
				await publish(topic + '/echo', Buffer.from(payload.toString().toUpperCase()), { qos: 1 })
				console.log('sent')
				setTimeout(() => { exit(); console.log('never') }, 1)
			}
		}`)
	m := r.Message("a/b", "hello", 1)
	if state, err := r.Ended(); state != script.StateExited || err != nil {
		t.Fatalf("result %v, %v", state, err)
	}
	if got := r.Console.Text(); got != "sent" {
		t.Errorf("console: %q", got)
	}
	p := r.Host.Published()
	if len(p) != 1 || p[0].Packet.Topic != "a/b/echo" || string(p[0].Packet.Payload) != "HELLO" || p[0].Packet.QoS != 1 {
		t.Errorf("published %+v", p)
	}
	if s := r.Settled(); len(s) != 1 || s[0] != m {
		t.Errorf("settled %v", s)
	}
}
