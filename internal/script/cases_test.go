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

func BenchmarkCaseState(b *testing.B) {
	benchFile(b, "state", func(i int) *packet.Publish {
		return &packet.Publish{Topic: fmt.Sprintf("in/device-%05d", i), Payload: fmt.Appendf(nil,
			"%05d.25;%-55s", i*7%100, "volts, as the meter in the cellar has them")}
	})
}

func BenchmarkCaseRoute(b *testing.B) {
	rooms := []string{"kitchen", "hall", "cellar", "office", "attic", "garden"}
	things := []string{"lamp", "door", "heater", "meter", "window", "pump", "fan", "valve", "alarm", "bell"}
	benchFile(b, "route", func(i int) *packet.Publish {
		return &packet.Publish{
			Topic:   "in/" + rooms[i%len(rooms)] + "/" + things[i/len(rooms)%len(things)] + "/state",
			Payload: fmt.Appendf(nil, "message %08d %-47s", i, "of sixty-four bytes, as sensors send them"),
		}
	})
}
