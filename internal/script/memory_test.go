package script_test

import (
	"runtime"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// BenchmarkIdleScript tells how much memory one more script keeps that has
// loaded and does nothing.
func BenchmarkIdleScript(b *testing.B) {
	for _, c := range []struct{ name, source string }{
		{"count", `let n = 0; exports.onMessage = (topic) => { n++ }`},
		{"env", `const qos = Number(process.env.QOS || 0); exports.onMessage = (topic) => { n++ }`},
		{"usual", `
			const seen = new Map()
			exports.onMessage = (topic, payload) => {
				const reading = JSON.parse(payload.toString())
				seen.set(reading.id, reading)
				console.log('%s: %o', topic, reading)
				publish('answers/' + topic, JSON.stringify({ id: reading.id }))
			}
			setInterval(() => console.log(seen.size), 60_000)`},
	} {
		b.Run(c.name, func(b *testing.B) {
			load := func() *script.Script {
				r := scripttest.New(b, c.source)
				r.Script.Start()
				<-r.Loaded()
				return r.Script
			}
			list := []*script.Script{load()} // what all share
			before := liveHeap()
			for range b.N {
				list = append(list, load())
			}
			b.ReportMetric(float64(liveHeap()-before)/float64(b.N), "live-B/op")
			runtime.KeepAlive(list)
		})
	}
}

func liveHeap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
