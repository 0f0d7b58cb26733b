const crypto = require('crypto')
const show = (...a) => console.log(...a)
const fails = (f) => { try { show('no error', f()) } catch (e) { show(e.name, e.code, e.message) } }
const text = 'Grüße, 世界 '.repeat(20)
const zeros = (n) => Buffer.alloc(n)
show(require('node:crypto') === crypto)
// Hashes
const algorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-256', 'sha3-224', 'sha3-256', 'sha3-384', 'sha3-512', 'SHA256', 'RSA-SHA1', 'RSA-SHA512/224', 'SHA-1']
for (const a of algorithms) show(a, crypto.createHash(a).update(text).digest('hex'), crypto.createHmac(a === 'SHA-1' ? 'sha1' : a, 'key').update(text).digest('base64'))
for (const a of ['shake128', 'shake256']) show(crypto.createHash(a).update('x').digest('hex'), crypto.createHash(a, { outputLength: 50 }).update('x').digest('hex'), crypto.createHash(a, { outputLength: 0 }).digest())
const h = crypto.createHash('sha256').update('a'), c = h.copy()
show(h.update('b').digest('hex'), c.update(Buffer.from('b')).digest('hex'), crypto.createHash('md5').update('6162', 'hex').update(new Uint16Array([1, 2])).update(new DataView(new ArrayBuffer(3))).digest())
const s = crypto.createHash('shake256', { outputLength: 7 }).update('q'), s2 = s.copy()
show(s.update('r').digest('hex'), s2.update('r').digest('hex'), crypto.createHash('shake128').update('q'.repeat(200)).copy().digest('hex'))
show(crypto.hash('sha1', 'x'), crypto.hash('sha1', Buffer.from('x'), 'base64'), crypto.createHash('md5').update('').digest('base64url'), new crypto.Hash('md5').update('a').digest('latin1'), crypto.Hmac('md5', 'k').digest('hex'))
show(crypto.createHmac('sha256', Buffer.alloc(200, 1)).update('a').digest('hex'), crypto.createHmac('sha256', crypto.createSecretKey('ab', 'hex')).update('a').digest('hex'), crypto.createHmac('sha512', '').update('').digest('hex'))
for (const a of algorithms.slice(0, 6)) show(crypto.getHashes().includes(a))
fails(() => crypto.createHash('nope')); fails(() => crypto.createHash(5)); fails(() => crypto.createHash('md5').update(5)); fails(() => crypto.createHash('md5').update()); fails(() => crypto.createHash('md5', { outputLength: 5 }))
fails(() => { const x = crypto.createHash('md5'); x.digest(); x.digest() }); fails(() => { const x = crypto.createHash('md5'); x.digest(); x.update('a') }); fails(() => { const x = crypto.createHash('md5'); x.digest(); x.copy() })
fails(() => crypto.createHmac('nope', 'k')); fails(() => crypto.createHmac('sha1')); fails(() => crypto.createHmac('sha1', 5)); fails(() => { const x = crypto.createHmac('md5', 'k'); x.digest(); return x.digest('hex') }); fails(() => { const x = crypto.createHmac('md5', 'k'); x.digest(); x.update('a') })
// Random
show(crypto.randomBytes(0), crypto.randomBytes(20).length, crypto.randomBytes(20).equals(crypto.randomBytes(20)), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), crypto.randomUUID() === crypto.randomUUID())
const seen = new Set(); for (let i = 0; i < 300; i++) seen.add(crypto.randomInt(3)).add(crypto.randomInt(-5, -3)); show([...seen].sort((a, b) => a - b))
const filled = crypto.randomFillSync(Buffer.alloc(40), 10, 20); show(filled.subarray(0, 10), filled.subarray(30), filled.equals(Buffer.alloc(40)), crypto.randomFillSync(new Uint32Array(4)).length, crypto.randomFillSync(new ArrayBuffer(8)).byteLength)
fails(() => crypto.randomBytes('a')); fails(() => crypto.randomBytes(-1)); fails(() => crypto.randomBytes(2 ** 32)); fails(() => crypto.randomInt(5, 2)); fails(() => crypto.randomInt(5.5)); fails(() => crypto.randomInt(0, 2 ** 50)); fails(() => crypto.randomFillSync(Buffer.alloc(2), 5)); fails(() => crypto.randomBytes(1, 'x'))
show(crypto.timingSafeEqual(Buffer.from('ab'), Buffer.from('ab')), crypto.timingSafeEqual(Buffer.from('ab'), Buffer.from('ac')))
fails(() => crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('ab'))); fails(() => crypto.timingSafeEqual('a', Buffer.from('ab')))
// Ciphers
for (const size of [128, 192, 256]) for (const mode of ['cbc', 'ctr', 'ecb', 'gcm']) {
  const name = `aes-${size}-${mode}`, key = Buffer.alloc(size / 8, 'key'), iv = mode === 'ecb' ? null : Buffer.alloc(mode === 'gcm' ? 12 : 16, 'iv')
  for (const length of [0, 1, 15, 16, 17, 100]) {
    const plain = Buffer.alloc(length, 'plain text'), cipher = crypto.createCipheriv(name, key, iv), decipher = crypto.createDecipheriv(name, key, iv)
    const parts = [cipher.update(plain.subarray(0, 5)), cipher.update(plain.subarray(5)), cipher.final()]
    const whole = Buffer.concat(parts)
    if (mode === 'gcm') { show(cipher.getAuthTag()); decipher.setAuthTag(cipher.getAuthTag()) }
    const back = [decipher.update(whole.subarray(0, 16)), decipher.update(whole.subarray(16)), decipher.final()]
    show(name, length, parts.map((p) => p.toString('hex')), back.map((p) => p.length), Buffer.concat(back).equals(plain))
  }
}
for (const ivLength of [1, 8, 12, 16, 31, 64]) for (const aad of ['', 'x', 'a header that is longer than one block of sixteen']) {
  const cipher = crypto.createCipheriv('aes-256-gcm', Buffer.alloc(32, 7), Buffer.alloc(ivLength, 255), { authTagLength: ivLength === 8 ? 12 : 16 })
  cipher.setAAD(Buffer.from(aad)).setAAD(Buffer.from(aad))
  show(ivLength, cipher.update(text, 'utf8', 'base64'), cipher.final('base64'), cipher.getAuthTag().toString('hex'))
}
const spelled = crypto.createCipheriv('aes-128-ctr', zeros(16), zeros(16)), secret = Buffer.concat([spelled.update(text), spelled.final()]), reader = crypto.createDecipheriv('aes-128-ctr', zeros(16), zeros(16)); let read = ''
for (let i = 0; i < secret.length; i += 7) read += reader.update(secret.subarray(i, i + 7), null, 'utf8')
show(read + reader.final('utf8') === text)
const gcm = crypto.createDecipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12)); gcm.setAuthTag(Buffer.alloc(16)); gcm.update('a'); fails(() => gcm.final())
const plainCipher = crypto.createCipheriv('aes-128-cbc', '0123456789abcdef', 'fedcba9876543210'); plainCipher.setAutoPadding(false); show(plainCipher.update('0123456789abcdef', 'utf8', 'hex') + plainCipher.final('hex'))
show(crypto.createCipheriv('AES256', Buffer.alloc(32), Buffer.alloc(16)).final('hex'), crypto.createCipheriv('id-aes128-GCM', Buffer.alloc(16), Buffer.alloc(12)).final('hex'), crypto.createCipheriv('aes-128-cbc', crypto.createSecretKey(Buffer.alloc(16)), Buffer.alloc(16)).final('hex'))
fails(() => crypto.createCipheriv('nope', zeros(16), zeros(16))); fails(() => crypto.createCipheriv('aes-128-cbc', zeros(15), zeros(16))); fails(() => crypto.createCipheriv('aes-128-cbc', zeros(16), zeros(15))); fails(() => crypto.createCipheriv('aes-128-cbc', 5, zeros(15))); fails(() => crypto.createCipheriv('aes-128-cbc', zeros(16), null)); fails(() => crypto.createCipheriv('aes-128-cbc', zeros(16))); fails(() => crypto.createCipheriv('aes-128-gcm', zeros(16), zeros(0)))
const decipher = (name, data) => { const x = crypto.createDecipheriv(name, zeros(16), zeros(name.endsWith('gcm') ? 12 : 16)); return x.update(data, null, 'hex') + x.final('hex') }
fails(() => decipher('aes-128-cbc', zeros(16))); fails(() => decipher('aes-128-cbc', zeros(15))); fails(() => decipher('aes-128-cbc', zeros(0))); fails(() => decipher('aes-128-gcm', zeros(16)))
const cipher = (name = 'aes-128-gcm') => crypto.createCipheriv(name, zeros(16), zeros(name.endsWith('gcm') ? 12 : 16))
fails(() => crypto.createDecipheriv('aes-128-gcm', zeros(16), zeros(12)).setAuthTag(zeros(3))); fails(() => cipher().getAuthTag()); fails(() => { const x = cipher('aes-128-cbc'); x.setAutoPadding(false); x.update('abc'); x.final() }); fails(() => { const x = cipher('aes-128-cbc'); x.final(); x.final() }); fails(() => { const x = cipher('aes-128-cbc'); x.final(); x.update('a') }); fails(() => cipher().update(5))
show(crypto.getCiphers().includes('aes-256-gcm'), crypto.getCipherInfo('aes-128-ctr')?.ivLength, crypto.getCipherInfo('nope'))
// Keys
const key = crypto.createSecretKey(Buffer.from('abc'))
show(key.type, key.symmetricKeySize, key.export(), key.export({ format: 'jwk' }), key.equals(crypto.createSecretKey('abc', 'utf8')), key instanceof crypto.KeyObject)
for (const d of ['sha1', 'sha256', 'sha512', 'md5']) for (const n of [0, 1, 20, 70]) show(crypto.pbkdf2Sync('password', 'salt', 30, n, d).toString('hex'))
show(crypto.pbkdf2Sync('p', 's', 5000, 40, 'sha256').toString('hex'), crypto.scryptSync('p', 's', 40).toString('hex'), crypto.scryptSync('p', 's', 10, { N: 1024, r: 4, p: 3 }).toString('hex'), crypto.scryptSync(Buffer.from('p'), new Uint8Array(3), 8, { cost: 16, blockSize: 1, parallelization: 1 }).toString('hex'))
show(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 40), crypto.hkdfSync('sha512', key, '', '', 5))
fails(() => crypto.pbkdf2Sync('a', 'b', 0, 1, 'sha1')); fails(() => crypto.pbkdf2Sync('a', 'b', 1, 1, 'nope')); fails(() => crypto.pbkdf2Sync('a', 'b', 1, 1)); fails(() => crypto.pbkdf2Sync(1, 'b', 1, 1, 'sha1')); fails(() => crypto.pbkdf2('a', 'b', 1, 1, 'sha1')); fails(() => crypto.pbkdf2Sync('a', 'b', 1, -1, 'sha1'))
fails(() => crypto.scryptSync('a', 'b', 16, { N: 3 })); fails(() => crypto.scryptSync('a', 'b', 16, { N: 2 ** 20 })); fails(() => crypto.scryptSync('a', 5, 16)); fails(() => crypto.scrypt('a', 'b', 16)); fails(() => crypto.hkdfSync('nope', 'a', 'b', 'c', 5)); fails(() => crypto.hkdfSync('sha1', 'a', 'b', 'c', 50000))
// Callbacks and promises
const { promisify } = require('util')
async function later() {
  show(await promisify(crypto.pbkdf2)('p', 's', 3000, 20, 'sha512'), await promisify(crypto.scrypt)('p', 's', 16, { N: 256 }), (await promisify(crypto.randomBytes)(5)).length)
  show(await new Promise((done) => crypto.randomInt(1, 2, (error, n) => done([error, n]))), await promisify(crypto.hkdf)('sha1', 'k', 's', 'i', 4), (await promisify(crypto.randomFill)(Buffer.alloc(3))).length)
  const order = []
  await Promise.all([1, 2, 3].map((n) => promisify(crypto.pbkdf2)('p', 's', n, 4, 'md5').then((k) => order.push(k.toString('hex')))))
  show(order.sort())
  exit()
}
later()
