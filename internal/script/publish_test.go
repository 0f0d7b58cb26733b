package script_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// publishing is a call of publish and what the host gets of it.
type publishing struct {
	call string
	want string // payload in hex, form, then what is not the default
}

// summary writes a request in the form of publishing.want.
func summary(r *script.PublishRequest) string {
	p := r.Packet
	text := fmt.Sprintf("%s %x %d", p.Topic, p.Payload, r.Form)
	if p.QoS > 0 {
		text += fmt.Sprintf(" qos%d", p.QoS)
	}
	if p.Retain {
		text += " retain"
	}
	if p.Dup {
		text += " dup"
	}
	if r.WhenStored {
		text += " stored"
	}
	for prop := range p.Properties.All() {
		text += fmt.Sprintf(" %d=", prop.ID)
		switch prop.ID {
		case packet.PropUserProperty:
			text += fmt.Sprintf("%s:%s", prop.Key, prop.Bytes)
		case packet.PropCorrelationData:
			text += hex.EncodeToString(prop.Bytes)
		case packet.PropContentType, packet.PropResponseTopic:
			text += string(prop.Bytes)
		default:
			text += fmt.Sprint(prop.Int)
		}
	}
	return text
}

func TestPublishArguments(t *testing.T) {
	for _, c := range []publishing{
		{`publish('t', 'text')`, "t 74657874 1"},
		{`publish('t', '')`, "t  1"},
		{`publish('t', 'é€😀')`, "t c3a9e282acf09f9880 1"},
		{`publish('t', Buffer.from('ab'))`, "t 6162 0"},
		{`publish('t', Buffer.from('abcd').slice(1, 3))`, "t 6263 0"},
		{`publish('t', new Uint8Array([1, 2]))`, "t 0102 2"},
		{`publish('t', new Uint8Array(new ArrayBuffer(4), 1, 2))`, "t 0000 2"},
		{`publish('t', new Uint16Array([1, 256]))`, "t 01000001 2"},
		{`publish('t', new Float64Array([1]))`, "t 000000000000f03f 2"},
		{`publish('t', new DataView(new ArrayBuffer(2)))`, "t 0000 2"},
		{`publish('t', new Uint8Array([1, 2, 3]).buffer)`, "t 010203 3"},
		{`publish('t', [1, 2, 255])`, "t 0102ff 4"},
		{`publish('t', [])`, "t  4"},
		{`publish('t', 'x', undefined)`, "t 78 1"},
		{`publish('t', 'x', null)`, "t 78 1"},
		{`publish('t', 'x', {})`, "t 78 1"},
		{`publish('t', 'x', { qos: 1, retain: true, dup: true })`, "t 78 1 qos1 retain dup"},
		{`publish('t', 'x', { qos: 2, retain: false, dup: undefined, other: 1 })`, "t 78 1 qos2"},
		{`publish('t', 'x', { qos: 1, resolveWhen: 'stored' })`, "t 78 1 qos1 stored"},
		{`publish('t', 'x', { qos: 1, resolveWhen: 'acknowledged' })`, "t 78 1 qos1"},
		{`publish('t', 'x', { properties: {} })`, "t 78 1"},
		{`publish('t', 'x', { properties: undefined })`, "t 78 1"},
		{`publish('t', 'x', { properties: { payloadFormatIndicator: false, messageExpiryInterval: 0, contentType: '' } })`, "t 78 1 1=0 2=0 3="},
		{`publish('t', 'x', { properties: { messageExpiryInterval: 4294967295, topicAlias: 65535, subscriptionIdentifier: 268435455 } })`, "t 78 1 2=4294967295 35=65535 11=268435455"},
		{`publish('t', 'x', { properties: { userProperties: { b: '1', a: ['2', '3'], 7: '4', __proto__: { z: '5' } } } })`, "t 78 1 38=7:4 38=b:1 38=a:2 38=a:3"},
		{`publish('t', 'x', { properties: { userProperties: { ['__proto__']: 'p', empty: '', none: [] } } })`, "t 78 1 38=__proto__:p 38=empty:"},
		{`publish('t', 'x', { properties: { correlationData: new Uint8Array([9]).buffer, responseTopic: 'r/s' } })`, "t 78 1 9=09 8=r/s"},
		{
			`publish('a', 'x', { qos: 2, dup: false, retain: false, properties: { payloadFormatIndicator: true, messageExpiryInterval: 4321, topicAlias: 100, responseTopic: 'topic', correlationData: Buffer.from([1, 2, 3, 4]), userProperties: { 'test': 'test' }, subscriptionIdentifier: 120, contentType: 'test' } })`,
			"a 78 1 qos2 1=1 2=4321 35=100 8=topic 9=01020304 38=test:test 11=120 3=test",
		},
		{`Object.prototype.qos = 1; Object.prototype.retain = true; Object.prototype.properties = { contentType: 'polluted' }; publish('t', 'x', {})`, "t 78 1"},
		{`Object.prototype.userProperties = { a: 'b' }; publish('t', 'x', { properties: { contentType: 'c' } })`, "t 78 1 3=c"},
		{`publish('t', 'x', Object.create({ qos: 2 }))`, "t 78 1"},
		{`class O { constructor() { this.qos = 1 } get retain() { return true } }; publish('t', 'x', new O())`, "t 78 1 qos1"},
		{`publish('t', 'x', { get qos() { return 1 } })`, "t 78 1 qos1"},
		{`const b = Buffer.from('ab'); publish('t', b, { get qos() { b[0] = 0; return 1 } })`, "t 6162 0 qos1"},
		{`publish(String.raw` + "`ü/世界`" + `, 'x')`, "ü/世界 78 1"},
		{`const b = Buffer.from('ab'); publish('t', b); b[0] = 0`, "t 6162 0"},
		{`const b = Buffer.from('ab'); publish('t', 'x', { properties: { correlationData: b } }); b[0] = 0`, "t 78 1 9=6162"},
	} {
		r := scripttest.New(t, c.call+"; setTimeout(exit, 1)")
		r.Script.Start()
		if state, err := r.Ended(); state != script.StateExited {
			t.Errorf("%s: %v", c.call, err)
			continue
		}
		sent := r.Host.Published()
		if len(sent) != 1 || r.Console.Text() != "" {
			t.Errorf("%s: %d published; console %s", c.call, len(sent), r.Console.Text())
			continue
		}
		if got := summary(sent[0]); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.call, got, c.want)
		}
	}
}

func TestPublishRefusals(t *testing.T) {
	const bytesRule = "an array as message must hold bytes, whole numbers from 0 to 255, but "
	for _, c := range []struct{ arguments, want string }{
		{`'t', { a: 1 }`, "TypeError publish: message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not an object; use JSON.stringify(message) to publish it as JSON"},
		{`'t', new Map()`, "TypeError publish: message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not an object; use JSON.stringify(message) to publish it as JSON"},
		{`'t', 5`, "TypeError publish: message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not the number 5; use String(message) to publish it as text"},
		{`'t', true`, "TypeError publish: message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not true; use String(message) to publish it as text"},
		{`'t', null`, "TypeError publish: message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not null"},
		{`'t'`, "TypeError publish: message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not undefined"},
		{`'t', () => {}`, "TypeError publish: message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not a function"},
		{`'t', Symbol('s')`, "TypeError publish: message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not a symbol; use String(message) to publish it as text"},
		{`'t', [1, 256]`, "TypeError publish: " + bytesRule + "message[1] is the number 256; use JSON.stringify(message) to publish it as JSON"},
		{`'t', [1.5]`, "TypeError publish: " + bytesRule + "message[0] is the number 1.5; use JSON.stringify(message) to publish it as JSON"},
		{`'t', [1, , 2]`, "TypeError publish: " + bytesRule + "message[1] is undefined; use JSON.stringify(message) to publish it as JSON"},
		{`'t', ['a']`, `TypeError publish: ` + bytesRule + `message[0] is the string "a"; use JSON.stringify(message) to publish it as JSON`},
		{`5, 'x'`, "TypeError publish: topic must be a string, not the number 5"},
		{`undefined, 'x'`, "TypeError publish: topic must be a string, not undefined"},
		{`'', 'x'`, "TypeError publish: topic is not a topic to publish to: "},
		{`'a/+', 'x'`, "TypeError publish: topic is not a topic to publish to: "},
		{`'a/#', 'x'`, "TypeError publish: topic is not a topic to publish to: "},
		{`'a\0b', 'x'`, "TypeError publish: topic is not a topic to publish to: "},
		{`'a'.repeat(65536), 'x'`, "TypeError publish: topic is not a topic to publish to: "},
		{`'t', 'x', 1`, "TypeError publish: opts must be an object, not the number 1"},
		{`'t', 'x', () => {}`, "TypeError publish: opts must be an object, not a function"},
		{`'t', 'x', []`, "TypeError publish: opts must be an object, not an array"},
		{`'t', 'x', { get qos() { throw new TypeError('mine') } }`, "TypeError mine"},
		{`'t', 'x', { get properties() { throw 'a text' } }`, "Error a text"},
		{`'t', Object.defineProperty([1], 0, { get() { throw new RangeError('mine') } })`, "RangeError mine"},
		{`'t', 'x', { qos: 3 }`, "RangeError publish: opts.qos must be a whole number from 0 to 2, not the number 3"},
		{`'t', 'x', { resolveWhen: 'sent' }`, `TypeError publish: opts.resolveWhen must be one of 'acknowledged', 'stored', not the string "sent"`},
		{`'t', 'x', { resolveWhen: 1 }`, "TypeError publish: opts.resolveWhen must be one of 'acknowledged', 'stored', not the number 1"},
		{`'t', 'x', { qos: -1 }`, "RangeError publish: opts.qos must be a whole number from 0 to 2, not the number -1"},
		{`'t', 'x', { qos: 1.5 }`, "RangeError publish: opts.qos must be a whole number from 0 to 2, not the number 1.5"},
		{`'t', 'x', { qos: NaN }`, "RangeError publish: opts.qos must be a whole number from 0 to 2, not the number NaN"},
		{`'t', 'x', { qos: '1' }`, `TypeError publish: opts.qos must be a whole number from 0 to 2, not the string "1"`},
		{`'t', 'x', { qos: 1n }`, `TypeError publish: opts.qos must be a whole number from 0 to 2, not the bigint 1n`},
		{`'t', 'x', { qos: null }`, `TypeError publish: opts.qos must be a whole number from 0 to 2, not null`},
		{`'t', 'x', { retain: 1 }`, "TypeError publish: opts.retain must be true or false, not the number 1"},
		{`'t', 'x', { dup: 'yes' }`, `TypeError publish: opts.dup must be true or false, not the string "yes"`},
		{`'t', 'x', { properties: 1 }`, "TypeError publish: opts.properties must be an object, not the number 1"},
		{`'t', 'x', { properties: { payloadFormatIndicator: 1 } }`, "TypeError publish: opts.properties.payloadFormatIndicator must be true or false, not the number 1"},
		{`'t', 'x', { properties: { messageExpiryInterval: 4294967296 } }`, "RangeError publish: opts.properties.messageExpiryInterval must be a whole number from 0 to 4294967295, not the number 4294967296"},
		{`'t', 'x', { properties: { messageExpiryInterval: '5' } }`, `TypeError publish: opts.properties.messageExpiryInterval must be a whole number from 0 to 4294967295, not the string "5"`},
		{`'t', 'x', { properties: { topicAlias: 0 } }`, "RangeError publish: opts.properties.topicAlias must be a whole number from 1 to 65535, not the number 0"},
		{`'t', 'x', { properties: { responseTopic: 5 } }`, "TypeError publish: opts.properties.responseTopic must be a string, not the number 5"},
		{`'t', 'x', { properties: { responseTopic: 'a/#' } }`, "TypeError publish: opts.properties.responseTopic is not a topic to publish to: "},
		{`'t', 'x', { properties: { correlationData: 'text' } }`, `TypeError publish: opts.properties.correlationData must be a Buffer, not the string "text"`},
		{`'t', 'x', { properties: { correlationData: Buffer.alloc(65536) } }`, "RangeError publish: opts.properties.correlationData is longer than 65535 bytes"},
		{`'t', 'x', { properties: { userProperties: 'x' } }`, `TypeError publish: opts.properties.userProperties must be an object, not the string "x"`},
		{`'t', 'x', { properties: { userProperties: { a: 1 } } }`, "TypeError publish: opts.properties.userProperties.a must be a string or an array of strings, not the number 1"},
		{`'t', 'x', { properties: { userProperties: { a: ['x', 1] } } }`, "TypeError publish: opts.properties.userProperties.a[1] must be a string, not the number 1"},
		{`'t', 'x', { properties: { userProperties: { a: 'x'.repeat(65536) } } }`, "RangeError publish: opts.properties.userProperties.a is longer than 65535 bytes"},
		{`'t', 'x', { properties: { subscriptionIdentifier: 268435456 } }`, "RangeError publish: opts.properties.subscriptionIdentifier must be a whole number from 1 to 268435455, not the number 268435456"},
		{`'t', 'x', { properties: { contentType: null } }`, "TypeError publish: opts.properties.contentType must be a string, not null"},
		{`'t', 'x', { properties: { contentType: 'a\0' } }`, "TypeError publish: opts.properties.contentType must not contain the character U+0000"},
		{`'t', 'x', { get qos() { throw new EvalError('getter') } }`, "EvalError getter"},
	} {
		r := scripttest.New(t, `(async () => { try { await publish(`+c.arguments+`); console.log('no error') } catch (e) { console.log(e.name, e.message, e instanceof Error) } exit() })()`)
		r.Script.Start()
		_, _ = r.Ended()
		got := r.Console.Text()
		if !strings.HasPrefix(got, c.want) || !strings.HasSuffix(got, " true") {
			t.Errorf("publish(%s)\n got %s\nwant %s", c.arguments, got, c.want)
		}
		if n := len(r.Host.Published()); n != 0 {
			t.Errorf("publish(%s): %d published", c.arguments, n)
		}
	}
}

func TestPublishPromise(t *testing.T) {
	r := scripttest.New(t, `
		const show = name => [v => console.log(name, 'resolved', v), e => console.log(name, e.constructor.name, e.name, e.message, e.code, e instanceof Error)]
		publish('a', 'x').then(...show('a')); publish('b', 'x').then(...show('b')); publish('c', 'x').then(...show('c'))`)
	r.Host.Hold = true
	r.Script.Start()
	r.Until("publishes", func() bool { return len(r.Host.Published()) == 3 })
	sent := r.Host.Published()
	r.PublishDone(sent[2].ID, &script.ClientError{Name: "Error", Message: "client disconnecting"})
	r.PublishDone(sent[1].ID, &script.ClientError{Name: "ErrorWithReasonCode", Message: "Publish error: Quota exceeded", Reason: packet.QuotaExceeded, HasReason: true})
	r.PublishDone(sent[0].ID, nil)
	r.PublishDone(sent[0].ID, nil)
	r.PublishDone(999, nil)
	r.Prints("c Error Error client disconnecting undefined true\n" +
		"b ErrorWithReasonCode ErrorWithReasonCode Publish error: Quota exceeded 151 true\n" +
		"a resolved undefined")
	if s := r.Stats(); s.Publishes != 3 {
		t.Errorf("%+v", s)
	}
}

func TestRefusalOfTheHost(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("the queue is full (1000 messages)"), "Error the queue is full (1000 messages) undefined"},
		{&script.ClientError{Name: "Error", Message: "full", Code: "EQUEUE"}, "Error full EQUEUE"},
		{fmt.Errorf("publishing: %w", &script.ClientError{Name: "ErrorWithReasonCode", Message: "no retain", Reason: packet.RetainNotSupported, HasReason: true}), "ErrorWithReasonCode no retain 154"},
	} {
		r := scripttest.New(t, `publish('t', 'x').catch(e => { console.log(e.name, e.message, e.code); exit() })`)
		r.Host.Refuse = c.err
		r.Script.Start()
		_, _ = r.Ended()
		if got := r.Console.Text(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestUnhandledRejectionOfPublishIsReportedOnce(t *testing.T) {
	r := scripttest.New(t, `publish('t', 'x'); exports.onClose = () => console.log('alive')`)
	r.Host.Hold = true
	r.Script.Start()
	r.Until("publish", func() bool { return len(r.Host.Published()) == 1 })
	r.PublishDone(r.Host.Published()[0].ID, &script.ClientError{Name: "Error", Message: "no"})
	r.Until("report", func() bool { return r.Console.Text() != "" })
	r.Notify(&script.Event{Kind: script.EventClose})
	r.Prints("[error] Uncaught (in promise) [Error: no]\nalive")
}
