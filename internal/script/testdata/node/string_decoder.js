const { StringDecoder } = require('string_decoder')
const show = (...a) => console.log(...a)
const fails = (f) => { try { show('no error', f()) } catch (e) { show(e.name, e.code, e.message) } }
const text = 'aé€😀z, Grüße 世界'
for (const encoding of ['utf8', 'utf-8', 'UTF8', 'utf16le', 'ucs2', 'base64', 'base64url', 'hex', 'latin1', 'binary', 'ascii', undefined]) {
  const bytes = Buffer.from(text, encoding === 'utf16le' || encoding === 'ucs2' ? 'utf16le' : 'utf8')
  for (const size of [1, 2, 3, 5, 100]) {
    if (/16|ucs/.test(encoding) && size % 2 === 1 && size < 5) continue // Node splits a surrogate pair there
    const decoder = new StringDecoder(encoding), parts = []
    for (let i = 0; i < bytes.length; i += size) parts.push(decoder.write(bytes.subarray(i, i + size)))
    show(decoder.encoding, size, JSON.stringify(parts), JSON.stringify(decoder.end()))
  }
}
for (const bytes of [[0xe2], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xff], [0x80], [0xc0, 0x80], [0xe2, 0x61], [0x61, 0xc3]]) {
  const decoder = new StringDecoder('utf8'), all = new StringDecoder()
  show(JSON.stringify([decoder.write(Buffer.from(bytes)), decoder.end(), decoder.write(Buffer.from('x')), all.end(Buffer.from(bytes))]))
}
for (const bytes of [[0x3d], [0x3d, 0xd8], [0x61, 0, 0x3d, 0xd8]]) {
  const decoder = new StringDecoder('utf16le')
  show(JSON.stringify([decoder.write(Buffer.from(bytes)), decoder.end()]))
}
const decoder = new StringDecoder('base64')
show(decoder instanceof StringDecoder, decoder.write(Buffer.from('ab')), decoder.end(Buffer.from('c')), decoder.write('text'), decoder.end())
show(new StringDecoder('utf8').write(new Uint8Array([104, 105])), new StringDecoder('utf8').write(new DataView(new ArrayBuffer(1))).length)
fails(() => new StringDecoder('nope')); fails(() => new StringDecoder().write(5)); fails(() => new StringDecoder().write()); fails(() => new StringDecoder().write(null))
exit()
