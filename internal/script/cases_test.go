package script_test

import (
	"fmt"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
)

func BenchmarkCaseJSON(b *testing.B) {
	benchFile(b, "json", func(i int) *packet.Publish {
		return &packet.Publish{Topic: "in/reading", Payload: fmt.Appendf(nil,
			`{"device":"d-%05d","temperature":%d.5,"humidity":%d,"ok":%-5v}`, i, 10+i%30, 20+i%70, i%3 > 0)}
	})
}

func BenchmarkCaseEcho(b *testing.B) {
	benchFile(b, "echo", func(i int) *packet.Publish {
		return &packet.Publish{Topic: "in/data", Payload: fmt.Appendf(nil, "message %08d %-47s", i, "of sixty-four bytes, as sensors send them")}
	})
}
