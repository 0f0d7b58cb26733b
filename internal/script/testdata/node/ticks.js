// process.nextTick against promise reactions, timers and errors.
const log = (...a) => console.log(...a)
const tick = (s, f) => process.nextTick(() => { log(s); f?.() })
const micro = (s, f) => Promise.resolve().then(() => { log(s); f?.() })
micro('m1', () => { tick('t in m1', () => micro('m in t in m1')); micro('m in m1') })
tick('t1', () => { micro('m in t1', () => tick('t in m in t1')); tick('t in t1') })
queueMicrotask(() => log('qm'))
tick('t2')
;(async () => { log('a1'); await null; log('a2'); tick('t in a'); await null; log('a3') })()
log('sync')
const steps = [
  () => { log('timer'); micro('m3'); tick('t3', () => micro('m in t3')); micro('m4') },
  () => { log('second timer'); tick('t5') },
  () => setImmediate(() => { log('immediate'); micro('m6'); tick('t6') }),
  () => {
    const util = require('util')
    util.callbackify(async () => 1)((e, v) => { log('callbackified', v) })
    micro('m7'); tick('t7')
    process.nextTick((...args) => log('args', args), 1, 'b')
    for (const f of [() => process.nextTick(), () => process.nextTick('x')]) try { f() } catch (e) { log(e.code, e.message) }
  },
  () => {
    const { EventEmitter, once } = require('events'); const e = new EventEmitter()
    once(e, 'a').then(() => log('once')); e.emit('a'); tick('t8'); micro('m8', () => micro('m9', () => micro('m10')))
  },
  exit,
]
const run = (i) => setTimeout(() => { steps[i](); setTimeout(run, 5, i + 1) }, 1) // one after the other, however slow
run(0)
