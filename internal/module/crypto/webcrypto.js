'use strict'

// The Web Crypto API, as far as scripts have it.

const { Buffer, error, bytes } = tools
const node = native.node

const legacyCodes = { SyntaxError: 12, InvalidAccessError: 15, NotSupportedError: 9, TypeMismatchError: 17, QuotaExceededError: 22 }

function failure(name, message) {
  const e = new Error(message)
  Object.defineProperty(e, 'name', { value: name, writable: true, configurable: true })
  Object.defineProperty(e, 'code', { value: legacyCodes[name] ?? 0, writable: true, configurable: true })
  return e
}
const unsupported = () => failure('NotSupportedError', 'Unrecognized algorithm name')
const failed = () => failure('OperationError', 'The operation failed for an operation-specific reason')

function data(value, method, place) {
  const b = typeof value === 'string' ? undefined : bytes(value)
  if (b === undefined) {
    throw error('TypeError', 'ERR_INVALID_ARG_TYPE', `Failed to execute '${method}' on 'SubtleCrypto': ${place} argument is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.`)
  }
  return Buffer.from(b)
}

function memory(buffer) {
  const { buffer: whole, byteOffset, byteLength } = buffer
  return whole.slice(byteOffset, byteOffset + byteLength)
}

// Algorithms

const hashes = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' }
const blockBits = { 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 }
const uses = {
  HMAC: ['sign', 'verify'],
  'AES-GCM': ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'],
  'AES-CBC': ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'],
  PBKDF2: ['deriveKey', 'deriveBits'],
  HKDF: ['deriveKey', 'deriveBits'],
}

// The algorithm that a name or an object means, its name in the usual case.
function algorithmOf(value, names) {
  const given = typeof value === 'string' ? { name: value } : value
  const name = names.find((one) => one === String(given?.name).toUpperCase())
  if (!name) throw unsupported()
  return { ...given, name }
}

const hashOf = (value) => algorithmOf(value, Object.keys(hashes)).name

// Keys

const secrets = new WeakMap()
const fields = new WeakMap()

class CryptoKey {
  constructor() { throw error('TypeError', 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor') }
  get type() { return fields.get(this).type }
  get extractable() { return fields.get(this).extractable }
  get algorithm() { return fields.get(this).algorithm }
  get usages() { return fields.get(this).usages }
}

function makeKey(secret, algorithm, extractable, usages) {
  const key = Object.create(CryptoKey.prototype)
  secrets.set(key, secret)
  fields.set(key, { type: 'secret', extractable: Boolean(extractable), algorithm, usages: [...new Set(usages)] })
  return key
}

function checkUses(algorithm, usages) {
  if (usages.some((use) => !uses[algorithm.name].includes(use))) {
    const kind = algorithm.name.startsWith('AES') ? 'an AES' : algorithm.name === 'HMAC' ? 'an HMAC' : `a ${algorithm.name}`
    throw failure('SyntaxError', `Unsupported key usage for ${kind} key`)
  }
}

// The secret of a key that is made for this algorithm and use.
function opened(key, name, use) {
  if (!secrets.has(key)) throw error('TypeError', 'ERR_INVALID_ARG_TYPE', `Failed to execute '${use}' on 'SubtleCrypto': 2nd argument is not of type CryptoKey.`)
  if (key.algorithm.name !== name || !key.usages.includes(use)) {
    throw failure('InvalidAccessError', use === 'sign' || use === 'verify'
      ? `Unable to use this key to ${use}` : 'The requested operation is not valid for the provided key')
  }
  return secrets.get(key)
}

async function importKey(format, keyData, algorithm, extractable, usages) {
  const wanted = algorithmOf(algorithm, Object.keys(uses))
  let secret
  if (format === 'raw') secret = data(keyData, 'importKey', '2nd')
  else if (format === 'jwk' && keyData?.kty === 'oct') secret = Buffer.from(String(keyData.k), 'base64url')
  else throw failure('NotSupportedError', `Unable to import ${wanted.name} key with format ${format}`)
  checkUses(wanted, usages)
  if (usages.length === 0) throw failure('SyntaxError', 'Usages cannot be empty when importing a secret key.')
  const kept = { name: wanted.name }
  if (wanted.name === 'HMAC') {
    if (secret.length === 0) throw failure('DataError', 'Zero-length key is not supported')
    kept.hash = { name: hashOf(wanted.hash) }
    kept.length = secret.length * 8
  } else if (wanted.name.startsWith('AES')) {
    if (![16, 24, 32].includes(secret.length)) throw failure('DataError', 'Invalid key length')
    kept.length = secret.length * 8
  } else if (extractable) throw failure('SyntaxError', `${wanted.name} keys are not extractable`)
  return makeKey(secret, kept, extractable, usages)
}

async function exportKey(format, key) {
  const secret = secrets.get(key)
  if (!secret) throw error('TypeError', 'ERR_INVALID_ARG_TYPE', "Failed to execute 'exportKey' on 'SubtleCrypto': 2nd argument is not of type CryptoKey.")
  if (!key.extractable) throw failure('InvalidAccessException', 'key is not extractable')
  if (format === 'raw') return memory(Buffer.from(secret))
  if (format !== 'jwk') throw failure('NotSupportedError', `Unable to export a raw ${key.algorithm.name} ${key.type} key`)
  const { name, hash, length } = key.algorithm
  const alg = name === 'HMAC' ? 'HS' + hash.name.slice(4) : `A${length}${name.slice(4)}`
  return { kty: 'oct', k: secret.toString('base64url'), alg, key_ops: [...key.usages], ext: true }
}

async function generateKey(algorithm, extractable, usages) {
  const wanted = algorithmOf(algorithm, ['HMAC', 'AES-GCM', 'AES-CBC'])
  checkUses(wanted, usages)
  if (usages.length === 0) throw failure('SyntaxError', 'Usages cannot be empty when creating a key.')
  const length = wanted.name === 'HMAC' ? wanted.length ?? blockBits[hashOf(wanted.hash)] : wanted.length
  if (wanted.name !== 'HMAC' && ![128, 192, 256].includes(length)) throw failure('OperationError', 'Invalid key length')
  return importKey('raw', node.randomBytes(Math.ceil(length / 8)), wanted, extractable, usages)
}

// Operations

async function digest(algorithm, value) {
  const name = hashOf(algorithm)
  return memory(node.createHash(hashes[name]).update(data(value, 'digest', '2nd')).digest())
}

const mac = (secret, key, value) => node.createHmac(hashes[key.algorithm.hash.name], secret).update(value).digest()

async function sign(algorithm, key, value) {
  const { name } = algorithmOf(algorithm, ['HMAC'])
  const b = data(value, 'sign', '3rd')
  return memory(mac(opened(key, name, 'sign'), key, b))
}

async function verify(algorithm, key, signature, value) {
  const { name } = algorithmOf(algorithm, ['HMAC'])
  const s = data(signature, 'verify', '3rd'), b = data(value, 'verify', '4th')
  const want = mac(opened(key, name, 'verify'), key, b)
  return want.length === s.length && node.timingSafeEqual(want, s)
}

function cipherOf(algorithm, key, use) {
  const wanted = algorithmOf(algorithm, ['AES-GCM', 'AES-CBC'])
  const secret = opened(key, wanted.name, use)
  const iv = data(wanted.iv, use, 'algorithm.iv')
  const tag = (wanted.tagLength ?? 128) / 8
  if (wanted.name === 'AES-GCM' && ![4, 8, 12, 13, 14, 15, 16].includes(tag)) throw failure('OperationError', `${wanted.tagLength} is not a valid AES-GCM tag length`)
  if (wanted.name === 'AES-CBC' && iv.length !== 16) throw failure('OperationError', 'algorithm.iv must contain exactly 16 bytes')
  const mode = wanted.name.slice(4).toLowerCase()
  const make = use === 'encrypt' ? node.createCipheriv : node.createDecipheriv
  const cipher = make(`aes-${secret.length * 8}-${mode}`, secret, iv, mode === 'gcm' ? { authTagLength: tag } : undefined)
  if (mode === 'gcm' && wanted.additionalData !== undefined) cipher.setAAD(data(wanted.additionalData, use, 'algorithm.additionalData'))
  return { cipher, tag: mode === 'gcm' ? tag : 0 }
}

async function encrypt(algorithm, key, value) {
  const b = data(value, 'encrypt', '3rd')
  const { cipher, tag } = cipherOf(algorithm, key, 'encrypt')
  return memory(Buffer.concat([cipher.update(b), cipher.final(), tag ? cipher.getAuthTag() : Buffer.alloc(0)]))
}

async function decrypt(algorithm, key, value) {
  const b = data(value, 'decrypt', '3rd')
  const { cipher, tag } = cipherOf(algorithm, key, 'decrypt')
  if (b.length < tag) throw failure('OperationError', 'The provided data is too small.')
  try {
    if (tag) cipher.setAuthTag(b.subarray(b.length - tag))
    return memory(Buffer.concat([cipher.update(b.subarray(0, b.length - tag)), cipher.final()]))
  } catch {
    throw failed()
  }
}

async function deriveBits(algorithm, key, length, use = 'deriveBits') {
  const wanted = algorithmOf(algorithm, ['PBKDF2', 'HKDF'])
  const secret = opened(key, wanted.name, use)
  const hash = hashes[hashOf(wanted.hash)]
  const salt = data(wanted.salt, 'deriveBits', 'algorithm.salt')
  if (!Number.isInteger(length) || length <= 0 || length % 8 !== 0) throw failure('OperationError', 'length must be a multiple of 8')
  if (wanted.name === 'HKDF') return node.hkdfSync(hash, secret, salt, data(wanted.info, 'deriveBits', 'algorithm.info'), length / 8)
  return memory(await new Promise((resolve, reject) => {
    node.pbkdf2(secret, salt, wanted.iterations, length / 8, hash, (problem, out) => (problem ? reject(problem) : resolve(out)))
  }))
}

async function deriveKey(algorithm, key, derived, extractable, usages) {
  const wanted = algorithmOf(derived, ['HMAC', 'AES-GCM', 'AES-CBC'])
  const length = wanted.length ?? blockBits[hashOf(wanted.hash)]
  return importKey('raw', await deriveBits(algorithm, key, length, 'deriveKey'), wanted, extractable, usages)
}

const integers = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array]

function getRandomValues(array) {
  if (!integers.some((type) => array instanceof type)) throw failure('TypeMismatchError', 'The data argument must be an integer-type TypedArray')
  if (array.byteLength > 65536) throw failure('QuotaExceededError', 'The requested length exceeds 65,536 bytes')
  return node.randomFillSync(array)
}

const subtle = { decrypt, deriveBits, deriveKey, digest, encrypt, exportKey, generateKey, importKey, sign, verify }
tools.missing(subtle, 'crypto.subtle', 'wrapKey unwrapKey')

module.exports = { webcrypto: { subtle, getRandomValues, randomUUID: () => node.randomUUID(), CryptoKey }, subtle, getRandomValues }
