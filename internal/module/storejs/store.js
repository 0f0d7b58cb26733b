'use strict'

// Values are kept as JSON text. What JSON does not have is written as an object
// with one name that begins with $; a value of the script's that looks like
// one is wrapped in {"$plain": …}.

const { Buffer, error, argType, outOfRange, bytes, check } = tools
const { maxKey, maxValue } = native
const { stringify, parse } = JSON
const maxDepth = 500
const maxTime = 1e12 // milliseconds

function checkKey(key, name = 'key', empty = false) {
  check.string(key, name)
  if (key === '' && !empty) throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument '${name}' must not be empty`)
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?:^|[^\ud800-\udbff])[\udc00-\udfff]/.test(key)) {
    throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument '${name}' must be well-formed text`)
  }
  const length = native.byteLength(key)
  if (length > maxKey) throw error('RangeError', 'ERR_OUT_OF_RANGE', `The argument '${name}' may have ${maxKey} bytes at most. It has ${length}`)
}

function refused(path, what) {
  return error('TypeError', 'ERR_INVALID_ARG_VALUE', `${path} is ${what}, which the store cannot keep`)
}

function special(number) {
  if (Object.is(number, -0)) return '-0'
  return Number.isFinite(number) ? undefined : String(number)
}

// The value as JSON has it. inside holds the objects that it is in.
function plain(value, path, inside) {
  switch (typeof value) {
    case 'string': case 'boolean': return value
    case 'number': return special(value) === undefined ? value : { $number: special(value) }
    case 'bigint': return { $bigint: String(value) }
    case 'object': break
    default: throw refused(path, value === undefined ? 'undefined' : `a ${typeof value}`)
  }
  if (value === null) return null
  if (value instanceof Date) return { $date: special(value.getTime()) === undefined ? value.getTime() : null }
  if (value instanceof Uint8Array) return { $bytes: bytes(value).toString('base64') }
  if (inside.has(value)) throw refused(path, 'a part of itself')
  if (inside.size >= maxDepth) throw refused('value', `more than ${maxDepth} levels deep`)
  inside.add(value)
  const out = Array.isArray(value) ? plainArray(value, path, inside) : plainObject(value, path, inside)
  inside.delete(value)
  return out
}

function plainArray(array, path, inside) {
  const out = []
  for (let i = 0; i < array.length; i++) out.push(plain(array[i], `${path}[${i}]`, inside))
  return out
}

function plainObject(object, path, inside) {
  const prototype = Object.getPrototypeOf(object)
  if (prototype !== null && prototype !== Object.prototype) throw refused(path, `an object of the class ${prototype.constructor?.name ?? '?'}`)
  const out = Object.create(null)
  const names = []
  for (const name of Object.keys(object)) {
    if (object[name] === undefined) continue
    out[name] = plain(object[name], `${path}.${name}`, inside)
    names.push(name)
  }
  return names.length === 1 && names[0][0] === '$' ? { $plain: out } : out
}

function write(value) {
  const text = stringify(plain(value, 'value', new Set()))
  const length = native.byteLength(text)
  if (length > maxValue) throw outOfRange('value', `no larger than ${maxValue} bytes as JSON`, length)
  return text
}

// The value that text stands for.
function read(text) {
  if (text === undefined) return undefined
  const value = parse(text)
  return text.includes('{"$') ? restored(value) : value
}

function restored(value) {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(restored)
  const names = Object.keys(value)
  if (names.length === 1 && names[0][0] === '$') {
    const inner = value[names[0]]
    switch (names[0]) {
      case '$number': return Number(inner)
      case '$bigint': return BigInt(inner)
      case '$date': return new Date(inner ?? NaN)
      case '$bytes': return Buffer.from(inner, 'base64')
      case '$plain': return restoredParts(inner)
    }
  }
  return restoredParts(value)
}

function restoredParts(object) {
  for (const name of Object.keys(object)) {
    Object.defineProperty(object, name, { value: restored(object[name]), writable: true, enumerable: true, configurable: true })
  }
  return object
}

module.exports = {
  async get(key) {
    checkKey(key)
    return read(await native.get(key))
  },
  async set(key, value, options) {
    checkKey(key)
    if (options !== undefined) check.object(options, 'options')
    const ttl = options?.ttl
    if (ttl !== undefined) check.integer(ttl, 'options.ttl', 1, maxTime)
    await native.set(key, write(value), ttl ?? 0)
  },
  async delete(key) {
    checkKey(key)
    return native.delete(key)
  },
  async keys(prefix = '') {
    checkKey(prefix, 'prefix', true)
    return native.keys(prefix)
  },
  async increment(key, by = 1) {
    checkKey(key)
    if (typeof by !== 'number') throw argType('by', 'of type number', by)
    if (!Number.isFinite(by)) throw outOfRange('by', 'a finite number', by)
    return native.increment(key, by)
  },
}
