package test

import (
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// publish, its messages and its options.

// The whole example of the user's page: QoS 2, all eight properties, alias 100.
func TestPublishTheWholeExample(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		watcher := watch(t, b, "device/#")
		dir, file := write(t, "whole.js", `
module.exports = {
  async onConnect() {
    await publish('device/whole', 'whole example', {
      qos: 2, dup: false, retain: false,
      properties: {
        payloadFormatIndicator: true,
        messageExpiryInterval: 4321,
        topicAlias: 100,
        responseTopic: 'topic',
        correlationData: Buffer.from([1, 2, 3, 4]),
        userProperties: { 'test': 'test' },
        subscriptionIdentifier: 120,
        contentType: 'test',
      },
    })
    console.log('done')
    await publish('device/second', 'still connected', { qos: 1 })
    console.log('still connected')
  },
  onClose() { console.log('close') },
}`)
		p := start(t, dir, "run", "--url", b.url(), file)
		p.expect("done", "still connected")
		watcher.expect("device/whole whole example",
			`contentType "test"`, `correlationData "AQIDBA=="`, "messageExpiryInterval 43*", "payloadFormatIndicator true",
			`responseTopic "topic"`, `userProperties {"test":"test"}`,
			"device/second still connected")
		if p.stdout.count("close") != 0 {
			t.Error("the connection was lost")
		}
		awaitAnywhere(t, p, "*subscriptionIdentifier*")
		awaitAnywhere(t, p, "*topicAlias*")
	})
}

// Before MQTT 5 the properties stay behind, with one warning.
func TestPropertiesBeforeMQTT5(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		watcher := watch(t, b, "old/#")
		dir, file := write(t, "old.js", `
module.exports = {
  async onConnect() {
    for (let i = 0; i < 3; i++) await publish('old/' + i, 'x', { qos: 1, properties: { contentType: 'test' } })
    console.log('done')
  },
}`)
		p := start(t, dir, "run", "--url", b.url(), "--protocol", "3.1.1", file)
		p.expect("done")
		watcher.expect("old/0 x", "old/1 x", "old/2 x")
		awaitAnywhere(t, p, "*properties*")
		if n := p.stderr.count("*properties*"); n != 1 {
			t.Errorf("%d warnings, not one", n)
		}
	})
}

// Every form of a message arrives as its bytes, and onPublish shows it as it
// was published, in the other scripts too.
func TestMessageForms(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		watcher := watch(t, b, "form/#")
		dir, file := write(t, "forms.js", `
const forms = {
  string: 'ABC', buffer: Buffer.from('ABC'), uint8: new Uint8Array([65, 66, 67]),
  int16: new Int16Array([0x4241]), arraybuffer: new Uint8Array([65, 66, 67]).buffer, bytes: [65, 66, 67], empty: '',
}
module.exports = {
  async onConnect() {
    for (const name in forms) await publish('form/' + name, forms[name], { qos: 1 })
    for (const bad of [undefined, null, 1, {}, [256], ['a'], () => 0]) {
      try { await publish('form/bad', bad); console.log('taken', bad) } catch (e) { console.log(e.name, e.message) }
    }
    console.log('done')
  },
  onPublish(topic, message) { console.log('published', topic, Object.prototype.toString.call(message), Buffer.isBuffer(message)) },
}`)
		_, other := write(t, "other.js", `module.exports = { onPublish(topic, message) { console.log(topic, typeof message) } }`)
		p := start(t, dir, "run", "--url", b.url(), file, other)
		watcher.expect("form/string ABC", "form/buffer ABC", "form/uint8 ABC", "form/int16 AB", "form/arraybuffer ABC", "form/bytes ABC", "form/empty ")
		for _, want := range []string{
			"*published form/string ?object String? false", "*published form/buffer ?object Uint8Array? true",
			"*published form/uint8 ?object Uint8Array? *", "*published form/arraybuffer ?object *", "*published form/bytes ?object Array? false",
			"*other*form/string string", "*other*form/buffer object",
			"*TypeError*JSON.stringify*", "*done",
		} {
			mqtttest.Eventually(t, want, func() bool { return p.stdout.count(want) > 0 })
		}
		if n := p.stdout.count("*TypeError*"); n != 7 {
			t.Errorf("%d of 7 bad messages were refused with a TypeError", n)
		}
		if p.stdout.count("*taken*") > 0 {
			t.Error("a bad message was taken")
		}
	})
}

// A wrong option is refused with its name, and costs nothing else.
func TestWrongOptions(t *testing.T) {
	eachBroker(t, func(t *testing.T, b broker) {
		dir, file := write(t, "wrong.js", `
const wrong = [
  ['qos', { qos: 3 }], ['qos', { qos: '1' }], ['retain', { retain: 'yes' }], ['dup', { dup: 1 }],
  ['payloadFormatIndicator', { properties: { payloadFormatIndicator: 1 } }],
  ['messageExpiryInterval', { properties: { messageExpiryInterval: -1 } }],
  ['topicAlias', { properties: { topicAlias: 65536 } }],
  ['responseTopic', { properties: { responseTopic: 'a/#' } }],
  ['correlationData', { properties: { correlationData: 'text' } }],
  ['userProperties', { properties: { userProperties: 'a' } }],
  ['subscriptionIdentifier', { properties: { subscriptionIdentifier: 0.5 } }],
  ['contentType', { properties: { contentType: 5 } }],
  ['properties', { properties: 5 }], ['opts', 5],
]
Object.prototype.qos = 3
module.exports = {
  async onConnect() {
    for (const [name, opts] of wrong) {
      try { await publish('t', 'x', opts); console.log('taken', name) } catch (e) {
        console.log(e.message.includes(name) ? 'refused' : 'unnamed', name, e.name, e.message)
      }
    }
    for (const topic of ['', 'a/+', '#', 5, undefined, 'a\u0000b']) {
      try { await publish(topic, 'x'); console.log('taken', topic) } catch (e) { console.log('refused topic', e.message) }
    }
    await publish('t', 'x', {})
    console.log('done')
  },
  onClose() { console.log('close') },
}`)
		p := start(t, dir, "run", "--url", b.url(), file)
		p.expect("done")
		if n := p.stdout.count("refused *Error*"); n != 14 {
			t.Errorf("%d of 14 options were refused by name", n)
		}
		if n := p.stdout.count("refused topic *"); n != 6 {
			t.Errorf("%d of 6 topics were refused", n)
		}
		for _, never := range []string{"taken*", "unnamed*", "close"} {
			if p.stdout.count(never) > 0 {
				t.Errorf("there is a line %q", never)
			}
		}
	})
}

// What mosquitto is told not to take is refused before it is sent.
func TestServerLimits(t *testing.T) {
	b := newMosquitto(t, "max_qos 1", "retain_available false", "max_packet_size 2000")
	dir, file := write(t, "limits.js", `
module.exports = {
  async onConnect() {
    for (const [what, ...args] of [
      ['qos', 't', 'x', { qos: 2 }], ['retain', 't', 'x', { retain: true }], ['size', 't', 'x'.repeat(3000)],
    ]) {
      try { await publish(...args); console.log('taken', what) } catch (e) { console.log('refused', what, e.message) }
    }
    await publish('t', 'x', { qos: 1 })
    console.log('done')
  },
  onClose() { console.log('close') },
}`)
	p := start(t, dir, "run", "--url", b.url(), file)
	p.expect("refused qos *1*", "refused retain *", "refused size *2000*", "done")
	if p.stdout.count("close") > 0 {
		t.Error("the connection was lost")
	}
}

// The queue for publications is bounded: what does not fit is rejected with
// the limit's name, and what was taken arrives.
func TestOfflineQueueIsBounded(t *testing.T) {
	dir, file := write(t, "flood.js", `
let refused = 0, message = ''
for (let i = 0; i < 30000; i++) publish('t', 'x', { qos: 1 }).catch((e) => { refused++; message = e.message })
setTimeout(() => { console.log('refused', refused > 0 && refused < 30000, message); exit() }, 100)
module.exports = { onConnect() {} }`)
	p := start(t, dir, "run", "--url", "mqtt://127.0.0.1:1", "--reconnect-period", "1h", file)
	p.expect("refused true *queue*")
}
