package script_test

import (
	"testing"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestWhatIsMadeLate looks at parts of the VM that are made when a script first
// looks at them, by ways around the names that have them made.
func TestWhatIsMadeLate(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"promisify before Symbol": {`
			const own = setTimeout
			console.log(require('util').promisify(own) === require('timers/promises').setTimeout)`, "true"},
		"promisify of a replaced timer": {`
			const own = setImmediate
			globalThis.setTimeout = 5
			globalThis.setImmediate = () => 'mine'
			const custom = Symbol.for('nodejs.util.promisify.custom')
			console.log(setImmediate[custom], own[custom] === require('timers/promises').setImmediate, setTimeout)`, "undefined true 5"},
		"custom inspection": {`
			const o = { [Symbol.for('nodejs.util.inspect.custom')]: () => 'custom' }
			console.log(o, require('util').inspect.custom in o)`, "custom true"},
		"symbols": {`console.log(typeof Symbol.asyncIterator, typeof Symbol.dispose, Symbol.asyncIterator === Symbol.asyncIterator)`, "symbol symbol true"},
		"a trace of a class below Error": {`
			class Fault extends TypeError { constructor() { super('f'); TypeError.captureStackTrace(this, Fault) } }
			console.log(new Fault().stack.split('\n')[0])`, "TypeError: f"},
		"methods of primitives": {
			`
			console.log((1234.5).toLocaleString(), (12345n).toLocaleString(), 'a'.localeCompare('B'), 'a'.isWellFormed(), ({ get a() { return 1 } }).__lookupGetter__('a')())
			try { 'a'.repeat(2 ** 30) } catch (e) { console.log(e.message) }
			try { 'a'.constructor.prototype.padEnd.call('a', 2 ** 30) } catch (e) { console.log(e.message) }`,
			"1,234.5 12,345 -1 true 1\nInvalid string length\nInvalid string length",
		},
		"a Buffer of a changed class": {`
			const proto = Object.getPrototypeOf(Int8Array.prototype)
			const slice = proto.slice
			Object.defineProperty(proto, 'byteOffset', { get() { throw new Error('changed') } })
			Uint8Array.prototype.constructor = Object
			const b = Buffer.from('hello')
			console.log(b.subarray(1, 3).toString(), b.toString('hex'), Buffer.isBuffer(b), b instanceof Uint8Array)`, "el 68656c6c6f true true"},
		"no Buffer at all": {`console.log(Buffer.isBuffer({}), ArrayBuffer.isView(new DataView(new ArrayBuffer(1))), new Float32Array(2).length)`, "false true 2"},
		"promises by functions": {`
			const proto = Object.getPrototypeOf((async () => {})())
			proto.then = () => { throw new Error('changed') }
			queueMicrotask(() => { console.log('microtask'); exit() })
			return`, "microtask"},
		"ticks": {`
			process.nextTick(() => { console.log('tick'); process.nextTick(() => console.log('its tick')) })
			Promise.resolve().then(() => { console.log('reaction'); process.nextTick(() => { console.log('late'); exit() }) }).then(() => console.log('second'))
			console.log('script')
			return`, "script\ntick\nits tick\nreaction\nsecond\nlate"},
		"process": {
			`
			const { nextTick, env, stdout, ...rest } = process
			console.log(Object.keys(process).slice(0, 4).join(), typeof nextTick, typeof rest.cwd, 'emit' in process, typeof process.on, process.toString())
			process.exit = 5
			process.title = 'mine'
			console.log(process.exit, process.title, delete process.argv, process.argv)`,
			"title,version,versions,platform function function true function [object process]\n5 mine true undefined",
		},
		"JSON without Array": {`
			delete globalThis.Object
			console.log(JSON.stringify([JSON.parse('{"a":[1,{"b":2}]}')]))`, `[{"a":[1,{"b":2}]}]`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := scripttest.Output(t, c.source+"\nexit()"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
