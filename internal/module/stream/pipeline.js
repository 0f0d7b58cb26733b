'use strict'

const { Stream, nextTick, destroy, asyncIterator } = native.parts.life
const { Readable } = native.parts.readable
const { Writable } = native.parts.writable
const { Duplex, Transform, PassThrough, getDefaultHighWaterMark, setDefaultHighWaterMark } = native.parts.duplex
const { error, argType, check } = tools

const premature = () => error('Error', 'ERR_STREAM_PREMATURE_CLOSE', 'Premature close')

const isStream = (value) => Boolean(value?._readableState || value?._writableState)

// What a stream of the web has for finished.
const ending = Symbol.for('nodejs.webstream.isClosedPromise')

function finishedWeb(stream, callback) {
  let called = false
  const call = (problem) => nextTick(() => {
    if (!called) callback.call(stream, problem)
    called = true
  })
  stream[ending].promise.then(() => call(), call)
  return () => { called = true }
}

// finished calls back once, when the sides of a stream that are asked for have
// come to their end, or it failed.
function finished(stream, options, callback) {
  if (typeof options === 'function') [options, callback] = [{}, options]
  options ??= {}
  check.func(callback, 'callback')
  if (stream?.[ending]) return finishedWeb(stream, callback)
  if (!isStream(stream)) throw argType('stream', 'an instance of ReadableStream, WritableStream, or Stream', stream)
  const reads = stream._readableState, writes = stream._writableState
  const wantsRead = options.readable ?? Boolean(reads && reads.readable !== false)
  const wantsWrite = options.writable ?? Boolean(writes && writes.writable !== false)
  let called = false
  const call = (problem) => {
    if (called) return
    called = true
    callback.call(stream, problem)
  }
  const readDone = () => !wantsRead || !reads || reads.endEmitted
  const writeDone = () => !wantsWrite || !writes || writes.finished
  // A stream that closes by itself is waited for until it has.
  const closes = () => [reads, writes].filter(Boolean).every((state) => state.autoDestroy && state.emitClose) &&
    (!reads || wantsRead || stream.readable === false) && (!writes || wantsWrite || stream.writable === false)
  const part = () => {
    if (readDone() && writeDone() && (!closes() || stream.closed)) call()
  }
  const onError = (problem) => call(problem)
  const onClose = () => {
    const problem = reads?.errored ?? writes?.errored
    if (problem && typeof problem !== 'boolean') call(problem)
    else if (!readDone() || !writeDone()) call(premature())
    else call()
  }
  stream.on('end', part)
  stream.on('finish', part)
  if (options.error !== false) stream.on('error', onError)
  stream.on('close', onClose)
  if ([reads, writes].some((state) => state?.closeEmitted)) nextTick(onClose)
  else if (stream.errored) { if (reads?.errorEmitted || writes?.errorEmitted) nextTick(onError, stream.errored) }
  else if (readDone() && writeDone() && (stream.closed || !closes())) nextTick(part)
  return () => {
    called = true
    for (const [name, listener] of [['end', part], ['finish', part], ['error', onError], ['close', onClose]]) stream.off(name, listener)
  }
}

const isIterable = (value) => value !== null && value !== undefined &&
  (typeof value[asyncIterator] === 'function' || typeof value[Symbol.iterator] === 'function')

// What a function in a pipeline has made.
function readableOf(value, name) {
  if (isStream(value)) return value
  if (isIterable(value) && typeof value !== 'string') return Readable.from(value)
  throw error('TypeError', 'ERR_INVALID_RETURN_VALUE',
    `Expected Iterable, AsyncIterable or Stream to be returned from the "${name}" function but got ${tools.received(value)}.`)
}

function pipeline(...stages) {
  let callback = stages.pop()
  check.func(callback, 'streams[stream.length - 1]')
  if (stages.length === 1 && Array.isArray(stages[0])) stages = stages[0]
  if (stages.length < 2) throw error('TypeError', 'ERR_MISSING_ARGS', 'The "streams" argument must be specified')
  let options = {}
  if (stages.length > 2 && isOptions(stages.at(-1))) options = stages.pop()
  const run = new Pipeline(options, callback)
  return run.start(stages)
}

const isOptions = (value) => typeof value === 'object' && value !== null && !isStream(value) && !isIterable(value)

// Pipeline is one run: it counts what has not ended, and ends everything with
// the first problem.
class Pipeline {
  #streams = []
  #left = 1
  #problem
  #value
  #ended = false
  #ends
  #callback
  constructor(options, callback) {
    this.#ends = options.end !== false
    this.#callback = callback
  }

  start(stages) {
    let current
    for (const [i, stage] of stages.entries()) {
      const last = i === stages.length - 1
      if (typeof stage === 'function') current = this.#call(stage, current, last)
      else if (isStream(stage)) {
        this.#watch(stage, i > 0, !last)
        if (current) this.#connect(current, stage, last)
        current = stage
      } else if (i === 0 && isIterable(stage)) {
        current = Readable.from(stage)
        this.#watch(current, false, true)
      } else throw argType(`streams[${i}]`, 'of type function or an instance of Stream, Iterable, or AsyncIterable', stage)
    }
    this.#done()
    return current
  }

  #connect(from, to, last) {
    from.pipe(to, { end: this.#ends || !last })
  }

  #watch(stream, writes, reads) {
    this.#streams.push(stream)
    this.#left++
    finished(stream, { readable: reads, writable: writes && (this.#ends || reads) }, (problem) => {
      this.#done(problem)
    })
  }

  // call runs a function: its result is what the next stage reads, or, of the
  // last stage, what the pipeline has come to.
  #call(stage, current, last) {
    const made = current === undefined ? stage() : stage(current)
    if (!last || !(typeof made?.then === 'function')) {
      const stream = readableOf(made, stage.name || 'transform')
      if (!this.#streams.includes(stream)) this.#watch(stream, false, true)
      if (!last) return stream
      stream.resume()
      return stream
    }
    const out = new PassThrough({ objectMode: true })
    this.#left++
    made.then((value) => {
      this.#value = value
      if (value !== undefined && value !== null) out.write(value)
      out.end()
      nextTick(() => this.#done())
    }, (problem) => {
      out.destroy(problem)
      nextTick(() => this.#done(problem))
    })
    out.on('error', () => {})
    return out
  }

  #done(problem) {
    this.#left--
    if (problem && (!this.#problem || this.#problem.code === 'ERR_STREAM_PREMATURE_CLOSE')) this.#problem = problem
    if (this.#problem) {
      for (const stream of this.#streams) {
        if (stream.listenerCount('error') === 0) stream.on('error', () => {})
        stream.destroy(this.#problem)
      }
    }
    if (this.#ended || this.#left > 0) return
    this.#ended = true
    nextTick(this.#callback, this.#problem, this.#value)
  }
}

const promises = {
  pipeline: (...stages) => new Promise((resolve, reject) => {
    pipeline(...stages, (problem, value) => (problem ? reject(problem) : resolve(value)))
  }),
  finished: (stream, options) => new Promise((resolve, reject) => {
    finished(stream, options, (problem) => (problem ? reject(problem) : resolve()))
  }),
}

const custom = Symbol.for('nodejs.util.promisify.custom')
Object.defineProperty(pipeline, custom, { value: promises.pipeline })
Object.defineProperty(finished, custom, { value: promises.finished })

// pipe is for streams of the old kind, which are only emitters of events.
Stream.prototype.pipe = function pipe(target, options) {
  const onData = (chunk) => { if (target.writable !== false && target.write(chunk) === false) this.pause?.() }
  const onDrain = () => { if (this.readable !== false) this.resume?.() }
  let ended = false
  const onEnd = () => {
    if (!ended && options?.end !== false) target.end()
    ended = true
  }
  const onClose = () => {
    if (!ended && options?.end !== false) target.destroy?.()
    ended = true
  }
  const onError = (problem) => {
    cleanUp()
    if (this.listenerCount('error') === 0 && target.listenerCount?.('error') === 0) throw problem
  }
  const pairs = [[this, 'data', onData], [target, 'drain', onDrain], [this, 'end', onEnd], [this, 'close', onClose],
    [this, 'error', onError], [target, 'error', onError]]
  const cleanUp = () => {
    for (const [emitter, name, listener] of pairs) emitter.removeListener(name, listener)
    for (const [emitter, name] of [[this, 'end'], [this, 'close'], [target, 'close']]) emitter.removeListener(name, cleanUp)
  }
  for (const [emitter, name, listener] of pairs) emitter.on(name, listener)
  for (const [emitter, name] of [[this, 'end'], [this, 'close'], [target, 'close']]) emitter.on(name, cleanUp)
  target.emit('pipe', this)
  return target
}

module.exports = Object.assign(Stream, {
  Stream, Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished, promises,
  destroy(stream, problem) { return destroy.call(stream, problem) },
  isDisturbed: (stream) => Boolean(stream?._readableState?.dataEmitted || stream?.readableEnded || stream?.destroyed),
  isErrored: (stream) => Boolean(stream?.errored),
  isReadable: (stream) => (stream?._readableState ? stream.readable : null),
  getDefaultHighWaterMark, setDefaultHighWaterMark,
})
tools.missing(Stream, 'stream', 'addAbortSignal compose')
