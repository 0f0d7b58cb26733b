package script_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// directly is a script that calls methods of Buffers in all ways that could
// make a difference to how they are called.
const directly = `
const show = (f) => { try { return String(f()) } catch (e) { return e.name + ' ' + e.code } }
const buf = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 255, 254, 253, 252])
const at = 2
const names = ['Int8', 'UInt8', 'Int16LE', 'Int16BE', 'UInt16LE', 'UInt16BE', 'Int32LE', 'Int32BE', 'UInt32LE', 'UInt32BE', 'FloatLE', 'FloatBE', 'DoubleLE', 'DoubleBE']
console.log(names.map((n) => buf['read' + n](3)).join())
console.log([buf.readInt8(3), buf.readUInt8(3), buf.readInt16LE(3), buf.readInt16BE(3), buf.readUInt16LE(3), buf.readUInt16BE(3), buf.readInt32LE(3),
	buf.readInt32BE(3), buf.readUInt32LE(3), buf.readUInt32BE(3), buf.readFloatLE(3), buf.readFloatBE(3), buf.readDoubleLE(3), buf.readDoubleBE(3)].join())
console.log([buf.readUint8(8), buf.readUint16BE(at + 6), buf.readUint32LE(at), buf.readInt8(-(-8)), buf.readUInt8()].join())
const out = Buffer.alloc(8)
console.log([out.writeUInt8(300 - 45, 0), out.writeInt16BE(-2, at), out.writeFloatLE(1.5, 4), out.toString('hex')].join())
console.log(show(() => buf.readUInt8(99)), show(() => buf.readUInt8('a')), show(() => buf.readUInt8(1.5)), show(() => out.writeUInt8(999, 0)), show(() => out.writeInt8(1, 8)))
let none, nothing = null
console.log(show(() => none.readUInt8(0)), show(() => nothing.readUInt8(0)), show(() => missing.readUInt8(0)), show(() => (7).readUInt8), show(() => none?.readUInt8(0)))
const reader = { at: 5, readUInt8(n) { return 'own ' + n + this.at }, get readInt8() { return () => 'got' } }
console.log(reader.readUInt8(1), reader.readInt8(), { inner: reader }.inner.readUInt8(2), show(() => reader.readInt16LE(1)))
class Reader { constructor(b) { this.b = b } readUInt8(n) { return this.b.readUInt8(n) + 1000 } }
console.log(new Reader(buf).readUInt8(1), show(() => new Reader().readUInt8(1)))
class Mine extends Reader { readUInt8(n) { return super.readUInt8(n) + 1 } }
console.log(new Mine(buf).readUInt8(1))
const own = Buffer.from([9]); own.readUInt8 = () => 'replaced'
console.log(own.readUInt8(0), Buffer.from([9]).readUInt8(0))
const view = new Uint8Array([5]); view.readUInt8 = buf.readUInt8
console.log(view.readUInt8(0), show(() => new Uint8Array(1).readUInt8(0)))
const part = buf.subarray(8); console.log(part.readUInt8(0), part.readUInt16BE(0), buf.slice(1, 3).readUInt8(1))
const proxy = new Proxy({}, { get: (t, k) => (...a) => k + a }); console.log(proxy.readUInt8(1, 2))
const order = []; const watched = { get readUInt8() { order.push('get'); return () => 0 } }
watched.readUInt8(order.push('argument')); console.log(order.join())
console.log(buf.readUInt8(...[1]), buf.readUInt8.name, [0, 1].map((i) => buf.readUInt8(i)).join())
function old() { return this.readUInt8(arguments.length) } console.log(old.call(buf, 1))
const before = Buffer.prototype.readUInt8
Buffer.prototype.readUInt8 = function (n) { return 'patched ' + before.call(this, n) }
console.log(buf.readUInt8(0)); Buffer.prototype.readUInt8 = before; console.log(buf.readUInt8(0))
delete Buffer.prototype.readUInt8; console.log(show(() => buf.readUInt8(0))); Buffer.prototype.readUInt8 = before
console.log(buf.readUInt8(1), old.toString().includes('this.readUInt8(arguments.length)'))
const handlers = { onMessage(topic, payload) { return payload.toString() + typeof payload + (payload.at ? payload.toString('latin1', 1) : '') } }
console.log(handlers.onMessage('t', Buffer.from('ab')), handlers.onMessage('t', 12), handlers.onMessage('t', [1, 2]), show(() => handlers.onMessage('t')))
handlers.onMessage = (topic, text) => text.toString(); console.log(handlers.onMessage('t', Object.create(null, { toString: { value: () => 'own' } })))
`

func TestMethodsOfBuffersThatAreCalledDirectly(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node")
	}
	cmd := exec.CommandContext(t.Context(), node)
	cmd.Stdin = strings.NewReader(directly)
	want, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	r := scripttest.Start(t, directly+"\nexports.onClose = () => {}")
	r.Notify(&script.Event{Kind: script.EventClose})
	here, there := strings.Split(r.Console.Text(), "\n"), strings.Split(strings.TrimSpace(string(want)), "\n")
	for i := range max(len(here), len(there)) {
		a, b := "", ""
		if i < len(here) {
			a = here[i]
		}
		if i < len(there) {
			b = there[i]
		}
		if a != b {
			t.Errorf("line %d\nhere: %s\nnode: %s", i+1, a, b)
		}
	}
}
