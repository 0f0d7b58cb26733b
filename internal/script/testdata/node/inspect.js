const long = n => 'x'.repeat(n)
class Point { constructor(x, y) { this.x = x; this.y = y } }
class Sub extends Point {}
class List extends Array {}
class Dict extends Map {}
function Old() { this.a = 1 }
const circular = { name: 'c', list: [] }
circular.self = circular
circular.list.push(circular, { circular })
const sparse = [1, , 3]
sparse[10] = 1
const withKeys = [1, 2]
withKeys.extra = 'e'
const fn = function named() {}
fn.prop = 1
const nullProto = Object.create(null)
nullProto.a = 1
const accessors = { get a() { return 1 }, set b(v) {}, get c() { return 1 }, set c(v) {} }
const symbols = { [Symbol('s')]: 1, [Symbol.iterator]: 2, normal: 3 }
const custom = { [Symbol.for('nodejs.util.inspect.custom')](depth, options) { return 'CUSTOM ' + depth + ' ' + typeof options.stylize } }
const values = [
  1, -1, 0, -0, 1.5, 1e21, 1e-7, NaN, Infinity, 123n, true, false, null, undefined,
  Symbol('sym'), Symbol(), Symbol.iterator,
  [], [1, 2, 3], [undefined, null], [[]], [[[[1]]]], {}, { a: 1 }, { a: { b: { c: { d: 1 } } } },
  { 'a-b': 1, 'valid_1': 2, 3: 4, '': 5, 'ünï': 6, $dollar: 7 },
  'string', ['string'], ["it's"], ['"both\' `'], ['new\nline'], ['tab\t'], ['\u0001'], ['emoji 😀'],
  new Point(1, 2), new Sub(1, 2), new Old(), new List(1, 2, 3), new List(), new Dict([[1, 2]]), Object.create(Point.prototype),
  new Map(), new Map([['a', 1], ['b', { c: [1] }]]), new Set(), new Set([1, 'two', [3]]), new Map([[{ k: 1 }, new Map([[1, 2]])]]),
  new WeakMap(), new WeakSet(),
  /re/g, new Date(0), new Date(NaN), Object.assign(/x/, { y: 1 }), Object.assign(new Date(0), { y: 1 }),
  () => {}, function () {}, function named() {}, fn, async () => {}, async function an() {}, function* gen() {}, class {}, class A {}, class B extends Point {}, Math.max, Point,
  circular, sparse, withKeys, nullProto, Object.create(null), Object.create({}), accessors, symbols, custom, { custom }, [custom],
  new Number(1), new String('abc'), new Boolean(false), Object(Symbol('boxed')), Object(1n), new String(''),
  Promise.resolve(4), new Promise(() => {}), Promise.resolve({ a: 1 }),
  Buffer.from([1, 2, 255]), Buffer.alloc(0), Buffer.alloc(60), [Buffer.from('x')], { b: Buffer.from('x') },
  new Uint8Array([1, 2]), new Uint8Array(0), new Int16Array(3), new Float32Array([1.5, -0]), new Float64Array(2), new BigInt64Array(2), new Uint8ClampedArray(1),
  new ArrayBuffer(4), new ArrayBuffer(0), new DataView(new ArrayBuffer(2)), [new ArrayBuffer(2)],
  (function () { return arguments })(1, 'a'), (function () { return arguments })(),
  { f() {}, g: () => {}, async h() {}, *i() {}, get j() { return 1 }, k: class {} },
  Array(3), Array(120).fill(1), Array(101).fill('ab'), Array.from({ length: 30 }, (_, i) => i * 1000), Array.from({ length: 27 }, (_, i) => 'item' + i), Array.from({ length: 7 }, (_, i) => ({ i })),
  Array.from({ length: 10 }, (_, i) => long(i)), Array.from({ length: 8 }, (_, i) => [i]), Array.from({ length: 20 }, (_, i) => i % 2 ? 'odd' : i), Array.from({ length: 26 }, (_, i) => '中文' + i),
  new Set(Array.from({ length: 105 }, (_, i) => i)), new Map(Array.from({ length: 5 }, (_, i) => ['key' + i, long(20)])),
  { a: long(60), b: 1 }, { a: long(40), b: long(20) }, { a: long(61) }, { a: long(80) }, { key: { a: long(30), b: long(30) } }, [long(30), long(30), long(10)],
  { a: { b: { c: {} } } }, { a: { b: { c: [] } } }, { a: { b: { c: [1] } } }, { a: { b: { c: new Point(1, 2) } } }, { a: { b: { c: new Map([[1, 2]]) } } }, { a: { b: { c: nullProto } } }, { a: { b: { c: () => {} } } }, { a: { b: { c: new Date(0) } } }, { a: { b: { c: /x/ } } },
  { text: 'line one\nline two\nline three, which is rather long so that it must be split into lines\n' },
  { deep: [{ a: 1, b: { c: [1, 2, { d: 1 }] } }] }, [[1, 2, [3, 4, [5, [6]]]], { a: [[[]]] }],
  { a: 1, b: 'two', c: [3], d: { e: 4 }, f: null, g: undefined, h: true, i: 1n },
  { id: 'sensor-1', temperature: 21.5, humidity: 40, tags: ['a', 'b'], at: new Date(1e12), nested: { x: 1, y: 2 } },
  globalThis === undefined, [globalThis === globalThis], JSON, Math, { [Symbol.toStringTag]: 'Own' }, new (class { get [Symbol.toStringTag]() { return 'Tagged' } })(), new (class Foo { get [Symbol.toStringTag]() { return 'bar' } })(),
  new Proxy({ a: 1 }, {}), new Proxy([1, 2], {}), new Proxy(function f() {}, {}),
  [1.5, 2.25, 3], [-1, -22, -333, 4, 5, 6, 7, 8, 9], [1n, 2n, 3n, 4n, 5n, 6n, 7n], [true, false, true, false, true, false, true],
  ['a', 'b'].entries(), [1][Symbol.iterator](), (function* () {})(), 'abc'.matchAll(/b/g), new Map([[1, 2]])[Symbol.iterator] === undefined,
  Object.freeze({ frozen: 1 }), { __proto__: { inherited: 1 }, own: 2 }, { ['__proto__']: 1 }, { constructor: 1 }, { constructor: { name: 'Fake' } }, { toString: null },
  [undefined, , null], [, , ,], Object.assign([], { '-1': 1 }), Object.assign(Array(2), { x: 1 }),
]
for (const v of values) console.log(v)
for (const v of values) console.log([v], { v })
exit()
