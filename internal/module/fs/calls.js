'use strict'

// How an operation is run: at once, or beside the script in its turn.

const { Buffer, error, argType, check, bytes } = tools

const mostAtOnce = 8
const waiting = []
let running = 0

function next() {
  while (running < mostAtOnce && waiting.length > 0) {
    const { args, resolve, reject } = waiting.shift()
    running++
    const done = (settle) => (value) => {
      running--
      settle(value)
      next()
    }
    native.later(...args).then(done(resolve), done(reject))
  }
}

const now = (...args) => native.now(...args)
const later = (...args) => new Promise((resolve, reject) => {
  waiting.push({ args, resolve, reject })
  next()
})

// Arguments

function invalid(message) { return error('TypeError', 'ERR_INVALID_ARG_VALUE', message) }
const show = (value) => native.require('util').inspect(value)

function pathOf(value, name = 'path') {
  let path = value
  if (value !== null && typeof value === 'object' && typeof value.href === 'string' && typeof value.protocol === 'string') {
    path = native.require('url').fileURLToPath(value)
  } else if (value instanceof Uint8Array) path = bytes(value).toString()
  if (typeof path !== 'string') throw argType(name, 'of type string or an instance of Buffer or URL', value)
  if (path.includes('\0')) {
    throw invalid(`The argument '${name}' must be a string, Uint8Array, or URL without null bytes. Received ${show(path)}`)
  }
  return path
}

function encodingOf(value) {
  if (value === undefined || value === null || value === 'buffer') return undefined
  if (!Buffer.isEncoding(value)) throw invalid(`The argument 'encoding' is invalid encoding. Received ${show(value)}`)
  return value
}

// optionsOf reads options that may be an encoding alone. What a changed
// Object.prototype has does not count.
function optionsOf(options, usual) {
  if (options === undefined || options === null || typeof options === 'function') return { __proto__: null, ...usual }
  if (typeof options === 'string') {
    encodingOf(options)
    return { __proto__: null, ...usual, encoding: options }
  }
  check.object(options, 'options')
  encodingOf(options.encoding)
  const { signal } = options
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    throw argType('options.signal', 'an instance of AbortSignal', signal)
  }
  return { __proto__: null, ...usual, ...options }
}

const decode = (data, encoding) => (encodingOf(encoding) ? data.toString(encoding) : data)

function dataOf(value, encoding) {
  if (typeof value === 'string') return Buffer.from(value, encodingOf(encoding) ?? 'utf8')
  const data = bytes(value)
  if (!data || !ArrayBuffer.isView(value)) throw argType('data', 'of type string or an instance of Buffer, TypedArray, or DataView', value)
  return data
}

const flagNames = new Set(['r', 'rs', 'sr', 'r+', 'rs+', 'sr+', 'w', 'wx', 'xw', 'w+', 'wx+', 'xw+', 'a', 'ax', 'xa', 'as', 'sa', 'a+', 'ax+', 'xa+', 'as+', 'sa+'])

// flagsOf checks flags; a number is put into letters. The first letter comes
// out first.
function flagsOf(value, usual = 'r') {
  if (value === undefined || value === null) return usual
  if (typeof value === 'number') return flagsFrom(value)
  if (!flagNames.has(value)) throw invalid(`The argument 'flags' is invalid. Received ${show(value)}`)
  return /^[xs]/.test(value) ? value[1] + value[0] + value.slice(2) : value
}

function flagsFrom(number) {
  const { O_ACCMODE, O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_SYNC } = open
  check.integer(number, 'flags', 0, 0x7fffffff)
  const access = number & O_ACCMODE
  // A file that must be new has nothing to be cut off.
  let text = number & O_APPEND ? 'a' : number & O_CREAT && number & (O_TRUNC | O_EXCL) ? 'w' : access === O_RDONLY ? 'r' : undefined
  if (text === undefined && access === O_RDWR && !(number & (O_CREAT | O_TRUNC))) text = 'r'
  if (text === undefined) throw invalid(`The argument 'flags' is not one of those that have a name, such as 'w'. Received ${number}`)
  if (access === O_RDWR) text += '+'
  if (number & O_EXCL) text += 'x'
  if (number & O_SYNC) text += 's'
  return text
}
const open = { O_ACCMODE: 3, O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024, O_SYNC: 1052672 }

function modeOf(value, usual, name = 'mode') {
  if (value === undefined || value === null) return usual
  if (typeof value === 'string') {
    if (!/^[0-7]+$/.test(value)) throw invalid(`The argument '${name}' must be a 32-bit unsigned integer or an octal string. Received ${show(value)}`)
    return Number.parseInt(value, 8)
  }
  check.integer(value, name, 0, 0xffffffff)
  return value
}

function fdOf(value) {
  check.integer(value, 'fd', 0, 0x7fffffff)
  return value
}

function timeOf(value, name) {
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value)
  if (typeof value === 'number' && Number.isFinite(value)) return value < 0 ? Date.now() / 1000 : value
  if (value instanceof Date) return value.getTime() / 1000
  throw argType(name, 'of type number or string or an instance of Date', value)
}

module.exports = {
  now, later, invalid, pathOf, encodingOf, optionsOf, decode, dataOf, flagsOf, modeOf, fdOf, timeOf, openFlags: open,
}
