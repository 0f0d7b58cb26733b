package host

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// talker publishes 500 messages when it is told to, from one buffer that it
// changes at once.
const talker = `
const buf = Buffer.alloc(40)
let n = 0
exports.onMessage = () => {
  for (let i = 0; i < 500; i++, n++) {
    buf.fill(' ')
    buf.write(String(n))
    if (n % 7 === 0) publish('t', buf.toString() + 'x'.repeat(n % 2 * 600))
    else publish('t', buf)
    buf.fill('?')
  }
}`

// witness looks at 1,000 messages, later than they are sent, and says which one
// is not the next.
const witness = `
let seen = 0, first, wrong
const look = (payload) => {
  const n = Number(payload.toString().slice(0, 40))
  if (seen++ === 0) {
    first = n
    for (const end = Date.now() + 50; Date.now() < end;);
  } else if (n !== first + seen - 1) wrong ??= payload.toString()
  if (seen === 1000) console.log(%q, wrong)
}
exports.`

// The memory of publications is used again, and yet each message stays what it
// was, for the server and for a script that looks at it later.
func TestPublicationsAreUsedAgain(t *testing.T) {
	for _, handler := range []string{
		"onPublish = (topic, payload) => look(payload)",
		"onPacketSend = (packet) => { if (packet.topic === 't') look(packet.payload) }",
	} {
		f := newFixture(t, nil)
		f.add("talker", talker)
		conn := f.connect()
		next := 0
		tell := func() {
			conn.Send(&packet.Publish{Topic: "go"})
			for range 500 {
				p := mqtttest.Expect[*packet.Publish](conn)
				if got := strings.TrimRight(string(p.Payload), " x"); got != fmt.Sprint(next) {
					t.Fatalf("message %d is %q", next, got)
				}
				next++
			}
		}
		tell()
		tell()
		f.add("witness", fmt.Sprintf(witness, "witness")+handler)
		for range 3 { // the client may see late that there is a witness
			tell()
		}
		f.notes.await(t, "witness undefined")
	}
}
