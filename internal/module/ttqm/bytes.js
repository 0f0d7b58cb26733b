'use strict'

// ByteUtil and TopicUtil. Bytes are arrays of numbers; Buffers and typed arrays
// are taken as well.

const { Buffer, error, argType, bytes } = tools

// A Buffer of its own with the bytes of an argument.
function bufferOf(value, name = 'bytes') {
  if (Array.isArray(value)) return Buffer.from(value)
  const b = bytes(value)
  if (b === undefined) throw argType(name, 'an array of numbers, a Buffer, or a typed array', value)
  return Buffer.from(b)
}

const arrayOf = (buffer) => native.array(buffer)

// What send takes.
const sendable = (data) => (typeof data === 'string' ? Buffer.from(data) : bufferOf(data, 'data'))

class ByteUtil {
  static bufferToByteArray(buffer) { return arrayOf(bufferOf(buffer, 'buffer')) }
  static byteArrayToBuffer(array) { return bufferOf(array) }
  static stringToByteArray(text, encoding) { return arrayOf(Buffer.from(String(text), encoding)) }
  static byteArrayToString(array, encoding) { return bufferOf(array).toString(encoding) }
  static byteArrayChunk(array, size) {
    if (!Number.isInteger(size) || size < 1) throw error('RangeError', 'ERR_OUT_OF_RANGE', `The chunk size must be a whole number above 0. Received ${String(size)}`)
    const all = Array.isArray(array) ? array : arrayOf(bufferOf(array))
    const chunks = []
    for (let i = 0; i < all.length; i += size) chunks.push(all.slice(i, i + size))
    return chunks
  }
  static byteArrayToInt8(array) { return bufferOf(array).readInt8() }
}

function define(name, read) {
  Object.defineProperty(ByteUtil, name, { value: { [name]: (array) => read(bufferOf(array)) }[name], writable: true, configurable: true })
}
for (const order of ['BE', 'LE']) {
  for (const [name, method] of [['BigInt64', 'readBigInt64'], ['BigUInt64', 'readBigUInt64'], ['Double', 'readDouble'], ['Float', 'readFloat'],
    ['Int16', 'readInt16'], ['Int32', 'readInt32'], ['UInt16', 'readUInt16'], ['UInt32', 'readUInt32']]) {
    define(`byteArrayTo${name}${order}`, (buffer) => buffer[method + order]())
  }
  for (const kind of ['Int', 'UInt']) define(`byteArrayTo${kind}${order}`, (buffer) => buffer[`read${kind}${order}`](0, buffer.length))
}
for (const bits of [16, 32, 64]) define(`byteArraySwap${bits}`, (buffer) => arrayOf(buffer[`swap${bits}`]()))

class TopicUtil {
  static isSubTopic(filter, topic) {
    const want = String(filter).split('/'), have = String(topic).split('/')
    if (have[0].startsWith('$') && (want[0] === '#' || want[0] === '+')) return false
    for (let i = 0; i < want.length; i++) {
      if (want[i] === '#') return true
      if (i >= have.length || (want[i] !== '+' && want[i] !== have[i])) return false
    }
    return want.length === have.length
  }
  static parseKeyValueTopic(topic) {
    const parts = String(topic).split('/'), out = {}
    for (let i = 0; i < parts.length; i += 2) {
      Object.defineProperty(out, parts[i], { value: parts[i + 1], writable: true, enumerable: true, configurable: true })
    }
    return out
  }
}

module.exports = { ByteUtil, TopicUtil, bufferOf, arrayOf, sendable }
