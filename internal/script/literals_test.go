package script_test

import (
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestOptionsOfPublishAreShownToNobody: publish lends itself the literals that it
// is given, so no property that scripts put into Object.prototype may see one.
func TestOptionsOfPublishAreShownToNobody(t *testing.T) {
	const names = `'toString', 'valueOf', 'length', 'constructor', 'toJSON', 'then', 'buffer', 'byteLength', 'qos', 'properties',
		Symbol.iterator, Symbol.toPrimitive, Symbol.toStringTag, Symbol.asyncIterator`
	r := scripttest.New(t, `
		const seen = [], made = []
		const top = Object.prototype, before = Object.getOwnPropertyDescriptors(top)
		for (const name of [`+names+`]) Object.defineProperty(top, name, { configurable: true, get() {
			if (Object.hasOwn(this, 'mark')) seen.push(String(name))
			return before[name]?.value
		} })
		for (let i = 0; i < 3; i++) {
			made.push(publish({ mark: 1 }, 'x'), publish('t', { mark: 1 }), publish('t', 'x', { mark: 1, qos: { mark: 1 } }))
			made.push(publish('t', 'x', { mark: 1, retain: { mark: 1 } }), publish('t', 'x', { mark: 1, properties: { mark: 1, contentType: { mark: 1 } } }))
			made.push(publish('t', 'x', { mark: 1, properties: { mark: 1, correlationData: { mark: 1 } } }), publish('t', 'x', { resolveWhen: { mark: 1 } }))
			made.push(publish('t', 'x', { mark: 1, properties: { mark: 1, userProperties: { mark: { mark: 1 } } } }), publish('t', 'x', { mark: 1 }, { mark: 1 }))
			made.push(publish('t', 'x', { properties: { messageExpiryInterval: { mark: 1 } } }), publish('t', 'x', { properties: { payloadFormatIndicator: { mark: 1 } } }))
		}
		for (const name of Reflect.ownKeys(top)) delete top[name]
		Object.defineProperties(top, before)
		Promise.allSettled(made).then((all) => {
			console.log(seen.join() || 'nothing', all.map((p) => p.status[0]).join(''))
			exit()
		})`)
	r.Script.Start()
	_, _ = r.Ended()
	if got, want := r.Console.Text(), "nothing "+strings.Repeat("rrrrrrrrfrr", 3); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestOptionsOfPublishOneAfterAnother: each call has the options that are written
// there, and none of the call before or of one within.
func TestOptionsOfPublishOneAfterAnother(t *testing.T) {
	r := scripttest.New(t, `
		const inner = { get contentType() { publish('inner', 'x', { retain: true, properties: { contentType: 'i', userProperties: { of: 'inner' } } }); return 'c' + i } }
		const fails = () => { throw new Error('no') }
		let i = 0
		for (; i < 3; i++) {
			publish('a', 'x', { qos: 1, properties: { contentType: 'a', userProperties: { a: 'a' + i, b: 'b' } } })
			publish('b', 'x', { retain: true, properties: { responseTopic: 'r' + i } })
			try { publish('t', 'x', { qos: 2, properties: { contentType: fails() } }) } catch {}
			publish('c', 'x', { properties: inner })
			publish('d', 'x', { properties: { userProperties: { d: ['1', '2'] } } })
			publish('e', 'x', { qos: 7, properties: {} }).catch(() => {})
			publish('f', 'x', {})
		}
		setTimeout(exit, 1)`)
	r.Script.Start()
	_, _ = r.Ended()
	var got strings.Builder
	for _, req := range r.Host.Published() {
		got.WriteString(summary(req) + "\n")
	}
	want := ""
	for _, i := range []string{"0", "1", "2"} {
		want += "a 78 1 qos1 3=a 38=a:a" + i + " 38=b:b\nb 78 1 retain 8=r" + i + "\ninner 78 1 retain 3=i 38=of:inner\nc 78 1 3=c" + i + "\nd 78 1 38=d:1 38=d:2\nf 78 1\n"
	}
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}
