package script_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestAttacksOnHostObjects tries to get out through constructors and what the
// program hands to scripts. A function made so has no more in reach than the
// script that made it.
func TestAttacksOnHostObjects(t *testing.T) {
	nothing := "got undefined|TypeError: .*|ReferenceError: .*|ERR_NOT_IMPLEMENTED"
	attacks := []attack{
		{"constructor of publish", `return publish.constructor('return globalThis')() === globalThis`, "got true"},
		{"constructor of this", `return (function () { return this }).constructor.constructor('return this')() === globalThis`, "got true"},
		{"process by constructor", `return Object.constructor.constructor('return process')() === process`, "got true"},
		{"require by constructor", `return typeof publish.constructor('return require')()`, "ReferenceError: require is not defined"},
		{"main module's constructor", `return new module.constructor()`, "got .*|TypeError: .*"},
		{"module.constructor._load", `return module.constructor._load('child_process')`, nothing},
		{"process.mainModule", `return process.mainModule`, nothing},
		{"process.env of the parent", `return process.env.PATH`, "got undefined"},
		{"caller", `return (function f() { return f.caller })()`, nothing + "|got null"},
		{"arguments.callee", `return publish.arguments`, nothing + "|got null"},
		{"prototype of a Go function", `return [Object.getPrototypeOf(publish) === Function.prototype, publish.prototype, Reflect.ownKeys(publish).map(String)].join()`, "got true,,name,length|got true,,length,name"},
		{"Go names", `const names = []; for (const o of [publish, exit, console, process, require, require('fs'), require('mqscript'), new URL('a:b'), Buffer.from('a')]) for (let p = o; p; p = Object.getPrototypeOf(p)) names.push(...Object.getOwnPropertyNames(p)); return names.filter((n) => /^(Export|ToString|Pointer|Elem|MethodByName|Call|VM|Loop|Close|Run)$/.test(n)).join()`, "got "},
		{"symbols", `const d = new TextDecoder(); return Object.getOwnPropertySymbols(d).map((s) => typeof d[s] + Object.keys(d[s])).join()`, "got (object)?"},
		{"reads a getter of the prototype", `return Object.getOwnPropertyDescriptor(Object.getPrototypeOf(new TextDecoder()), 'encoding').get.call({})`, nothing + "|ERR_INVALID_THIS"},
		{"foreign this", `return Buffer.prototype.toString.call({ length: 1e9 })`, ".*"},
		{"foreign this of hash", `return require('crypto').createHash('md5').update.call({}, 'a')`, ".*"},
		{"stack preparation", `Error.prepareStackTrace = (e, frames) => frames; const s = new Error('a').stack; delete Error.prepareStackTrace; return typeof s`, "got (string|object)"},
		{"throw strange values", `for (const v of [null, undefined, Symbol('a'), 1n, {}, Object.create(null), new Proxy({}, { get() { throw v } }), { get stack() { throw 1 } }, { toString() { throw 2 } }]) setTimeout(() => { throw v }, 0); await new Promise((done) => setTimeout(done, 20)); return 1`, "got 1"},
		{"reject with strange values", `for (const v of [null, Object.create(null), { get message() { throw 1 } }, new Proxy(function () {}, {})]) Promise.reject(v); await new Promise((done) => setTimeout(done, 5)); return 1`, "got 1"},
		{"print strange values", `console.log(new Proxy({}, { ownKeys() { throw 1 }, get() { throw 2 } }), { [Symbol.for('nodejs.util.inspect.custom')]() { throw 3 } }); return 1`, ".*"},
		{"publish strange values", `const all = []; for (const v of [new Proxy({}, { get() { throw new Error('p') } }), { toString() { throw new Error('q') } }, Symbol('a'), () => {}, 1n, new (class { get length() { throw 1 } })()]) { await publish('t', v).catch((e) => all.push(e instanceof Error || e)) ; await publish(v, 'm').catch((e) => all.push(e instanceof Error || e)); await publish('t', 'm', v).catch((e) => all.push(e instanceof Error || e)) } return all.length > 9`, "got true"},
	}
	for name, p := range map[string]*permission.Policy{"default": nil, "strict": strict(t, permission.Config{})} {
		t.Run(name, func(t *testing.T) {
			secrets, app := outside(t)
			raid(t, attacks, in(secrets, app), func(o *script.Options) { o.Permissions = p })
		})
	}
}

// TestAttacksOnPrototypes changes what the program's own JavaScript and its
// host read, and goes on: options are read as they were given, messages arrive
// and the other script is not touched.
func TestAttacksOnPrototypes(t *testing.T) {
	const use = `
		exports.onMessage = async (topic, payload, packet) => { say('message ' + topic + ' ' + payload.length + ' ' + packet.qos); await publish('answer', 'm', { qos: 1 }); publish('plain', 'm'); setTimeout(() => say('timer'), 1) }
		const log = console.log
		const say = (text) => log('' + text)
	`
	const all = "message t 1 1\ntimer"
	for name, attack := range map[string]string{
		"nothing":          ``,
		"options":          `Object.assign(Object.prototype, { qos: 3, retain: true, dup: true, recursive: true, force: true, properties: { topicAlias: 9 }, encoding: 'hex', flag: 'r', timeout: 1 })`,
		"getter":           `Object.defineProperty(Object.prototype, 'qos', { get() { throw new Error('polluted') }, configurable: true })`,
		"get and set":      `Object.defineProperties(Object.prototype, { get: { value: () => { throw 1 } }, set: { value: () => { throw 2 } } })`,
		"value":            `Object.prototype.value = 1; Object.prototype.writable = false; Object.prototype.enumerable = true`,
		"then":             `Object.prototype.then = undefined`,
		"then of promises": `Promise.prototype.then = function () { throw new Error('polluted') }`,
		"Promise":          `globalThis.Promise = class { constructor() { throw new Error('polluted') } }`,
		"push":             `Array.prototype.push = () => { throw new Error('polluted') }; Array.prototype.slice = Array.prototype.map = Array.prototype.join = Array.prototype.forEach = Array.prototype.push`,
		"index":            `Object.defineProperty(Array.prototype, 0, { set() { throw new Error('polluted') }, get() { return 7 }, configurable: true })`,
		"species":          `Object.defineProperty(Array, Symbol.species, { get() { throw new Error('polluted') } }); Object.defineProperty(Uint8Array.__proto__, Symbol.species, { get() { throw new Error('polluted') } })`,
		"JSON":             `JSON.parse = JSON.stringify = () => { throw new Error('polluted') }; delete globalThis.JSON`,
		"Buffer":           `for (const n of Object.getOwnPropertyNames(Buffer.prototype)) if (n !== 'constructor') try { Buffer.prototype[n] = () => { throw new Error('polluted') } } catch {} Buffer.from = Buffer.alloc = Buffer.isBuffer = () => { throw new Error('polluted') }; globalThis.Buffer = undefined`,
		"Uint8Array":       `globalThis.Uint8Array = globalThis.ArrayBuffer = function () { throw new Error('polluted') }`,
		"Error":            `globalThis.Error = globalThis.TypeError = globalThis.RangeError = function () { throw 5 }`,
		"Function":         `Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error('polluted') }`,
		"Reflect":          `globalThis.Reflect = globalThis.Object = globalThis.Symbol = globalThis.Proxy = undefined`,
		"Date":             `Date.now = () => NaN; globalThis.Date = function () { throw 1 }`,
		"RegExp":           `RegExp.prototype.exec = RegExp.prototype.test = RegExp.prototype[Symbol.replace] = () => { throw new Error('polluted') }; String.prototype.replace = String.prototype.split = () => { throw 1 }`,
		"toString":         `Object.prototype.toString = Object.prototype.valueOf = () => { throw new Error('polluted') }`,
		"process":          `globalThis.process = globalThis.setTimeout2 = undefined; process2 = require('process'); process2.nextTick = () => { throw 1 }`,
		"queueMicrotask":   `globalThis.queueMicrotask = () => { throw 1 }`,
		"frozen":           `Object.freeze(Object.prototype); Object.freeze(Array.prototype); Object.freeze(Function.prototype); Object.freeze(Promise.prototype)`,
		"proxy prototype":  `Object.setPrototypeOf(Array.prototype, new Proxy({}, { get(t, k) { if (typeof k === 'string') throw new Error('polluted') }, has() { return true } }))`,
		"all globals":      `for (const n of Object.getOwnPropertyNames(globalThis)) if (n !== 'console' && n !== 'publish' && n !== 'setTimeout') try { delete globalThis[n] } catch {}`,
	} {
		t.Run(name, func(t *testing.T) {
			neighbour := scripttest.Start(t, neighbourSource)
			r := scripttest.Start(t, use+attack)
			if state, err := r.Result(); state != script.StateRunning {
				t.Fatal(state, err, r.Console.Text())
			}
			r.Message("t", "p", 1)
			r.Until("its answers", func() bool { return strings.Contains(r.Console.Text(), "timer") })
			if got := r.Console.Text(); got != all {
				t.Errorf("got\n%s\nwant\n%s", got, all)
			}
			for _, p := range r.Host.Published() {
				if want := map[string]byte{"answer": 1}[p.Packet.Topic]; p.Packet.QoS != want || p.Packet.Retain || p.Packet.Dup || len(p.Packet.Properties) > 0 || string(p.Packet.Payload) != "m" {
					t.Errorf("published %+v", p.Packet)
				}
			}
			if n := len(r.Host.Published()); n != 2 {
				t.Errorf("published %d messages", n)
			}
			unharmed(t, neighbour)
		})
	}
}

// TestInheritedOptionsDoNotCount removes no folder because of what a prototype
// says.
func TestInheritedOptionsDoNotCount(t *testing.T) {
	got := scripttest.Output(t, `
		const fs = require('fs')
		fs.mkdirSync('full'); fs.writeFileSync('full/x', 'x')
		Object.prototype.recursive = Object.prototype.force = true
		try { fs.rmSync('full') } catch (e) {}
		try { fs.mkdirSync('a/b') } catch (e) {}
		console.log(fs.existsSync('full/x'), fs.existsSync('a'))
		exit()`)
	if got != "true false" {
		t.Error(got)
	}
}

// TestAttacksOnLoading changes what the program reads of a script's functions.
// That keeps the script itself from loading, and nothing else.
func TestAttacksOnLoading(t *testing.T) {
	for _, attack := range []string{
		`Function.prototype.toString = () => { throw 1 }`,
		`Object.prototype[Symbol.toPrimitive] = () => { throw new Error('polluted') }`,
		`module.exports = new Proxy({}, { get() { throw 1 } })`,
		`module.exports = { get onMessage() { throw 1 } }`,
		`exports.onMessage = new Proxy(() => {}, { get() { throw 1 }, apply() { throw 2 } })`,
		`throw Object.create(null)`,
		`(function f() { return f() + 1 })()`,
		`const o = { get a() { return this.a } }; o.a`,
		`const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x`,
		`BigInt.asUintN(2 ** 53 - 1, -1n)`,
		`const a = Array.from({ length: 100 }, (_, i) => i); a.sort(() => { a.length = 0; return Math.random() - 0.5 })`,
	} {
		neighbour := scripttest.Start(t, neighbourSource)
		r := scripttest.Start(t, `exports.onMessage = () => {};`+attack)
		state, err := r.Result()
		if state != script.StateFailed && state != script.StateRunning {
			t.Errorf("%s: %v %v", attack, state, err)
		}
		unharmed(t, neighbour)
	}
}

// TestAttacksOnResources asks for too much. What the engine can refuse is
// refused with an error, and what runs for ever is interrupted.
func TestAttacksOnResources(t *testing.T) {
	tooMuch := "RangeError: .*|ERR_OUT_OF_RANGE|ERR_STRING_TOO_LONG|ERR_BUFFER_TOO_LARGE|TypeError: .*"
	attacks := []attack{
		{"repeat", `return 'x'.repeat(2 ** 40)`, tooMuch},
		{"repeat infinitely", `return 'x'.repeat(Infinity)`, tooMuch},
		{"padStart", `return 'x'.padStart(2 ** 40)`, tooMuch},
		{"padEnd", `return 'x'.padEnd(2 ** 30, 'abc').length`, tooMuch},
		{"Buffer.alloc", `return Buffer.alloc(2 ** 40)`, tooMuch},
		{"Buffer.allocUnsafe", `return Buffer.allocUnsafe(2 ** 40)`, tooMuch},
		{"Buffer.concat", `return Buffer.concat([], 2 ** 40)`, tooMuch},
		{"ArrayBuffer", `return new ArrayBuffer(2 ** 40)`, tooMuch},
		{"Uint8Array", `return new Uint8Array(2 ** 40)`, tooMuch},
		{"Float64Array", `return new Float64Array(2 ** 32)`, tooMuch},
		{"typed array of a length", `return new Uint8Array({ length: 2 ** 40 })`, tooMuch},
		{"Array", `return new Array(2 ** 32 - 1).length`, "got 4294967295"},
		{"length", `const a = []; a.length = 2 ** 32 - 1; return a.length`, "got 4294967295"},
		{"length of one more", `const a = []; a.length = 2 ** 32`, tooMuch},
		{"Array.from", `return Array.from({ length: 2 ** 53 })`, tooMuch},
		{"randomBytes", `return require('crypto').randomBytes(2 ** 40)`, tooMuch},
		{"pbkdf2", `return require('crypto').pbkdf2Sync('a', 'b', 1, 2 ** 40, 'sha1')`, tooMuch},
		{"proxy of itself", `const p = new Proxy({}, {}); Object.setPrototypeOf(p, p)`, "TypeError: .*|got undefined"},
		{"proxy chain", `let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x`, "RangeError: .*|got undefined"},
		{"prototype chain", `let o = {}; for (let i = 0; i < 1e5; i++) o = Object.create(o); return o.x`, "RangeError: .*|got undefined"},
		{"deep JSON", `return JSON.parse('['.repeat(1e6) + ']'.repeat(1e6)).length`, "SyntaxError: JSON text nests deeper .*"},
		{"deep JSON objects", `return typeof JSON.parse('{"a":'.repeat(1e5) + '1' + '}'.repeat(1e5))`, "SyntaxError: JSON text nests deeper .*"},
		{"deep inspect", `let a = []; for (let i = 0; i < 1e4; i++) a = [a]; return require('util').inspect(a, { depth: Infinity }).length > 0`, "RangeError: .*|got true"},
		{"deep regular expression", `return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('')`, "SyntaxError: .*|got true"},
		{"linear regular expression", `return /(a+)+$/.test('a'.repeat(50) + '!')`, "got false"},
	}
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) { raid(t, []attack{a}) })
	}
}

// TestEndlessWork never returns from each of these; the handler limit does.
func TestEndlessWork(t *testing.T) {
	for name, source := range map[string]string{
		"loop":       `for (;;) {}`,
		"sort":       `const a = Array.from({ length: 1e5 }, (_, i) => i); a.sort(() => { for (;;) {} })`,
		"getter":     `const o = { get a() { for (;;) {} } }; JSON.stringify(o)`,
		"replacer":   `'aaa'.replace(/a/g, () => { for (;;) {} })`,
		"promises":   `(function f() { return Promise.resolve().then(f) })()`,
		"microtasks": `(function f() { queueMicrotask(f) })()`,
		"ticks":      `(function f() { process.nextTick(f) })()`,
		"async":      `(async () => { for (;;) await null })()`,
		"inspect":    `console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;) {} } })`,
		"finally":    `for (;;) { try { for (;;) {} } finally { continue } }`,
		"catch":      `for (;;) { try { for (;;) {} } catch {} }`,
	} {
		t.Run(name, func(t *testing.T) {
			neighbour := scripttest.Start(t, neighbourSource)
			r := scripttest.Start(t, `exports.onMessage = (topic) => { if (topic === 'alive') return console.log('alive'); `+source+` }`,
				func(o *script.Options) { o.HandlerLimit = 100 * time.Millisecond })
			r.Message("t", "p", 1)
			r.Message("alive", "p", 1)
			r.Until("the next message", func() bool { return strings.Contains(r.Console.Text(), "alive") })
			if text := r.Console.Text(); !strings.Contains(text, "interrupted after 100ms") && name != "async" && name != "promises" {
				t.Errorf("console %s", text)
			}
			unharmed(t, neighbour)
		})
	}
}
