'use strict'

// Blob and File: bytes that do not change.

const { Buffer, bytes, error, argType } = tools
const { ReadableStream } = native.parts.web
const inspect = Symbol.for('nodejs.util.inspect.custom')

const contents = new WeakMap() // Blob -> { data, type }

function of(blob, name = 'Blob') {
  const content = contents.get(blob)
  if (content === undefined) throw error('TypeError', 'ERR_INVALID_THIS', `Value of "this" must be of type ${name}`)
  return content
}

const isBlob = (value) => contents.has(value)
const plain = (type) => (/[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase())

// The memory of an ArrayBuffer for a script, which owns it.
function arrayBufferOf(data) {
  const { buffer, byteOffset, byteLength } = data
  return buffer.slice(byteOffset, byteOffset + byteLength)
}

function content(part, endings) {
  if (isBlob(part)) return of(part).data
  const b = bytes(part)
  if (b !== undefined) return b
  const text = `${part}`
  return Buffer.from(endings === 'native' ? text.replace(/\r?\n/g, '\n') : text)
}

class Blob {
  constructor(sources = [], options = {}) {
    if (sources === null || typeof sources !== 'object' || typeof sources[Symbol.iterator] !== 'function') {
      throw argType('sources', 'a sequence', sources)
    }
    if (options !== null && typeof options !== 'object') throw argType('options', 'of type object', options)
    const endings = `${options?.endings ?? 'transparent'}`
    if (endings !== 'transparent' && endings !== 'native') {
      throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The property 'options.endings' is invalid. Received '${endings}'`)
    }
    contents.set(this, {
      data: Buffer.concat([...sources].map((part) => content(part, endings))), type: plain(`${options?.type ?? ''}`),
    })
  }

  get size() { return of(this).data.length }
  get type() { return of(this).type }

  slice(start = 0, end = this.size, type = '') {
    const blob = Object.create(Blob.prototype)
    contents.set(blob, { data: of(this).data.subarray(start, end), type: plain(`${type}`) })
    return blob
  }

  async arrayBuffer() { return arrayBufferOf(of(this).data) }
  async bytes() { return new Uint8Array(await this.arrayBuffer()) }
  async text() { return of(this).data.toString().replace(/^\ufeff/, '') }
  stream() { return streamOf(of(this).data) }

  [inspect](depth, options, show) { return `Blob ${show({ size: this.size, type: this.type }, options)}` }
}

// How much a stream of bytes gives out at a time.
const chunkSize = 64 * 1024

function streamOf(data) {
  let at = 0
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const part = data.subarray(at, at + chunkSize)
      at += part.length
      if (part.length > 0) controller.enqueue(Buffer.from(part))
      if (at >= data.length) controller.close()
    },
  })
}

class File extends Blob {
  #name
  #lastModified
  constructor(sources, name, options = {}) {
    if (arguments.length < 2) throw error('TypeError', 'ERR_MISSING_ARGS', 'The "fileBits" and "fileName" arguments must be specified')
    super(sources, options)
    this.#name = `${name}`
    this.#lastModified = options?.lastModified === undefined ? Date.now() : Math.trunc(Number(options.lastModified)) || 0
  }
  get name() { return this.#name }
  get lastModified() { return this.#lastModified }
  [inspect](depth, options, show) {
    return `File ${show({ size: this.size, type: this.type, name: this.name, lastModified: this.lastModified }, options)}`
  }
}

for (const [type, names] of [[Blob, ['size', 'type', 'slice', 'stream', 'text', 'arrayBuffer']], [File, ['name', 'lastModified']]]) {
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: type.name, configurable: true })
  Object.defineProperty(type.prototype, inspect, { enumerable: false })
  for (const name of names) Object.defineProperty(type.prototype, name, { enumerable: true })
}

module.exports = { Blob, File, isBlob, streamOf, arrayBufferOf, dataOf: (blob) => of(blob).data }
