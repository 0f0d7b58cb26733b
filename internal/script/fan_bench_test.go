package script_test

import (
	"runtime"
	"strconv"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// BenchmarkFan measures the way of a message to many scripts, each of which
// counts it.
func BenchmarkFan(b *testing.B) {
	for _, n := range []int{8, 100} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			scripts := make([]*scripttest.Run, n)
			for i := range scripts {
				scripts[i] = scripttest.New(b, `let n = 0; exports.onMessage = (topic) => { n++ }; exports.onClose = () => exit()`,
					func(o *script.Options) { o.InboxMessages = 1 << 20 })
				scripts[i].Script.Start()
				<-scripts[i].Loaded()
			}
			b.ReportAllocs()
			b.ResetTimer()
			for left := b.N; left > 0; left -= min(left, 256) {
				for range min(left, 256) {
					m := &script.Message{Topic: "sensors/kitchen", Version: packet.V5, Packet: &packet.Publish{Topic: "sensors/kitchen"}}
					for _, s := range scripts {
						s.Deliver(m)
					}
				}
				for _, s := range scripts {
					for waiting, _ := s.Backlog(); waiting > 1024; waiting, _ = s.Backlog() {
						runtime.Gosched()
					}
				}
			}
			for _, s := range scripts {
				s.Notify(&script.Event{Kind: script.EventClose})
				<-s.Done()
			}
			b.StopTimer()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/handler")
		})
	}
}
