// What ECMAScript has gained lately. Functions that Node 20 does not have are
// given to it, in the words of their specification.
const log = console.log
const attempt = (f) => { try { log(f()) } catch (e) { log(e.name) } }
Promise.withResolvers ??= function () { let resolve, reject; const promise = new this((a, b) => { resolve = a; reject = b }); return { promise, resolve, reject } }
Promise.try ??= function (f, ...args) { return new this((resolve) => resolve(f(...args))) }
const groups = (items, f) => { const m = new Map(); let i = 0; if (typeof f !== 'function') throw new TypeError(); for (const x of items) { const k = f(x, i++); m.set(k, [...(m.get(k) ?? []), x]) } return m }
Object.groupBy ??= (items, f) => Object.assign(Object.create(null), Object.fromEntries(groups(items, (x, i) => String(f(x, i)))))
Map.groupBy ??= groups
Array.fromAsync ??= async function (items, f) { const list = []; if (items[Symbol.asyncIterator] || items[Symbol.iterator]) for await (const x of items) list.push(f ? await f(x, list.length) : x); else for (let i = 0; i < items.length; i++) { const x = await items[i]; list.push(f ? await f(x, i) : x) } return list }

log(Object.groupBy([1, 2, 3, 'a'], (x, i) => typeof x + (i > 1)), Map.groupBy([1, 2, 3], (x) => x % 2), Object.getPrototypeOf(Object.groupBy([], () => 1)))
for (const f of [() => Object.groupBy(null, () => 1), () => Object.groupBy([1], 5), () => Map.groupBy([1]), () => Map.groupBy(3, () => 1), () => new Promise.withResolvers(), () => Promise.withResolvers.call({})]) attempt(f)
log('abc'.isWellFormed(), 'a\ud800'.isWellFormed(), '\udc00\ud800'.isWellFormed(), '😀'.isWellFormed(), 'x\udc00y\ud83dz😀'.toWellFormed(), escape('a\ud800b\udfffc😀'.toWellFormed()))
for (const f of [() => String.prototype.isWellFormed.call(null), () => String.prototype.toWellFormed.call(undefined), () => String.prototype.toWellFormed.call(12)]) attempt(f)
log([3, 1, 2].toSorted(), [1, 2].toReversed(), [1, 2, 3].toSpliced(1, 1, 'x'), [1, 2].with(0, 5), [1, 2, 3].findLast((x) => x < 3), [1, 2, 3].findLastIndex((x) => x > 9), [1, [2, [3]]].flat(Infinity), [1, 2, 3].at(-1))
log(new Uint8Array([3, 1]).toSorted(), new Uint8Array([3, 1]).toReversed(), new Uint8Array([3, 1]).with(0, 9), 'aXbX'.replaceAll('X', '$&-'), [...'a1b2'.matchAll(/[a-z](\d)/g)].map((m) => m[1]), 'abc'.at(-1), Object.hasOwn({ a: 1 }, 'a'))
log(new Error('a', { cause: 1 }).cause, new AggregateError([1], 'x', { cause: 2 }).cause, Object.hasOwn(new Error('a'), 'cause'))
log(String(Symbol.asyncIterator), typeof Symbol.dispose, Object.getOwnPropertyDescriptor(Symbol, 'asyncIterator').writable, Symbol.keyFor(Symbol.asyncIterator))
{ // weak references
  const target = { a: 1 }, ref = new WeakRef(target), token = {}
  log(ref.deref() === target, Object.prototype.toString.call(ref), WeakRef.name, WeakRef.length, ref instanceof WeakRef)
  const registry = new FinalizationRegistry(() => {})
  log(registry.register(target, 'held', token), registry.unregister(token), registry.unregister(token), Object.prototype.toString.call(registry), FinalizationRegistry.length)
  for (const f of [() => new WeakRef(1), () => WeakRef({}), () => new FinalizationRegistry(), () => registry.register(1), () => registry.register(target, target), () => registry.register(target, 1, 1), () => registry.unregister(), () => WeakRef.prototype.deref.call({})]) attempt(f)
  for (const f of [() => new WeakRef(1), () => new FinalizationRegistry(), () => registry.register(target, target)]) try { f() } catch (e) { log(e.message) }
}
async function* generate() { yield 1; yield Promise.resolve(2) }
async function main() {
  const { promise, resolve, reject } = Promise.withResolvers(); resolve(1); reject(2); log(await promise)
  log(await Promise.try((a, b) => a + b, 1, 2), await Promise.try(() => { throw new Error('tried') }).catch((e) => e.message), await Promise.try(async () => 5))
  log(await Array.fromAsync(generate()), await Array.fromAsync([Promise.resolve(1), 2]), await Array.fromAsync({ length: 2, 0: 'a', 1: Promise.resolve('b') }), await Array.fromAsync(new Set([1, 2]), async (x, i) => x * 10 + i))
  await Array.fromAsync([Promise.reject(new Error('no'))]).catch((e) => log(e.message)); await Array.fromAsync(null).catch((e) => log(e.name))
  class MyPromise extends Promise {} log(MyPromise.withResolvers().promise instanceof MyPromise)
  const it = { [Symbol.asyncIterator]() { let n = 0; return { next: async () => ({ value: n, done: n++ > 1 }), return: async () => { log('closed'); return {} } } } }
  for await (const x of it) { log(x); if (x === 1) break }
}
main().then(exit, (e) => { log('failed', e); 
// Accessors in the form from before Object.defineProperty.
{
  const base = { get both() { return 'base' }, set both(v) {}, plain: 1 }
  const o = Object.create(base)
  log(o.__defineGetter__('x', () => 5), o.x, Object.keys(o), o.__defineSetter__('x', function (v) { this.y = v }))
  o.x = 7
  log(o.y, o.x, typeof o.__lookupGetter__('x'), typeof o.__lookupSetter__('x'), typeof o.__lookupGetter__('both'), o.__lookupGetter__('plain'), o.__lookupSetter__('none'))
  attempt(() => o.__defineGetter__('z', 1))
  attempt(() => Object.prototype.__lookupGetter__.call(null, 'z'))
  attempt(() => Object.freeze(o).__defineGetter__('z', () => 1))
  log(Object.prototype.__defineGetter__.length, Object.prototype.__lookupSetter__.name, Object.keys(Object.prototype))
}
exit() })
