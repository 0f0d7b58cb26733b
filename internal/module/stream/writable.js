'use strict'

const { Stream, nextTick, sideState, setState, takeMethods, construct, destroy, fail, define } = native.parts.life
const { Buffer, error, argType, bytes } = tools

function initWritable(stream, options) {
  setState(stream, '_writableState', {
    ...sideState(options, 'writable'),
    buffered: [], // {chunk, encoding, callback, size}
    writing: false, sync: true, corked: 0, clearing: false, needDrain: false,
    ending: false, ended: false, prefinished: false, finalCalled: false, finished: false,
    unsettled: 0, // callbacks that finish waits for
    onFinish: [],
    decodeStrings: options?.decodeStrings !== false, defaultEncoding: options?.defaultEncoding ?? 'utf8',
  })
}

function Writable(options) {
  if (!(this instanceof Writable) && !this?._writableState) return new Writable(options)
  Stream.call(this, options)
  initWritable(this, options)
  takeMethods(this, options, ['write', 'writev', 'destroy', 'final', 'construct'])
  construct(this, () => startWriting(this))
}
Object.setPrototypeOf(Writable.prototype, Stream.prototype)
Object.setPrototypeOf(Writable, Stream)

// A Duplex is a Writable too.
Object.defineProperty(Writable, Symbol.hasInstance, {
  value(object) {
    if (Function.prototype[Symbol.hasInstance].call(this, object)) return true
    return this === Writable && Boolean(object?._writableState)
  },
})

function startWriting(stream) {
  const state = stream._writableState
  if (!state.writing) writeBuffered(stream, state)
  finishMaybe(stream, state)
}

// Writing

function prepare(state, chunk, encoding) {
  if (chunk === null) throw error('TypeError', 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream')
  if (state.objectMode) return [chunk, encoding]
  if (typeof chunk === 'string') {
    if (encoding !== 'buffer' && !Buffer.isEncoding(encoding)) throw error('TypeError', 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`)
    return state.decodeStrings ? [Buffer.from(chunk, encoding), 'buffer'] : [chunk, encoding]
  }
  if (!(chunk instanceof Uint8Array)) {
    throw argType('chunk', 'of type string or an instance of Buffer, TypedArray, or DataView', chunk)
  }
  return [Buffer.isBuffer(chunk) ? chunk : bytes(chunk), 'buffer']
}

function writeAny(stream, chunk, encoding, callback) {
  const state = stream._writableState
  if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding]
  if (typeof callback !== 'function') callback = () => {}
  const [data, name] = prepare(state, chunk, encoding || state.defaultEncoding)
  let problem
  if (state.ending) problem = error('Error', 'ERR_STREAM_WRITE_AFTER_END', 'write after end')
  else if (state.destroyed) problem = destroyedError('write')
  if (problem) {
    nextTick(callback, problem)
    fail(stream, problem, true)
    return problem
  }
  state.unsettled++
  const size = state.objectMode ? 1 : data.length
  state.length += size
  const room = state.length < state.highWaterMark
  if (!room) state.needDrain = true
  const entry = { chunk: data, encoding: name, callback, size }
  if (state.writing || state.corked || state.errored || !state.constructed) state.buffered.push(entry)
  else writeNow(stream, state, entry)
  return room && !state.errored && !state.destroyed
}

const destroyedError = (what) => error('Error', 'ERR_STREAM_DESTROYED', `Cannot call ${what} after a stream was destroyed`)

function writeNow(stream, state, entry) {
  state.writing = true
  state.sync = true
  let called = false
  const done = (problem) => {
    if (called) fail(stream, error('Error', 'ERR_MULTIPLE_CALLBACK', 'Callback called multiple times'))
    else written(stream, state, entry, problem)
    called = true
  }
  if (state.destroyed) done(destroyedError('write'))
  else if (entry.chunks) stream._writev(entry.chunks, done)
  else stream._write(entry.chunk, entry.encoding, done)
  state.sync = false
}

function written(stream, state, entry, problem) {
  const { sync } = state
  state.writing = false
  state.length -= entry.size
  if (problem) {
    state.errored ??= problem
    const rejected = () => {
      state.unsettled -= entry.count ?? 1
      entry.callback(problem)
      failBuffered(state)
      fail(stream, problem)
    }
    if (sync) nextTick(rejected)
    else rejected()
    return
  }
  writeBuffered(stream, state)
  const settled = () => {
    if (!state.ending && !state.destroyed && state.length === 0 && state.needDrain) {
      state.needDrain = false
      stream.emit('drain')
    }
    state.unsettled -= entry.count ?? 1
    entry.callback(null)
    if (state.destroyed) failBuffered(state)
    finishMaybe(stream, state)
  }
  if (sync) nextTick(settled)
  else settled()
}

function writeBuffered(stream, state) {
  if (state.corked || state.clearing || state.destroyed || !state.constructed || state.errored) return
  state.clearing = true
  if (stream._writev && state.buffered.length > 1) {
    const all = state.buffered.splice(0)
    const chunks = all.map(({ chunk, encoding }) => ({ chunk, encoding }))
    chunks.allBuffers = all.every(({ encoding }) => encoding === 'buffer')
    writeNow(stream, state, {
      chunks, count: all.length, size: all.reduce((sum, entry) => sum + entry.size, 0),
      callback: (problem) => { for (const entry of all) entry.callback(problem) },
    })
  } else {
    while (state.buffered.length > 0 && !state.writing) writeNow(stream, state, state.buffered.shift())
  }
  state.clearing = false
}

function failBuffered(state) {
  if (state.writing) return
  for (const entry of state.buffered.splice(0)) {
    state.length -= entry.size
    state.unsettled--
    entry.callback(state.errored ?? destroyedError('write'))
  }
  for (const callback of state.onFinish.splice(0)) callback(state.errored ?? destroyedError('end'))
}

// Finishing

function end(chunk, encoding, callback) {
  const state = this._writableState
  if (typeof chunk === 'function') [chunk, encoding, callback] = [undefined, undefined, chunk]
  else if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding]
  let problem
  if (chunk !== undefined && chunk !== null) {
    const result = writeAny(this, chunk, encoding)
    if (result instanceof Error) problem = result
  }
  if (state.corked) {
    state.corked = 1
    this.uncork()
  }
  if (!problem && !state.errored && !state.ending) {
    state.ending = true
    finishMaybe(this, state, true)
    state.ended = true
  } else if (state.finished) problem ??= error('Error', 'ERR_STREAM_ALREADY_FINISHED', 'Cannot call end after a stream was finished')
  else if (state.destroyed) problem ??= destroyedError('end')
  if (typeof callback === 'function') {
    if (problem) nextTick(callback, problem)
    else if (state.finished) nextTick(callback)
    else state.onFinish.push(callback)
  }
  return this
}

const readyToFinish = (state) => state.ending && !state.destroyed && state.constructed && state.length === 0 &&
  !state.errored && state.buffered.length === 0 && !state.finished && !state.writing && !state.errorEmitted && !state.closeEmitted

function finishMaybe(stream, state, sync) {
  if (!readyToFinish(state)) return
  prefinish(stream, state)
  if (state.unsettled > 0 || !readyToFinish(state)) return
  if (!sync) return finish(stream, state)
  state.unsettled++
  nextTick(() => {
    state.unsettled--
    if (readyToFinish(state)) finish(stream, state)
  })
}

function prefinish(stream, state) {
  if (state.prefinished || state.finalCalled) return
  if (typeof stream._final !== 'function') {
    state.prefinished = true
    stream.emit('prefinish')
    return
  }
  state.finalCalled = true
  state.unsettled++
  state.sync = true
  let called = false
  const done = (problem) => {
    if (called) return fail(stream, problem ?? error('Error', 'ERR_MULTIPLE_CALLBACK', 'Callback called multiple times'))
    called = true
    state.unsettled--
    if (problem) {
      for (const callback of state.onFinish.splice(0)) callback(problem)
      fail(stream, problem, state.sync)
    } else if (readyToFinish(state)) {
      state.prefinished = true
      stream.emit('prefinish')
      state.unsettled++
      nextTick(() => {
        state.unsettled--
        if (readyToFinish(state)) finish(stream, state)
      })
    }
  }
  try {
    stream._final(done)
  } catch (problem) {
    done(problem)
  }
  state.sync = false
}

function finish(stream, state) {
  state.finished = true
  for (const callback of state.onFinish.splice(0)) callback(null)
  stream.emit('finish')
  const other = stream._readableState
  if (state.autoDestroy && (!other || (other.autoDestroy && (other.endEmitted || other.readable === false)))) stream.destroy()
}

define(Writable.prototype, {
  end,
  write(chunk, encoding, callback) { return writeAny(this, chunk, encoding, callback) === true },
  destroy(problem, callback) {
    const state = this._writableState
    if (!state.destroyed && (state.buffered.length > 0 || state.onFinish.length > 0)) nextTick(() => failBuffered(state))
    return destroy.call(this, problem, callback)
  },
  cork() { this._writableState.corked++ },
  uncork() {
    const state = this._writableState
    if (state.corked === 0) return
    state.corked--
    if (!state.writing) writeBuffered(this, state)
  },
  setDefaultEncoding(encoding) {
    const name = String(encoding).toLowerCase()
    if (!Buffer.isEncoding(name)) throw error('TypeError', 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`)
    this._writableState.defaultEncoding = name
    return this
  },
  pipe() { fail(this, error('Error', 'ERR_STREAM_CANNOT_PIPE', 'Cannot pipe, not readable')) },
  _write(chunk, encoding, callback) {
    if (!this._writev) throw error('Error', 'ERR_METHOD_NOT_IMPLEMENTED', 'The _write() method is not implemented')
    this._writev([{ chunk, encoding }], callback)
  },
  _destroy(problem, callback) { callback(problem) },
  get writable() {
    const state = this._writableState
    return state.writable !== false && !state.destroyed && !state.errored && !state.ending && !state.ended
  },
  set writable(value) { this._writableState.writable = Boolean(value) },
  get writableLength() { return this._writableState.length },
  get writableHighWaterMark() { return this._writableState.highWaterMark },
  get writableObjectMode() { return this._writableState.objectMode },
  get writableCorked() { return this._writableState.corked },
  get writableEnded() { return this._writableState.ending },
  get writableFinished() { return this._writableState.finished },
  get writableNeedDrain() {
    const state = this._writableState
    return !state.destroyed && !state.ending && state.needDrain
  },
  get destroyed() { return this._writableState.destroyed },
  get closed() { return this._writableState.closed },
  get errored() { return this._writableState.errored },
})

module.exports = { Writable, initWritable, startWriting }
