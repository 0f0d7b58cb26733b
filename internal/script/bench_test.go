package script_test

import (
	"fmt"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// benchMessage measures the way of a message from Deliver to the end of its
// handler.
func benchMessage(b *testing.B, source string, options ...scripttest.Option) {
	b.Helper()
	benchMessages(b, source+"\nexports.onClose = () => exit()", []*script.Message{{
		Topic: "sensors/kitchen/temperature", Version: packet.V5, Packet: &packet.Publish{
			Topic: "sensors/kitchen/temperature", Payload: []byte(`{"id":"sensor-1","value":21.5,"unit":"C","at":1700000000000}`),
		},
	}}, options...)
}

// benchMessages is benchMessage for messages in turn and a script that exits
// when the client closes.
func benchMessages(b *testing.B, source string, messages []*script.Message, options ...scripttest.Option) {
	b.Helper()
	r := scripttest.New(b, source, append(options, func(o *script.Options) { o.InboxMessages = 1 << 20 })...)
	r.Host.Forget = true
	r.Script.Start()
	<-r.Loaded()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		for !r.Deliver(messages[i%len(messages)]) {
			r.Until("room", func() bool { n, _ := r.Backlog(); return n < 1<<14 })
		}
	}
	r.Notify(&script.Event{Kind: script.EventClose})
	<-r.Done()
	b.StopTimer()
	if s := r.Stats(); s.MessagesHandled != uint64(b.N) {
		b.Fatalf("%+v\n%s", s, r.Console.Text())
	}
}

func BenchmarkHandlerWithBuffer(b *testing.B) {
	benchMessage(b, `let n = 0; exports.onMessage = (topic, payload) => { n += payload.length }`)
}

func BenchmarkHandlerWithPacket(b *testing.B) {
	benchMessage(b, `let n = 0; exports.onMessage = (topic, payload, packet) => { n += packet.qos }`)
}

func BenchmarkAsyncHandler(b *testing.B) {
	benchMessage(b, `let n = 0; exports.onMessage = async (topic, payload) => { await null; n += payload.length }`)
}

func BenchmarkHandlerThatParsesJSON(b *testing.B) {
	benchMessage(b, `let n = 0; exports.onMessage = (topic, payload) => { n += JSON.parse(payload.toString()).value }`)
}

func BenchmarkHandlerWithTopicAlone(b *testing.B) {
	benchMessage(b, `let n = 0; exports.onMessage = (topic) => { n++ }`)
}

func BenchmarkHandlerThatAnswersJSON(b *testing.B) {
	benchMessage(b, `let n = 0; exports.onMessage = (topic, payload) => {
		const reading = JSON.parse(payload.toString())
		publish('out/json', JSON.stringify({ device: reading.id, alarm: reading.value > 25, n: n++ }))
	}`)
}

func BenchmarkHandlerThatReadsNumbers(b *testing.B) {
	benchMessage(b, `let sum = 0; exports.onMessage = (topic, frame) => {
		sum += frame.readUInt8(2) + frame.readUInt16BE(4) + frame.readInt32LE(8) + frame.readFloatBE(16) + frame.readDoubleLE(24)
	}`)
}

func BenchmarkHandlerThatSplitsTopics(b *testing.B) {
	benchMessage(b, `let n = 0; exports.onMessage = (topic, payload) => {
		const levels = topic.split('/')
		if (levels[0] === 'sensors' && topic.startsWith('sensors/') && topic.indexOf('kitchen') > 0) n += levels.length
	}`)
}

func BenchmarkHandlerWithState(b *testing.B) {
	benchMessage(b, `const devices = new Map(); exports.onMessage = (topic, payload) => {
		const text = payload.toString(), value = Number(text.slice(1, text.indexOf(',')).length)
		const device = devices.get(topic)
		if (device === undefined) { devices.set(topic, { seen: 1, last: value }); return }
		device.seen++
		device.last = value
	}`)
}

func BenchmarkHandlerWithRules(b *testing.B) {
	benchMessage(b, `let n = 0
		const rules = Array.from({ length: 20 }, (_, i) => ({ filter: ['sensors', i === 19 ? 'kitchen' : 'room' + i, '+', '#'] }))
		const matches = (filter, levels) => {
			for (let i = 0; i < filter.length; i++) {
				if (filter[i] === '#') return true
				if (i >= levels.length) return false
				if (filter[i] !== '+' && filter[i] !== levels[i]) return false
			}
			return filter.length === levels.length
		}
		exports.onMessage = (topic, payload) => {
			const levels = topic.split('/')
			for (const rule of rules) if (matches(rule.filter, levels)) { n++; return }
		}`)
}

func BenchmarkHandlerWithTopicMap(b *testing.B) {
	benchMessage(b, `let n = 0
		const { TopicMap } = require('mqscript')
		const rules = new TopicMap(Array.from({ length: 20 }, (_, i) => ['sensors/' + (i === 19 ? 'kitchen' : 'room' + i) + '/+/#', i]))
		exports.onMessage = (topic, payload) => {
			if (rules.first(topic) === 19) n++
		}`)
}

func BenchmarkEcho(b *testing.B) {
	benchMessage(b, `exports.onMessage = (topic, payload) => { publish('echo/' + topic, payload) }`)
}

func BenchmarkPublish(b *testing.B) {
	for _, c := range []struct{ name, call string }{
		{"string", `publish('t', 'hello')`},
		{"buffer qos 1", `publish('t', buf, { qos: 1 })`},
		{"properties", `publish('t', buf, { qos: 1, properties: { contentType: 'text/plain', userProperties: { a: 'b' } } })`},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := scripttest.New(b, fmt.Sprintf(`
				const buf = Buffer.from('hello'); let n = 0
				function step() {
					for (let i = 0; i < 100 && n < %[1]d; i++, n++) %[2]s
					if (n < %[1]d) setImmediate(step); else exit()
				}
				step()`, b.N, c.call))
			r.Host.Forget = true
			b.ReportAllocs()
			b.ResetTimer()
			r.Script.Start()
			<-r.Done()
		})
	}
}

func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		r := scripttest.New(b, `exit()`)
		r.Script.Start()
		<-r.Done()
	}
}
