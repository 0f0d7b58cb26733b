package test

import (
	"strconv"
	"testing"
)

// A process that dies in the middle of a handler gets the message again.
func TestDyingInAHandlerLosesNothing(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		for _, qos := range []int{1, 2} {
			for _, protocol := range []string{"3.1.1", "5"} {
				t.Run(protocol+" QoS "+strconv.Itoa(qos), func(t *testing.T) { dieInAHandler(t, b, protocol, qos) })
			}
		}
	})
}

func dieInAHandler(t *testing.T, b broker, protocol string, qos int) {
	dir, file := write(t, "slow.js", `
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback') console.log('ready') },
  async onMessage(topic, payload) {
    console.log('begin', payload.toString())
    await new Promise((done) => setTimeout(done, payload.toString() === 'slow' ? 60000 : 10))
    console.log('end', payload.toString())
  },
  onPacketSend(packet) { console.log('sent', packet.cmd, packet.messageId) },
}`)
	topic := "die/" + protocol + "/" + strconv.Itoa(qos)
	args := []string{
		"run", "--url", b.url(), "--client-id", "die" + topic, "--no-clean",
		"--protocol", protocol, "-t", topic, "--qos", "2", file,
	}
	p := start(t, dir, args...)
	p.expect("ready")
	b.pub(t, "-t", topic, "-m", "quick", "-q", strconv.Itoa(qos))
	p.expect("begin quick", "end quick", "sent pub*")
	b.pub(t, "-t", topic, "-m", "slow", "-q", strconv.Itoa(qos))
	p.expect("begin slow")
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.done
	p = start(t, dir, args...)
	p.expect("begin slow")
}
