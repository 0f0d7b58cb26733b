package script_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// caseBacklog is how many messages wait at most, as with a client.
const caseBacklog = 2048

// benchInTurn measures a script of bench/cases with messages in turn.
func benchInTurn(b *testing.B, name string, message func(i int) *packet.Publish) {
	b.Helper()
	source, err := os.ReadFile("../../bench/cases/" + name + ".js")
	if err != nil {
		b.Fatal(err)
	}
	messages := make([]*packet.Publish, 1000)
	for i := range messages {
		messages[i] = message(i)
	}
	r := scripttest.New(b, string(source)+"\nmodule.exports.onClose = () => exit()", func(o *script.Options) { o.InboxMessages = caseBacklog })
	r.Host.Forget = true
	r.Script.Start()
	<-r.Loaded()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		p := messages[i%len(messages)]
		m := &script.Message{Topic: p.Topic, Version: packet.V5, Packet: p}
		for !r.Deliver(m) {
			r.Until("room", func() bool { n, _ := r.Backlog(); return n < caseBacklog/2 })
		}
	}
	r.Notify(&script.Event{Kind: script.EventClose})
	<-r.Done()
}

func BenchmarkFileJSON(b *testing.B) {
	benchInTurn(b, "json", func(i int) *packet.Publish {
		return &packet.Publish{Topic: "in/reading", Payload: fmt.Appendf(nil,
			`{"device":"d-%05d","temperature":%d.5,"humidity":%d,"ok":%-5v}`, i, 10+i%30, 20+i%70, i%3 > 0)}
	})
}

func BenchmarkFileEcho(b *testing.B) {
	benchInTurn(b, "echo", func(i int) *packet.Publish {
		return &packet.Publish{Topic: "in/data", Payload: fmt.Appendf(nil, "message %08d %-47s", i, "of sixty-four bytes, as sensors send them")}
	})
}
