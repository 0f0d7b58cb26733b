const assert = require('assert')
const strict = require('assert/strict')
const show = (...a) => console.log(...a)
const fails = (f) => { try { show('holds', f()) } catch (e) { show(e.name, e.code, JSON.stringify(e.message), e.operator, e.generatedMessage, e instanceof assert.AssertionError, e instanceof Error) } }
show(typeof assert, require('node:assert') === assert, assert.strict === strict, strict.strict === strict, strict.equal === assert.strictEqual, assert.ok !== assert)
fails(() => assert()); fails(() => assert(1)); fails(() => assert(0, 'no')); fails(() => assert.ok(null, new TypeError('own')))
const o = { a: 1 }
const pairs = [[1, 1], [1, 2], [1, '1'], ['a', 'b'], [NaN, NaN], [0, -0], [null, undefined], [{}, {}], [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: '1' }], [o, o], [[1, 2, 3], [1, 2, 4]], [[1], { 0: 1 }], ['a\nb', 'a\nc'], [true, 1], [5n, 5], [new Map([[1, 2]]), new Map([[1, 3]])], [new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])], [new Map([[{ k: 1 }, 2]]), new Map([[{ k: 1 }, 2]])], [new Set([1, { a: 1 }]), new Set([{ a: 1 }, 1])], [new Set([1]), new Set(['1'])], [new Date(5), new Date(5)], [new Date(5), new Date(6)], [/a/g, /a/g], [/a/g, /a/i], [new Error('x'), new Error('x')], [Buffer.from('ab'), Buffer.from('ab')], [new Uint8Array([1]), Buffer.from([1])], [{ a: undefined }, {}], [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }], [Object.create(null), {}], [[1, , 3], [1, undefined, 3]], [{ b: 1, a: 2 }, { a: 2, b: 1 }], [new String('a'), new String('b')], [Symbol.iterator, Symbol.iterator]]
const loop = { n: 1 }; loop.self = loop; const loop2 = { n: 1 }; loop2.self = loop2; pairs.push([loop, loop2])
for (const [a, b] of pairs) for (const name of ['equal', 'notEqual', 'strictEqual', 'notStrictEqual', 'deepEqual', 'notDeepEqual', 'deepStrictEqual', 'notDeepStrictEqual']) {
  try { assert[name](a, b); show(name, 'holds') } catch (e) { show(name, e.name, e.code, e.operator) }
}
for (const [a, b] of [[1, 2], ['a', 'b'], [{}, {}], [{ a: 1 }, { a: 2 }], [[1], 2], [NaN, 1], ['x'.repeat(50), 'y'.repeat(50)], [o, o], [{ a: 1, b: 2 }, { a: 2, b: 2 }], [[1, 2, 3], [1, 2, 4]], [new Map([[1, 2]]), new Map([[1, 3]])]]) for (const name of ['equal', 'strictEqual', 'notStrictEqual', 'deepEqual', 'notDeepEqual', 'deepStrictEqual', 'notDeepStrictEqual']) {
  if (name !== 'equal' || typeof a !== 'object') fails(() => assert[name](a, b))
}
fails(() => assert.strictEqual(1, 2, new TypeError('mine'))); fails(() => assert.strictEqual(1)); fails(() => assert.notEqual(1, 1))
const thrower = () => { throw new Error('y') }
for (const expected of [undefined, TypeError, Error, /x/, /y/, { message: 'x' }, { message: 'y' }, { message: /y/, name: 'Error' }, () => false, () => true, 'y', 'z', {}, 5, new Error('y'), new Error('q'), function named() { return 1 }]) {
  fails(() => assert.throws(thrower, expected)); if (expected !== 'y') fails(() => assert.throws(() => {}, expected))
}
fails(() => assert.throws(() => {}, TypeError, 'msg')); fails(() => assert.throws('x')); fails(() => assert.throws(() => {}, 'why'))
fails(() => assert.doesNotThrow(thrower)); fails(() => assert.doesNotThrow(thrower, 'm')); fails(() => assert.doesNotThrow(thrower, TypeError)); fails(() => assert.doesNotThrow(() => {}))
fails(() => assert.fail()); fails(() => assert.fail('x')); fails(() => assert.fail(new TypeError('q'))); fails(() => assert.ifError(null)); fails(() => assert.ifError(new Error('z'))); fails(() => assert.ifError('z')); fails(() => assert.ifError(0))
fails(() => assert.match('abc', /x/)); fails(() => assert.match('abc', /b/)); fails(() => assert.match(5, /x/)); fails(() => assert.doesNotMatch('abc', /a/)); fails(() => assert.match('abc', 'x'))
const e = new assert.AssertionError({ actual: 1, expected: 2, operator: 'strictEqual' }); show(Object.keys(e), e.message, String(e)); fails(() => new assert.AssertionError()); fails(() => { throw new assert.AssertionError({ message: 'x' }) })
async function later() {
  for (const f of [() => assert.rejects(Promise.resolve(1)), () => assert.rejects(() => 5), () => assert.rejects(5), () => assert.rejects(Promise.reject(new Error('a')), /a/), () => assert.rejects(Promise.reject(new Error('a')), /b/), () => assert.rejects(async () => { throw new TypeError('t') }, TypeError), () => assert.doesNotReject(Promise.reject(new Error('q'))), () => assert.doesNotReject(async () => 1)]) {
    try { show('holds', await f()) } catch (e) { show(e.name, e.code, JSON.stringify(e.message), e.operator) }
  }
  exit()
}
later()
