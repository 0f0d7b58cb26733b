const stream = require('stream')
const { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished } = stream
const { promisify } = require('util')
const show = (...a) => console.log(...a)
const problem = (e) => e && `${e.name} ${e.code} ${e.message}`
const watch = (name, s, log) => { for (const e of ['data', 'end', 'finish', 'close', 'error', 'pause', 'resume', 'drain', 'pipe', 'unpipe', 'prefinish'].filter((e) => log.includes(e))) s.on(e, (x) => show(name, e, e === 'error' ? problem(x) : e === 'data' ? (Buffer.isBuffer(x) ? x.toString() : x) : '')) }
const turn = () => new Promise((done) => setTimeout(done, 20))
const tests = {
  async shape() {
    show(typeof stream, stream.Stream === stream, require('node:stream') === stream, stream.promises === require('stream/promises'), new Duplex() instanceof Readable, new Duplex() instanceof Writable, new PassThrough() instanceof Transform, new Readable() instanceof Writable, new Writable() instanceof stream, new Readable() instanceof require('events'))
    const r = new Readable({ highWaterMark: 5 }), w = new Writable({ objectMode: true }), d = new Duplex({ readableHighWaterMark: 3, writableObjectMode: true })
    show(r.readable, r.readableFlowing, r.readableHighWaterMark, r.readableLength, r.readableEnded, r.destroyed, w.writable, w.writableHighWaterMark, w.writableObjectMode, d.readableHighWaterMark, d.writableHighWaterMark, stream.getDefaultHighWaterMark(false), stream.getDefaultHighWaterMark(true))
  },
  async reading() {
    const left = ['one', 'two', 'three'], r = new Readable({ read() { this.push(left.shift() ?? null) } })
    watch('r', r, 'data end close resume pause'); await turn(); show(r.readableEnded, r.destroyed, r.readable)
  },
  async pausing() {
    let n = 0; const r = new Readable({ objectMode: true, read() { n++; this.push(n > 5 ? null : n) } })
    r.on('data', (x) => { show('got', x); if (x === 3) { r.pause(); setTimeout(() => { show('again', r.isPaused()); r.resume() }, 1) } })
    r.on('pause', () => show('pause')); r.on('resume', () => show('resume')); r.on('end', () => show('end', n)); await turn(); await turn()
  },
  async readable() {
    const r = new Readable({ read() {} }); r.push('abc'); r.push('defg')
    r.on('readable', () => { let c; while ((c = r.read(2)) !== null) show('read', c.toString()); show('left', r.readableLength) }); r.on('end', () => show('end'))
    await turn(); r.push('h'); await turn(); r.push(null); await turn()
  },
  async encoding() {
    const r = new Readable({ encoding: 'utf8', read() {} }); const bytes = Buffer.from('é€😀')
    r.on('data', (x) => show(JSON.stringify(x))); r.on('end', () => show('end')); for (const b of bytes) r.push(Buffer.from([b])); r.push('6162', 'hex'); r.push(null); await turn()
  },
  async unshift() { const r = new Readable({ read() {} }); r.push('b'); r.unshift('a'); r.push(null); show(String(r.read()), r.read()); await turn() },
  async pushReturns() { const r = new Readable({ highWaterMark: 4, read() {} }); show(r.push('ab'), r.push('cd'), r.push('e'), r.readableLength, r.push(null), r.readableLength); watch('r', r, 'error'); show(r.push('x')); await turn() },
  async writing() {
    const w = new Writable({ highWaterMark: 4, write(chunk, encoding, done) { show('write', String(chunk), encoding); setTimeout(done, 1) }, final(done) { show('final'); done() } })
    watch('w', w, 'drain finish close prefinish'); show(w.write('ab'), w.write('cd', (e) => show('cb', e)), w.writableLength, w.writableNeedDrain)
    await turn(); await turn(); w.end('last', () => show('ended')); show(w.writableEnded, w.writableFinished); await turn(); await turn(); show(w.writableFinished, w.destroyed, w.writable)
  },
  async syncWriting() {
    const w = new Writable({ write(chunk, encoding, done) { show('write', String(chunk)); done() } }); watch('w', w, 'drain finish close prefinish')
    w.write('a', () => show('cb a')); w.write(new Uint8Array([98]), () => show('cb b')); w.end(() => show('ended')); show('after'); await turn()
  },
  async corking() {
    const w = new Writable({ writev(chunks, done) { show('writev', chunks.map((c) => String(c.chunk))); done() } })
    w.cork(); w.write('a'); w.write('b'); w.write('c', () => show('cb c')); show(w.writableCorked); w.uncork(); w.write('d'); w.end(); await turn()
  },
  async decode() { const w = new Writable({ decodeStrings: false, write(c, e, d) { show(c, e); d() } }); w.write('a'); w.write('61', 'hex'); w.setDefaultEncoding('latin1'); w.write('b'); await turn() },
  async writeErrors() {
    for (const f of [(w) => w.write(null), (w) => w.write(5), (w) => w.write('a', 'nope'), (w) => w.write({})]) { const w = new Writable({ write(c, e, d) { d() } }); try { show(f(w)) } catch (e) { show(problem(e)) } }
    const w = new Writable({ write(c, e, d) { d() } }); watch('w', w, 'error close finish'); w.end(); show(w.write('x', (e) => show('cb', problem(e)))); w.end((e) => show('end', problem(e))); await turn(); w.end((e) => show('again', problem(e))); await turn()
    const v = new Writable({ write(c, e, d) { d(new Error('bad ' + c)) } }); watch('v', v, 'error close finish'); v.write('1', (e) => show('cb1', problem(e))); v.write('2', (e) => show('cb2', problem(e))); await turn(); show(v.destroyed, problem(v.errored)); v.write('3', (e) => show('cb3', problem(e))); await turn()
  },
  async destroying() {
    const r = new Readable({ read() {}, destroy(e, done) { show('destroy', problem(e)); done(e) } }); watch('r', r, 'error close end data'); r.destroy(new Error('x')); r.destroy(new Error('y')); show(r.destroyed, r.closed); await turn(); show(r.closed, r.push('a'))
    const w = new Writable({ write(c, e, d) { setTimeout(d, 2) } }); watch('w', w, 'error close finish'); w.write('a', (e) => show('a', problem(e))); w.write('b', (e) => show('b', problem(e))); w.destroy(); await turn(); await turn()
    const q = new Readable({ read() { throw new Error('in read') } }); watch('q', q, 'error close end data'); await turn()
  },
  async transforming() {
    const t = new Transform({ transform(c, e, d) { d(null, String(c).toUpperCase()) }, flush(d) { d(null, '!') } }); watch('t', t, 'data end finish close'); t.write('a'); t.write('b'); t.end('c'); await turn()
    const o = new Transform({ objectMode: true, transform(n, e, d) { for (let i = 0; i < n; i++) this.push(n); d() } }); o.on('data', (x) => show(x)); o.on('end', () => show('end')); o.write(2); o.write(0); o.end(3); await turn()
    const f = new Transform({ transform(c, e, d) { d(new Error('no')) } }); watch('f', f, 'error close data end'); f.write('a', (e) => show('cb', problem(e))); await turn()
  },
  async piping() {
    const r = Readable.from(['a', 'b', 'c']), p = new PassThrough(), parts = []
    const w = new Writable({ highWaterMark: 1, write(c, e, d) { parts.push(String(c)); setImmediate(d) } }); watch('w', w, 'pipe unpipe finish close'); show(r.pipe(p).pipe(w) === w); await turn(); await turn(); show(parts)
    const r2 = new Readable({ read() {} }), w2 = new Writable({ write(c, e, d) { show('w2', String(c)); d() } }); watch('w2', w2, 'pipe unpipe finish'); r2.pipe(w2); r2.push('x'); await turn(); r2.unpipe(w2); r2.push('y'); await turn(); show(r2.readableFlowing, w2.writableEnded)
    const r3 = Readable.from(['z']), w3 = new Writable({ write(c, e, d) { d() } }); r3.pipe(w3, { end: false }); await turn(); show(w3.writableEnded)
  },
  async iterating() {
    const out = []; for await (const x of Readable.from([1, Promise.resolve(2), 3])) out.push(x); show(out)
    async function* numbers() { try { for (let i = 0; ; i++) yield i } finally { show('closed') } }
    for await (const x of Readable.from(numbers())) { show(x); if (x === 2) break }
    await turn(); const r = new Readable({ read() {} }); r.push('a'); setTimeout(() => r.destroy(new Error('cut')), 1); try { for await (const x of r) show(String(x)) } catch (e) { show(problem(e)) }
    const early = new Readable({ read() {} }); setTimeout(() => early.destroy(), 1); try { for await (const x of early) show(x) } catch (e) { show(problem(e)) }
    show(await Readable.from(['a', 'b']).toArray(), (await Readable.from('text').toArray()), (await Readable.from(Buffer.from('b')).toArray())); await Readable.from([1, 2]).forEach((x) => show('each', x))
    try { await Readable.from([1, null]).toArray() } catch (e) { show(problem(e)) } try { Readable.from(5) } catch (e) { show(problem(e)) }
  },
  async pipelines() {
    const { pipeline: run, finished: done } = require('stream/promises'), upper = () => new Transform({ transform(c, e, d) { d(null, String(c).toUpperCase()) } })
    const sink = () => { const w = new Writable({ write(c, e, d) { w.text += c; d() } }); w.text = ''; return w }
    let w = sink(); await run(Readable.from(['a', 'b']), upper(), w); show(w.text, w.writableFinished)
    w = sink(); await new Promise((ok) => pipeline(['x', 'y'], upper(), w, (e) => { show('cb', e, w.text); ok() }))
    w = sink(); await run(async function* () { yield 'g'; yield 'h' }, async function* (source) { for await (const c of source) yield c + c }, w); show(w.text)
    show(await run(['1', '2'], async (source) => { let all = ''; for await (const c of source) all += c; return all }))
    for (const bad of [() => run(new Readable({ read() { this.destroy(new Error('source')) } }), sink()), () => run(['a'], new Transform({ transform(c, e, d) { d(new Error('middle')) } }), sink()), () => run(['a'], new Writable({ write(c, e, d) { d(new Error('sink')) } })), () => run(new Readable({ read() { this.destroy() } }), sink()), () => run(['a'], async () => { throw new Error('fn') })]) try { show(await bad()) } catch (e) { show(problem(e)) }
    const r = Readable.from(['q']); r.resume(); await done(r); show('finished', r.readableEnded); const cut = new Writable({ write() {} }); setTimeout(() => cut.destroy(), 1); try { await done(cut) } catch (e) { show(problem(e)) }
    finished(new PassThrough().end().resume(), (e) => show('both', e)); await turn(); await promisify(finished)(Readable.from([]).resume()); try { pipeline(new PassThrough(), () => {}) } catch (e) { show(problem(e)) }
  },
  async classes() {
    class Count extends Readable { constructor(o) { super(o); this.n = 0 } _read() { this.push(this.n < 3 ? String(this.n++) : null) } }
    class Collect extends Writable { constructor() { super(); this.all = [] } _write(c, e, d) { this.all.push(String(c)); d() } _final(d) { show('final', this.all); d() } }
    new Count().pipe(new Collect()); await turn()
    function Old() { Transform.call(this) } require('util').inherits(Old, Transform); Old.prototype._transform = function (c, e, d) { d(null, '<' + c + '>') }; const old = new Old(); old.on('data', (x) => show(String(x))); old.end('old'); await turn()
    const made = new Writable({ construct(d) { show('construct'); setTimeout(d, 1) }, write(c, e, d) { show('write', String(c)); d() } }); made.end('late'); await new Promise((done) => made.on('close', done))
    const d = new Duplex({ read() { this.push('out'); this.push(null) }, write(c, e, done) { show('in', String(c)); done() } }); watch('d', d, 'data end finish close'); d.end('x'); await turn()
  },
  async consumers() { const c = require('stream/consumers'); show(await c.text(Readable.from(['a', 'é'])), await c.json(Readable.from(['{"a":', '1}'])), await c.buffer(Readable.from([Buffer.from('x')])), await c.arrayBuffer(Readable.from(['y']))) },
}
async function main() { for (const [name, test] of Object.entries(tests)) { show('#', name); await test() } exit() }
main()
