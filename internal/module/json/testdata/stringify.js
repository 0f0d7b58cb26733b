// A function that returns what JSON.stringify makes of many values, and what
// it does on the way.
(count) => {
  const results = []
  const codes = (s) => s === undefined ? 'undefined' : Array.from({ length: s.length }, (_, i) =>
    s.charCodeAt(i) > 31 && s.charCodeAt(i) < 127 ? s[i] : '<' + s.charCodeAt(i).toString(16) + '>').join('')
  const tell = (f) => {
    try { results.push(codes(f())) } catch (e) { results.push((e && e.name) + ': ' + codes(String(e && e.message || e))) }
  }
  let seed = 12345
  const random = (n) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return Math.floor(seed / 65536) % n
  }
  const pick = (list) => list[random(list.length)]
  const texts = ['', 'a', 'id', 'value', '__proto__', 'toString', '1', '0', '12', '-1', '1.5', 'ü', '\u{1F600}', '\ud800', 'x\udc00', '\n\t\b\f\r"\\/', '\u2028\u007f\u0000\u001f', 'a longer text that has more than sixteen characters', 'ein längerer Text mit Umlauten und \u{1F600}', '\ufffd', 'constructor', 'length', '4294967295', '007']
  const numbers = [0, -0, 1, -1, 1.5, 1e21, 1e-7, 123456789012, NaN, Infinity, -Infinity, 255, 256, 1024, 5e-324, 1.7976931348623157e308, 2 ** 53, 0.1 + 0.2]
  class Point { constructor(x, y) { this.x = x; this.y = y } }
  class Shown extends Point { toJSON(key) { return { key, kind: typeof key, x: this.x } } }
  const odd = [
    () => undefined, () => () => 1, () => Symbol('s'), () => null, () => true, () => false,
    () => new Number(pick(numbers)), () => new String(pick(texts)), () => new Boolean(random(2) === 0), () => Object(Symbol('t')),
    () => new Date(random(1e9) * 1000), () => new Date(NaN), () => /x/g, () => new Map([[1, 2]]), () => new Set([1]), () => new Point(1, value(1)),
    () => new Shown(random(9), 2), () => Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true }, hidden: { value: 2 } }),
    () => Object.create(null), () => ({ get a() { return value(0) }, b: 1 }), () => ({ toJSON: 5, a: 1 }), () => ({ toJSON() { return undefined } }),
    () => { const list = [1, , 3]; return list }, () => Object.assign([1, 2], { extra: 3 }), () => new Array(3),
    () => new Proxy({ b: 1, a: [2] }, {}), () => new Proxy([1, { c: 2 }], {}), () => new Proxy(() => 1, {}),
    () => new Uint8Array([1, 2, 3]), () => new Float64Array([1.5]), () => new ArrayBuffer(2), () => new Error('lost'),
    () => { const o = { a: 1, b: 2, c: 3 }; delete o.b; o.d = 4; o[7] = 5; o[3] = 6; return o },
    () => { const o = { z: 1, get y() { delete o.x; o.w = 9; return 'y' }, x: 2 }; return o },
    () => { const o = { first: { toJSON() { o.last = 'changed'; delete o.middle; return 'f' } }, middle: 1, last: 2 }; return o },
    () => { const list = [{ toJSON() { list.length = 1; return 0 } }, 1, 2]; return list },
    () => { const list = [{ toJSON() { list.push(9); return 0 } }, 1]; return list },
    () => ({ a: Object.defineProperty({ v: 1 }, 'w', { enumerable: true, get() { return 'got' } }) }),
    () => Object.freeze({ f: [Object.freeze([1])] }), () => (function () { return arguments })(1, 'two'),
    () => { const s = new String('abc'); s.toString = () => 'other'; return s }, () => { const n = new Number(1); n.valueOf = () => 42; return n },
  ]
  const value = (depth) => {
    const kind = random(depth > 0 ? 10 : 6)
    if (kind < 2) return pick(texts)
    if (kind < 4) return pick(numbers)
    if (kind < 6) return odd[random(odd.length)]()
    if (kind < 8) return Array.from({ length: random(4) }, () => value(depth - 1))
    const o = {}
    for (let i = random(6); i > 0; i--) {
      const name = pick(texts)
      if (name === '__proto__') Object.defineProperty(o, name, { value: value(depth - 1), enumerable: true, configurable: true, writable: true })
      else o[name] = value(depth - 1)
    }
    return o
  }
  const replacers = [undefined, undefined, undefined, null, 5, 'a', ['a', 'id', 1, 'value', new String('x'), new Number(12), 'a', null, {}, true], [], new Proxy(['b', 'a'], {}),
    (k, v) => v, (k, v) => typeof v === 'number' ? v + 1 : v, (k, v) => k === 'a' ? undefined : v, function (k, v) { return Array.isArray(this) ? String(k) : v }]
  const spaces = [undefined, undefined, undefined, undefined, 0, 1, 2, 2.9, -3, 20, NaN, Infinity, '', '\t', '--', 'abcdefghijklmnop', '\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}', 'a\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}', '\ud800', 'ü', new Number(3), new String('> '), true, {}, null]
  for (let i = 0; i < count; i++) {
    const v = value(4), replacer = pick(replacers), space = pick(spaces)
    tell(() => JSON.stringify(v, replacer, space))
  }

  let a = {}; a.self = a; tell(() => JSON.stringify(a))
  a = { b: { c: {} } }; a.b.c.d = a; tell(() => JSON.stringify({ x: a }))
  a = { b: { c: { d: { e: { f: {} } } } } }; a.b.c.d.e.f.g = a.b; tell(() => JSON.stringify([a]))
  a = []; a.push([a]); tell(() => JSON.stringify(a))
  a = new Point(1); a.x = [1, { a }]; tell(() => JSON.stringify(a))
  a = new Shown(1); a.x = a; tell(() => JSON.stringify(a))
  a = Object.create(null); a[''] = a; tell(() => JSON.stringify(a))
  a = new Map(); a.x = a; tell(() => JSON.stringify({ a }))
  a = { [Symbol.toStringTag]: 'Tag', "q'q": {} }; a["q'q"].x = a; tell(() => JSON.stringify(a))
  a = [0, [1, [2, [3, [4]]]]]; a[1][1][1][1][1] = a; tell(() => JSON.stringify(a))
  a = { 1: {} }; a[1][2] = a; tell(() => JSON.stringify(a))
  a = new Proxy({}, {}); a.x = a; tell(() => JSON.stringify(a))
  tell(() => JSON.stringify(1n)); tell(() => JSON.stringify({ a: [1n] })); tell(() => JSON.stringify(Object(1n)))
  tell(() => JSON.stringify({ toJSON() { throw new RangeError('from toJSON') } }))
  tell(() => JSON.stringify({ get a() { throw new TypeError('from a getter') } }))
  tell(() => JSON.stringify({ a: 1 }, () => { throw 'a text' }))
  tell(() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); try { JSON.stringify(proxy) } catch (e) { return e.name } })

  const log = []
  const watched = (name, target) => new Proxy(target, {
    get(t, k) { log.push(name + '.' + String(k)); return Reflect.get(t, k) },
    ownKeys(t) { log.push(name + ' keys'); return Reflect.ownKeys(t) },
    getOwnPropertyDescriptor(t, k) { log.push(name + ' own ' + String(k)); return Reflect.getOwnPropertyDescriptor(t, k) },
  })
  tell(() => JSON.stringify(watched('o', { a: 1, list: watched('l', [1, 2]) }), (k, v) => { log.push('replace ' + k); return v }))
  tell(() => JSON.stringify(watched('p', { a: 1, b: 2 }), watched('names', ['b'])))
  tell(() => log.join())

  BigInt.prototype.toJSON = function (key) { return typeof this + key + this }
  tell(() => JSON.stringify({ n: 5n }))
  delete BigInt.prototype.toJSON
  Object.prototype.toJSON = function (key) { return 'all ' + key }
  tell(() => JSON.stringify({ a: {} })); tell(() => JSON.stringify([[]]))
  delete Object.prototype.toJSON
  tell(() => JSON.stringify({ a: { toJSON() { Object.prototype.toJSON = () => 'late'; return 1 } }, b: {}, c: [{}] }))
  delete Object.prototype.toJSON
  tell(() => JSON.stringify({ a: {} }))
  Object.defineProperty(Object.prototype, 'inherited', { value: 1, enumerable: true, configurable: true })
  tell(() => JSON.stringify({ a: {} }, ['a', 'inherited']))
  delete Object.prototype.inherited
  tell(() => JSON.stringify.name + JSON.stringify.length + JSON.stringify())
  let deep = []
  for (let i = 0; i < 200000; i++) deep = [deep]
  try { JSON.stringify(deep) } catch (e) { tell(() => e.name + e.message) }
  return results
}
