// The module util, beyond what modules.js has of it.
const util = require('util')
const { types, parseArgs } = util
const log = console.log
const attempt = (f) => { try { log(f()) } catch (e) { log(e.name, e.code, e.message) } }

{ // types
  const async = async () => {}
  const samples = { date: new Date(), regexp: /x/, map: new Map(), set: new Set(), weakMap: new WeakMap(), weakSet: new WeakSet(), promise: Promise.resolve(), error: new TypeError('x'), buffer: Buffer.alloc(1), u8: new Uint8Array(1), f64: new Float64Array(1), b64: new BigInt64Array(1), ab: new ArrayBuffer(1), view: new DataView(new ArrayBuffer(1)), num: Object(1), str: Object('s'), bool: Object(true), sym: Object(Symbol('x')), big: Object(1n), args: (function () { return arguments })(), async, gen: function* () {}, genObject: (function* () {})(), mapIter: new Map().entries(), setIter: new Set().values(), proxy: new Proxy({}, {}), proxyDate: new Proxy(new Date(), {}), fake: { [Symbol.toStringTag]: 'Date' }, inherits: Object.create(Date.prototype), plain: {}, array: [], fn() {}, cls: class {}, nul: null, undef: undefined, one: 1, text: 't' }
  for (const [name, value] of Object.entries(samples)) log(name, Object.keys(types).filter((is) => types[is](value)).join())
  log(Object.keys(types).join(), require('util/types') === types)
}
{ // the small ones
  log(util.inherits.name, util.isArray([]), util.isDeepStrictEqual({ a: [1, new Map([[1, 2]])] }, { a: [1, new Map([[1, 2]])] }), util.isDeepStrictEqual([1], ['1']), util.isDeepStrictEqual(NaN, NaN))
  log(util.stripVTControlCharacters('\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007'), JSON.stringify(util.toUSVString('a\ud800b')), util._extend({ a: 1 }, { b: 2 }))
  log(JSON.stringify(util.styleText(['bold', 'underline'], 'x')), util.inspect.colors.red, util.inspect.colors.grey, Object.keys(util.inspect.colors).length)
  log(util.formatWithOptions({ depth: 0 }, '%s', 'a', { b: { c: 1 } }), util.formatWithOptions({ compact: false }, { a: 1 }), util.format('%s', null, undefined, 5n, Symbol('x')), util.format('%%', 1), util.format('%o', [1]))
  for (const f of [() => util.styleText('nope', 'x'), () => util.styleText('red', 5), () => util.stripVTControlCharacters(5), () => util.inherits(class {}, () => {}), () => util.promisify(5), () => util.callbackify(5), () => util.formatWithOptions(), () => util.callbackify(async () => {})(5)]) attempt(f)
  log(util.isError(new Error('x')), util.isPrimitive(null), util.isFunction(log), util.isNullOrUndefined(undefined), util.isObject({}), util.isRegExp(/x/), util.isBuffer(Buffer.alloc(0)))
  log(util.parseEnv('A=1\nB="x y"\n# no\nexport C=\'z\'\nD=a # comment\nE="a\\nb"\nF=\n'))
  class A {} function Old() {} util.inherits(Old, A); log(new Old() instanceof A, Old.super_ === A)
  log(util.debuglog('x').enabled, util.debug === util.debuglog)
}
{ // parseArgs
  const options = { foo: { type: 'boolean', short: 'f' }, bar: { type: 'string', short: 'b' }, many: { type: 'string', multiple: true, short: 'm' }, def: { type: 'string', default: 'd' }, verbose: { type: 'boolean', short: 'v', multiple: true } }
  const run = (args, more) => attempt(() => parseArgs({ args, options, ...more }))
  run(['-f', '--bar', 'b']); run(['--bar=x=y', '-m1', '-m', '2', '--many=3', '-vvv']); run(['-fb', 'value']); run(['-fbvalue']); run([])
  run(['pos']); run(['pos', '--', '--foo', '-x'], { allowPositionals: true }); run(['--unknown']); run(['--unknown'], { allowPositionals: true }); run(['-x']); run(['--bar']); run(['--foo=1']); run(['-b', '-f']); run(['--bar', '--foo']); run(['-bf']); run(['--', 'a'])
  run(['--unknown', '--x=1', 'p', '-q', '--foo=7'], { strict: false }); run(['--no-foo'], { allowNegative: true }); run(['--no-bar'], { allowNegative: true }); run(['--no-foo'])
  run(['-f', '--bar', 'b', '-m1', '--many', '2', 'pos', '--', 'rest', '-fv'], { tokens: true, allowPositionals: true }); run(['-fvb', 'x'], { tokens: true }); run(['--__proto__=1'], { strict: false }); run(['-'], { allowPositionals: true }); run(['--bar', '-']); run(['--bar', '']); run([''], { allowPositionals: true })
  for (const f of [() => parseArgs({ args: [], options: { a: {} } }), () => parseArgs({ args: [], options: { a: { type: 'x' } } }), () => parseArgs({ args: [], options: { a: { type: 'string', short: 'ab' } } }), () => parseArgs({ args: [], options: { a: { type: 'string', default: 1 } } }), () => parseArgs({ args: 5 }), () => parseArgs({ args: [], options: 5 }), () => parseArgs(5), () => parseArgs({ args: [], strict: 1 }), () => parseArgs({ args: [], options: { a: { type: 'boolean', multiple: true, default: [1] } } })]) attempt(f)
}
async function main() {
  const sleep = util.promisify(setTimeout); log(await sleep(1, 'slept'), await util.promisify(setImmediate)('soon'), util.promisify(setTimeout) === require('timers/promises').setTimeout)
  const p = util.promisify(function (a, cb) { cb(null, this.x + a) }); log(await p.call({ x: 1 }, 2), p.name, util.promisify(p) === p)
  const own = () => {}; own[util.promisify.custom] = () => 'own'; log(util.promisify(own)())
  await util.promisify((cb) => cb(new Error('failed')))().catch((e) => log(e.message))
  await new Promise((done) => util.callbackify(() => Promise.reject(null))((e, v) => { log(e.code, e.message, e.reason, v); done() }))
  const quiet = process.noDeprecation; process.noDeprecation = true
  const old = util.deprecate(function () { return this?.constructor?.name ?? 'nobody' }, 'old', 'OLD2'), { StringDecoder } = require('string_decoder'), crypto = require('crypto')
  class Made { constructor() { this.old = [old(), typeof new old()]; this.own = [Intl.NumberFormat('en'), crypto.Hash('md5')].map((one) => one.constructor.name) } }
  class Decoder extends StringDecoder {} log(new Made(), new Decoder('hex') instanceof Decoder); process.noDeprecation = quiet
  const cb = util.callbackify(async function name(a) {}); log(cb.name, cb.length)
  const c = new AbortController(); setTimeout(() => c.abort(), 1); log((await util.aborted(c.signal, {})).type, await util.aborted(AbortSignal.abort(), {}))
  await util.aborted(undefined, {}).catch((e) => log(e.code))
}
main().then(exit, (e) => { log('failed', e); exit() })
