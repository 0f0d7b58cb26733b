'use strict'

// Key exchange and prime numbers.

const { Buffer, error, argType, outOfRange, bytes, check, settle, callable } = tools
const { pairParts } = native.keys

const views = 'of type string or an instance of ArrayBuffer, Buffer, TypedArray, or DataView'
const most = 2 ** 31 - 1

function data(value, name, encoding, wants = views) {
  if (typeof value === 'string') return Buffer.from(value, encoding === 'buffer' ? 'utf8' : encoding)
  const b = bytes(value)
  if (b === undefined) throw argType(name, wants, value)
  return b
}
const output = (buffer, encoding) => (encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer)
const failed = (what) => error('Error', 'ERR_CRYPTO_OPERATION_FAILED', `Failed to ${what}`)

// Elliptic curves

const forms = { uncompressed: 4, compressed: 2, hybrid: 6 }

function formOf(format) {
  if (!format) return 'uncompressed'
  const name = Object.keys(forms).find((one) => one === format || forms[one] === format)
  if (!name) throw error('TypeError', 'ERR_CRYPTO_ECDH_INVALID_FORMAT', `Invalid ECDH format: ${String(format)}`)
  return name
}

class ECDH {
  #curve
  #private
  #public
  constructor(curve) {
    check.string(curve, 'curve')
    native.curveCheck(curve)
    this.#curve = curve
  }
  static convertKey(key, curve, inputEncoding, outputEncoding, format) {
    check.string(curve, 'curve')
    native.curveCheck(curve)
    const b = data(key, 'key', inputEncoding)
    const form = formOf(format)
    try {
      return output(native.curvePoint(curve, b, form), outputEncoding)
    } catch {
      throw failed('convert Buffer to EC_POINT')
    }
  }
  generateKeys(encoding, format) {
    this.#private = native.curveGenerate(this.#curve)
    this.#public = native.curvePublic(this.#curve, this.#private)
    return this.getPublicKey(encoding, format)
  }
  computeSecret(other, inputEncoding, outputEncoding) {
    const b = data(other, 'key', inputEncoding)
    if (!this.#private) throw error('RangeError', 'ERR_CRYPTO_INVALID_KEYPAIR', 'Invalid key pair')
    return output(native.curveSecret(this.#curve, this.#private, b), outputEncoding)
  }
  getPrivateKey(encoding) {
    if (!this.#private) throw failed('get ECDH private key')
    return output(Buffer.from(this.#private), encoding)
  }
  getPublicKey(encoding, format) {
    const form = formOf(format)
    if (!this.#public) throw failed('get ECDH public key')
    return output(native.curvePoint(this.#curve, this.#public, form), encoding)
  }
  setPrivateKey(key, encoding) {
    const b = data(key, 'key', encoding)
    this.#public = native.curvePublic(this.#curve, b)
    this.#private = Buffer.from(b)
    return this
  }
  setPublicKey(key, encoding) {
    const b = data(key, 'key', encoding)
    try {
      this.#public = native.curvePoint(this.#curve, b, 'uncompressed')
    } catch {
      throw failed('convert Buffer to EC_POINT')
    }
    return this
  }
}

function diffieHellman(options) {
  check.object(options, 'options')
  const own = pairParts(options.privateKey), other = pairParts(options.publicKey)
  const invalid = (name) => error('TypeError', 'ERR_INVALID_ARG_VALUE', `The property 'options.${name}' is invalid. Received ${tools.received(options[name]).replace(/^type \w+ \((.*)\)$/, '$1')}`)
  if (!own) throw invalid('privateKey')
  if (!other) throw invalid('publicKey')
  if (!own.info?.private) throw error('TypeError', 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE', `Invalid key object type ${options.privateKey.type}, expected private.`)
  if (!other.info) throw error('TypeError', 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE', 'Invalid key object type secret, expected private or public.')
  const a = own.info.kind, b = other.info.kind
  if (a !== b || !['ec', 'x25519'].includes(a)) {
    throw error('Error', 'ERR_CRYPTO_INCOMPATIBLE_KEY', `Incompatible key types for Diffie-Hellman: ${a} and ${b}`)
  }
  return native.agree(own.pair, other.pair)
}

// Prime numbers

const small = () => error('RangeError', 'ERR_CRYPTO_INVALID_KEYLEN', 'Supplied key is too small')
const large = () => error('RangeError', 'ERR_CRYPTO_INVALID_KEYLEN', 'Supplied key is too large')
const number = (buffer) => (buffer.length ? BigInt('0x' + buffer.toString('hex')) : 0n)
const openssl = (code, number, reason) => error('Error', 'ERR_OSSL_DH_' + code, `error:${number}:Diffie-Hellman routines::${reason}`)

class Exchange {
  #prime
  #generator
  #private
  #public
  constructor(prime, generator) {
    this.#prime = prime
    this.#generator = generator
  }
  generateKeys(encoding) {
    this.#private ??= native.exponent(this.#prime)
    this.#public = native.power(this.#generator, this.#private, this.#prime)
    return this.getPublicKey(encoding)
  }
  computeSecret(other, inputEncoding, outputEncoding) {
    const b = data(other, 'otherPublicKey', inputEncoding)
    if (!this.#private) throw error('Error', 'ERR_CRYPTO_INVALID_STATE', 'No private key - did you forget to generate one?')
    const n = number(b), p = number(this.#prime)
    if (n <= 1n) throw small()
    if (n >= p - 1n) throw large()
    return output(native.power(b, this.#private, this.#prime, true), outputEncoding)
  }
  getPrime(encoding) { return output(Buffer.from(this.#prime), encoding) }
  getGenerator(encoding) { return output(Buffer.from(this.#generator), encoding) }
  getPublicKey(encoding) {
    if (!this.#public) throw error('Error', 'ERR_CRYPTO_INVALID_STATE', 'No public key - did you forget to generate one?')
    return output(Buffer.from(this.#public), encoding)
  }
  getPrivateKey(encoding) {
    if (!this.#private) throw error('Error', 'ERR_CRYPTO_INVALID_STATE', 'No private key - did you forget to generate one?')
    return output(Buffer.from(this.#private), encoding)
  }
  _setPublicKey(key) { this.#public = Buffer.from(key) }
  _setPrivateKey(key) { this.#private = Buffer.from(key) }
}
for (const name of ['_setPublicKey', '_setPrivateKey']) Object.defineProperty(Exchange.prototype, name, { enumerable: false })

const smallest = 512 // bits of a prime

class DiffieHellman extends Exchange {
  constructor(prime, keyEncoding, generator, generatorEncoding) {
    if (typeof prime !== 'number' && typeof prime !== 'string' && bytes(prime) === undefined) {
      throw argType('sizeOrKey', 'one of type number or string or an instance of ArrayBuffer, Buffer, TypedArray, or DataView', prime)
    }
    if (typeof keyEncoding !== 'string') [keyEncoding, generator, generatorEncoding] = [undefined, keyEncoding, generator]
    if (typeof prime === 'number') check.integer(prime, 'sizeOrKey', 0, most)
    if (typeof prime === 'number' && prime < smallest) throw openssl('MODULUS_TOO_SMALL', '0280007E', 'modulus too small')
    const g = generator === undefined ? Buffer.from([2]) : typeof generator === 'number' ? Buffer.from([generator]) : data(generator, 'generator', generatorEncoding)
    if (number(g) < 2n) throw openssl('BAD_GENERATOR', '02800065', 'bad generator')
    super(typeof prime === 'number' ? found(native.primeSearch(prime, true)) : Buffer.from(data(prime, 'sizeOrKey', keyEncoding)), g)
  }
  setPublicKey(key, encoding) { this._setPublicKey(data(key, 'key', encoding)) }
  setPrivateKey(key, encoding) { this._setPrivateKey(data(key, 'key', encoding)) }
  get verifyError() {
    const prime = this.getPrime()
    if (prime.length * 8 < smallest) return 128
    if (!native.isPrime(prime, 20)) return 1
    return native.isPrime(Buffer.from((number(prime) >> 1n).toString(16).padStart(prime.length * 2, '0'), 'hex'), 20) ? 0 : 2
  }
}

class DiffieHellmanGroup extends Exchange {
  constructor(name) {
    check.string(name, 'group')
    super(native.groupPrime(name), Buffer.from([2]))
  }
  get verifyError() { return 0 }
}

function found(search) {
  while (!native.primeStep(search)); // in steps: a script that is ended does not go on here
  return native.primeFound(search)
}

function primeSearch(size, options = {}) {
  check.integer(size, 'size', 1, most)
  check.object(options, 'options')
  const part = (name) => {
    const value = options[name]
    if (value === undefined) return undefined
    if (typeof value === 'bigint') return fromBigInt(value, `options.${name}`)
    const b = bytes(value)
    if (b === undefined) throw argType(`options.${name}`, 'of type bigint or an instance of ArrayBuffer, TypedArray, Buffer, or DataView', value)
    return b
  }
  for (const name of ['safe', 'bigint']) {
    if (options[name] !== undefined && typeof options[name] !== 'boolean') throw argType(`options.${name}`, 'of type boolean', options[name])
  }
  return native.primeSearch(size, options.safe === true, part('add'), part('rem'))
}

function fromBigInt(value, name) {
  if (value < 0n) throw outOfRange(name, '>= 0', value)
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 ? '0' + hex : hex, 'hex')
}

function primeValue(buffer, options) {
  if (options?.bigint) return number(buffer)
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length)
}

// These two say undefined where others say null.
const answer = (promise, callback) => settle(promise, (problem, value) => callback(problem ?? undefined, value))

const generatePrimeSync = (size, options) => primeValue(found(primeSearch(size, options)), options)

function generatePrime(size, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options]
  check.func(callback, 'callback')
  const search = primeSearch(size, options)
  answer(native.primeLater(search).then(() => primeValue(native.primeFound(search), options)), callback)
}

function candidateOf(candidate, options) {
  if (typeof candidate === 'bigint') candidate = fromBigInt(candidate, 'candidate')
  const b = bytes(candidate)
  if (b === undefined) throw argType('candidate', 'of type bigint or an instance of ArrayBuffer, TypedArray, Buffer, or DataView', candidate)
  if (b.length > 2048) throw outOfRange('candidate', 'no larger than 16384 bits', b.length * 8)
  const checks = options?.checks ?? 0
  check.integer(checks, 'options.checks', 0, most)
  return [b, checks]
}

const checkPrimeSync = (candidate, options) => native.isPrime(...candidateOf(candidate, options))

function checkPrime(candidate, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options]
  check.func(callback, 'callback')
  answer(native.isPrimeLater(...candidateOf(candidate, options)), callback)
}

const createECDH = (curve) => new ECDH(curve)
const createDiffieHellman = (...args) => new DiffieHellman(...args)
const getDiffieHellman = (name) => new DiffieHellmanGroup(name)

const callableECDH = callable(ECDH)
callableECDH.convertKey = ECDH.convertKey

module.exports = {
  ECDH: callableECDH, DiffieHellman: callable(DiffieHellman), DiffieHellmanGroup: callable(DiffieHellmanGroup), createECDH, diffieHellman,
  createDiffieHellman, createDiffieHellmanGroup: getDiffieHellman, getDiffieHellman, checkPrime, checkPrimeSync, generatePrime, generatePrimeSync,
  getCurves: () => ['prime256v1', 'secp224r1', 'secp384r1', 'secp521r1'],
}
