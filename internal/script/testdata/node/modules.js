const EventEmitter = require('events')
const util = require('util')
const { TextEncoder: TE } = util
class Mine extends EventEmitter {}
const e = new Mine()
e.on('newListener', (n, l) => console.log('new', n, typeof l))
e.on('a', function (x, y) { console.log('a1', x, y, this === e) })
e.once('a', () => console.log('a once'))
e.prependListener('a', () => console.log('a0'))
console.log(e.emit('a', 1, 2), e.emit('a', 3), e.emit('none'), e.listenerCount('a'), e.eventNames(), e.listeners('a').length)
const off = () => console.log('off'); e.on('b', off).on('b', off); e.off('b', off); e.emit('b'); e.removeListener('b', off); console.log(e.emit('b'), e.listenerCount('b'))
e.removeAllListeners('a'); console.log(e.emit('a'), e.getMaxListeners(), e.setMaxListeners(3).getMaxListeners())
for (const f of [() => e.emit('error', new TypeError('boom')), () => e.emit('error', 'text'), () => e.on('x', 5), () => e.emit('error')]) try { f() } catch (x) { console.log(x.name, x.code, x.message) }
e.on('error', x => console.log('handled', x.message)); e.emit('error', new Error('ok'))
function Old() { EventEmitter.call(this) } util.inherits(Old, EventEmitter); const o = new Old(); o.on('z', v => console.log('old', v)); o.emit('z', 1); console.log(o instanceof EventEmitter, Old.super_ === EventEmitter)
e.on('during', () => { console.log('d1'); e.removeAllListeners('during') }); e.on('during', () => console.log('d2')); e.emit('during'); console.log(e.emit('during'), EventEmitter.EventEmitter === EventEmitter, EventEmitter.defaultMaxListeners)
console.log(util.format('%s-%d', 'a', 1, { b: 2 }), util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: 0 }), util.inspect('str'), util.inspect([1, [2, [3, [4, [5]]]]], { depth: Infinity }), util.inspect({ a: 1, b: 2 }, { compact: false }), util.inspect({ b: 1, a: 2 }, { sorted: true }), util.inspect({ get x() { return 5 } }, { getters: true }), util.inspect(Array(5).fill(1), { maxArrayLength: 2 }), util.inspect('x'.repeat(20), { maxStringLength: 5 }), util.inspect({ a: 'x'.repeat(20), b: 'y'.repeat(20) }, { breakLength: 40 }), util.inspect({ a: 'x'.repeat(100) }, { breakLength: Infinity }), util.inspect([1, 2], { showHidden: true }), util.inspect(new Proxy({ a: 1 }, {})), util.inspect(new (class A { [util.inspect.custom](d, o, i) { return 'custom ' + d + i({ x: 1 }) } })()))
util.promisify((a, cb) => cb(null, a * 2))(4).then(v => console.log('promisified', v))
util.promisify((a, cb) => cb(new Error('no')))(4).catch(x => console.log('rejected', x.message))
util.callbackify(async a => a + 1)(1, (err, v) => console.log('callbackified', err, v))
util.callbackify(async () => { throw new Error('cb') })((err, v) => console.log('callbackified', err.message, v))
EventEmitter.once(e, 'later').then(v => console.log('once', v)); e.emit('later', 1, 2)
console.log(new TextEncoder().encode('h€😀'), new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 104, 0xe2, 0x82, 0xac])), new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 104])).length, new TextDecoder('utf-16le').decode(Buffer.from('aé', 'utf16le')), new TextDecoder('latin1').encoding, new TextEncoder().encodeInto('a€b', new Uint8Array(4)), new TextEncoder().encoding, TE === TextEncoder)
const d = new TextDecoder(); console.log(d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }) + '|' + d.decode(new Uint8Array([0xac]), { stream: true }) + '|' + d.decode(new Uint8Array([0xf0, 0x9f]), { stream: true }) + '|' + d.decode(), d.decode(), d.decode(new ArrayBuffer(1)).length, d.decode(new DataView(new ArrayBuffer(2))).length)
for (const f of [() => new TextDecoder('nope'), () => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])), () => d.decode('x')]) try { f() } catch (x) { console.log(x.name, x.code) }
const src = { a: [1, { b: 2 }], d: new Date(5), r: /x/gi, m: new Map([[{ k: 1 }, new Set([1])]]), u: undefined, n: null, t: new Uint8Array([1, 2]), big: 1n }; src.self = src; const c = structuredClone(src); console.log(c, c.self === c, c.a !== src.a, c.m instanceof Map, structuredClone(new Error('e')).message, structuredClone(Object('s')))
for (const v of [() => {}, Symbol('s'), { f() {} }]) try { structuredClone(v) } catch (x) { console.log(x.name, x.code, x.message) }
const u = new URL('mqtt://user:pw@host:1883/path/x?a=1&b=2&a=3#frag'); console.log(u.protocol, u.username, u.host, u.port, u.pathname, u.search, u.searchParams.getAll('a'), u.hash, String(u)); u.searchParams.append('c', 'd e'); console.log(String(u), new URLSearchParams({ q: 'ä&b' }).toString(), [...new URLSearchParams('x=1&y=2')], require('url').URL === URL)
console.log(typeof process.version, process.argv.length, typeof process.pid, process.platform, typeof process.uptime(), typeof process.memoryUsage().heapUsed, typeof process.env, process.env.NOT_SET, typeof process.hrtime.bigint(), process.hrtime().length, require('process') === process, global === globalThis, typeof require('timers').setTimeout)
const fs = require('fs'); console.log(typeof fs.readFileSync, fs.promises === require('fs/promises'), require('node:fs') === fs, fs.existsSync('/surely/not/there'))
console.log(module.exports === exports, typeof require, typeof __filename, typeof __dirname, require.main === module, module.id, module.loaded, this === exports)
for (const n of ['./missing', 'missing-package', '']) try { require(n) } catch (x) { console.log(x.name, x.code, x.message.split('\n')[0]) }
try { new MessagePort() } catch (x) { console.log(x.name, x.code, x.message) }
console.log(MessagePort === require('worker_threads').MessagePort, MessagePort.prototype instanceof EventTarget, {} instanceof MessagePort)
setTimeout(exit, 30)
