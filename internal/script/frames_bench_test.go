package script_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// benchFile measures a script of bench/cases with some messages in turn.
func benchFile(b *testing.B, name string, message func(i int) *packet.Publish) {
	b.Helper()
	source, err := os.ReadFile("../../bench/cases/" + name + ".js")
	if err != nil {
		b.Fatal(err)
	}
	messages := make([]*script.Message, 100)
	for i := range messages {
		p := message(i)
		messages[i] = &script.Message{Topic: p.Topic, Version: packet.V5, Packet: p}
	}
	benchMessages(b, string(source)+"\nmodule.exports.onClose = () => exit()", messages)
}

func BenchmarkCaseBytes(b *testing.B) {
	benchFile(b, "bytes", func(i int) *packet.Publish {
		frame := make([]byte, 1024)
		for k := range frame {
			frame[k] = byte(i + 7*k)
		}
		scale := float32(i%100) / 8
		binary.BigEndian.PutUint32(frame[32:], math.Float32bits(scale))
		binary.LittleEndian.PutUint32(frame[36:], math.Float32bits(scale+1))
		binary.BigEndian.PutUint64(frame[40:], math.Float64bits(float64(i)/3))
		binary.LittleEndian.PutUint64(frame[48:], math.Float64bits(float64(i)/7))
		return &packet.Publish{Topic: "in/frame", Payload: frame}
	})
}

func BenchmarkCaseProps(b *testing.B) {
	benchFile(b, "props", func(i int) *packet.Publish {
		var p packet.Properties
		p = p.AppendString(packet.PropResponseTopic, fmt.Sprintf("out/client%d", i%100))
		p = p.AppendBytes(packet.PropCorrelationData, binary.BigEndian.AppendUint64(nil, uint64(i)))
		p = p.AppendUser("request", fmt.Sprintf("r%d", i))
		p = p.AppendUser("origin", "bench")
		return &packet.Publish{Topic: "in/request", Payload: fmt.Appendf(nil, "%64d", i), Properties: p}
	})
}
