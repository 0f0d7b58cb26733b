module.exports = { onMessage() {} }
const crypto = require('crypto')
const { Readable, Transform, pipeline, Writable } = require('stream')
const { pipeline: pipe } = require('stream/promises')
const show = (...a) => console.log(...a)
const pair = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
const collect = async (stream) => { const out = []; for await (const chunk of stream) out.push(chunk); return out }
;(async () => {
  show(Object.keys(crypto.createHash('md5')).length >= 0, crypto.createHash('md5') instanceof Transform, crypto.createHmac('md5', 'k') instanceof crypto.Hmac, crypto.createSign('sha256') instanceof Writable, crypto.Hash('md5').update('a').digest('hex'))
  const hash = crypto.createHash('sha256'); hash.setEncoding('hex'); hash.on('readable', () => { const data = hash.read(); if (data) show('readable', data) }); hash.write('some '); hash.write(Buffer.from('data')); hash.end('!')
  await new Promise((done) => hash.on('end', done))
  show((await collect(Readable.from(['a', 'b', 'c']).pipe(crypto.createHash('md5')))).map(String).join() === crypto.createHash('md5').update('abc').digest().toString())
  const hmac = crypto.createHmac('sha1', 'key'); await pipe(Readable.from([Buffer.from('x'), Buffer.from('y')]), hmac); show(hmac.read().toString('hex'), crypto.createHmac('sha1', 'key').update('xy').digest('hex'))
  const key = Buffer.alloc(32, 1), iv = Buffer.alloc(16, 2), text = 'long text '.repeat(5000)
  for (const name of ['aes-256-cbc', 'aes-256-ctr', 'aes-256-gcm']) {
    const seal = crypto.createCipheriv(name, key, iv), open = crypto.createDecipheriv(name, key, iv)
    const sealed = Buffer.concat(await collect(Readable.from([text.slice(0, 7), text.slice(7, 30000), text.slice(30000)]).pipe(seal)))
    if (name.endsWith('gcm')) open.setAuthTag(seal.getAuthTag())
    show(name, sealed.length, crypto.createHash('sha1').update(sealed).digest('hex'), Buffer.concat(await collect(Readable.from([sealed.subarray(0, 100), sealed.subarray(100)]).pipe(open))).toString() === text)
  }
  const bad = crypto.createDecipheriv('aes-256-cbc', key, iv); pipeline(Readable.from([Buffer.alloc(15)]), bad, async function (source) { for await (const _ of source); }, async (e) => {
    show(e.code, e.message)
    const sign = crypto.createSign('sha256'), verify = crypto.createVerify('sha256')
    sign.write('part one '); sign.end('part two'); await new Promise((done) => sign.on('finish', done)); const signature = sign.sign(pair.privateKey)
    verify.write('part one part two'); verify.end(); await new Promise((done) => verify.on('finish', done)); show(verify.verify(pair.publicKey, signature))
    const copied = crypto.createHash('md5').update('a'); const copy = copied.copy(); show(copied.update('b').digest('hex'), copy.update('c').digest('hex'))
    exit()
  })
})()
