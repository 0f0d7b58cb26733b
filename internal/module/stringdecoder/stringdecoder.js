'use strict'

const { Buffer, argType, error, bytes } = tools

// How many bytes at the end of b are the beginning of something longer.
const unfinished = {
  utf8(b) {
    for (let n = 1; n <= 3 && n <= b.length; n++) {
      const byte = b[b.length - n]
      if ((byte & 0xc0) === 0x80) continue
      const length = (byte & 0xe0) === 0xc0 ? 2 : (byte & 0xf0) === 0xe0 ? 3 : (byte & 0xf8) === 0xf0 ? 4 : 1
      return length > n ? n : 0
    }
    return 0
  },
  utf16le(b) {
    const odd = b.length % 2
    const high = b.length - odd >= 2 && (b[b.length - odd - 1] & 0xfc) === 0xd8
    return odd + (high ? 2 : 0)
  },
  base64: (b) => b.length % 3,
  base64url: (b) => b.length % 3,
}

const names = { 'utf-8': 'utf8', ucs2: 'utf16le', 'ucs-2': 'utf16le', 'utf-16le': 'utf16le', binary: 'latin1' }

function normal(encoding) {
  if (encoding === undefined || encoding === null || encoding === '') return 'utf8'
  const name = String(encoding).toLowerCase()
  if (!Buffer.isEncoding(name)) throw error('TypeError', 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`)
  return names[name] ?? name
}

class StringDecoder {
  #pending
  constructor(encoding) {
    this.encoding = normal(encoding)
  }
  write(value) {
    if (typeof value === 'string') return value
    let b = bytes(value)
    if (b === undefined || value instanceof ArrayBuffer) throw argType('buf', 'an instance of Buffer, TypedArray, or DataView', value)
    if (this.#pending) b = Buffer.concat([this.#pending, b])
    const left = unfinished[this.encoding]?.(b) ?? 0
    this.#pending = left > 0 ? Buffer.from(b.subarray(b.length - left)) : undefined
    return b.toString(this.encoding, 0, b.length - left)
  }
  end(value) {
    const text = value === undefined ? '' : this.write(value)
    const rest = this.#pending?.toString(this.encoding) ?? ''
    this.#pending = undefined
    return text + rest
  }
}

module.exports = { StringDecoder: tools.callable(StringDecoder) }
