package script_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/packetjs"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// readers are statements of handlers, and what these may be lent: of the packet,
// its properties, their user properties and the correlation data the first
// letters. What is kept is shown when the client closes.
var readers = []struct{ lends, body string }{
	{"prub", `const { responseTopic, correlationData, userProperties } = packet.properties; publish(responseTopic, payload, { qos: packet.qos, properties: { correlationData, userProperties: { answered: userProperties.request } } })`},
	{"prub", `if (packet.properties && packet.properties.userProperties) kept.push(packet.properties.userProperties.request)`},
	{"prub", `if (!packet.properties) kept.push(packet.retain, packet.messageId)`},
	{"prub", `kept.push(packet.properties?.responseTopic, packet.properties?.userProperties?.other, packet.properties?.correlationData?.length)`},
	{"prub", `const { properties: { userProperties: { request, missing } }, qos } = packet; kept.push(request, missing, qos)`},
	{"prub", `const { properties = {} } = packet; const { contentType = 'none' } = properties; kept.push(contentType)`},
	{"prub", `const p = packet.properties; const u = p.userProperties; kept.push(u.request, u.other, u.__proto__)`},
	{"prub", `const data = packet.properties.correlationData; kept.push(data.length, data[0], data[99], data.toString('hex'), data.readUInt8(0))`},
	{"prub", `const data = packet.properties.correlationData; kept.push(data.slice(1), data.subarray(1), data.valueOf())`},
	{"prub", `const { correlationData } = packet.properties; const o = { correlationData, also: correlationData }; kept.push(o, o.also === correlationData.valueOf())`},
	{"prub", `const { correlationData: data } = packet.properties; publish('t', data); publish('t', payload, { properties: { correlationData: data } })`},
	{"prub", `const { correlationData: data } = packet.properties; for (const publish of [(...a) => kept.push(a)]) publish('t', data, { a: { data } })`},
	{"prub", `const { correlationData: data } = packet.properties; try { publish('t', 'x', { properties: { data, correlationData: data, userProperties: fails() } }) } catch { kept.push({ data }) }`},
	{"prub", `const { messageExpiryInterval, payloadFormatIndicator, responseTopic } = packet.properties; kept.push(messageExpiryInterval, payloadFormatIndicator, responseTopic)`},
	{"prub", `const { correlationData, responseTopic } = packet.properties; kept.push(JSON.stringify({ correlationData, responseTopic }), JSON.stringify({ in: { data: correlationData } }))`},
	{"p", `kept.push(packet.topic, packet.cmd, packet.properties)`},
	{"p", `const { subscriptionIdentifier } = packet.properties; kept.push(subscriptionIdentifier)`},
	{"p", `const { responseTopic, ...rest } = packet.properties; kept.push(rest)`},
	{"p", `for (const name in packet.properties) kept.push(name)`},
	{"p", `kept.push(packet.properties.toString(), packet.properties.hasOwnProperty('contentType'))`},
	{"p", `kept.push(packet.properties['contentType'])`},
	{"p", `packet.properties.contentType = 'mine'; kept.push(packet.properties.contentType)`},
	{"p", `packet.properties.added ??= 5; kept.push(packet.properties.added)`},
	{"p", `kept.push(delete packet.properties.responseTopic, packet.properties.responseTopic)`},
	{"p", `let o; o = packet.properties; kept.push(o)`},
	{"p", `kept.push(packet.properties || 1)`},
	{"p", `const f = () => p; const p = packet.properties; kept.push(f())`},
	{"p", `let p = packet.properties; kept.push(p.contentType); p = 5`},
	{"p", `let x; ({ contentType: x } = packet.properties); kept.push(x)`},
	{"prb", `const { userProperties } = packet.properties; kept.push(userProperties)`},
	{"prb", `kept.push(Object.keys(packet.properties.userProperties))`},
	{"prb", `const { userProperties: { request, ...others } } = packet.properties; kept.push(request, others)`},
	{"prb", `const { userProperties: u } = packet.properties; kept.push(u['request'])`},
	{"prb", `const { userProperties: u } = packet.properties; kept.push(() => u?.request)`},
	{"prb", `const { userProperties: u } = packet.properties; u.request = 'mine'; kept.push(u.request)`},
	{"prb", `const { userProperties = {} } = packet.properties; kept.push(userProperties.request?.length, { ...userProperties })`},
	{"pru", `const { correlationData } = packet.properties; kept.push(correlationData)`},
	{"pru", `const { correlationData } = packet.properties; kept.push(() => correlationData)`},
	{"pru", `const { correlationData } = packet.properties; kept.push({ ['a']: correlationData }, { __proto__: correlationData }, [correlationData])`},
	{"pru", `const { correlationData } = packet.properties; kept.push(correlationData.buffer, typeof correlationData)`},
	{"pru", `const { correlationData: { length } } = packet.properties; kept.push(length)`},
	{"pru", `const { correlationData: data } = packet.properties; for (const publish of [(...a) => kept.push(a)]) publish(...[1], data)`},
	{"pru", `let { correlationData: data } = packet.properties; const first = data; data = 5; kept.push(first)`},
	{"", `[packet.messageId] = [5]; kept.push(packet.messageId)`},
	{"", `if (packet.qos) ({ a: packet.properties } = { a: 1 }); kept.push(packet.properties)`},
	{"", `for (packet.qos of [5]) kept.push(packet.qos)`},
	{"", `kept.push(packet)`},
	{"", `kept.push(packet.hasOwnProperty('qos'))`},
	{"", `kept.push(() => packet.properties?.contentType)`},
	{"", `class A { x = packet.qos } kept.push(new A().x)`},
	{"", `packet.properties = 5; kept.push(packet.properties)`},
	{"", `with ({ packet: { properties: 5 } }) kept.push(packet.properties)`},
	{"", `{ let packet = { properties: 1 }; kept.push(packet.properties) }`},
	{"", `const { qos, ...rest } = packet; kept.push(qos, rest)`},
}

// requests are messages with properties of many kinds.
func requests() (list []*script.Message) {
	var none, all, few, many packet.Properties
	all = all.AppendString(packet.PropResponseTopic, "r/a").AppendBytes(packet.PropCorrelationData, []byte("\x01\x02data")).
		AppendUser("request", "r1").AppendUser("origin", "bench").AppendString(packet.PropContentType, "é")
	few = few.AppendUser("request", "r2").AppendUser("other", "o").AppendUser("request", "r3").AppendBytes(packet.PropCorrelationData, nil).
		AppendInt(packet.PropSubscriptionIdentifier, 5).AppendInt(packet.PropSubscriptionIdentifier, 6).AppendUser("__proto__", "p")
	many = many.AppendInt(packet.PropMessageExpiryInterval, 70000).AppendInt(packet.PropPayloadFormatIndicator, 1).AppendString(packet.PropResponseTopic, "r/b")
	for i := range 12 {
		many = many.AppendUser(fmt.Sprintf("u%d", i), "v").AppendUser("other", fmt.Sprint(i))
	}
	other := packet.Properties(nil).AppendBytes(packet.PropCorrelationData, []byte("\xffz")).AppendUser("request", "r4").AppendString(packet.PropResponseTopic, "r/c")
	for i, props := range []packet.Properties{all, none, few, all, other, all, many, other} {
		list = append(list, &script.Message{Topic: "in", Version: packet.V5, Packet: &packet.Publish{
			Topic: "in", QoS: byte(i % 2), ID: 7, Payload: fmt.Appendf(nil, "payload %d", i), Properties: props,
		}})
	}
	return list
}

// answered runs a handler on the messages and returns all that came of it.
func answered(t *testing.T, before, body string) (said, lends string) {
	t.Helper()
	r := scripttest.Start(t, before+`
		const kept = [], fails = () => { throw new Error('no') }
		exports.onMessage = function (topic, payload, packet) { `+body+` }
		exports.onClose = () => { for (const k of kept) { const v = typeof k === 'function' ? k() : k; try { console.log(v, JSON.stringify(v)) } catch (e) { console.log(e.message) } } exit() }`)
	for i, letter := range []string{"p", "r", "u", "b"} {
		if script.Lends(r.Script, packetjs.Held(i+1)) { //nolint:gosec // four
			lends += letter
		}
	}
	for _, m := range requests() {
		r.Deliver(m)
	}
	r.Notify(&script.Event{Kind: script.EventClose})
	_, _ = r.Ended()
	for _, p := range r.Host.Published() {
		said += summary(p) + "\n"
	}
	return said + strings.ReplaceAll(r.Console.Text(), r.Dir, ""), lends
}

func TestPacketsThatAreLent(t *testing.T) {
	for _, h := range readers {
		got, lends := answered(t, "", h.body)
		want, none := answered(t, "", h.body+"\nfor (; false;) packet")
		if lends != h.lends || none != "" {
			t.Errorf("%s: lent: %q, want %q; %q", h.body, lends, h.lends, none)
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", h.body, got, want)
		}
	}
}

// TestPacketsThatAreLentToMuch puts the statements together at random.
func TestPacketsThatAreLentToMuch(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0)) //nolint:gosec // it must be repeatable
	for range 150 {
		body := ""
		for range 2 + random.IntN(3) {
			body += "try { " + readers[random.IntN(len(readers)-10)].body + " } catch (e) { kept.push(e.message) }\n"
		}
		got, _ := answered(t, "", body)
		if want, _ := answered(t, "", body+"for (; false;) packet"); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", body, got, want)
		}
	}
}

// TestPacketsWithOtherPrototypes: getters that objects inherit see all of the
// packet, and it is theirs.
func TestPacketsWithOtherPrototypes(t *testing.T) {
	for _, c := range []struct{ before, body string }{
		{`Object.defineProperty(Object.prototype, 'contentType', { get() { kept.push(this); return 'inherited' } })`, `kept.push(packet.properties.contentType)`},
		{`Object.prototype.responseTopic = 'inherited'`, `const { responseTopic } = packet.properties; kept.push(responseTopic)`},
		{`Object.defineProperty(Object.prototype, 'messageId', { get() { kept.push(this); return 5 } })`, `kept.push(packet.messageId, packet.qos)`},
		{`Object.defineProperty(Object.prototype, 'request', { get() { kept.push(this); return 5 } })`, `kept.push(packet.properties.userProperties.request)`},
		{`Object.defineProperty(Object.prototype, 'properties', { get() { kept.push(this); return {} } })`, `kept.push(packet.properties.responseTopic)`},
		{`Buffer.prototype.toJSON = function () { if (kept.length < 20) kept.push(this); return '5' }`, `const { correlationData: data } = packet.properties; kept.push(JSON.stringify({ data }), JSON.stringify({ a: [{ data }] }))`},
		{`const saved = JSON.stringify; JSON.stringify = (o) => { if (kept.length < 20) kept.push(o); return saved(o) }`, `const { correlationData: data, contentType } = packet.properties; kept.push(JSON.stringify({ data }), contentType)`},
		{`Object.defineProperty(Object.prototype, 'request', { set() { kept.push(this) } })`, `kept.push(packet.properties.userProperties.request)`},
	} {
		got, lends := answered(t, c.before, c.body)
		want, _ := answered(t, c.before, c.body+"\nfor (; false;) packet")
		if lends != "prub" || got != want || !strings.Contains(got, "undefined") && !strings.Contains(got, "inherited") && !strings.Contains(got, "5") {
			t.Errorf("%s: lent %s\ngot  %s\nwant %s", c.before, lends, got, want)
		}
	}
}
