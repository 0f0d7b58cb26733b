'use strict'

// Keys, and signatures and encryption with pairs of them.

const { Buffer, error, argType, bytes, check, settle, callable } = tools

const keyWants = 'of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, KeyObject, or CryptoKey'
const views = 'of type string or an instance of Buffer, TypedArray, or DataView'
const paddings = { RSA_PKCS1_PADDING: 1, RSA_NO_PADDING: 3, RSA_PKCS1_OAEP_PADDING: 4, RSA_PKCS1_PSS_PADDING: 6 }
const constants = { ...paddings, RSA_PSS_SALTLEN_DIGEST: -1, RSA_PSS_SALTLEN_MAX_SIGN: -2, RSA_PSS_SALTLEN_AUTO: -2 }

const notImplemented = (what) => error('Error', 'ERR_NOT_IMPLEMENTED', `crypto: ${what} is not implemented in mqscript`)
const insideOf = new WeakMap() // KeyObject -> {secret}, or {pair, info}

const invalid = (name, value) => error('TypeError', 'ERR_INVALID_ARG_VALUE', `The property '${name}' is invalid. Received ${typeof value === 'string' ? `'${value}'` : String(value)}`)

class KeyObject {
  constructor(type, inside) {
    if (!['secret', 'public', 'private'].includes(type) || inside?.[mark] !== true) {
      throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'type' is invalid. Received ${tools.received(type)}`)
    }
    insideOf.set(this, inside)
  }
  get type() {
    const { secret, info } = insideOf.get(this)
    return secret ? 'secret' : info.private ? 'private' : 'public'
  }
  get symmetricKeySize() { return insideOf.get(this).secret?.length }
  get asymmetricKeyType() { return insideOf.get(this).info?.kind }
  get asymmetricKeyDetails() {
    const { info } = insideOf.get(this)
    if (!info) return undefined
    if (info.kind === 'rsa') return { modulusLength: info.modulusLength, publicExponent: BigInt(info.publicExponent) }
    return info.kind === 'ec' ? { namedCurve: info.namedCurve } : {}
  }
  equals(other) {
    const a = insideOf.get(this), b = insideOf.get(other)
    if (!b) throw argType('otherKeyObject', 'an instance of KeyObject', other)
    if (a.secret || b.secret) return Boolean(a.secret && b.secret && native.same(a.secret, b.secret))
    return native.keyEqual(a.pair, b.pair)
  }
  export(options) {
    const { secret, pair, info } = insideOf.get(this)
    if (!secret) return exported(pair, info, options)
    if (options?.format === 'jwk') return { kty: 'oct', k: secret.toString('base64url') }
    return Buffer.from(secret)
  }
}

const mark = Symbol('inside')
const secretKey = (secret) => new KeyObject('secret', { [mark]: true, secret })

function pairKey(pair) {
  const info = native.keyInfo(pair)
  return new KeyObject(info.private ? 'private' : 'public', { [mark]: true, pair, info })
}

function exported(pair, info, options) {
  check.object(options, 'options')
  const { format, type } = options
  if (format === 'jwk') return ordered(native.keyJWK(pair))
  if (format !== 'pem' && format !== 'der') throw invalid('options.format', format)
  const forms = info.private ? ['pkcs1', 'pkcs8', 'sec1'] : ['pkcs1', 'spki']
  if (!forms.includes(type)) throw invalid('options.type', type)
  const write = format === 'pem' ? native.keyPEM : native.keyDER
  if (options.cipher === undefined || options.cipher === null || !info.private) return write(pair, type)
  check.string(options.cipher, 'options.cipher')
  const passphrase = passphraseBytes(options.passphrase)
  if (format === 'der' && type !== 'pkcs8') throw error('Error', 'ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS', `The selected key encoding ${type} does not support encryption.`)
  return write(pair, type, options.cipher.toLowerCase(), passphrase)
}

function passphraseBytes(passphrase) {
  const b = typeof passphrase === 'string' ? Buffer.from(passphrase) : bytes(passphrase)
  if (b === undefined) throw invalid('options.passphrase', passphrase)
  return b
}

// The parts of a JSON Web Key in Node's order.
const jwkOrder = { RSA: 'kty n e d p q dp dq qi', EC: 'kty x y crv d', OKP: 'crv d x kty' }

function ordered(jwk) {
  const names = jwkOrder[jwk.kty].split(' ').filter((name) => jwk[name] !== undefined)
  return Object.fromEntries(names.map((name) => [name, jwk[name]]))
}

function pairFromJWK(key, wantPrivate) {
  check.object(key, 'key.key')
  if (!jwkOrder[key.kty]) throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The property 'key.kty' must be one of: 'RSA', 'EC', 'OKP'. Received ${tools.received(key.kty).replace(/^type \w+ \((.*)\)$/, '$1')}`)
  const needed = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] }[key.kty]
  const isPrivate = wantPrivate || (key.d !== undefined && wantPrivate === undefined)
  if (isPrivate) needed.push('d', ...(key.kty === 'RSA' ? ['p', 'q', 'dp', 'dq', 'qi'] : []))
  for (const name of needed) check.string(key[name], `key.${name}`)
  const names = ['n', 'e', 'd', 'p', 'q', 'x', 'y'].map((name) => (needed.includes(name) ? Buffer.from(key[name], 'base64url') : undefined))
  return native.keyFromJWK(key.kty, key.crv, ...names)
}

function createSecretKey(key, encoding) {
  const b = typeof key === 'string' ? Buffer.from(key, encoding) : bytes(key)
  if (b === undefined) throw argType('key', 'of type string or an instance of ArrayBuffer, Buffer, TypedArray, or DataView', key)
  return secretKey(Buffer.from(b))
}

// What HMAC and ciphers take.
function secretBytes(key, name = 'key') {
  const inside = insideOf.get(key)
  if (inside && !inside.secret) throw wrongType(key.type, 'secret')
  const b = inside?.secret ?? (typeof key === 'string' ? Buffer.from(key) : bytes(key))
  if (b === undefined) throw argType(name, keyWants, key)
  return b
}

const wrongType = (got, want) => error('TypeError', 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE', `Invalid key object type ${got}, expected ${want}.`)
const unreadable = () => error('Error', 'ERR_OSSL_UNSUPPORTED', 'error:1E08010C:DECODER routines::unsupported')

// The pair that a key argument means: a KeyObject, text, bytes, or an object
// with one of them as its key.
function pairOf(input, wantPrivate) {
  const holder = input !== null && typeof input === 'object' && !insideOf.has(input) && bytes(input) === undefined
  const key = holder ? input.key : input
  const inside = insideOf.get(key)
  if (inside) {
    if (!inside.pair || (wantPrivate && !inside.info.private)) throw wrongType(key.type, wantPrivate ? 'private' : 'public or private')
    return inside.pair
  }
  if (holder && input.format === 'jwk') return pairFromJWK(key, wantPrivate)
  const passphrase = holder && input.passphrase !== undefined && input.passphrase !== null ? passphraseBytes(input.passphrase) : undefined
  const b = typeof key === 'string' ? Buffer.from(key, holder ? input.encoding : undefined) : bytes(key)
  if (b === undefined) throw argType(holder ? 'key.key' : 'key', keyWants, key)
  const pair = native.keyParse(b, holder && input.format === 'der', passphrase)
  if (wantPrivate && !native.keyInfo(pair).private) throw unreadable()
  return pair
}

function createPrivateKey(key) { return pairKey(pairOf(key, true)) }

function createPublicKey(key) {
  const inside = insideOf.get(key)
  if (inside && !inside.info?.private) throw wrongType(key.type, 'private')
  return pairKey(native.keyPublic(pairOf(key, false)))
}

// Signatures

function schemeOf(digest, options) {
  const { padding = paddings.RSA_PKCS1_PADDING, saltLength, dsaEncoding = 'der' } = options ?? {}
  if (![1, 6].includes(padding)) throw invalid('options.padding', padding)
  if (dsaEncoding !== 'der' && dsaEncoding !== 'ieee-p1363') throw invalid('options.dsaEncoding', dsaEncoding)
  if (saltLength === 0) throw notImplemented('a signature without salt')
  return [digest, padding, saltLength === undefined || saltLength === -2 ? 0 : saltLength, dsaEncoding === 'ieee-p1363']
}

function digestName(digest) {
  if (digest === null || digest === undefined) return undefined
  check.string(digest, 'algorithm')
  if (!native.hasDigest(digest)) throw error('TypeError', 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${digest}`)
  return digest
}

function dataBytes(value, name) {
  const b = typeof value === 'string' ? Buffer.from(value) : bytes(value)
  if (b === undefined) throw argType(name, views, value)
  return b
}

function sign(digest, data, key, callback) {
  const b = dataBytes(data, 'data')
  const run = () => native.sign(pairOf(key, true), b, ...schemeOf(digestName(digest), key))
  if (callback === undefined) return run()
  check.func(callback, 'callback')
  settle(Promise.resolve().then(run), callback)
}

function verify(digest, data, key, signature, callback) {
  const b = dataBytes(data, 'data'), s = dataBytes(signature, 'signature')
  const run = () => native.verify(pairOf(key, false), b, s, ...schemeOf(digestName(digest), key))
  if (callback === undefined) return run()
  check.func(callback, 'callback')
  settle(Promise.resolve().then(run), callback)
}

class Signing {
  #digest
  #chunks = []
  constructor(algorithm) {
    streamSigning()
    check.string(algorithm, 'algorithm')
    if (!native.hasDigest(algorithm)) throw error('TypeError', 'ERR_CRYPTO_INVALID_DIGEST', 'Invalid digest')
    this.#digest = algorithm
  }
  update(data, encoding) {
    const b = typeof data === 'string' ? Buffer.from(data, encoding) : bytes(data)
    if (b === undefined) throw argType('data', views, data)
    this.#chunks.push(Buffer.from(b))
    return this
  }
  _take() { return [this.#digest, Buffer.concat(this.#chunks.splice(0))] }
}

const streamSigning = native.streams.taking(Signing)

class Sign extends Signing {
  sign(key, encoding) {
    if (!key) throw error('Error', 'ERR_CRYPTO_SIGN_KEY_REQUIRED', 'No key provided to sign')
    const pair = pairOf(key, true)
    const [digest, data] = this._take()
    const out = native.sign(pair, data, ...schemeOf(digest, key))
    return encoding && encoding !== 'buffer' ? out.toString(encoding) : out
  }
}

class Verify extends Signing {
  verify(key, signature, encoding) {
    const s = typeof signature === 'string' ? Buffer.from(signature, encoding) : dataBytes(signature, 'signature')
    const pair = pairOf(key, false)
    const [digest, data] = this._take()
    return native.verify(pair, data, s, ...schemeOf(digest, key))
  }
}

// Encryption

function crossing(run, wantPrivate, usual = paddings.RSA_PKCS1_OAEP_PADDING) {
  return (key, data) => {
    const options = insideOf.has(key) || typeof key !== 'object' ? {} : key
    const { padding = usual, oaepHash = '', oaepLabel } = options
    if (!Object.values(paddings).includes(padding) || (padding === 3 && run === native.decrypt)) throw notImplemented(`encryption with padding ${padding}`)
    const b = typeof data === 'string' ? Buffer.from(data, options.encoding) : dataBytes(data, 'buffer')
    return run(pairOf(key, wantPrivate), b, padding, oaepHash, oaepLabel === undefined ? Buffer.alloc(0) : dataBytes(oaepLabel, 'key.oaepLabel'))
  }
}
const publicEncrypt = crossing(native.encrypt, false)
const privateDecrypt = crossing(native.decrypt, true)
const privateEncrypt = crossing(native.privateEncrypt, true, paddings.RSA_PKCS1_PADDING)
const publicDecrypt = crossing(native.publicDecrypt, false, paddings.RSA_PKCS1_PADDING)
for (const [name, value] of Object.entries({ publicEncrypt, privateDecrypt, privateEncrypt, publicDecrypt })) {
  Object.defineProperty(value, 'name', { value: name })
}

// New pairs

function generation(kind, options) {
  check.string(kind, 'type')
  if (!['rsa', 'ec', 'ed25519', 'x25519'].includes(kind)) throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'type' must be a supported key type. Received '${kind}'`)
  if (kind === 'rsa') check.integer(options?.modulusLength, 'options.modulusLength', 1024, 8192)
  if (kind === 'ec') check.string(options?.namedCurve, 'options.namedCurve')
  return [kind, options?.modulusLength ?? 0, options?.namedCurve ?? '']
}

function generated(pair, options) {
  const privateKey = pairKey(pair), publicKey = pairKey(native.keyPublic(pair))
  return {
    publicKey: options?.publicKeyEncoding ? publicKey.export(options.publicKeyEncoding) : publicKey,
    privateKey: options?.privateKeyEncoding ? privateKey.export(options.privateKeyEncoding) : privateKey,
  }
}

function generateKeyPairSync(kind, options) { return generated(native.keyGenerate(...generation(kind, options)), options) }

function generateKeyPair(kind, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options]
  check.func(callback, 'callback')
  const work = native.keyGenerateLater(...generation(kind, options)).then((pair) => generated(pair, options))
  settle(work, (problem, pair) => (problem ? callback(problem) : callback(null, pair.publicKey, pair.privateKey)))
}
Object.defineProperty(generateKeyPair, Symbol.for('nodejs.util.promisify.custom'), {
  value: (kind, options) => native.keyGenerateLater(...generation(kind, options)).then((pair) => generated(pair, options)),
})

function secretGeneration(kind, options) {
  check.string(kind, 'type')
  check.object(options, 'options')
  const { length } = options
  if (kind === 'hmac') check.integer(length, 'options.length', 8, 2 ** 31 - 1)
  else if (kind !== 'aes') throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'type' must be a supported key type. Received '${kind}'`)
  else if (![128, 192, 256].includes(length)) throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The property 'options.length' must be one of: 128, 192, 256. Received ${length}`)
  const b = Buffer.alloc(Math.floor(length / 8))
  native.fill(b)
  return secretKey(b)
}

const generateKeySync = (kind, options) => secretGeneration(kind, options)

function generateKey(kind, options, callback) {
  check.func(callback, 'callback')
  settle(Promise.resolve(secretGeneration(kind, options)), callback)
}

module.exports = {
  secretBytes, pairKey, pairParts: (key) => insideOf.get(key),
  api: {
    KeyObject, Sign: callable(Sign), Verify: callable(Verify), constants: Object.freeze(constants),
    createPrivateKey, createPublicKey, createSecretKey, sign, verify, publicEncrypt, privateDecrypt, privateEncrypt, publicDecrypt,
    createSign: (algorithm) => new Sign(algorithm), createVerify: (algorithm) => new Verify(algorithm),
    generateKeyPair, generateKeyPairSync, generateKey, generateKeySync,
  },
}
