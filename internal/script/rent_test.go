package script_test

import (
	"strings"
	"testing"
)

// renters are the bodies of handlers that make a Buffer to publish it; before
// them is what the file begins with.
var renters = []struct{ before, body string }{
	{"", `const b = Buffer.alloc(8); b.writeInt8(payload.length, 0); publish('out', b)`},
	{"", `const b = Buffer.alloc(8); publish('out', b); b.writeInt8(payload.length, 3); publish('out', b)`},
	{"", `for (let i = 0; i < 3; i++) { const b = Buffer.alloc(8); b.writeInt8(i, i); publish('out', b) }`},
	{"const kept = []", `const b = Buffer.alloc(8); b.writeInt8(payload.length, 0); kept.push(b); console.log(kept, new Set(kept).size)`},
	{"const kept = []; const publish = (...a) => { kept.push(a[1]) }", `const b = Buffer.alloc(8); b.writeInt8(payload.length, 0); publish('out', b); console.log(kept, new Set(kept).size)`},
	{"const kept = []; Buffer.prototype.writeInt8 = function () { kept[kept.length] = this }", `const b = Buffer.alloc(8); b.writeInt8(payload.length, 0); b.writeUInt8(payload.length, 1); console.log(kept, new Set(kept).size)`},
	{"const kept = []; Object.defineProperty(Buffer.prototype, 'readInt8', { get() { kept[kept.length] = this; return () => 1 } })", `const b = Buffer.alloc(8); console.log(b.readInt8(0)); b.writeUInt8(payload.length, 1); console.log(kept, new Set(kept).size)`},
	{"let depth = 0; const opts = (t) => ({ properties: { get contentType() { if (depth++ % 3 === 0) exports.onMessage(t, 'inner'); return 'x' } } })", `const o = opts(topic), b = Buffer.alloc(8); b.writeInt8(payload.length, 0); publish('out', b, o); publish('again', b)`},
	{"", `const b = Buffer.alloc(8); try { b.writeInt8(500, 0) } catch (e) { console.log(e.code, e.stack.split('\n')[1].trim().split(' ')[1]) } publish('out', b)`},
	{"", `const b = Buffer.alloc(8); b.writeInt8(payload.length, 0); console.log(b); throw new Error('thrown')`},
	{"const kept = []; setInterval(() => { const b = Buffer.alloc(8); b.writeInt8(1, 0); kept.push(b) }, 1).unref()", `const b = Buffer.alloc(8); b.writeInt8(payload.length, 0); kept.push(b); console.log(kept.every((k) => k.readInt8(0) > 0 || payload.length === 0), kept.length === new Set(kept).size)`},
	{"const kept = []; globalThis.publish = new Proxy(publish, { apply: (f, self, a) => { kept.push(a[1]); return f(...a) } })", `const b = Buffer.alloc(8); b.writeInt8(payload.length, 0); publish('out', b); console.log(kept)`},
	{"const kept = []; const make = async (n) => { const b = Buffer.alloc(8); b.writeInt8(n, 0); await null; b.writeInt8(n, 1); kept.push(b); console.log(kept) }", `make(payload.length)`},
}

// Buffers that are dropped are made of the same memory, which no script can tell.
func TestBuffersThatAreRented(t *testing.T) {
	for _, h := range renters {
		source := h.before + "\nexports.onMessage = function (topic, payload) { " + h.body + "\n}"
		got, _ := handled(t, strings.ReplaceAll(source, "Buffer.alloc(8)", "Buffer.alloc(8   )"))
		want, _ := handled(t, strings.ReplaceAll(source, "Buffer.alloc(8)", "Buffer.alloc(8, 0)"))
		if got != want || got == "" {
			t.Errorf("%s\ngot  %s\nwant %s", source, got, want)
		}
	}
}
