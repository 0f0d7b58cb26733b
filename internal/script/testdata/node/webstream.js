// The streams of the web platform.
const log = (...a) => console.log(...a)
const t = async (name, f) => { try { log(name, await f()) } catch (e) { log(name, e.name, e.code, e.message) } }
const collect = async (s) => { const all = []; for await (const c of s) all.push(c); return all }
async function main() {
  await t('from', () => collect(ReadableStream.from(['a', 'b'])))
  await t('pull', async () => {
    const calls = []
    let n = 0
    const s = new ReadableStream({ start() { calls.push('start') }, pull(c) { calls.push('pull'); c.enqueue(n++); if (n === 3) c.close() }, cancel(r) { calls.push('cancel ' + r) } }, { highWaterMark: 2 })
    const got = await collect(s)
    return [got, calls.join()]
  })
  await t('cancel', async () => {
    const calls = []
    const s = new ReadableStream({ pull(c) { c.enqueue(1) }, cancel(r) { calls.push(r) } })
    for await (const c of s) { calls.push(c); break }
    return [calls, s.locked]
  })
  await t('locked', () => { const s = new ReadableStream(); s.getReader(); return s.getReader() })
  await t('error', async () => { const s = new ReadableStream({ start(c) { c.error(new Error('bad')) } }); return s.getReader().read() })
  await t('closed', async () => { let c; const s = new ReadableStream({ start(k) { c = k } }); c.close(); return c.enqueue(1) })
  await t('tee', async () => {
    const [a, b] = ReadableStream.from([1, 2, 3]).tee()
    return [await collect(a), await collect(b)]
  })
  await t('write', async () => {
    const calls = []
    const s = new WritableStream({ write(c) { calls.push(c) }, close() { calls.push('close') } }, { highWaterMark: 2 })
    const w = s.getWriter()
    const sizes = [w.desiredSize]
    w.write('a'); sizes.push(w.desiredSize)
    w.write('b'); sizes.push(w.desiredSize)
    await w.ready
    await w.close()
    return [calls, sizes, await w.closed]
  })
  await t('write error', async () => {
    const w = new WritableStream({ write() { throw new Error('full') } }).getWriter()
    return w.write(1)
  })
  await t('abort', async () => {
    const calls = []
    const w = new WritableStream({ abort(r) { calls.push(r) } }).getWriter()
    await w.abort('why')
    return calls
  })
  await t('pipe', async () => {
    const calls = []
    await ReadableStream.from([1, 2]).pipeTo(new WritableStream({ write(c) { calls.push(c) }, close() { calls.push('end') } }))
    return calls
  })
  await t('pipe error', () => new ReadableStream({ start(c) { c.error(new Error('source')) } }).pipeTo(new WritableStream({ abort(e) { log('aborted', e.message) } })))
  await t('pipe error 2', () => ReadableStream.from([1, 2]).pipeTo(new WritableStream({ write() { throw new Error('sink') } })))
  await t('pipe signal', () => new ReadableStream().pipeTo(new WritableStream(), { signal: AbortSignal.abort(new Error('stop')) }))
  await t('transform', () => collect(ReadableStream.from(['a', 'b']).pipeThrough(new TransformStream({
    transform(c, k) { k.enqueue(c.toUpperCase()); k.enqueue('-') }, flush(k) { k.enqueue('end') },
  }))))
  await t('transform error', () => collect(ReadableStream.from(['a']).pipeThrough(new TransformStream({ transform() { throw new Error('no') } }))))
  await t('text', () => collect(ReadableStream.from([Buffer.from([0xe2, 0x82]), Buffer.from([0xac, 0x21])]).pipeThrough(new TextDecoderStream())))
  await t('encode', async () => (await collect(ReadableStream.from(['\ud83d', '\ude00']).pipeThrough(new TextEncoderStream()))).map((c) => Buffer.from(c).toString('hex')))
  await t('bytes', async () => { const s = new ReadableStream({ type: 'bytes', start(c) { c.enqueue(new Uint8Array([1, 2])); c.close() } }); return collect(s) })
  await t('values', async () => {
    const s = ReadableStream.from([1, 2, 3])
    for await (const c of s.values({ preventCancel: true })) { log(c); break }
    return collect(s)
  })
  await t('strategies', () => [new CountQueuingStrategy({ highWaterMark: 3 }).highWaterMark, new ByteLengthQueuingStrategy({ highWaterMark: 3 }).size(Buffer.alloc(5))])
  await t('blob', async () => [Buffer.concat(await collect(new Blob(['ab', new Uint8Array([99])]).slice(1).stream())).toString(), await new Blob(['x']).text()])
  await t('node', async () => {
    const { Readable } = require('stream')
    const read = await collect(Readable.fromWeb(ReadableStream.from([Buffer.from('ab'), Buffer.from('cd')])))
    const web = await collect(Readable.toWeb(Readable.from([1, 2])))
    return [Buffer.concat(read).toString(), web]
  })
  await t('finished', async () => {
    const { Readable, finished } = require('stream'), ended = require('stream/promises').finished
    const told = [], tell = (name) => (problem) => told.push([name, problem?.message])
    let c
    const read = new ReadableStream({ start(x) { c = x } })
    finished(read, tell('read'))
    c.enqueue(1); c.close()
    await new Promise(setImmediate)
    told.push('not yet', await collect(read)); await ended(read)
    const broken = new ReadableStream({ start(x) { c = x } })
    finished(broken, {}, tell('broken'))
    c.error(new Error('why'))
    await ended(broken).catch(tell('again'))
    const stopped = new ReadableStream()
    finished(stopped, tell('stopped'))
    await stopped.cancel(); await ended(stopped)
    const write = new WritableStream(), writer = write.getWriter()
    finished(write, tell('write'))
    await writer.write(1); await writer.close(); await ended(write)
    const full = new WritableStream({ write() { throw new Error('full') } })
    finished(full, tell('full'))
    await full.getWriter().write(1).catch(() => {}); await ended(full).catch(tell('and'))
    const failing = new Readable({ read() { this.destroy(new Error('cut')) } })[Symbol.asyncIterator]()
    told.push(await failing.next().catch((problem) => problem.message), await failing.next())
    await new Promise(setImmediate)
    return told
  })
  await t('show', () => [new ReadableStream(), new WritableStream()])
  exit()
}
main()
