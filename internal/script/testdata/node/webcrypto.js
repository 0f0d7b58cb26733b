const show = (...a) => console.log(...a)
const { subtle } = crypto
const hex = (b) => Buffer.from(b).toString('hex')
const bytes = (text) => new TextEncoder().encode(text)
async function fails(f) { try { show('no error', await f()) } catch (e) { show(e.name, e.code, e.message, e instanceof Error) } }
async function main() {
  show(typeof crypto, require('crypto').webcrypto === crypto, require('crypto').subtle !== undefined, Object.keys(globalThis).includes('crypto') || true)
  show(crypto.getRandomValues(new Uint8Array(8)).length, crypto.getRandomValues(new Uint32Array(2)) instanceof Uint32Array, crypto.randomUUID().length)
  await fails(() => crypto.getRandomValues(new Float32Array(1))); await fails(() => crypto.getRandomValues(new Uint8Array(65537))); await fails(() => crypto.getRandomValues(5))
  for (const name of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512', 'sha-256', { name: 'SHA-256' }]) { const d = await subtle.digest(name, bytes('text')); show(d instanceof ArrayBuffer, hex(d)) }
  const key = await subtle.importKey('raw', bytes('secret'), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify'])
  show(key.type, key.extractable, key.algorithm.name, key.algorithm.hash, key.algorithm.length, key.usages)
  const s = await subtle.sign('HMAC', key, bytes('data')); show(hex(s), await subtle.verify('HMAC', key, s, bytes('data')), await subtle.verify('HMAC', key, s, bytes('datb')), await subtle.verify('HMAC', key, new Uint8Array(3), bytes('data')), hex(await subtle.exportKey('raw', key)), (await subtle.exportKey('jwk', key)).k, (await subtle.exportKey('jwk', key)).alg)
  for (const size of [16, 32]) {
    const aes = await subtle.importKey('raw', new Uint8Array(size).fill(1), 'AES-GCM', false, ['encrypt', 'decrypt']), iv = new Uint8Array(12).fill(2)
    for (const extra of [{}, { additionalData: bytes('head') }, { tagLength: 96 }]) { const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, ...extra }, aes, bytes('plain')); show(hex(sealed), Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv, ...extra }, aes, sealed)).toString()) }
    await fails(() => subtle.decrypt({ name: 'AES-GCM', iv }, aes, new Uint8Array(20))); await fails(() => subtle.exportKey('raw', aes))
    const cbc = await subtle.importKey('raw', new Uint8Array(size).fill(1), { name: 'AES-CBC' }, true, ['encrypt', 'decrypt']), sealed = await subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, cbc, bytes('plain')); show(hex(sealed), hex(await subtle.decrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, cbc, sealed)), (await subtle.exportKey('jwk', cbc)).alg)
    await fails(() => subtle.decrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, cbc, new Uint8Array(16)))
  }
  const made = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']); show(made.algorithm, (await subtle.exportKey('raw', made)).byteLength)
  show((await subtle.generateKey({ name: 'HMAC', hash: 'SHA-512' }, true, ['sign'])).algorithm.length)
  const jwk = await subtle.importKey('jwk', { kty: 'oct', k: 'c2VjcmV0' }, { name: 'HMAC', hash: { name: 'SHA-1' } }, false, ['sign']); show(hex(await subtle.sign({ name: 'hmac' }, jwk, new ArrayBuffer(2))))
  const password = await subtle.importKey('raw', bytes('pass'), 'PBKDF2', false, ['deriveBits', 'deriveKey']), options = { name: 'PBKDF2', salt: bytes('salt'), iterations: 100, hash: 'SHA-256' }
  show(hex(await subtle.deriveBits(options, password, 128)), hex(await subtle.exportKey('raw', await subtle.deriveKey(options, password, { name: 'AES-GCM', length: 256 }, true, ['encrypt']))))
  const hkdf = await subtle.importKey('raw', bytes('pass'), 'HKDF', false, ['deriveBits']); show(hex(await subtle.deriveBits({ name: 'HKDF', salt: bytes('s'), info: bytes('i'), hash: 'SHA-512' }, hkdf, 256)))
  await fails(() => subtle.digest('nope', new Uint8Array(1))); await fails(() => subtle.digest('SHA-256', 'a')); await fails(() => subtle.importKey('raw', new Uint8Array(3), 'AES-GCM', true, ['encrypt'])); await fails(() => subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', true, ['sign'])); await fails(() => subtle.sign('HMAC', made, new Uint8Array(1))); await fails(() => subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', true, []))
  exit()
}
main()
