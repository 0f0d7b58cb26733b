'use strict'

// The exports of "stream/web".

const { keeper, named } = native.parts.shared
const { ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController } = native.parts.readable
const { WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController } = native.parts.writable
const { TransformStream, TransformStreamDefaultController } = native.parts.transform
const { TextEncoder, TextDecoder } = globalThis
const { Buffer, bytes, argType, missing } = tools

function strategy(name, size) {
  const marks = keeper(name)
  const type = { [name]: class {
    constructor(init) {
      if (init === null || typeof init !== 'object') throw argType('init', 'of type object', init)
      if (init.highWaterMark === undefined) throw argType('init.highWaterMark', 'of type number', undefined)
      marks.set(this, { mark: Number(init.highWaterMark) })
    }
    get highWaterMark() { return marks.of(this).mark }
    get size() { return size }
  } }[name]
  named(type)
  return type
}
const ByteLengthQueuingStrategy = strategy('ByteLengthQueuingStrategy', (chunk) => chunk.byteLength)
const CountQueuingStrategy = strategy('CountQueuingStrategy', () => 1)

const coders = keeper('a text stream')

class TextEncoderStream {
  constructor() {
    const encoder = new TextEncoder()
    let half = '' // the first half of a character whose second comes with the next chunk
    coders.set(this, new TransformStream({
      transform(chunk, controller) {
        let text = half + chunk
        half = ''
        const last = text.charCodeAt(text.length - 1)
        if (last >= 0xd800 && last <= 0xdbff) {
          half = text.slice(-1)
          text = text.slice(0, -1)
        }
        if (text !== '') controller.enqueue(encoder.encode(text))
      },
      flush(controller) { if (half) controller.enqueue(encoder.encode(half)) },
    }))
  }
  get encoding() { return 'utf-8' }
  get readable() { return coders.of(this).readable }
  get writable() { return coders.of(this).writable }
}

class TextDecoderStream {
  constructor(encoding = 'utf-8', options = {}) {
    const decoder = new TextDecoder(encoding, options)
    const stream = new TransformStream({
      transform(chunk, controller) {
        const b = bytes(chunk)
        if (b === undefined) throw argType('chunk', 'an instance of Buffer, TypedArray, or DataView', chunk)
        const text = decoder.decode(Buffer.from(b), { stream: true })
        if (text !== '') controller.enqueue(text)
      },
      flush(controller) {
        const text = decoder.decode()
        if (text !== '') controller.enqueue(text)
      },
    })
    coders.set(this, { readable: stream.readable, writable: stream.writable, decoder })
  }
  get encoding() { return coders.of(this).decoder.encoding }
  get fatal() { return coders.of(this).decoder.fatal }
  get ignoreBOM() { return coders.of(this).decoder.ignoreBOM }
  get readable() { return coders.of(this).readable }
  get writable() { return coders.of(this).writable }
}
named(TextEncoderStream)
named(TextDecoderStream)

module.exports = {
  ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController,
  WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController,
  TransformStream, TransformStreamDefaultController,
  ByteLengthQueuingStrategy, CountQueuingStrategy, TextEncoderStream, TextDecoderStream,
}
missing(module.exports, 'stream/web', `ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableByteStreamController
  CompressionStream DecompressionStream`)
