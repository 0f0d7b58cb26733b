package script_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestSubscribe(t *testing.T) {
	r := scripttest.Start(t, `
		const { subscribe, unsubscribe } = require('mqscript')
		;(async () => {
			console.log(await subscribe('a/#'))
			console.log(await subscribe(['a', 'b/+'], { qos: 1 }))
			console.log(await subscribe({ a: { qos: 2 }, b: {} }, { qos: 1, nl: true, rap: true, rh: 2, properties: { subscriptionIdentifier: 5, userProperties: { k: 'v' } } }))
			console.log(await unsubscribe('a/#'), await unsubscribe(['a', 'b']))
			for (const f of [() => subscribe('a/#/b'), () => subscribe(5), () => subscribe([]), () => subscribe('a', { qos: 3 }), () => subscribe('a', { nl: 1 }), () => unsubscribe(['a', 7])]) await f().catch(e => console.log(e.name, e.message))
			exit()
		})()`)
	if state, err := r.Ended(); state != script.StateExited {
		t.Fatal(err)
	}
	want := `[ { topic: 'a/#', qos: 0 } ]
[ { topic: 'a', qos: 1 }, { topic: 'b/+', qos: 1 } ]
[ { topic: 'a', qos: 2 }, { topic: 'b', qos: 1 } ]
undefined undefined
TypeError subscribe: filter is not a topic filter: REASON
TypeError subscribe: filter must be a string, not the number 5
TypeError subscribe: filter names no topic filter
RangeError subscribe: opts.qos must be a whole number from 0 to 2, not the number 3
TypeError subscribe: opts.nl must be true or false, not the number 1
TypeError unsubscribe: filter[1] must be a string, not the number 7`
	got := regexp.MustCompile(`(not a topic filter: ).*`).ReplaceAllString(r.Console.Text(), "${1}REASON")
	if got != want {
		t.Errorf("console:\n%s\nwant:\n%s", got, want)
	}
	last := r.Host.Subscribed()[2]
	if s := fmt.Sprintf("%+v", last.Subscriptions); s != "[{Filter:a QoS:2 NoLocal:true RetainAsPublished:true RetainHandling:2} {Filter:b QoS:1 NoLocal:true RetainAsPublished:true RetainHandling:2}]" {
		t.Errorf("subscriptions %s", s)
	}
	if last.Properties.Int(packet.PropSubscriptionIdentifier, 0) != 5 || last.Properties.String(packet.PropUserProperty) != "v" {
		t.Errorf("properties %v", last.Properties)
	}
	if u := r.Host.Unsubscribed(); len(u) != 2 || fmt.Sprint(u[1].Filters) != "[a b]" {
		t.Errorf("unsubscribed %+v", u)
	}
}

func TestSubscribeFailures(t *testing.T) {
	r := scripttest.New(t, `
		const { subscribe, unsubscribe } = require('mqscript')
		for (const p of [subscribe(['a', 'b']), subscribe('c'), unsubscribe('d')]) p.catch(e => console.log(e.name, e.message, e.code))`)
	r.Host.Hold = true
	r.Script.Start()
	r.Until("calls", func() bool { return len(r.Host.Unsubscribed()) == 1 })
	s := r.Host.Subscribed()
	r.SubscribeDone(s[0].ID, []packet.ReasonCode{1, packet.NotAuthorized}, nil)
	r.SubscribeDone(s[1].ID, nil, &script.ClientError{Name: "Error", Message: "the client has ended"})
	r.SubscribeDone(r.Host.Unsubscribed()[0].ID, []packet.ReasonCode{packet.UnspecifiedError}, nil)
	r.SubscribeDone(12345, nil, nil)
	r.Prints("ErrorWithReasonCode Subscribe error: Not authorized (b) 135\nError the client has ended undefined\nErrorWithReasonCode Unsubscribe error: Unspecified error (d) 128")
}

func TestNextMessage(t *testing.T) {
	r := scripttest.Start(t, `
		const { nextMessage } = require('mqscript')
		;(async () => {
			const m = await nextMessage('a/+')
			console.log(m.topic, String(m.payload), m.packet.qos, m.packet.payload === m.payload)
			await nextMessage('b', { timeout: 5 }).catch(e => console.log(e.name, e.code, e.message))
			const both = await Promise.all([nextMessage('c', { timeout: 60000 }), nextMessage('#')])
			console.log(both.map(m => m.topic))
			await nextMessage('b', { timeout: -1 }).catch(e => console.log(e.name, e.message))
			await nextMessage('').catch(e => console.log(e.name))
			console.log('idle')
		})()`)
	if !r.WantsMessages() {
		t.Error("it wants no messages")
	}
	r.Message("x", "not this", 0)
	m := r.Message("a/b", "this", 1)
	r.Until("timeout", func() bool { return strings.Contains(r.Console.Text(), "ETIMEDOUT") })
	r.Message("c", "", 0)
	r.Prints("a/b this 1 true\nError ETIMEDOUT nextMessage: no message on 'b' within 5 ms\n[ 'c', 'c' ]\nRangeError nextMessage: opts.timeout must be a whole number from 1 to 2147483647, not the number -1\nTypeError\nidle")
	r.Until("no wish", func() bool { return !r.WantsMessages() })
	if s := r.Settled(); len(s) != 1 || s[0] != m {
		t.Errorf("settled %v", s)
	}
}

func TestRequest(t *testing.T) {
	r := scripttest.Start(t, `
		const { request } = require('mqscript')
		const show = name => [m => console.log(name, String(m.payload)), e => console.log(name, e.name, e.message)]
		request('svc', 'one', { qos: 1, properties: { contentType: 'text', responseTopic: 'ignored' } }).then(...show('first'))
		request('svc', 'two').then(...show('second'))
		request('svc', 'three', { timeout: 5 }).then(...show('third'))
		request('svc', {}).then(...show('fourth'))`)
	r.Until("requests", func() bool { return len(r.Host.Published()) >= 2 })
	if n := len(r.Host.Subscribed()); n != 1 {
		t.Errorf("%d subscriptions", n)
	}
	r.Until("failures", func() bool { return strings.Count(r.Console.Text(), "\n") == 1 })
	topic := r.Host.Subscribed()[0].Subscriptions[0].Filter
	if !regexp.MustCompile(`^mqscript/response/client/[0-9a-f]{16}$`).MatchString(topic) {
		t.Errorf("response topic %q", topic)
	}
	answer := func(i int, text string) {
		props := r.Host.Published()[i].Packet.Properties
		if got := props.String(packet.PropResponseTopic); got != topic {
			t.Errorf("response topic %q", got)
		}
		data, _ := props.Get(packet.PropCorrelationData)
		r.Deliver(&script.Message{Topic: topic, Version: packet.V5, Packet: &packet.Publish{
			Topic: topic, Payload: []byte(text), Properties: packet.Properties(nil).AppendBytes(packet.PropCorrelationData, data.Bytes),
		}})
	}
	r.Deliver(&script.Message{Topic: topic, Packet: &packet.Publish{Payload: []byte("without data")}})
	answer(1, "answer two")
	answer(0, "answer one")
	answer(0, "again")
	r.Prints("fourth TypeError request: message must be a string, a Buffer, a typed array, an ArrayBuffer or an array of bytes, not an object; use JSON.stringify(message) to publish it as JSON\n" +
		"third Error request: no response to 'svc' within 5 ms\nsecond answer two\nfirst answer one")
	if p := r.Host.Published()[0].Packet; p.QoS != 1 || p.Properties.String(packet.PropContentType) != "text" {
		t.Errorf("%+v", p)
	}
}

func TestRequestNeedsVersion5(t *testing.T) {
	r := scripttest.New(t, `require('mqscript').request('svc', 'x').catch(e => { console.log(e.code, e.message); exit() })`)
	r.Host.Info.ProtocolVersion = packet.V311
	r.Script.Start()
	_, _ = r.Ended()
	if got := r.Console.Text(); got != "ERR_NOT_SUPPORTED request: needs MQTT 5, for its response topic and correlation data; the connection speaks MQTT 3.1.1" {
		t.Errorf("%s", got)
	}
}

func TestRequestFailsWithItsSubscription(t *testing.T) {
	r := scripttest.New(t, `const { request } = require('mqscript'); request('svc', 'x').catch(e => console.log(e.message)); exports.onClose = () => request('svc', 'y').then(() => console.log('answered'), e => console.log(e.message))`)
	r.Host.Hold = true
	r.Script.Start()
	r.Until("subscription", func() bool { return len(r.Host.Subscribed()) == 1 })
	r.SubscribeDone(r.Host.Subscribed()[0].ID, []packet.ReasonCode{packet.NotAuthorized}, nil)
	r.Until("failure", func() bool {
		return strings.HasPrefix(r.Console.Text(), "Subscribe error: Not authorized (mqscript/response/")
	})
	r.Notify(&script.Event{Kind: script.EventClose})
	r.Until("second attempt", func() bool { return len(r.Host.Subscribed()) == 2 })
	r.SubscribeDone(r.Host.Subscribed()[1].ID, []packet.ReasonCode{0}, nil)
	r.Until("publish", func() bool { return len(r.Host.Published()) == 1 })
	r.PublishDone(r.Host.Published()[0].ID, &script.ClientError{Name: "Error", Message: "publish failed"})
	r.Until("rejection", func() bool { return strings.HasSuffix(r.Console.Text(), "\npublish failed") })
}

func TestClientAndScript(t *testing.T) {
	r := scripttest.New(t, `
		const { client, script } = require('mqscript')
		console.log({ ...client }, script.name, Object.keys(script), require('mqscript') === require('mqscript'))
		console.log(require('fs').existsSync(script.dataDir), process.cwd() === script.dataDir, require('fs').existsSync(script.tmpDir), process.argv.slice(2), process.env)
		try { 'use strict'; client.id = 'x' } catch {} console.log(client.id)
		exit()`, func(o *script.Options) {
		o.Name = "named"
		o.Args = []string{"a", "b"}
		o.Env = map[string]string{"K": "v"}
	})
	r.Script.Start()
	_, _ = r.Ended()
	want := `{
  id: 'client',
  connected: true,
  url: 'mqtt://127.0.0.1:1883',
  protocolVersion: 5
} named [ 'name', 'dataDir', 'tmpDir' ] true
true true true [ 'a', 'b' ] { K: 'v' }
client`
	if got := r.Console.Text(); got != want {
		t.Errorf("console:\n%s\nwant:\n%s", got, want)
	}
}
