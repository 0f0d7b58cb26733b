'use strict'

const { Stream, nextTick, sideState, setState, takeMethods, construct, destroy, fail, define, asyncIterator, usual } = native.parts.life
const { Buffer, error, argType, bytes, check } = tools
const { StringDecoder } = native.require('string_decoder')

function initReadable(stream, options) {
  setState(stream, '_readableState', {
    ...sideState(options, 'readable'),
    buffer: [], flowing: null, paused: false, pipes: [],
    ended: false, endEmitted: false, reading: false, sync: true,
    needReadable: false, emittedReadable: false, readableListening: false,
    resumeScheduled: false, readingMore: false, dataEmitted: false,
    defaultEncoding: options?.defaultEncoding ?? 'utf8', decoder: null, encoding: null,
  })
  if (options?.encoding) stream.setEncoding(options.encoding)
}

function Readable(options) {
  if (!(this instanceof Readable)) return new Readable(options)
  Stream.call(this, options)
  initReadable(this, options)
  takeMethods(this, options, ['read', 'destroy', 'construct'])
  construct(this, () => startReading(this))
}
Object.setPrototypeOf(Readable.prototype, Stream.prototype)
Object.setPrototypeOf(Readable, Stream)

function startReading(stream) {
  const state = stream._readableState
  if (state.needReadable || state.flowing) readMore(stream, state)
}

// Putting in

function push(stream, chunk, encoding, atFront) {
  const state = stream._readableState
  if (chunk === null) {
    state.reading = false
    endOfInput(stream, state)
    return false
  }
  if (!state.objectMode) {
    if (typeof chunk === 'string') {
      const name = encoding || state.defaultEncoding
      if (state.decoder === null || atFront || state.encoding !== name) {
        chunk = state.encoding === name && atFront ? chunk : Buffer.from(chunk, name)
      } else return putDecoded(stream, state, chunk, atFront)
    } else if (!(chunk instanceof Uint8Array)) {
      fail(stream, argType('chunk', 'of type string or an instance of Buffer, TypedArray, or DataView', chunk))
      return false
    } else if (!Buffer.isBuffer(chunk)) chunk = bytes(chunk)
    if (chunk.length === 0) {
      state.reading = false
      scheduleReading(stream, state)
      return room(state)
    }
  }
  if (atFront) return putBack(stream, state, chunk)
  if (state.ended) {
    fail(stream, error('Error', 'ERR_STREAM_PUSH_AFTER_EOF', 'stream.push() after EOF'))
    return false
  }
  if (state.destroyed || state.errored) return false
  if (state.decoder && typeof chunk !== 'string') chunk = state.decoder.write(chunk)
  return putDecoded(stream, state, chunk)
}

function putDecoded(stream, state, chunk) {
  state.reading = false
  if (state.objectMode || chunk.length > 0) put(stream, state, chunk, false)
  else scheduleReading(stream, state)
  return room(state)
}

function putBack(stream, state, chunk) {
  if (state.endEmitted) {
    fail(stream, error('Error', 'ERR_STREAM_UNSHIFT_AFTER_END_EVENT', 'stream.unshift() after end event'))
  } else if (!state.destroyed && !state.errored) put(stream, state, chunk, true)
  return room(state)
}

const room = (state) => !state.ended && (state.length < state.highWaterMark || state.length === 0)

function put(stream, state, chunk, atFront) {
  if (state.flowing && state.length === 0 && !state.sync && stream.listenerCount('data') > 0) {
    state.dataEmitted = true
    stream.emit('data', chunk)
  } else {
    state.length += state.objectMode ? 1 : chunk.length
    if (atFront) state.buffer.unshift(chunk)
    else state.buffer.push(chunk)
    if (state.needReadable) announce(stream, state)
  }
  scheduleReading(stream, state)
}

function endOfInput(stream, state) {
  if (state.ended) return
  const rest = state.decoder?.end()
  if (rest) {
    state.buffer.push(rest)
    state.length += state.objectMode ? 1 : rest.length
  }
  state.ended = true
  if (state.sync) announce(stream, state)
  else {
    state.needReadable = false
    state.emittedReadable = true
    emitReadable(stream, state)
  }
}

function announce(stream, state) {
  state.needReadable = false
  if (state.emittedReadable) return
  state.emittedReadable = true
  nextTick(() => emitReadable(stream, state))
}

function emitReadable(stream, state) {
  if (!state.destroyed && !state.errored && (state.length > 0 || state.ended)) {
    stream.emit('readable')
    state.emittedReadable = false
  }
  state.needReadable = !state.flowing && !state.ended && state.length <= state.highWaterMark
  flow(stream)
}

function scheduleReading(stream, state) {
  if (state.readingMore || !state.constructed) return
  state.readingMore = true
  nextTick(() => readMore(stream, state))
}

// readMore fills the buffer up to its mark.
function readMore(stream, state) {
  while (!state.reading && !state.ended && (state.length < state.highWaterMark || (state.flowing && state.length === 0))) {
    const before = state.length
    stream.read(0)
    if (before === state.length) break
  }
  state.readingMore = false
}

// Taking out

function howMuch(state, n) {
  if (n <= 0 || (state.length === 0 && state.ended)) return 0
  if (state.objectMode) return 1
  if (Number.isNaN(n)) return state.flowing && state.length > 0 ? state.buffer[0].length : state.length
  if (n <= state.length) return n
  return state.ended ? state.length : 0
}

function take(state, n) {
  const { buffer } = state
  if (state.objectMode) return buffer.shift()
  if (n >= state.length) {
    const all = buffer.splice(0)
    if (all.length === 1) return all[0]
    return state.decoder ? all.join('') : Buffer.concat(all)
  }
  if (n === buffer[0].length) return buffer.shift()
  if (n < buffer[0].length) {
    const part = buffer[0].slice(0, n)
    buffer[0] = buffer[0].slice(n)
    return part
  }
  const whole = state.decoder ? buffer.join('') : Buffer.concat(buffer)
  state.buffer = [whole.slice(n)]
  return whole.slice(0, n)
}

function read(n) {
  const state = this._readableState
  const asked = n === undefined ? NaN : Number.parseInt(n, 10)
  if (asked > state.highWaterMark) state.highWaterMark = 2 ** Math.ceil(Math.log2(Math.min(asked, 2 ** 30)))
  if (asked !== 0) state.emittedReadable = false
  const full = state.highWaterMark > 0 ? state.length >= state.highWaterMark : state.length > 0
  if (asked === 0 && state.needReadable && (full || state.ended)) {
    if (state.length === 0 && state.ended) finishReading(this)
    else announce(this, state)
    return null
  }
  let count = howMuch(state, asked)
  if (count === 0 && state.ended) {
    if (state.length === 0) finishReading(this)
    return null
  }
  const wanted = state.needReadable || state.length === 0 || state.length - count < state.highWaterMark
  if (wanted && !state.ended && !state.reading && !state.destroyed && !state.errored && state.constructed) {
    callRead(this, state)
    if (!state.reading) count = howMuch(state, asked)
  }
  const chunk = count > 0 && state.length > 0 ? take(state, count) : null
  if (chunk === null) {
    state.needReadable = state.length <= state.highWaterMark
    count = 0
  } else state.length -= count
  if (state.length === 0) {
    if (!state.ended) state.needReadable = true
    if (asked !== count && state.ended) finishReading(this)
  }
  if (chunk !== null && !state.errored && !state.closeEmitted) {
    state.dataEmitted = true
    this.emit('data', chunk)
  }
  return chunk
}

function callRead(stream, state) {
  state.reading = true
  state.sync = true
  if (state.length === 0) state.needReadable = true
  try {
    stream._read(state.highWaterMark)
  } catch (problem) {
    fail(stream, problem)
  }
  state.sync = false
}

function finishReading(stream) {
  const state = stream._readableState
  if (state.endEmitted) return
  state.ended = true
  nextTick(() => {
    if (state.errored || state.closeEmitted || state.endEmitted || state.length > 0) return
    state.endEmitted = true
    stream.emit('end')
    const other = stream._writableState
    if (other && stream.writable && stream.allowHalfOpen === false) nextTick(() => { if (!stream.writableEnded && !stream.destroyed) stream.end() })
    else if (state.autoDestroy && (!other || (other.autoDestroy && (other.finished || other.writable === false)))) stream.destroy()
  })
}

// Flowing

function flow(stream) {
  while (stream._readableState.flowing && stream.read() !== null);
}

function resume() {
  const state = this._readableState
  if (!state.flowing) {
    state.flowing = !state.readableListening
    if (!state.resumeScheduled) {
      state.resumeScheduled = true
      nextTick(() => {
        if (!state.reading) this.read(0)
        state.resumeScheduled = false
        this.emit('resume')
        flow(this)
        if (state.flowing && !state.reading) this.read(0)
      })
    }
  }
  state.paused = false
  return this
}

function on(name, listener) {
  const result = Stream.prototype.on.call(this, name, listener)
  const state = this._readableState
  if (name === 'data') {
    state.readableListening = this.listenerCount('readable') > 0
    if (state.flowing !== false) this.resume()
  } else if (name === 'readable' && !state.endEmitted && !state.readableListening) {
    state.readableListening = state.needReadable = true
    state.flowing = false
    state.emittedReadable = false
    if (state.length > 0) announce(this, state)
    else if (!state.reading) nextTick(() => this.read(0))
  }
  return result
}

// What is left listening decides whether the stream goes on flowing.
function unlistened(stream) {
  nextTick(() => {
    const state = stream._readableState
    state.readableListening = stream.listenerCount('readable') > 0
    if (state.resumeScheduled && !state.paused) state.flowing = true
    else if (stream.listenerCount('data') > 0) stream.resume()
    else if (!state.readableListening) state.flowing = null
  })
}

function pipe(target, options) {
  const source = this
  const state = this._readableState
  state.pipes.push(target)
  const onData = (chunk) => {
    if (target.write(chunk) !== false) return
    source.pause()
    const onDrain = () => {
      target.off('drain', onDrain)
      if (state.pipes.includes(target)) source.resume()
    }
    target.on('drain', onDrain)
  }
  const onEnd = () => target.end()
  const onLast = () => source.unpipe(target)
  const onError = (problem) => {
    source.unpipe(target)
    target.off('error', onError)
    if (target.listenerCount('error') === 0) fail(target, problem)
  }
  const onUnpipe = (from) => {
    if (from !== source) return
    target.off('unpipe', onUnpipe)
    target.off('close', onLast)
    target.off('finish', onLast)
    target.off('error', onError)
    source.off('data', onData)
    source.off('end', onEnd)
  }
  const ends = options?.end !== false
  if (state.endEmitted) nextTick(ends ? onEnd : onLast)
  else if (ends) source.once('end', onEnd)
  target.on('unpipe', onUnpipe)
  source.on('data', onData)
  target.prependListener('error', onError)
  target.once('close', onLast)
  target.once('finish', onLast)
  target.emit('pipe', source)
  if (!state.flowing) source.resume()
  return target
}

function unpipe(target) {
  const state = this._readableState
  const gone = target === undefined ? state.pipes : state.pipes.filter((one) => one === target)
  state.pipes = state.pipes.filter((one) => !gone.includes(one))
  if (target === undefined && gone.length > 0) this.pause()
  for (const one of gone) one.emit('unpipe', this, { hasUnpiped: false })
  if (target !== undefined && gone.length > 0 && state.pipes.length === 0) this.pause()
  return this
}

// Iterating

function iterate(stream, destroys) {
  let outcome // undefined: goes on; null: the end
  let wake = () => {}
  stream.on('readable', () => wake())
  native.parts.pipeline.finished(stream, { writable: false }, (problem) => {
    outcome = problem ? { problem } : null
    wake()
  })
  async function next() {
    for (;;) {
      const chunk = stream.destroyed ? null : stream.read()
      if (chunk !== null) return { value: chunk, done: false }
      if (outcome) {
        const { problem } = outcome
        outcome = null
        throw problem
      }
      if (outcome === null) return { value: undefined, done: true }
      await new Promise((resolve) => { wake = resolve })
    }
  }
  let last = Promise.resolve()
  return {
    next() { return (last = last.then(next, next)) },
    async return(value) {
      if (destroys && outcome === undefined) stream.destroy()
      return { value, done: true }
    },
    [asyncIterator]() { return this },
  }
}

define(Readable.prototype, {
  on, addListener: on, read, resume, pipe, unpipe, destroy,
  off(name, listener) {
    const result = Stream.prototype.off.call(this, name, listener)
    if (name === 'readable') unlistened(this)
    return result
  },
  removeListener(name, listener) { return this.off(name, listener) },
  removeAllListeners(...args) {
    const result = Stream.prototype.removeAllListeners.apply(this, args)
    if (args.length === 0 || args[0] === 'readable') unlistened(this)
    return result
  },
  push(chunk, encoding) { return push(this, chunk, encoding, false) },
  unshift(chunk, encoding) { return push(this, chunk, encoding, true) },
  pause() {
    const state = this._readableState
    if (state.flowing !== false) {
      state.flowing = false
      this.emit('pause')
    }
    state.paused = true
    return this
  },
  isPaused() { return this._readableState.paused || this._readableState.flowing === false },
  setEncoding(encoding) {
    const state = this._readableState
    state.decoder = new StringDecoder(encoding)
    state.encoding = state.decoder.encoding
    const text = state.buffer.map((chunk) => state.decoder.write(chunk)).join('')
    state.buffer = text === '' ? [] : [text]
    state.length = text.length
    return this
  },
  iterator(options) { return iterate(this, options?.destroyOnReturn !== false) },
  async toArray() {
    const chunks = []
    const iterator = this[asyncIterator]()
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) chunks.push(step.value)
    return chunks
  },
  async forEach(fn) {
    check.func(fn, 'fn')
    const iterator = this[asyncIterator]()
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) await fn(step.value)
  },
  _read() { throw error('Error', 'ERR_METHOD_NOT_IMPLEMENTED', 'The _read() method is not implemented') },
  _destroy(problem, callback) { callback(problem) },
  get readable() {
    const state = this._readableState
    return state.readable !== false && !state.destroyed && !state.errorEmitted && !state.endEmitted
  },
  set readable(value) { this._readableState.readable = Boolean(value) },
  get readableFlowing() { return this._readableState.flowing },
  get readableLength() { return this._readableState.length },
  get readableHighWaterMark() { return this._readableState.highWaterMark },
  get readableObjectMode() { return this._readableState.objectMode },
  get readableEncoding() { return this._readableState.encoding },
  get readableEnded() { return this._readableState.endEmitted },
  get readableDidRead() { return this._readableState.dataEmitted },
  get readableAborted() {
    const state = this._readableState
    return state.readable !== false && (state.destroyed || Boolean(state.errored)) && !state.endEmitted
  },
  get destroyed() { return this._readableState.destroyed },
  get closed() { return this._readableState.closed },
  get errored() { return this._readableState.errored },
})
Object.defineProperty(Readable.prototype, asyncIterator, {
  value() { return iterate(this, true) }, writable: true, configurable: true,
})
tools.missing(Readable.prototype, 'Readable.prototype', `asIndexedPairs compose drop every filter find flatMap map
  reduce some take wrap`)

// from makes a stream of what an iterable gives.
Readable.from = function from(iterable, options) {
  if (typeof iterable === 'string' || Buffer.isBuffer(iterable)) {
    return new Readable({ objectMode: true, ...options, read() { this.push(iterable); this.push(null) } })
  }
  const make = iterable?.[asyncIterator] ?? iterable?.[Symbol.iterator]
  if (typeof make !== 'function') throw argType('iterable', 'an instance of Iterable', iterable)
  const iterator = make.call(iterable)
  const stream = new Readable({ objectMode: true, highWaterMark: 1, ...options })
  let busy = false
  stream._read = () => {
    if (busy) return
    busy = true
    pump().catch((problem) => stream.destroy(problem))
  }
  async function pump() {
    for (;;) {
      const { value, done } = await iterator.next()
      if (done) {
        stream.push(null)
        return
      }
      const chunk = await value
      if (chunk === null) throw error('TypeError', 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream')
      if (!stream.push(chunk)) {
        busy = false
        return
      }
    }
  }
  stream._destroy = (problem, callback) => {
    const left = problem && typeof iterator.throw === 'function' ? iterator.throw(problem) : iterator.return?.()
    Promise.resolve(left).then(() => nextTick(callback, problem), (other) => nextTick(callback, problem ?? other))
  }
  return stream
}

// fromWeb and toWeb go between these streams and those of the web.
Readable.fromWeb = function fromWeb(stream, options) {
  return Readable.from(stream, { objectMode: false, highWaterMark: usual.bytes, ...options })
}
Readable.toWeb = function toWeb(stream) { return native.require('stream/web').ReadableStream.from(stream) }

module.exports = { Readable, initReadable, startReading }
