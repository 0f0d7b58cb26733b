package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/mqscript/mqscript/internal/packet"
)

// distinct is how many different messages a workload has; then they repeat.
const distinct = 10_000

// workload is a user script and what it is fed with.
type workload struct {
	name string
	does string // for the report, one line
	// message makes the i-th message, the same on every call.
	message func(i int) packet.Publish
	// answers is what the script publishes for each message.
	answers int
	// covers is how many messages one answer stands for, so that a sender can
	// know how far the script is; 0 when the answers do not tell.
	covers int
	// factor multiplies the number of messages, for workloads that cost little.
	factor int
	// scripts is how many scripts are on the client.
	scripts int
	v5Only  bool
	qos0    bool // the script knows QoS 0 alone
}

// burstSize is how often the burst script publishes in one loop.
const burstSize = 300_000

var workloads = []workload{
	{name: "count", does: "counts", message: plain, factor: 4, scripts: 1},
	{name: "echo", does: "publishes what came", message: plain, answers: 1, covers: 1, factor: 1, scripts: 1},
	{name: "json", does: "`JSON.parse`, tests a field, publishes a small `JSON.stringify`", message: reading, answers: 1, covers: 1, factor: 1, scripts: 1},
	{name: "route", does: "splits the topic, matches it against 50 rules with wildcards, publishes", message: routed, answers: 1, covers: 1, factor: 1, scripts: 1},
	{name: "routes", does: "the same by `TopicMap`; MQTT.js has the loop of route", message: routed, answers: 1, covers: 1, factor: 1, scripts: 1},
	{name: "props", does: "MQTT 5: reads user properties and correlation data, answers on the response topic", message: request, answers: 1, covers: 1, factor: 1, scripts: 1, v5Only: true},
	{name: "bytes", does: "reads 20 fields of a 1 KB frame, publishes 64 bytes", message: frame, answers: 1, covers: 1, factor: 1, scripts: 1},
	{name: "state", does: "updates one of 10,000 entries of a Map", message: measured, factor: 1, scripts: 1},
	{name: "trace", does: "has all ten client handlers, publishes what came", message: plain, answers: 1, covers: 1, factor: 1, scripts: 1, qos0: true},
	{name: "fan", does: "8 scripts on one client, each counts", message: plain, factor: 1, scripts: 8},
	{name: "receive", does: "counts, and publishes how far it is once in 100", message: plain, covers: 100, factor: 1, scripts: 1},
	{name: "burst", does: "calls publish 300,000 times in one loop", message: burst, answers: burstSize, factor: 1, scripts: 1, qos0: true},
}

// script is the file in the folder cases.
func (w *workload) script() string {
	if w.name == "fan" {
		return "count.js"
	}
	return w.name + ".js"
}

func workloadNamed(name string) (*workload, error) {
	i := slices.IndexFunc(workloads, func(w workload) bool { return w.name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no case %q", name)
	}
	return &workloads[i], nil
}

// text is 64 bytes.
func text(i int) []byte {
	return fmt.Appendf(nil, "message %08d %-47s", i, "of sixty-four bytes, as sensors send them")
}

func plain(i int) packet.Publish { return packet.Publish{Topic: "in/data", Payload: text(i)} }

func burst(int) packet.Publish {
	return packet.Publish{Topic: "in/burst", Payload: fmt.Append(nil, burstSize)}
}

// reading is 64 bytes of JSON.
func reading(i int) packet.Publish {
	return packet.Publish{
		Topic:   "in/reading",
		Payload: fmt.Appendf(nil, `{"device":"d-%05d","temperature":%d.5,"humidity":%d,"ok":%-5v}`, i, 10+i%30, 20+i%70, i%3 > 0),
	}
}

func routed(i int) packet.Publish {
	rooms := []string{"kitchen", "hall", "cellar", "office", "attic", "garden"}
	things := []string{"lamp", "door", "heater", "meter", "window", "pump", "fan", "valve", "alarm", "bell"}
	topic := fmt.Sprintf("in/%s/%s/state", rooms[i%len(rooms)], things[i/len(rooms)%len(things)])
	return packet.Publish{Topic: topic, Payload: text(i)}
}

func request(i int) packet.Publish {
	var p packet.Properties
	p = p.AppendString(packet.PropResponseTopic, fmt.Sprintf("out/client%d", i%100))
	p = p.AppendBytes(packet.PropCorrelationData, binary.BigEndian.AppendUint64(nil, uint64(i))) //nolint:gosec // i is never negative
	p = p.AppendUser("request", fmt.Sprintf("r%d", i))
	p = p.AppendUser("origin", "bench")
	return packet.Publish{Topic: "in/request", Payload: text(i), Properties: p}
}

// frame is 1 KB with numbers that stay finite in every form that is read.
func frame(i int) packet.Publish {
	b := make([]byte, 1024)
	for k := range b {
		b[k] = byte(i + 7*k) //nolint:gosec // the low byte is meant
	}
	scale := float32(i%100) / 8
	binary.BigEndian.PutUint32(b[32:], math.Float32bits(scale))
	binary.LittleEndian.PutUint32(b[36:], math.Float32bits(scale+1))
	binary.BigEndian.PutUint64(b[40:], math.Float64bits(float64(i)/3))
	binary.LittleEndian.PutUint64(b[48:], math.Float64bits(float64(i)/7))
	return packet.Publish{Topic: "in/frame", Payload: b}
}

func measured(i int) packet.Publish {
	return packet.Publish{
		Topic:   fmt.Sprintf("in/device-%05d", i%distinct),
		Payload: fmt.Appendf(nil, "%05d.25;%-55s", i*7%distinct, "volts, as the meter in the cellar has them"),
	}
}
