'use strict'

const { Buffer, error, argType, outOfRange, bytes, check, missing, settle, callable } = tools
const { secretBytes, api: keys } = native.keys
const { StringDecoder } = native.require('string_decoder')

const views = 'an instance of ArrayBuffer, Buffer, TypedArray, or DataView'
const textOrViews = 'of type string or ' + views
const most = 2 ** 31 - 1

// Bytes of text or of a binary value.
function data(value, name, encoding, wants = textOrViews) {
  if (typeof value === 'string') return Buffer.from(value, encoding === 'buffer' ? 'utf8' : encoding)
  const b = bytes(value)
  if (b === undefined) throw argType(name, wants, value)
  return b
}

function updateData(value, encoding) {
  if (bytes(value) !== undefined && value instanceof ArrayBuffer) throw argType('data', updateWants, value)
  return data(value, 'data', encoding, updateWants)
}
const updateWants = 'of type string or an instance of Buffer, TypedArray, or DataView'

function output(buffer, encoding) {
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer
}

// Hashes

const finalized = () => error('Error', 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called')

class Hash {
  #handle
  #algorithm
  #done = false
  constructor(algorithm, options, from) {
    streamHash()
    check.string(algorithm, 'algorithm')
    if (options?.outputLength !== undefined) check.integer(options.outputLength, 'options.outputLength', 0, most)
    this.#algorithm = algorithm
    this.#handle = from ?? native.hash(algorithm, options?.outputLength)
  }
  update(value, encoding) {
    if (this.#done) throw finalized()
    native.hashUpdate(this.#handle, updateData(value, encoding))
    return this
  }
  digest(encoding) {
    if (this.#done) throw finalized()
    this.#done = true
    return output(native.hashSum(this.#handle), encoding)
  }
  copy() {
    if (this.#done) throw finalized()
    return new Hash(this.#algorithm, undefined, native.hashCopy(this.#handle, this.#algorithm))
  }
}

class Hmac {
  #handle
  #done = false
  constructor(algorithm, key) {
    streamHmac()
    check.string(algorithm, 'hmac')
    this.#handle = native.hmac(algorithm, secretBytes(key))
  }
  update(value, encoding) {
    if (this.#done) throw finalized()
    native.hashUpdate(this.#handle, updateData(value, encoding))
    return this
  }
  digest(encoding) {
    const sum = this.#done ? Buffer.alloc(0) : native.hashSum(this.#handle)
    this.#done = true
    return output(sum, encoding)
  }
}

const streamHash = native.streams.digesting(Hash), streamHmac = native.streams.digesting(Hmac)

function createHash(algorithm, options) { return new Hash(algorithm, options) }
function createHmac(algorithm, key) { return new Hmac(algorithm, key) }
function hash(algorithm, input, encoding = 'hex') {
  return new Hash(algorithm).update(input).digest(encoding)
}
function getHashes() { return [...native.hashNames()] }

// Random

function randomBytes(size, callback) {
  if (typeof size !== 'number') throw argType('size', 'of type number', size)
  if (!(size >= 0 && size <= most)) throw outOfRange('size', `>= 0 && <= ${most}`, size)
  if (callback !== undefined) check.func(callback, 'callback')
  const buffer = Buffer.alloc(size)
  native.fill(buffer)
  if (callback === undefined) return buffer
  settle(Promise.resolve(buffer), callback)
}

function randomFillSync(target, offset = 0, size) {
  const b = bytes(target)
  if (b === undefined) throw argType('buf', views, target)
  const unit = target.BYTES_PER_ELEMENT ?? 1
  if (typeof offset !== 'number') throw argType('offset', 'of type number', offset)
  if (!(offset >= 0 && offset * unit <= b.length)) throw outOfRange('offset', `>= 0 && <= ${b.length}`, offset)
  if (size === undefined) size = b.length / unit - offset
  if (typeof size !== 'number') throw argType('size', 'of type number', size)
  if (!(size >= 0 && (offset + size) * unit <= b.length)) throw outOfRange('size + offset', `<= ${b.length}`, size + offset)
  native.fill(b.subarray(offset * unit, (offset + size) * unit))
  return target
}

function randomFill(target, offset, size, callback) {
  if (typeof offset === 'function') [offset, size, callback] = [0, undefined, offset]
  else if (typeof size === 'function') [size, callback] = [undefined, size]
  check.func(callback, 'callback')
  settle(Promise.resolve(randomFillSync(target, offset, size)), callback)
}

function randomInt(min, max, callback) {
  if (max === undefined || typeof max === 'function') [min, max, callback] = [0, min, max]
  if (callback !== undefined) check.func(callback, 'callback')
  if (!Number.isSafeInteger(min)) throw argType('min', 'a safe integer', min)
  if (!Number.isSafeInteger(max)) throw argType('max', 'a safe integer', max)
  if (max <= min) throw outOfRange('max', `greater than the value of "min" (${min})`, max)
  if (max - min > 2 ** 48 - 1) throw outOfRange('max - min', `<= ${2 ** 48 - 1}`, max - min)
  const n = min + native.below(max - min)
  if (callback === undefined) return n
  setImmediate(callback, undefined, n)
}

function randomUUID(options) {
  if (options !== undefined) check.object(options, 'options')
  const b = Buffer.alloc(16)
  native.fill(b)
  b[6] = b[6] & 0x0f | 0x40
  b[8] = b[8] & 0x3f | 0x80
  const hex = b.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function timingSafeEqual(a, b) {
  for (const [value, name] of [[a, 'buf1'], [b, 'buf2']]) {
    if (bytes(value) === undefined) throw error('TypeError', 'ERR_INVALID_ARG_TYPE', `The "${name}" argument must be ${views}.`)
  }
  return native.equal(a, b)
}

// Ciphers

const stateError = (operation) => error('Error', 'ERR_CRYPTO_INVALID_STATE', 'Invalid state' + (operation ? ` for operation ${operation}` : ''))

class Crypt {
  #handle
  #authenticated // the mode has a tag
  #decrypt
  #begun = false
  #done = false
  #tag
  #tagLength
  #decoder
  constructor(name, key, iv, options, decrypt) {
    streamCrypt()
    check.string(name, 'cipher')
    const secret = secretBytes(key)
    if (iv !== null && typeof iv !== 'string' && bytes(iv) === undefined) throw argType('iv', textOrViews, iv)
    const info = native.cipherInfo(name)
    if (!info) throw error('Error', 'ERR_CRYPTO_UNKNOWN_CIPHER', 'Unknown cipher')
    this.#authenticated = info.mode === 'gcm'
    this.#decrypt = decrypt
    if (this.#authenticated && options?.authTagLength !== undefined) this.#tagLength = checkTag(options.authTagLength)
    this.#handle = native.crypt(name, secret, iv === null ? Buffer.alloc(0) : data(iv, 'iv', 'utf8'), decrypt)
  }
  update(value, inputEncoding, outputEncoding) {
    const b = updateData(value, inputEncoding)
    if (this.#done) throw error('Error', '', 'Trying to add data in unsupported state')
    this.#begun = true
    return this.#output(native.cryptUpdate(this.#handle, b), outputEncoding, 'write')
  }
  final(encoding) {
    if (this.#done) throw stateError()
    this.#done = true
    return this.#output(native.cryptFinal(this.#handle), encoding, 'end')
  }
  // Text is decoded as a whole: a character may be in two pieces.
  #output(buffer, encoding, method) {
    if (!encoding || encoding === 'buffer') return buffer
    this.#decoder ??= new StringDecoder(encoding)
    return this.#decoder[method](buffer)
  }
  setAutoPadding(on = true) {
    if (this.#done) throw stateError('setAutoPadding')
    native.cryptPadding(this.#handle, on)
    return this
  }
  setAAD(value, options) {
    if (!this.#authenticated || this.#begun || this.#done) throw stateError('setAAD')
    native.cryptAAD(this.#handle, data(value, 'buffer', options?.encoding))
    return this
  }
  setAuthTag(tag, encoding) {
    const b = data(tag, 'buffer', encoding)
    if (!this.#authenticated || this.#done || this.#tag) throw stateError('setAuthTag')
    checkTag(b.length, this.#tagLength)
    this.#tag = true
    native.cryptSetTag(this.#handle, b)
    return this
  }
  getAuthTag() {
    if (!this.#authenticated || !this.#done || this.#decrypt) throw stateError('getAuthTag')
    return native.cryptTag(this.#handle, this.#tagLength ?? 16)
  }
}

const streamCrypt = native.streams.changing(Crypt)

function checkTag(length, want) {
  const allowed = length === 4 || length === 8 || (length >= 12 && length <= 16)
  if (!allowed || (want !== undefined && length !== want)) {
    throw error('TypeError', 'ERR_CRYPTO_INVALID_AUTH_TAG', `Invalid authentication tag length: ${length}`)
  }
  return length
}

class Cipheriv extends Crypt {
  constructor(name, key, iv, options) { super(name, key, iv, options, false) }
}
delete Cipheriv.prototype.setAuthTag
class Decipheriv extends Crypt {
  constructor(name, key, iv, options) { super(name, key, iv, options, true) }
}

function createCipheriv(name, key, iv, options) { return new Cipheriv(name, key, iv, options) }
function createDecipheriv(name, key, iv, options) { return new Decipheriv(name, key, iv, options) }
function getCiphers() { return [...native.cipherNames()] }
function getCipherInfo(name) {
  check.string(name, 'nameOrNid')
  const info = native.cipherInfo(name)
  if (!info) return undefined
  const { mode, keyLength, ivLength } = info
  const out = { mode, name: name.toLowerCase(), keyLength }
  if (mode === 'cbc' || mode === 'ecb') out.blockSize = 16
  if (mode !== 'ecb') out.ivLength = ivLength
  return out
}

// Keys from passwords

function pbkdf2Arguments(password, salt, iterations, length, digest) {
  check.string(digest, 'digest')
  const p = data(password, 'password')
  const s = data(salt, 'salt')
  check.integer(iterations, 'iterations', 1, most)
  check.integer(length, 'keylen', 0, most)
  if (!native.hasDigest(digest)) throw error('TypeError', 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${digest}`)
  return [p, s, iterations, length, digest]
}

function pbkdf2(password, salt, iterations, length, digest, callback) {
  if (typeof digest === 'function') [digest, callback] = [undefined, digest]
  const args = pbkdf2Arguments(password, salt, iterations, length, digest)
  check.func(callback, 'callback')
  settle(native.pbkdf2(...args), callback)
}

function pbkdf2Sync(password, salt, iterations, length, digest) {
  const work = native.pbkdf2Begin(...pbkdf2Arguments(password, salt, iterations, length, digest))
  while (!native.pbkdf2Step(work)); // in steps: a script that is ended does not go on here
  return native.pbkdf2Key(work)
}

function scryptArguments(password, salt, length, options = {}) {
  const p = data(password, 'password')
  const s = data(salt, 'salt')
  check.integer(length, 'keylen', 0, most)
  const pick = (names, usual) => {
    for (const name of names) {
      if (options[name] !== undefined) {
        check.integer(options[name], name, 0, name === 'maxmem' ? Number.MAX_SAFE_INTEGER : 2 ** 32 - 1)
        return options[name]
      }
    }
    return usual
  }
  const n = pick(['N', 'cost'], 16384), r = pick(['r', 'blockSize'], 8), parallel = pick(['p', 'parallelization'], 1)
  native.scryptCheck(n, r, parallel, pick(['maxmem'], 32 * 1024 * 1024))
  return [p, s, n, r, parallel, length]
}

function scrypt(password, salt, length, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options]
  const args = scryptArguments(password, salt, length, options)
  check.func(callback, 'callback')
  settle(native.scrypt(...args), callback)
}

function scryptSync(password, salt, length, options) {
  return native.scryptSync(...scryptArguments(password, salt, length, options))
}

function hkdfSync(digest, key, salt, info, length) {
  check.string(digest, 'digest')
  const k = secretBytes(key, 'ikm'), s = data(salt, 'salt'), i = data(info, 'info')
  check.integer(length, 'length', 0, most)
  const { buffer, byteOffset } = native.hkdf(digest, k, s, i, length)
  return buffer.slice(byteOffset, byteOffset + length)
}

function hkdf(digest, key, salt, info, length, callback) {
  check.func(callback, 'callback')
  settle(Promise.resolve(hkdfSync(digest, key, salt, info, length)), callback)
}

module.exports = {
  createCipheriv, createDecipheriv, createHash, createHmac,
  getCiphers, getCipherInfo, getHashes, hkdf, hkdfSync, pbkdf2, pbkdf2Sync,
  randomBytes, randomFill, randomFillSync, randomInt, randomUUID, scrypt, scryptSync, timingSafeEqual, hash,
  Cipheriv: callable(Cipheriv), Decipheriv: callable(Decipheriv), Hash: callable(Hash), Hmac: callable(Hmac), ...keys,
  ...native.exchange, ...native.certificates, getFips: () => 0,
}
missing(module.exports, 'crypto', 'setEngine setFips Certificate secureHeapUsed')
Object.assign(module.exports, native.web(module.exports))
