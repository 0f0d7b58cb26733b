// timers and timers/promises.
const timers = require('timers'), { setTimeout: sleep, setImmediate: soon, setInterval: every, scheduler } = require('timers/promises')
const log = console.log
async function main() {
  log(timers.setTimeout === setTimeout, timers.promises === require('timers/promises'), sleep.name, soon.name, every.name)
  log(await sleep(1), await sleep(1, 'value'), await soon('now'), await sleep(), await scheduler.wait(1), await scheduler.yield())
  const c = new AbortController(), p = sleep(10000, 'never', { signal: c.signal }); c.abort(new Error('why'))
  try { await p } catch (e) { log(e.name, e.code, e.message, e.cause.message) }
  for (const f of [() => sleep(1, 1, { signal: AbortSignal.abort() }), () => soon(1, { signal: AbortSignal.abort('x') }), () => sleep('1'), () => sleep(1, 1, { signal: 1 }), () => sleep(1, 1, { ref: 1 }), () => sleep(1, 1, 5), () => soon(1, 5), () => scheduler.wait(10000, { signal: AbortSignal.timeout(1) })]) try { log(await f()) } catch (e) { log(e.name, e.code, e.message) }
  let n = 0; for await (const v of every(1, 'tick')) { log(v); if (++n === 3) break }
  const d = new AbortController(); try { for await (const v of every(1, n, { signal: d.signal })) { log(v); d.abort() } } catch (e) { log(e.name) }
  try { for await (const v of every(1, 1, { signal: AbortSignal.abort() })) log(v) } catch (e) { log(e.name) }
  log(await sleep(1, 'unref', { ref: true }))
}
main().then(exit, (e) => { log('failed', e); exit() })
