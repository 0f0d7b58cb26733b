'use strict'

// What a request or a response carries: bytes, a stream, or the answer of a
// server that has not been read yet.

const { Buffer, bytes } = tools
const { FormData, encode, decode, isForm } = native.parts.formdata
const { Blob, isBlob, streamOf, arrayBufferOf, dataOf } = native.parts.blob
const { ReadableStream } = native.parts.web
const { isReadable, used } = native.parts.readable
const { URLSearchParams } = globalThis

const asyncIterator = Symbol.asyncIterator ?? Symbol.for('Symbol.asyncIterator')

// A Body has one of: data, a Buffer; stream; source, which is read by
// read(), all(), and given up by cancel().
class Body {
  constructor(fields) { Object.assign(this, { data: null, stream: null, source: null, taken: false, type: null }, fields) }

  // The stream is made when somebody asks for it.
  open() {
    if (this.stream) return this.stream
    if (this.source) this.stream = streamFrom(this.source)
    else this.stream = streamOf(this.data)
    if (this.taken) this.stream.cancel()
    return this.stream
  }
  get used() { return this.taken || (this.stream !== null && used(this.stream)) }
  get locked() { return this.stream !== null && this.stream.locked }
  // What a request is sent with: null when only the stream knows.
  get length() { return this.data ? this.data.length : null }

  async all() {
    if (this.stream) {
      const chunks = []
      const reader = this.stream.getReader()
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        const b = step.value instanceof Uint8Array ? bytes(step.value) : undefined
        if (b === undefined) throw new TypeError('Received non-Uint8Array chunk')
        chunks.push(b)
      }
      return Buffer.concat(chunks)
    }
    this.taken = true
    return this.source ? this.source.all() : this.data
  }

  // clone makes a second body; both can be read.
  clone() {
    if (!this.source && !this.stream) return new Body({ data: this.data, type: this.type })
    const [one, two] = this.open().tee()
    Object.assign(this, { stream: one, source: null })
    return new Body({ stream: two, type: this.type })
  }
}

function streamFrom(source) {
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const chunk = await source.read()
      if (chunk === null) controller.close()
      else controller.enqueue(chunk)
    },
    cancel: (reason) => source.cancel(reason),
  })
}

const isParams = (value) => (URLSearchParams && value instanceof URLSearchParams) || Object.prototype.toString.call(value) === '[object URLSearchParams]'

// bodyOf makes a body of what a script gives; null of nothing.
function bodyOf(value, keepalive = false) {
  if (value === undefined || value === null) return null
  if (isReadable(value)) {
    if (keepalive) throw new TypeError('keepalive')
    if (value.locked || used(value)) throw new TypeError('Response body object should not be disturbed or locked')
    return new Body({ stream: value })
  }
  if (isBlob(value)) return new Body({ data: dataOf(value), type: value.type || null })
  if (isForm(value)) return new Body(encode(value))
  const b = bytes(value)
  if (b !== undefined) return new Body({ data: Buffer.from(b) })
  if (isParams(value)) return new Body({ data: Buffer.from(`${value}`), type: 'application/x-www-form-urlencoded;charset=UTF-8' })
  if (typeof value === 'object' && typeof value[asyncIterator] === 'function') return new Body({ stream: streamOfBytes(value) })
  return new Body({ data: Buffer.from(`${value}`), type: 'text/plain;charset=UTF-8' })
}

// A stream of what an iterable gives: texts become bytes.
function streamOfBytes(iterable) {
  const iterator = iterable[asyncIterator]()
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const { value, done } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(typeof value === 'string' ? Buffer.from(value) : value)
    },
    async cancel(reason) { await iterator.return?.(reason) },
  })
}

// methods are what Request and Response have in common. bodyOf(this) is the
// body, null when there is none.
function methods(name, stateOf) {
  async function take(message) {
    const { body } = stateOf(message)
    if (!body) return Buffer.alloc(0)
    if (body.used || body.locked) throw new TypeError(`Body is unusable: Body has already been read`)
    return body.all()
  }
  const typeOf = (message) => stateOf(message).headers.get('content-type') ?? ''
  return {
    get body() { return stateOf(this).body?.open() ?? null },
    get bodyUsed() { return Boolean(stateOf(this).body?.used) },
    async arrayBuffer() { return arrayBufferOf(await take(this)) },
    async blob() { return new Blob([await take(this)], { type: typeOf(this) }) },
    async bytes() { return new Uint8Array(arrayBufferOf(await take(this))) },
    async text() { return decodeText(await take(this)) },
    async json() { return JSON.parse(decodeText(await take(this))) },
    async formData() {
      stateOf(this)
      const type = typeOf(this)
      const [essence] = type.split(';')
      const kind = essence.trim().toLowerCase()
      if (kind === 'multipart/form-data') {
        const boundary = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(type)
        if (!boundary) throw new TypeError('Failed to parse body as FormData.')
        const data = await take(this)
        try {
          return decode(data, boundary[1] ?? boundary[2])
        } catch (cause) {
          throw new TypeError('Failed to parse body as FormData.', { cause })
        }
      }
      if (kind === 'application/x-www-form-urlencoded') {
        const form = new FormData()
        for (const [key, value] of new URLSearchParams(decodeText(await take(this)))) form.append(key, value)
        return form
      }
      throw new TypeError('Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".')
    },
  }
}

const decodeText = (data) => {
  const text = data.toString()
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

// define gives a class the methods.
function define(type, members) {
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    Object.defineProperty(type.prototype, key, { ...property, enumerable: true })
  }
  for (const key of Object.getOwnPropertyNames(type.prototype)) {
    if (key !== 'constructor') Object.defineProperty(type.prototype, key, { enumerable: true })
  }
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: type.name, configurable: true })
}

module.exports = { Body, bodyOf, methods, define }
