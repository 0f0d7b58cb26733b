'use strict'

// WritableStream: its sink is called for one chunk at a time.

const { nothing, deferred, settled, failed, attempt, keeper, invalidState, illegal, method, mark, sizing, named, ending } = native.parts.shared

const streams = keeper('WritableStream')
const writers = keeper('WritableStreamDefaultWriter')
const controllers = keeper('WritableStreamDefaultController')
let inside = false // whether a class may be made

function make(type, ...args) {
  inside = true
  try {
    return new type(...args)
  } finally {
    inside = false
  }
}

class WritableStreamDefaultController {
  constructor() { if (!inside) throw illegal() }
  get signal() { return controllers.of(this).abort.signal }
  error(reason) {
    const s = controllers.of(this)
    if (s.state === 'writable') fail(s, reason)
  }
}

class WritableStream {
  constructor(sink = {}, strategy = {}) {
    if (sink?.type !== undefined) throw tools.error('RangeError', 'ERR_INVALID_ARG_VALUE', `The argument 'type' is invalid. Received ${String(sink.type)}`)
    const s = streams.set(this, {
      stream: this, state: 'writable', reason: undefined, writer: undefined,
      queue: [], size: 0, mark: mark(strategy, 1), sizeOf: sizing(strategy),
      started: false, busy: false, closing: undefined, ended: deferred(), ready: settled(), abort: new AbortController(),
      write: method(sink, 'write', 'sink'), close: method(sink, 'close', 'sink'), cancel: method(sink, 'abort', 'sink'),
    })
    s.controller = make(WritableStreamDefaultController)
    controllers.set(s.controller, s)
    if (s.mark <= 0) s.ready = deferred()
    const start = method(sink, 'start', 'sink')
    const result = start?.(s.controller)
    Promise.resolve(result).then(() => {
      s.started = true
      advance(s)
    }, (problem) => {
      s.started = true
      fail(s, problem)
    })
  }

  get locked() { return streams.of(this).writer !== undefined }
  get [ending]() { return streams.of(this).ended }
  getWriter() { return new WritableStreamDefaultWriter(this) }
  abort(reason) {
    const s = streams.of(this)
    return s.writer ? Promise.reject(invalidState('WritableStream is locked')) : abort(s, reason)
  }
  close() {
    const s = streams.of(this)
    return s.writer ? Promise.reject(invalidState('WritableStream is locked')) : close(s)
  }
}

const room = (s) => (s.state === 'errored' ? null : s.state === 'closed' ? 0 : s.mark - s.size)

// fail ends the stream with an error. What waits is refused with it.
function fail(s, reason) {
  if (s.state !== 'writable') return
  s.state = 'errored'
  s.reason = reason
  for (const entry of s.queue.splice(0)) entry.done.reject(reason)
  s.size = 0
  if (s.closing) s.closing.reject(reason)
  s.ended.reject(reason)
  s.ready = failed(reason)
}

function abort(s, reason) {
  if (s.state !== 'writable') return Promise.resolve()
  s.abort.abort(reason)
  fail(s, reason)
  return attempt(() => s.cancel?.(reason)).then(nothing)
}

function close(s) {
  if (s.state !== 'writable' || s.closing) return Promise.reject(invalidState('WritableStream is closed or closing'))
  s.closing = deferred()
  s.ready.resolve()
  advance(s)
  return s.closing.promise
}

function write(s, chunk) {
  if (s.state === 'errored') return Promise.reject(s.reason)
  if (s.state === 'closed' || s.closing) return Promise.reject(invalidState('WritableStream is closed'))
  let size
  try {
    size = s.sizeOf(chunk)
  } catch (problem) {
    fail(s, problem)
    return Promise.reject(problem)
  }
  const done = deferred()
  s.queue.push({ chunk, size, done })
  s.size += size
  if (s.size >= s.mark) {
    s.ready.resolve()
    s.ready = deferred()
  }
  advance(s)
  return done.promise
}

// advance gives the sink the next chunk, or the end.
function advance(s) {
  if (!s.started || s.busy || s.state !== 'writable') return
  const entry = s.queue[0]
  if (!entry && !s.closing) return
  s.busy = true
  const work = entry ? attempt(() => s.write?.(entry.chunk, s.controller)) : attempt(() => s.close?.())
  work.then(() => {
    s.busy = false
    if (s.state !== 'writable') return
    if (entry) {
      s.queue.shift()
      s.size -= entry.size
      entry.done.resolve()
      if (s.size < s.mark) s.ready.resolve()
      advance(s)
      return
    }
    s.state = 'closed'
    s.closing.resolve()
    s.ended.resolve()
  }, (problem) => {
    s.busy = false
    fail(s, problem)
  })
}

class WritableStreamDefaultWriter {
  constructor(stream) {
    const s = streams.of(stream)
    if (s.writer) throw invalidState('WritableStream is locked')
    s.writer = this
    writers.set(this, { s })
  }
  get closed() { return held(this).ended.promise }
  get ready() { return held(this).ready.promise }
  get desiredSize() { return room(held(this)) }
  async write(chunk) { return write(held(this), chunk) }
  async close() { return close(held(this)) }
  async abort(reason) { return abort(held(this), reason) }
  releaseLock() {
    const w = writers.of(this)
    if (w.s) w.s.writer = undefined
    w.s = undefined
  }
}

function held(writer) {
  const { s } = writers.of(writer)
  if (!s) throw invalidState('Writer is not bound to a WritableStream')
  return s
}

named(WritableStream, (stream) => ({ locked: stream.locked, state: streams.of(stream).state }))
named(WritableStreamDefaultWriter)
named(WritableStreamDefaultController)

module.exports = { WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController, streams }
