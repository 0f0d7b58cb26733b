package script_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// parsers are the bodies of handlers that parse their payload; before them is
// what the file begins with.
var parsers = []struct{ before, body string }{
	{"", `const r = JSON.parse(payload.toString()); publish(String(r.id), JSON.stringify({ id: r.id, high: r.value > 20, n: null, unit: r.unit, none: r.none }))`},
	{"", `const r = JSON.parse(payload.toString()); payload[0] = 65; payload.fill('{', 1); console.log(r.id, r.value, r.none, r.unit)`},
	{"", `const r = JSON.parse(payload.toString('utf8')); console.log(r.id, r.value)`},
	{"", `const r = JSON.parse(payload.toString('hex')); console.log(r.id, r.value)`},
	{"", `const r = JSON.parse(payload); console.log(r.id, r.value)`},
	{"", `const r = JSON.parse(payload.toString()); console.log(r.id, r)`},
	{"", `try { const r = JSON.parse(payload.toString()); console.log(r.id.length, r.value) } catch (e) { console.log(e.name, e.message, e.stack.split('\n')[1].trim()) }`},
	{"", `console.log(JSON.parse(payload.toString()).id, JSON.stringify({ text: payload.toString() }))`},
	{`let last = {}`, `const r = JSON.parse(payload.toString()); console.log(last.id, r.id); last = r`},
	{`let last`, `const r = JSON.parse(payload.toString()); console.log(last, r.id); last = r.id + r.unit`},
	{`Buffer.prototype.toString = () => '{"id":"patched"}'`, `const r = JSON.parse(payload.toString()); console.log(r.id, r.value)`},
	{`const saved = []; Buffer.prototype.toString = function () { saved.push(this); return this.latin1Slice(0) }`, `try { const r = JSON.parse(payload.toString()); console.log(r.id, saved) } catch (e) { console.log(e.message, saved) }`},
	{`const usual = JSON.parse; JSON.parse = (...a) => { console.log(a.length); return usual(...a) }`, `const r = JSON.parse(payload.toString()); console.log(r.id)`},
	{`const usual = JSON.stringify; JSON.stringify = (v) => usual({ v })`, `console.log(JSON.stringify({ id: payload.length }))`},
	{`Object.prototype.unit = 'inherited'; Object.prototype.toJSON = () => 'own'`, `const r = JSON.parse(payload.toString()); console.log(r.id, r.unit, JSON.stringify({ id: r.id }))`},
	{`let depth = 0`, `const r = JSON.parse(payload.toString()); if (depth++ % 3 < 2) exports.onMessage(topic, Buffer.from('{"id":' + depth + '}')); console.log(r.id, r.value)`},
}

// parsing runs a script on some messages and returns all that came of it.
func parsing(t *testing.T, source string) string {
	t.Helper()
	r := scripttest.Start(t, source+"\nexports.onClose = () => exit()")
	for range 2 {
		for _, payload := range []string{
			`{"id":"sensor-1","value":21.5,"unit":"C","at":1700000000000}`, `{"id":7,"value":-0}`, `{"id":"ä","unit":"\u00b0C"}`, `{"id":{"x":1},"value":[1]}`, `{"id":"x","id":"y"}`, `[1]`, `5`, ``, `{"id"`,
			"{\"id\":\"\xff\"}", "\xef\xbb\xbf{\"id\":1}", ` { "id" : true , "value" : 1e3 } `, `{"value":` + strings.Repeat(" ", 5000) + `30}`,
		} {
			r.Message("in", payload, 0)
		}
	}
	r.Notify(&script.Event{Kind: script.EventClose})
	_, _ = r.Ended()
	var b strings.Builder
	for _, p := range r.Host.Published() {
		fmt.Fprintf(&b, "%s %q %v\n", p.Packet.Topic, p.Packet.Payload, p.Form)
	}
	return b.String() + strings.ReplaceAll(r.Console.Text(), r.Dir, "")
}

// What a handler parses and writes at once is what it parses and writes in steps,
// as it does when JSON is a variable of its own.
func TestPayloadsThatAreParsed(t *testing.T) {
	for _, h := range parsers {
		source := h.before + "\nexports.onMessage = function (topic, payload) { " + h.body + "\n}"
		got, want := parsing(t, "\n"+source), parsing(t, "const JSON = globalThis.JSON\n"+source)
		if got != want || got == "" {
			t.Errorf("%s\n%s\ngot  %s\nwant %s", h.before, h.body, got, want)
		}
	}
}
