const zlib = require('zlib')
const { promisify } = require('util')
const show = (...a) => console.log(...a)
const problem = (e) => `${e.name} ${e.code} ${e.errno} ${e.message}`
const fails = (f) => { try { show('no error', f()) } catch (e) { show(problem(e)) } }
const text = 'Grüße, 世界 '.repeat(3000)
show(require('node:zlib') === zlib, zlib.constants.Z_BEST_COMPRESSION, zlib.codes.Z_DATA_ERROR, zlib.codes['-3'])
for (const [a, b] of [['gzip', 'gunzip'], ['deflate', 'inflate'], ['deflateRaw', 'inflateRaw'], ['gzip', 'unzip'], ['deflate', 'unzip']]) for (const level of [undefined, 0, 1, 9]) {
  const packed = zlib[a + 'Sync'](text, { level })
  show(a, b, level, Buffer.isBuffer(packed), zlib[b + 'Sync'](packed).toString() === text, level === 0 || packed.length < 2000, zlib[b + 'Sync'](zlib[a + 'Sync'](Buffer.alloc(0))).length)
}
show(zlib.gunzipSync(Buffer.from('1f8b0800000000000003cb48cdc9c9070086a6103605000000', 'hex')).toString(), zlib.inflateSync(Buffer.from('789ccb48cdc9c90700062c0215', 'hex')).toString(), zlib.inflateRawSync(new Uint8Array(Buffer.from('cb48cdc9c90700', 'hex'))).toString(), zlib.gzipSync('x').subarray(0, 10), zlib.deflateSync('x').subarray(0, 2))
const dictionary = Buffer.from('Grüße'); show(zlib.inflateSync(zlib.deflateSync(text, { dictionary }), { dictionary }).length, zlib.inflateRawSync(zlib.deflateRawSync('Grüße', { dictionary }), { dictionary }).toString())
show(zlib.crc32('hello'), zlib.crc32(Buffer.from('lo'), zlib.crc32('hel')), zlib.crc32(''), zlib.gunzipSync(Buffer.concat([zlib.gzipSync('a'), zlib.gzipSync('b')])).toString(), zlib.inflateSync(Buffer.concat([zlib.deflateSync('a'), Buffer.from('junk')])).toString())
fails(() => zlib.gunzipSync(Buffer.from('abc'))); fails(() => zlib.gunzipSync(zlib.gzipSync('abc').subarray(0, 15))); fails(() => zlib.inflateSync(Buffer.from('abc'))); fails(() => zlib.inflateRawSync(Buffer.from([255, 255]))); fails(() => zlib.gunzipSync(Buffer.alloc(0))); fails(() => zlib.gunzipSync(Buffer.concat([zlib.gzipSync('a'), Buffer.from('junkjunkjunk')])))
fails(() => zlib.gzipSync(5)); fails(() => zlib.gzip('a')); fails(() => zlib.gzipSync('a', { level: 20 })); fails(() => zlib.gzipSync('a', { level: 'x' })); fails(() => zlib.gunzipSync(zlib.gzipSync('a'.repeat(1000)), { maxOutputLength: 10 })); fails(() => zlib.inflateSync(zlib.deflateSync('a', { dictionary })))
fails(() => { const b = zlib.gzipSync('abc'); b[b.length - 5] ^= 1; return zlib.gunzipSync(b) }); fails(() => { const b = zlib.deflateSync('abc'); b[b.length - 1] ^= 1; return zlib.inflateSync(b) }); fails(() => zlib.crc32(5))
show(zlib.gunzipSync(zlib.gzipSync('abcdef'.repeat(50), { level: 0 }).subarray(0, 100), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString().slice(0, 12))
async function later() {
  const { pipeline } = require('stream/promises'), { text: read } = require('stream/consumers'), { Readable } = require('stream')
  show((await promisify(zlib.gunzip)(await promisify(zlib.gzip)(text))).toString() === text, (await promisify(zlib.inflateRaw)(await promisify(zlib.deflateRaw)('y', { level: 1 }))).toString())
  try { await promisify(zlib.gunzip)(Buffer.from('abc')) } catch (e) { show(problem(e)) }
  show(await read(Readable.from([text, 'end']).pipe(zlib.createGzip()).pipe(zlib.createGunzip())) === text + 'end', await read(Readable.from(['a', 'b']).pipe(zlib.createDeflate()).pipe(zlib.createUnzip())), zlib.Gzip({ level: 1 }) instanceof zlib.Gzip, zlib.createGunzip() instanceof require('stream').Transform)
  const packed = []; await pipeline([text], zlib.createDeflateRaw({ level: 9 }), async (source) => { for await (const c of source) packed.push(c) }); show(zlib.inflateRawSync(Buffer.concat(packed)).toString() === text)
  const g = zlib.createGzip(); g.write('flushed'); await new Promise((done) => g.flush(done)); show(zlib.gunzipSync(g.read(), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString())
  for (const bad of [Buffer.from('abc'), zlib.gzipSync('hello').subarray(0, 12)]) try { show(await read(Readable.from([bad]).pipe(zlib.createGunzip()))) } catch (e) { show(problem(e)) }
  exit()
}
later()
