package script_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// borrowers are the bodies of handlers that do no more with their payload than is
// fine with one that is lent; before them is what the file begins with.
var borrowers = []struct{ before, body string }{
	{"", `publish('out', payload)`},
	{"", `publish('out/' + topic, payload, { qos: 1, retain: true })`},
	{"", `return publish('out', payload)`},
	{"", `publish('', payload)`},
	{"", `publish('out', payload, { qos: 7 }).catch((e) => console.log(e.name, e.message, e.stack.split('\n')[1].trim().split(' ')[1]))`},
	{"", `const p = publish('out', payload); console.log(p instanceof Promise)`},
	{"", `if (topic) publish('out', payload); topic && publish('out', payload)`},
	{"", `console.log(payload.toString(), payload.toString('hex'), payload.toString('utf8', 1, 3), payload.toString('latin1').length)`},
	{"", `try { payload.toString('nonsense') } catch (e) { console.log(e.code, e.message) }`},
	{"", `const length = [1].map((x) => x + 1).length; publish('out', payload, { properties: { get contentType() { publish('inner', topic); return 'x' } } })`},
	{`publish = (t, p, ...rest) => console.log(t, Buffer.isBuffer(p), p, rest)`, `publish('out', payload, 1); publish('out', payload)`},
	{`publish = (t, p) => { p[0] = 65; p.note = 1; return p }`, `const a = publish('out', payload), b = publish('out', payload); console.log(a === b, a.note, payload.toString())`},
	{`publish = 7`, `try { publish('out', payload) } catch (e) { console.log(e.name, e.message) }`},
	{`delete globalThis.publish`, `try { publish('out', payload) } catch (e) { console.log(e.name, e.message) }`},
	{`const publish = (t, p) => console.log(t, p)`, `publish('out', payload)`},
	{`const { publish } = require('mqscript')`, `publish('out', payload)`},
	{
		`const before = Buffer.prototype.toString; Buffer.prototype.toString = function (...a) { this[0] = 66; return 'patched ' + Buffer.isBuffer(this) + before.apply(this, a) }`,
		`console.log(payload.toString()); publish('out', payload)`,
	},
	{`Object.defineProperty(Buffer.prototype, 'toString', { get() { return () => 'got ' + this.length } })`, `console.log(payload.toString())`},
	{`delete Buffer.prototype.toString`, `console.log(payload.toString()); publish('out', payload)`},
	{`let n = 0`, `if (n++ < 3) exports.onMessage(topic, payload.toString()); publish('out', payload)`},
	{`let n = 0`, `console.log(payload.toString()); if (n++ === 0) Buffer.prototype.toString = function () { return 'late ' + this.length }; console.log(payload.toString())`},
	{"", `console.log(payload.toString()); throw new Error(payload.toString())`},
	{"", `publish(payload, payload).catch((e) => console.log(e.message))`},
	{"", `const o = { payload: 1 }; console.log(o.payload, payload.toString())`},
	{"", `console.log(payload.length, payload[0], payload[2], payload[50])`},
	{"", `if (payload.length > 2) console.log(payload.readUInt8(0), payload.readUInt16BE(1), payload.readInt8(payload.length - 1))`},
	{"", `try { payload.readUInt32LE(0) } catch (e) { console.log(e.name, e.code) }`},
	{"", `if (payload.length) payload.writeUInt8(65, 0); console.log(payload.toString())`},
	{"", `console.log(payload.toString(console.log('argument')))`},
	{"let kept = []", `kept.push(payload.slice(1), payload.subarray(0, 2), payload.fill('z', 0, 1)); console.log(kept, kept.map((b) => b.toString()))`},
	{"let kept = []", `kept.push(payload.valueOf()); console.log(kept, kept.every((b, i) => b === kept[i]), new Set(kept).size)`},
	{"let kept = []", `try { payload.missing() } catch (e) { console.log(e.message) } kept.push(payload.map((x) => x + 1)); console.log(kept)`},
	{"const saved = []; Object.defineProperty(Buffer.prototype, 'length', { get() { saved.push(this); return 9 } })", `console.log(payload.length, saved.length, new Set(saved).size); publish('out', payload)`},
	{"const saved = []; Buffer.prototype.readUInt8 = function (n) { saved.push(this); return this[n] }", `console.log(payload.readUInt8(0), new Set(saved).size, saved)`},
	{"Buffer.prototype.toString = Buffer.prototype.subarray; const saved = []", `saved.push(payload.toString()); console.log(saved)`},
	{"const saved = []; Object.defineProperty(Buffer.prototype, 0, { get() { saved.push(this); return 9 } })", `console.log(payload[0], payload[40], saved.length)`},
	{"const saved = []; const publish = (...a) => { saved.push(a) }", `publish(topic, payload); console.log(saved, saved[0][1] === saved.at(-1)[1])`},
	{"const saved = []; globalThis.publish = function (...a) { saved.push(a[1]) }", `publish(topic, payload); console.log(saved)`},
	{"const saved = []; globalThis.publish = new Proxy(publish, { apply: (f, self, a) => { saved.push(a[1]); return f(...a) } })", `publish(topic, payload); console.log(saved)`},
	{"const saved = []; globalThis.publish = publish.bind(null, 'bound')", `publish(payload); console.log(saved)`},
}

// otherHandlers do more with their payload.
var otherHandlers = []string{
	`exports.onMessage = (topic, payload) => { console.log(payload) }`,
	`exports.onMessage = (topic, payload) => { console.log(payload.buffer) }`,
	`exports.onMessage = (topic, payload) => { for (const i of ['length', 'buffer']) console.log(payload[i]) }`,
	`exports.onMessage = (topic, payload) => { payload[0] = 65; console.log(payload.toString()) }`,
	`exports.onMessage = (topic, payload) => { payload.length = 65; console.log(payload.toString()) }`,
	`exports.onMessage = (topic, payload) => { ({ length: payload.length } = topic); console.log(payload.toString()) }`,
	`exports.onMessage = (topic, payload) => { console.log(payload.toString.call(payload)) }`,
	`exports.onMessage = (topic, payload) => { console.log(new payload.constructor(2), delete payload.length) }`,
	`exports.onMessage = (topic, payload) => { console.log(payload?.toString(), payload.toString?.()) }`,
	`exports.onMessage = (topic, payload) => { console.log(String(payload), [...payload].length) }`,
	`exports.onMessage = (topic, payload) => { try { publish.call(null, 'out', payload) } finally { console.log('x') } }`,
	`exports.onMessage = (topic, payload, packet) => { console.log(payload.toString(), Object.keys(packet)) }`,
	`exports.onMessage = (topic, payload, packet) => { console.log(payload.toString(), packet.other) }`,
	`exports.onMessage = (topic, payload, packet) => { packet.qos = 1; console.log(payload.toString(), packet.qos) }`,
	`exports.onMessage = (topic, payload, packet) => { console.log(payload.toString(), packet['qos']) }`,
	`exports.onMessage = (topic, payload, { qos, ...rest }) => { console.log(payload.toString(), qos, Object.keys(rest)) }`,
	`exports.onMessage = (topic, payload, { ['qos']: qos }) => { console.log(payload.toString(), qos) }`,
	`exports.onMessage = (topic, payload, { qos } = {}) => { console.log(payload.toString(), qos) }`,
	`exports.onMessage = function* (topic, payload) { yield payload.length } ; console.log('generator')`,
	`exports.onMessage = (topic, payload) => { const f = () => { const o = { payload }; console.log(o) }; f() }`,
	`exports.onMessage = (topic, payload, ...rest) => { console.log(payload.toString(), rest) }`,
	`exports.onMessage = (topic, payload) => { Promise.resolve().then(() => console.log(payload.toString())) }`,
	`exports.onMessage = (topic, payload) => { class A { x = payload.toString() }; console.log(new A().x) }`,
	`exports.onMessage = async (topic, payload) => { await null; console.log(payload.toString()) }`,
	`exports.onMessage = async function (topic, payload) { await null; publish('out', payload) }`,
	`exports.onMessage = function (topic, payload) { console.log(arguments[1], payload.toString()) }`,
	`exports.onMessage = function (topic, payload) { console.log(eval('payload'), payload.toString()) }`,
	`exports.onMessage = (topic, payload = 1) => { console.log(payload.toString()) }`,
	`exports.onMessage = (topic, payload, other = payload) => { console.log(payload.toString(), other) }`,
	`exports.onMessage = (topic, payload, packet) => { console.log(payload.toString(), packet.payload) }`,
	`exports.onMessage = (topic, payload) => { const o = { payload }; console.log(o, payload.toString()) }`,
	`exports.onMessage = (topic, payload) => { publish('out', payload, { properties: { correlationData: payload } }) }`,
	`exports.onMessage = (topic, payload) => { publish(...[topic, 'x'], payload) }`,
	`exports.onMessage = (topic, payload) => { payload = payload.toString(); console.log(payload) }`,
	`exports.onMessage = (topic, payload) => { with ({ payload: 'own' }) console.log(payload.toString()) }`,
	`exports.onMessage = (topic, payload) => { { let payload = 'own'; console.log(payload.toString()) } }`,
	`exports.onMessage = (topic, { length }) => { console.log(length) }`,
	"exports.onMessage = eval(`(topic, payload) => { console.log(payload.toString()) }`); const other = { onMessage: (topic, payload) => { console.log(payload.toString()) } }",
	"const same = (topic, payload) => { publish('out', payload) }; same.onMessage = (topic, payload) => { publish('out', payload) }; exports.onMessage = new Function('return ' + same)()",
	`const own = { onMessage(topic, payload) { console.log(payload.toString()) } }; exports.onMessage = own.onMessage.bind(null)`,
	`const own = { onMessage(topic, payload) { console.log(payload.toString()) } }; exports.onMessage = new Proxy(own.onMessage, { apply: (f, self, args) => { console.log(args); return f(...args) } })`,
}

// handled runs a script on some messages and returns all that came of it.
func handled(t *testing.T, source string) (said string, lent bool) {
	t.Helper()
	r := scripttest.Start(t, source+"\nexports.onClose = () => exit()")
	lent = script.Borrows(r.Script)
	for _, payload := range []string{"abc", "", "1234567890", "ä\xff\x00"} {
		r.Message("in", payload, 0)
	}
	r.Notify(&script.Event{Kind: script.EventClose})
	_, _ = r.Ended()
	var b strings.Builder
	for _, p := range r.Host.Published() {
		fmt.Fprintf(&b, "%s %q %v %d %v\n", p.Packet.Topic, p.Packet.Payload, p.Form, p.Packet.QoS, p.Packet.Properties)
	}
	return b.String() + strings.ReplaceAll(r.Console.Text(), r.Dir, ""), lent
}

func TestPayloadsThatAreLent(t *testing.T) {
	for _, h := range borrowers {
		source := func(more string) string {
			return h.before + "\nexports.onMessage = function (topic, payload) { " + h.body + more + "\n}"
		}
		got, lent := handled(t, source(""))
		want, made := handled(t, source("\nfor (; false;) payload"))
		if !lent || made {
			t.Errorf("%s: lent: %v, %v", h.body, lent, made)
		}
		if got != want {
			t.Errorf("%s\n%s\ngot  %s\nwant %s", h.before, h.body, got, want)
		}
	}
	for _, form := range []string{
		`module.exports = { onMessage(topic, payload) { publish('out', payload) } }`,
		`module.exports = { onMessage: (topic, payload) => publish('out', payload) }`,
		`module.exports = { onMessage: function named(topic, payload) { publish('out', payload) } }`,
		`exports.onMessage = (topic, payload) => { console.log(payload.toString()) } // ü`,
		`function onMessage(topic, payload) { publish('out', payload) } module.exports = { onMessage }`,
		`const text = 'grün'; exports.onMessage = (t, p) => { publish('ü', p) }`,
		`const x: number = 1; export function onMessage(topic: string, payload: Buffer) { publish('out', payload) }`,
	} {
		file := scripttest.File("script.js")
		if strings.Contains(form, "export function") {
			file = scripttest.File("script.ts")
		}
		if r := scripttest.Start(t, form, file); !script.Borrows(r.Script) {
			t.Errorf("%s: is not lent its payload\n%s", form, r.Console.Text())
		}
	}
}

func TestPayloadsThatAreNotLent(t *testing.T) {
	for _, source := range otherHandlers {
		said, lent := handled(t, source)
		if lent {
			t.Errorf("%s: is lent its payload", source)
		}
		if strings.Contains(said, "[error]") || said == "" {
			t.Errorf("%s: %s", source, said)
		}
	}
}
