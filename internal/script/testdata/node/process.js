// process and its events, performance, and the module "module".
const log = console.log
const attempt = (f) => { try { log(f()) } catch (e) { log(e.name, e.code, e.message) } }
const { EventEmitter } = require('events')
log(typeof process.on, process instanceof EventEmitter, Object.prototype.toString.call(process), process.constructor.name)
log(process.listenerCount('exit'), process.release.name, typeof process.ppid, typeof process.umask(), Object.keys(process.cpuUsage()).join(), typeof process.memoryUsage.rss(), Array.isArray(process.execArgv), process.getBuiltinModule('fs') === require('fs'), process.getBuiltinModule('nope'), typeof process.hrtime.bigint(), process.uptime() > 0)
process.once('mine', (...args) => log('mine', args)); log(process.emit('mine', 1, 2), process.emit('mine'))
const removed = () => log('never'); process.on('exit', removed); process.off('exit', removed)
process.removeAllListeners('warning'); process.on('warning', (w) => log(w.name, w.message, w.code, w.detail))
process.emitWarning('plain'); process.emitWarning('typed', 'MyWarning', 'W1'); process.emitWarning('detailed', { type: 'T', code: 'C', detail: 'D' }); process.emitWarning(Object.assign(new Error('own'), { name: 'Own' }))
for (const f of [() => process.emitWarning(5), () => process.emitWarning('a', 5), () => process.emitWarning('a', 'b', 5)]) attempt(f)
require('util').deprecate(() => {}, 'old thing', 'DEP1')()
const emitter = new EventEmitter(); for (let i = 0; i < 12; i++) emitter.on('many', () => {})

{ // performance
  const { performance: p, PerformanceMark } = require('perf_hooks')
  log(p === performance, typeof p.now(), p.timeOrigin > 1e12)
  const a = performance.mark('a', { startTime: 5, detail: { x: 1 } }); performance.mark('b', { startTime: 8 })
  const m = performance.measure('m', 'a', 'b'); log(a.name, a.entryType, a.startTime, a.duration, a.detail, a instanceof PerformanceMark, m.startTime, m.duration, m.entryType)
  log(performance.measure('n', { start: 'a', duration: 2 }).duration, performance.measure('o', { start: 1, end: 'b', detail: 3 }).duration, performance.getEntriesByType('mark').map((e) => e.name), performance.getEntriesByName('m').length)
  performance.clearMarks('a'); log(performance.getEntriesByType('mark').length); performance.clearMarks(); performance.clearMeasures(); log(performance.getEntriesByType('measure').length)
  for (const f of [() => performance.measure('x', 'none'), () => performance.mark(), () => performance.mark('x', { startTime: -1 })]) try { f() } catch (e) { log(e.name, e.code) }
}
{ // module
  const mod = require('module'), path = require('path')
  log(typeof mod.createRequire, mod.builtinModules.includes('fs'), mod.isBuiltin('fs'), mod.isBuiltin('node:path'), mod.isBuiltin('./fs'), mod.isBuiltin('nope'), mod.Module === mod)
  const here = mod.createRequire(__filename); log(here('path') === path, here.resolve('fs'), mod.createRequire(require('url').pathToFileURL(__filename))('os') === require('os'))
  attempt(() => mod.createRequire('relative.js')); log(require.resolve.paths('fs'), require.resolve.paths('./x').length, require.resolve.paths('pkg')[0] === path.join(__dirname, 'node_modules')); try { require.resolve('nope', { paths: [__dirname] }) } catch (e) { log(e.code) }
  log(require('worker_threads').isMainThread, require('worker_threads').parentPort, require('cluster').isPrimary)
}
process.on('uncaughtException', (e, origin) => log('caught', e.message, origin))
process.on('unhandledRejection', (reason, promise) => log('rejection', reason.message, promise instanceof Promise))
setTimeout(() => { throw new Error('in timer') }, 1)
setTimeout(() => Promise.reject(new Error('in promise')), 5)
setTimeout(() => new EventTarget().dispatchEvent.call(Object.assign(new EventTarget()), (() => { const t = new EventTarget(); t.addEventListener('x', () => { throw new Error('in listener') }); t.dispatchEvent(new Event('x')); return new Event('y') })()), 10)
setTimeout(() => { process.removeAllListeners('unhandledRejection'); Promise.reject(new Error('to the other')) }, 15)
setTimeout(() => { process.on('exit', (code) => { log('exit', code, process.exitCode); setTimeout(() => log('never')) }); process.exit(0) }, 30)
