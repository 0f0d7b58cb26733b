'use strict'

const { Buffer, error, argType, bytes, check, missing, settle, callable } = tools
const { Transform } = native.require('stream')

const codes = {
  Z_OK: 0, Z_STREAM_END: 1, Z_NEED_DICT: 2, Z_ERRNO: -1, Z_STREAM_ERROR: -2, Z_DATA_ERROR: -3,
  Z_MEM_ERROR: -4, Z_BUF_ERROR: -5, Z_VERSION_ERROR: -6,
}
const constants = {
  Z_NO_FLUSH: 0, Z_PARTIAL_FLUSH: 1, Z_SYNC_FLUSH: 2, Z_FULL_FLUSH: 3, Z_FINISH: 4, Z_BLOCK: 5,
  ...codes,
  Z_NO_COMPRESSION: 0, Z_BEST_SPEED: 1, Z_BEST_COMPRESSION: 9, Z_DEFAULT_COMPRESSION: -1,
  Z_FILTERED: 1, Z_HUFFMAN_ONLY: 2, Z_RLE: 3, Z_FIXED: 4, Z_DEFAULT_STRATEGY: 0,
  Z_MIN_WINDOWBITS: 8, Z_MAX_WINDOWBITS: 15, Z_DEFAULT_WINDOWBITS: 15,
  Z_MIN_LEVEL: -1, Z_MAX_LEVEL: 9, Z_DEFAULT_LEVEL: -1, Z_MIN_CHUNK: 64, Z_MAX_CHUNK: Infinity, Z_DEFAULT_CHUNK: 16384,
}

// What comes out of decompressing, in bytes, unless an option says otherwise.
const usualMost = 256 * 1024 * 1024
const largest = 1024 * 1024 * 1024

const inputWants = 'of type string or an instance of Buffer, TypedArray, DataView, or ArrayBuffer'

function input(value) {
  if (typeof value === 'string') return Buffer.from(value)
  const b = bytes(value)
  if (b === undefined) throw argType('buffer', inputWants, value)
  return b
}

function number(options, name, usual, min, max) {
  const value = options[name]
  if (value === undefined) return usual
  if (typeof value !== 'number') throw argType(`options.${name}`, 'of type number', value)
  if (!(value >= min && value <= max)) {
    throw error('RangeError', 'ERR_OUT_OF_RANGE', `The value of "options.${name}" is out of range. It must be >= ${min} and <= ${max}. Received ${value}`)
  }
  return value
}

// What the functions of Go are given after the data and the format.
function settings(options, compresses) {
  if (options === undefined || options === null) options = {}
  check.object(options, 'options')
  const level = number(options, 'level', -1, -1, 9)
  let { dictionary } = options
  if (dictionary !== undefined) {
    if (bytes(dictionary) === undefined) throw argType('options.dictionary', 'an instance of Buffer, TypedArray, DataView, or ArrayBuffer', dictionary)
    dictionary = bytes(dictionary)
  }
  if (compresses) return [level, dictionary]
  const early = options.finishFlush !== undefined && options.finishFlush !== constants.Z_FINISH
  return [number(options, 'maxOutputLength', usualMost, 1, largest), early, dictionary]
}

function numbered(problem) {
  if (problem.code in codes) problem.errno = codes[problem.code]
  return problem
}

const formats = {
  deflate: ['deflate', true], inflate: ['deflate', false], gzip: ['gzip', true], gunzip: ['gzip', false],
  deflateRaw: ['raw', true], inflateRaw: ['raw', false], unzip: ['unzip', false],
}

class Compressor extends Transform {
  #writer
  constructor(format, options) {
    super(options)
    this.#writer = native.writer(format, ...settings(options, true))
  }
  _transform(chunk, encoding, callback) {
    callback(null, native.write(this.#writer, chunk))
  }
  _flush(callback) { callback(null, native.close(this.#writer)) }
  // What was written so far comes out.
  flush(kind, callback) {
    if (typeof kind === 'function') callback = kind
    this.push(native.flush(this.#writer))
    if (callback) setImmediate(callback)
  }
  close(callback) {
    if (callback) this.once('close', callback)
    this.destroy()
  }
}

class Decompressor extends Transform {
  #chunks = []
  #format
  #settings
  constructor(format, options) {
    super(options)
    this.#format = format
    this.#settings = settings(options, false)
  }
  _transform(chunk, encoding, callback) {
    this.#chunks.push(chunk)
    callback()
  }
  _flush(callback) {
    const data = Buffer.concat(this.#chunks.splice(0))
    if (data.length === 0) {
      callback()
      return
    }
    native.decompressLater(data, this.#format, ...this.#settings).then((out) => {
      for (let i = 0; i < out.length; i += constants.Z_DEFAULT_CHUNK) this.push(out.subarray(i, i + constants.Z_DEFAULT_CHUNK))
      callback()
    }, (problem) => callback(numbered(problem)))
  }
  close(callback) {
    if (callback) this.once('close', callback)
    this.destroy()
  }
}

function classOf(name, format, compresses) {
  const Base = compresses ? Compressor : Decompressor
  const type = { [name]: class extends Base { constructor(options) { super(format, options) } } }[name]
  return callable(type)
}

for (const [name, [format, compresses]] of Object.entries(formats)) {
  const [now, later] = compresses ? [native.compress, native.compressLater] : [native.decompress, native.decompressLater]
  const title = name[0].toUpperCase() + name.slice(1)
  const type = classOf(title, format, compresses)
  Object.assign(module.exports, {
    [name + 'Sync'](buffer, options) {
      const data = input(buffer)
      try {
        return now(data, format, ...settings(options, compresses))
      } catch (problem) {
        throw numbered(problem)
      }
    },
    [name](buffer, options, callback) {
      if (typeof options === 'function') [options, callback] = [undefined, options]
      check.func(callback, 'callback')
      const work = later(input(buffer), format, ...settings(options, compresses))
      settle(work.catch((problem) => { throw numbered(problem) }), callback)
    },
    [title]: type,
    ['create' + title](options) { return new type(options) },
  })
}

module.exports.crc32 = function (data, value = 0) {
  const b = typeof data === 'string' ? Buffer.from(data) : bytes(data)
  if (b === undefined) throw argType('data', 'of type string or an instance of Buffer, TypedArray, or DataView', data)
  check.integer(value, 'value', 0, 2 ** 32 - 1)
  return native.crc32(b, value)
}
Object.defineProperty(module.exports.crc32, 'name', { value: 'crc32' })
Object.assign(module.exports, { constants: Object.freeze(constants), codes: Object.freeze({ ...codes, ...Object.fromEntries(Object.entries(codes).map(([k, v]) => [v, k])) }) })
missing(module.exports, 'zlib', `BrotliCompress BrotliDecompress brotliCompress brotliCompressSync brotliDecompress
  brotliDecompressSync createBrotliCompress createBrotliDecompress`)
