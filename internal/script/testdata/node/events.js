// The module events, beyond what modules.js has of it.
const EventEmitter = require('events')
const { once, on, getEventListeners, getMaxListeners, setMaxListeners, addAbortListener, errorMonitor, captureRejectionSymbol } = EventEmitter
const log = console.log
const attempt = (f) => { try { log(f()) } catch (e) { log(e.name, e.code, e.message) } }
const e = new EventEmitter()
log(e, Object.keys(e), Object.keys(EventEmitter.prototype).join())
e.on('x', function named() {}); e.once('x', () => {}); e.on(Symbol.for('s'), () => {})
log(e.eventNames(), e.listenerCount('x'), e.rawListeners('x').map((f) => typeof f.listener), e.listeners('x').length, EventEmitter.listenerCount(e, 'x'), e._eventsCount, typeof e._events.x)
{ // the events about listeners
  const m = new EventEmitter(), said = []
  m.on('newListener', (n, f) => said.push('new', n, typeof f)); m.on('removeListener', (n, f) => said.push('gone', n, typeof f))
  const f = () => said.push('f'); m.once('a', f); m.prependListener('a', () => said.push('first')); m.prependOnceListener('a', () => said.push('very first'))
  m.emit('a'); m.emit('a'); m.removeAllListeners(); log(said.join(' '), m.eventNames())
}
{ // a listener once more, a raw one called by hand
  const m = new EventEmitter(); let n = 0
  m.once('a', () => n++); const [raw] = m.rawListeners('a'); raw(); raw(); log(n, m.listenerCount('a'))
  const f = () => n++; m.on('b', f).on('b', f); log(m.listenerCount('b', f)); m.removeListener('b', f); log(m.listenerCount('b'))
  m.once('c', f); m.off('c', f); log(m.listenerCount('c'), m.emit('c'))
}
for (const f of [() => e.emit('error', { a: 1 }), () => e.emit('error', null), () => e.on('x'), () => e.setMaxListeners(-1), () => e.setMaxListeners('a'), () => { EventEmitter.defaultMaxListeners = NaN }, () => new EventEmitter({ captureRejections: 1 }), () => getEventListeners({}, 'a'), () => once({}, 'x').catch((x) => log('once', x.code, x.message)) && 'promise', () => on({}, 'x'), () => on(e, 'x', { signal: 1 }), () => addAbortListener(undefined, () => {}), () => setMaxListeners(1, {})]) attempt(f)
try { e.emit('error', new RangeError('r')) } catch (x) { log(x.name, x.message) }
{ // errorMonitor
  const m = new EventEmitter(); m.on(errorMonitor, (x) => log('monitor', x.message)); attempt(() => m.emit('error', new Error('seen')))
}
log(errorMonitor, captureRejectionSymbol, getMaxListeners(e), EventEmitter.usingDomains, EventEmitter.captureRejections)
setMaxListeners(5, e, new EventTarget()); log(getMaxListeners(e), getMaxListeners(new EventTarget()), new EventEmitter().getMaxListeners())
const target = new EventTarget(), handler = () => {}; target.addEventListener('t', handler); log(getEventListeners(target, 't')[0] === handler, getEventListeners(e, 'x').length)
function Old() { EventEmitter.call(this) } Object.setPrototypeOf(Old.prototype, EventEmitter.prototype); const old = new Old(); old.on('z', (v) => log('old', v)); old.emit('z', 1)
const bare = Object.create(EventEmitter.prototype); bare.on('y', () => log('bare')); bare.emit('y'); log(Object.assign({}, EventEmitter.prototype).on.call({}, 'k', () => {}) !== undefined)
async function main() {
  { // once
    const m = new EventEmitter()
    setTimeout(() => m.emit('a', 1, 2), 1); log(await once(m, 'a'))
    setTimeout(() => m.emit('error', new Error('bad')), 1); try { await once(m, 'a') } catch (x) { log(x.message) }
    setTimeout(() => m.emit('error', 5), 1); log(await once(m, 'error'))
    const c = new AbortController(); setTimeout(() => c.abort('why'), 1); try { await once(m, 'a', { signal: c.signal }) } catch (x) { log(x.name, x.code, x.message, x.cause) }
    try { await once(m, 'a', { signal: AbortSignal.abort() }) } catch (x) { log(x.name, x.code) }
    log(m.eventNames())
    const t = new EventTarget(); setTimeout(() => t.dispatchEvent(new Event('go')), 1); log((await once(t, 'go'))[0].type)
  }
  { // on
    const m = new EventEmitter(); setTimeout(() => { m.emit('a', 1); m.emit('a', 2, 3); m.emit('end') }, 1)
    const seen = []; for await (const args of on(m, 'a', { close: ['end'] })) seen.push(args); log(seen, m.eventNames())
    const c = new AbortController(); setTimeout(() => { m.emit('a', 'x'); c.abort() }, 1)
    try { for await (const args of on(m, 'a', { signal: c.signal })) log(args) } catch (x) { log(x.name, x.code) }
    setTimeout(() => { m.emit('a', 'y'); m.emit('error', new Error('stop')) }, 1)
    try { for await (const args of on(m, 'a')) log(args) } catch (x) { log(x.message, m.eventNames()) }
    const it = on(m, 'a'); m.emit('a', 1); log(await it.next(), await it.return(), await it.next(), typeof it[Symbol.asyncIterator])
  }
  { // rejections of listeners
    const m = new EventEmitter({ captureRejections: true }); m.on('a', async () => { throw new Error('captured') })
    setTimeout(() => m.emit('a'), 1); const [x] = await once(m, 'error'); log(x.message)
    m[captureRejectionSymbol] = (x, name, ...args) => log('symbol', x.message, name, args); m.emit('a', 1, 2); await new Promise(setImmediate)
  }
  { // addAbortListener
    const c = new AbortController(); addAbortListener(c.signal, (x) => log('aborted', x.type)); const d = addAbortListener(c.signal, () => log('never')); d[Symbol.dispose](); c.abort()
    addAbortListener(c.signal, () => log('at once')); await null; await null
  }
}
main().then(exit, (x) => { log('failed', x); exit() })
