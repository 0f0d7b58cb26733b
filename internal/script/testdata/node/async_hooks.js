// What an AsyncLocalStorage holds goes along with whatever is asynchronous.
const { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId, triggerAsyncId, executionAsyncResource } = require('async_hooks')
const { setTimeout: sleep } = require('timers/promises'), { EventEmitter, once } = require('events'), { Readable } = require('stream'), { pipeline } = require('stream/promises'), util = require('util')
const fs = require('fs'), crypto = require('crypto'), zlib = require('zlib'), http = require('http'), net = require('net'), path = require('path')
const log = console.log, user = new AsyncLocalStorage(), other = new AsyncLocalStorage()
const tell = (what) => log(what, user.getStore(), other.getStore())
const when = (start) => new Promise((resolve) => start(resolve))
async function sources() {
  tell('at once'); await null; tell('await'); await sleep(1); tell('sleep')
  await when((done) => setTimeout(done, 1, tell('before timeout'))); await when((done) => setTimeout(() => done(tell('timeout')), 1))
  await when((done) => setImmediate(() => done(tell('immediate')))); await when((done) => process.nextTick(() => done(tell('tick')))); await when((done) => queueMicrotask(() => done(tell('microtask'))))
  let n = 0; await when((done) => { const t = setInterval(() => { tell('interval'); if (++n === 2) done(clearInterval(t)) }, 1) })
  await Promise.reject(new Error('x')).catch(() => tell('catch')).finally(() => tell('finally'))
  await Promise.all([1, 2].map(async (i) => { await sleep(i); tell('all ' + i) })); await Promise.race([sleep(1), new Promise(() => {})]); tell('race')
  await when((done) => fs.stat(__dirname, () => done(tell('fs callback')))); await fs.promises.stat(__dirname); tell('fs promise'); await util.promisify(fs.stat)(__dirname); tell('promisify')
  await when((done) => crypto.pbkdf2('a', 'b', 1, 8, 'sha1', () => done(tell('pbkdf2')))); await when((done) => crypto.randomBytes(8, () => done(tell('randomBytes')))); await when((done) => zlib.gzip('x', () => done(tell('gzip'))))
  for await (const chunk of Readable.from(['a', 'b'])) tell('chunk ' + chunk)
  for await (const x of (async function* () { yield 1; tell('in a generator'); await null; yield 2 })()) tell('of a generator ' + x)
  await pipeline(Readable.from(['x']), async function* (source) { for await (const c of source) { tell('pipeline'); yield c } }, async (source) => { for await (const c of source) tell('end of pipeline') })
  const e = new EventEmitter(); setTimeout(() => user.run('emitter', () => e.emit('x')), 1); e.on('x', () => tell('listener')); await once(e, 'x'); tell('once')
  const t = new EventTarget(); t.addEventListener('y', () => tell('target')); t.dispatchEvent(new Event('y'))
  AbortSignal.timeout(1); await when((done) => util.callbackify(async () => tell('callbackify'))(done)); tell('end')
}
async function network() {
  const server = http.createServer((req, res) => user.run(req.url, async () => { await sleep(1); tell('request'); req.on('end', () => res.end(user.getStore())); req.resume() }))
  await once(server.listen(0, '127.0.0.1'), 'listening'); const { port } = server.address()
  await user.run('client', async () => {
    await when((done) => http.get({ port, path: '/get', agent: false }, (res) => { tell('response'); res.on('data', (d) => tell('body ' + d)); res.on('end', () => done(tell('end of body'))) }))
    log(await (await fetch(`http://127.0.0.1:${port}/fetch`)).text()); tell('fetched')
  })
  await new Promise((resolve) => { server.close(resolve); server.closeAllConnections() })
  const echo = net.createServer((socket) => user.run('connection', () => socket.on('data', (d) => socket.end(d))))
  await once(echo.listen(0, '127.0.0.1'), 'listening')
  await user.run('socket', () => when((done) => { const s = net.connect(echo.address().port, '127.0.0.1', () => { tell('connected'); s.write('hello') }); s.on('data', (d) => tell('data ' + d)); s.on('close', () => done(tell('closed'))) }))
  await new Promise((resolve) => echo.close(resolve))
}
function attempt(f) { try { log(f()) } catch (e) { log(e.name, e.code, e.message) } }
function classes() {
  log(user.getStore(), user.run(1, (a, b) => [user.getStore(), a, b], 2, 3), user.getStore())
  user.run(1, () => { user.run(2, () => tell('inner')); tell('outer'); user.exit((x) => tell('exit ' + x), 'y'); tell('after exit'); other.run('o', () => tell('both')) })
  attempt(() => user.run(1, () => { throw new TypeError('thrown') })); tell('after a throw')
  const bound = user.run('bound', () => AsyncLocalStorage.bind((...args) => [user.getStore(), ...args])); log(bound(1, 2), bound.length, bound.name)
  const snapshot = user.run('snapshot', () => AsyncLocalStorage.snapshot()); log(user.run('now', () => snapshot((a) => [user.getStore(), a], 5)), snapshot.length)
  other.enterWith('entered'); tell('entered'); other.disable(); tell('disabled'); log(other.run('again', () => other.getStore()), other.getStore()); other.enterWith(undefined)
  const r = user.run('resource', () => new AsyncResource('R')), s = new AsyncResource('S', { triggerAsyncId: r.asyncId() }), u = new AsyncResource('U', 7)
  log(r.asyncId() > 1, s.asyncId() > r.asyncId(), s.triggerAsyncId() === r.asyncId(), u.triggerAsyncId(), r.emitDestroy() === r)
  log(r.runInAsyncScope(function (a) { return [user.getStore(), this.me, a, executionAsyncId() === r.asyncId(), triggerAsyncId() === r.triggerAsyncId(), executionAsyncResource() === r, new AsyncResource('T').triggerAsyncId() === r.asyncId()] }, { me: 'this' }, 'a'), user.getStore())
  const b = r.bind(function (x, y) { return [user.getStore(), this.me, x, y] }); log(b.length, b.name, b.call({ me: 1 }, 2, 3), r.bind(function () { return this.me }, { me: 4 }).call({ me: 5 }), AsyncResource.bind(() => user.getStore())())
  class Request extends AsyncResource { constructor(name) { super('REQUEST'); this.name = name } done() { return this.runInAsyncScope(() => [this.name, user.getStore()]) } }
  log(user.run('subclass', () => new Request('r')).done())
  for (const f of [() => new AsyncResource(), () => new AsyncResource('x', { triggerAsyncId: 'y' }), () => new AsyncResource('x', -2), () => r.bind(1), () => () => AsyncLocalStorage.bind({}), () => createHook({ init: 1 }), () => createHook({ promiseResolve: '' })]) attempt(f)
  log(typeof createHook({ init() {} }).disable(), typeof executionAsyncId(), typeof triggerAsyncId(), typeof executionAsyncResource(), new AsyncLocalStorage() instanceof AsyncLocalStorage)
  log(require('async_hooks').asyncWrapProviders.NONE, Object.isFrozen(require('async_hooks').asyncWrapProviders))
  log(Object.keys(require('async_hooks')).join(), require('node:async_hooks') === require('async_hooks'))
}
async function main() {
  classes(); await user.run('user', sources); tell('after')
  await Promise.all(['a', 'b', 'c'].map((name, i) => user.run(name, async () => { for (let n = 0; n < 3; n++) { await sleep(3 - i); if (user.getStore() !== name) log('mixed up', name, user.getStore()) } })))
  await network(); tell('last')
}
main().then(exit, (e) => { log('failed', e); exit() })
