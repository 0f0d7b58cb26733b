'use strict'

// ReadableStream: its source is asked for more when what waits is below the
// mark, one call at a time.

const {
  asyncIterator, nothing, deferred, settled, failed, attempt, keeper, invalidState, illegal, method, mark, sizing, named, ending,
} = native.parts.shared
const { WritableStream, streams: writables } = native.parts.writable
const { bytes, argType, error } = tools

const streams = keeper('ReadableStream')
const readers = keeper('ReadableStreamDefaultReader')
const controllers = keeper('ReadableStreamDefaultController')
let inside = false // whether a controller may be made

class ReadableStreamDefaultController {
  constructor() { if (!inside) throw illegal() }
  get desiredSize() { return room(controllers.of(this)) }
  enqueue(chunk) {
    const s = controllers.of(this)
    if (s.state !== 'readable' || s.closing) throw invalidState('Controller is already closed')
    enqueue(s, chunk)
  }
  close() {
    const s = controllers.of(this)
    if (s.state !== 'readable' || s.closing) throw invalidState('Controller is already closed')
    close(s)
  }
  error(reason) { fail(controllers.of(this), reason) }
}

class ReadableStream {
  constructor(source = {}, strategy = {}) {
    if (source === null || typeof source !== 'object') throw argType('source', 'of type object', source)
    const { type } = source
    if (type !== undefined && `${type}` !== 'bytes') {
      throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'type' is invalid. Received '${type}'`)
    }
    const s = streams.set(this, {
      stream: this, state: 'readable', reason: undefined, reader: undefined, used: false,
      queue: [], size: 0, mark: mark(strategy, type ? 0 : 1), sizeOf: type ? (chunk) => chunk.byteLength : sizing(strategy), bytes: Boolean(type),
      started: false, closing: false, pulling: false, again: false, ending: undefined,
      pull: method(source, 'pull', 'source'), cancel: method(source, 'cancel', 'source'),
    })
    inside = true
    s.controller = new ReadableStreamDefaultController()
    inside = false
    controllers.set(s.controller, s)
    const start = method(source, 'start', 'source')
    Promise.resolve(start?.(s.controller)).then(() => {
      s.started = true
      pull(s)
    }, (problem) => fail(s, problem))
  }

  get locked() { return streams.of(this).reader !== undefined }
  get [ending]() {
    const s = streams.of(this)
    if (s.state === 'readable') return (s.ending ??= deferred())
    return s.state === 'errored' ? failed(s.reason) : settled()
  }

  cancel(reason) {
    return attempt(() => {
      const s = streams.of(this)
      if (s.reader) throw invalidState('ReadableStream is locked')
      return cancel(s, reason)
    })
  }

  getReader(options) {
    streams.of(this)
    if (options?.mode !== undefined) throw error('Error', 'ERR_NOT_IMPLEMENTED', `ReadableStream.getReader with mode '${String(options.mode)}' is not implemented in mqscript`)
    return new ReadableStreamDefaultReader(this)
  }

  tee() { return tee(streams.of(this)) }

  async pipeTo(target, options) {
    const s = streams.of(this)
    const to = writables.of(target)
    if (s.reader || to.writer) throw invalidState('The stream is locked')
    return pipe(this, target, to, options ?? {})
  }

  pipeThrough(pair, options) {
    const s = streams.of(this)
    writables.of(pair?.writable)
    streams.of(pair.readable)
    if (s.reader || pair.writable.locked) throw invalidState('The stream is locked')
    this.pipeTo(pair.writable, options).then(nothing, nothing)
    return pair.readable
  }

  values(options) { return iterate(this, Boolean(options?.preventCancel)) }

  static from(iterable) {
    const begin = iterable?.[asyncIterator] ?? iterable?.[Symbol.iterator]
    if (typeof begin !== 'function') throw error('TypeError', 'ERR_ARG_NOT_ITERABLE', `${String(iterable)} must be iterable`)
    const iterator = begin.call(iterable)
    return new ReadableStream({
      async pull(controller) {
        const { value, done } = await iterator.next()
        if (done) controller.close()
        else controller.enqueue(await value)
      },
      async cancel(reason) { await iterator.return?.(reason) },
    }, { highWaterMark: 0 })
  }
}
Object.defineProperty(ReadableStream.prototype, asyncIterator, {
  value: ReadableStream.prototype.values, writable: true, configurable: true,
})

const room = (s) => (s.state === 'errored' ? null : s.state === 'closed' ? 0 : s.mark - s.size)
const waiting = (s) => s.reader?.reads.length > 0

function enqueue(s, chunk) {
  if (s.bytes) {
    const b = bytes(chunk)
    if (b === undefined) throw argType('chunk', 'an instance of Buffer, TypedArray, or DataView', chunk)
    chunk = new Uint8Array(b.buffer, b.byteOffset, b.length)
  }
  if (waiting(s)) s.reader.reads.shift().resolve({ value: chunk, done: false })
  else {
    let size
    try {
      size = s.sizeOf(chunk)
    } catch (problem) {
      fail(s, problem)
      throw problem
    }
    s.queue.push({ chunk, size })
    s.size += size
  }
  pull(s)
}

function close(s) {
  s.closing = true
  if (s.queue.length === 0) finish(s)
}

function finish(s) {
  s.state = 'closed'
  s.ending?.resolve()
  if (!s.reader) return
  for (const read of s.reader.reads.splice(0)) read.resolve({ value: undefined, done: true })
  s.reader.closed.resolve()
}

function fail(s, reason) {
  if (s.state !== 'readable') return
  s.state = 'errored'
  s.reason = reason
  s.queue = []
  s.size = 0
  s.ending?.reject(reason)
  if (!s.reader) return
  for (const read of s.reader.reads.splice(0)) read.reject(reason)
  s.reader.closed.reject(reason)
}

// pull asks the source for more, when it is wanted.
function pull(s) {
  if (!s.started || s.state !== 'readable' || s.closing || (!waiting(s) && room(s) <= 0)) return
  if (s.pulling) {
    s.again = true
    return
  }
  s.pulling = true
  attempt(() => s.pull?.(s.controller)).then(() => {
    s.pulling = false
    if (s.again) {
      s.again = false
      pull(s)
    }
  }, (problem) => fail(s, problem))
}

async function cancel(s, reason) {
  s.used = true
  if (s.state === 'closed') return
  if (s.state === 'errored') throw s.reason
  s.queue = []
  s.size = 0
  finish(s)
  await s.cancel?.(reason)
}

function read(s) {
  s.used = true
  if (s.queue.length > 0) {
    const { chunk, size } = s.queue.shift()
    s.size -= size
    if (s.closing && s.queue.length === 0) finish(s)
    else pull(s)
    return Promise.resolve({ value: chunk, done: false })
  }
  if (s.state === 'closed') return Promise.resolve({ value: undefined, done: true })
  if (s.state === 'errored') return Promise.reject(s.reason)
  const wanted = deferred()
  s.reader.reads.push(wanted)
  pull(s)
  return wanted.promise
}

class ReadableStreamDefaultReader {
  constructor(stream) {
    const s = streams.of(stream)
    if (s.reader) throw invalidState('ReadableStream is locked')
    s.reader = readers.set(this, { s, reads: [], closed: deferred() })
    if (s.state === 'closed') s.reader.closed.resolve()
    if (s.state === 'errored') s.reader.closed.reject(s.reason)
  }
  get closed() { return readers.of(this).closed.promise }
  async read() { return read(held(this)) }
  async cancel(reason) { return cancel(held(this), reason) }
  releaseLock() {
    const r = readers.of(this)
    if (!r.s) return
    const gone = invalidState('Releasing reader')
    for (const wanted of r.reads.splice(0)) wanted.reject(gone)
    if (r.s.state === 'readable') r.closed.reject(gone)
    else r.closed = failed(gone)
    r.s.reader = undefined
    r.s = undefined
  }
}

function held(reader) {
  const { s } = readers.of(reader)
  if (!s) throw invalidState('The reader is not attached to a stream')
  return s
}

function iterate(stream, keep) {
  const reader = stream.getReader()
  let done = false
  let last = Promise.resolve()
  const release = () => {
    done = true
    reader.releaseLock()
  }
  async function next() {
    if (done) return { value: undefined, done: true }
    try {
      const step = await reader.read()
      if (step.done) release()
      return step
    } catch (problem) {
      release()
      throw problem
    }
  }
  async function end(value) {
    if (!done) {
      const left = keep ? undefined : reader.cancel(value)
      release()
      await left
    }
    return { value, done: true }
  }
  return {
    next() { return (last = last.then(next, next)) },
    return(value) { return (last = last.then(() => end(value), () => end(value))) },
    [asyncIterator]() { return this },
  }
}

// tee reads when one of the branches asks; a chunk goes to both.
function tee(s) {
  const reader = s.stream.getReader()
  const reasons = [undefined, undefined]
  const ended = [false, false]
  const left = deferred()
  const ends = []
  let reading
  const more = () => (reading ??= reader.read().then(({ value, done }) => {
    reading = undefined
    for (const i of [0, 1]) {
      if (ended[i]) continue
      if (done) ends[i].close()
      else ends[i].enqueue(value)
    }
    if (done) left.resolve()
  }, (problem) => {
    for (const i of [0, 1]) ends[i].error(problem)
    left.resolve()
  }))
  const branch = (i) => new ReadableStream({
    ...(s.bytes ? { type: 'bytes' } : {}),
    start(controller) { ends[i] = controller },
    pull: more,
    cancel(reason) {
      ended[i] = true
      reasons[i] = reason
      if (ended[1 - i]) left.resolve(reader.cancel(reasons))
      return left.promise
    },
  }, { highWaterMark: 0 })
  return [branch(0), branch(1)]
}

async function pipe(from, target, to, { preventClose, preventAbort, preventCancel, signal }) {
  const reader = from.getReader()
  const writer = target.getWriter()
  const stopped = deferred()
  const stop = () => stopped.reject(signal.reason)
  const released = () => {
    signal?.removeEventListener('abort', stop)
    reader.releaseLock()
    writer.releaseLock()
  }
  if (signal?.aborted) stop()
  else signal?.addEventListener('abort', stop)
  let side = 'stop'
  const marked = (name, promise) => promise.catch((problem) => {
    if (side === 'stop') side = name
    throw problem
  })
  try {
    const broken = Promise.race([stopped.promise, marked('to', writer.closed.then(() => new Promise(nothing)))])
    broken.then(nothing, nothing)
    for (;;) {
      await Promise.race([broken, writer.ready])
      const { value, done } = await Promise.race([broken, marked('from', reader.read())])
      if (done) break
      writer.write(value).then(nothing, nothing)
    }
    if (!preventClose && to.state === 'writable' && !to.closing) await writer.close()
  } catch (problem) {
    if (side !== 'to' && !preventAbort) await writer.abort(problem)
    if (side !== 'from' && !preventCancel) await reader.cancel(problem).then(nothing, nothing)
    throw problem
  } finally {
    released()
  }
}

named(ReadableStream, (stream) => ({ locked: stream.locked, state: streams.of(stream).state, supportsBYOB: streams.of(stream).bytes }))
named(ReadableStreamDefaultReader)
named(ReadableStreamDefaultController)

module.exports = {
  ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController, WritableStream,
  isReadable: streams.has,
  // used tells whether something has been read, or given up, of a stream.
  used: (stream) => streams.of(stream).used,
}
