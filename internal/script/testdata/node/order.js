const log = (...a) => console.log(...a)
setTimeout(() => log('t0 a'), 0); setTimeout(() => log('t60'), 60); setTimeout(() => log('t0 b')); setTimeout(() => log('t120'), 120); setTimeout(() => log('t90'), 90)
setTimeout((a, b) => log('args', a, b), 30, 'A', 'B'); setTimeout(() => log('negative'), -5); setTimeout(() => log('text'), '150'); setTimeout(() => log('nan'), NaN)
Promise.resolve().then(() => { log('p1'); queueMicrotask(() => log('m in p1')) }).then(() => log('p2')); queueMicrotask(() => log('m1'))
;(async () => { log('async start'); await null; log('async 1'); await new Promise(r => setTimeout(r, 180)); log('async 2'); try { await Promise.reject(new Error('caught')) } catch (e) { log(e.message) } finally { log('finally') } })()
const i = setInterval(() => { log('interval', ++n); if (n === 3) { clearInterval(i); setTimeout(last, 200) } }, 240); let n = 0
const cleared = setTimeout(() => log('never'), 3); clearTimeout(cleared); clearTimeout(cleared); clearTimeout(undefined); clearTimeout({}); clearTimeout('x')
const byNumber = setTimeout(() => log('never'), 3); clearTimeout(+byNumber); const byText = setTimeout(() => log('never'), 3); clearTimeout(String(+byText))
const t = setTimeout(() => {}, 5); log(typeof t, t.hasRef(), t.unref() === t, t.hasRef(), t.ref().hasRef(), t.refresh() === t, t.constructor.name, typeof t[Symbol.toPrimitive]()); t.close()
for (const f of [() => setTimeout(), () => setTimeout('code'), () => queueMicrotask(5), () => setImmediate(null)]) try { f() } catch (e) { log(e.name, e.code, e.message) }
setTimeout(() => { setImmediate(() => log('immediate in timer')); setTimeout(() => log('timer in timer'), 70); Promise.resolve().then(() => log('promise in timer')) }, 210)
const im = setImmediate(() => log('never')); clearImmediate(im)
Promise.all([1, Promise.resolve(2)]).then(v => log(v)); Promise.allSettled([Promise.reject(1), 2]).then(v => log(v)); Promise.race([new Promise(r => setTimeout(r, 1, 'slow')), 'fast']).then(v => log(v)); Promise.any([Promise.reject(1), Promise.resolve('any')]).then(v => log(v))
Promise.reject(new Error('late')).catch(e => log('late catch', e.message)); const rej = Promise.reject(1); setTimeout(() => {}, 0); rej.catch(() => log('handled in same turn'))
const thenable = { then(r) { r('thenable') } }; Promise.resolve(thenable).then(log)
function last() { log('end'); exit() }
log('sync end')
