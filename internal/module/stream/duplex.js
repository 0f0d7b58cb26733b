'use strict'

const { nextTick, setState, takeMethods, construct, define, destroy, Stream, usual } = native.parts.life
const { Readable, initReadable, startReading } = native.parts.readable
const { Writable, initWritable, startWriting } = native.parts.writable
const { error, check } = tools

function Duplex(options) {
  if (!(this instanceof Duplex)) return new Duplex(options)
  Stream.call(this, options)
  initReadable(this, options)
  initWritable(this, options)
  this.allowHalfOpen = options?.allowHalfOpen !== false
  if (options?.readable === false) {
    Object.assign(this._readableState, { readable: false, ended: true, endEmitted: true })
  }
  if (options?.writable === false) {
    Object.assign(this._writableState, { writable: false, ending: true, ended: true, finished: true })
  }
  takeMethods(this, options, ['read', 'write', 'writev', 'destroy', 'final', 'construct'])
  construct(this, () => {
    startReading(this)
    startWriting(this)
  })
}
Object.setPrototypeOf(Duplex.prototype, Readable.prototype)
Object.setPrototypeOf(Duplex, Readable)

const own = Object.getOwnPropertyDescriptors(Writable.prototype)
for (const name of ['constructor', 'pipe', 'destroyed', 'closed', 'errored']) delete own[name]
Object.defineProperties(Duplex.prototype, own)
define(Duplex.prototype, {
  get destroyed() { return this._readableState.destroyed && this._writableState.destroyed },
  get closed() { return this._readableState.closed && this._writableState.closed },
  get errored() { return this._readableState.errored ?? this._writableState.errored },
})
tools.missing(Duplex, 'Duplex', 'fromWeb toWeb')

const waiting = Symbol('waiting') // the callback of a write that waits for room to read

function Transform(options) {
  if (!(this instanceof Transform)) return new Transform(options)
  // One buffer is enough: the reading side keeps nothing when its mark is 0.
  const mark = options?.readableHighWaterMark
  Duplex.call(this, mark === 0
    ? { ...options, highWaterMark: undefined, readableHighWaterMark: 0, writableHighWaterMark: options.writableHighWaterMark || 0 }
    : options)
  this._readableState.sync = false
  setState(this, waiting, null)
  takeMethods(this, options, ['transform', 'flush'])
}
Object.setPrototypeOf(Transform.prototype, Duplex.prototype)
Object.setPrototypeOf(Transform, Duplex)

function flushed(stream, callback) {
  if (typeof stream._flush !== 'function' || stream.destroyed) {
    stream.push(null)
    callback()
    return
  }
  stream._flush((problem, chunk) => {
    if (problem) {
      callback(problem)
      return
    }
    if (chunk !== undefined && chunk !== null) stream.push(chunk)
    stream.push(null)
    callback()
  })
}

define(Transform.prototype, {
  _transform() { throw error('Error', 'ERR_METHOD_NOT_IMPLEMENTED', 'The _transform() method is not implemented') },
  _write(chunk, encoding, callback) {
    const state = this._readableState
    const before = state.length
    this._transform(chunk, encoding, (problem, result) => {
      if (problem) {
        callback(problem)
        return
      }
      if (result !== undefined && result !== null) this.push(result)
      if (this._writableState.ended || before === state.length || state.length < state.highWaterMark) callback()
      else this[waiting] = callback
    })
  },
  _read() {
    const callback = this[waiting]
    if (!callback) return
    this[waiting] = null
    callback()
  },
  _final(callback) { flushed(this, callback) },
})

function PassThrough(options) {
  if (!(this instanceof PassThrough)) return new PassThrough(options)
  Transform.call(this, options)
}
Object.setPrototypeOf(PassThrough.prototype, Transform.prototype)
Object.setPrototypeOf(PassThrough, Transform)
define(PassThrough.prototype, {
  _transform(chunk, encoding, callback) { callback(null, chunk) },
})

function getDefaultHighWaterMark(objectMode) { return objectMode ? usual.objects : usual.bytes }
function setDefaultHighWaterMark(objectMode, value) {
  check.integer(value, 'value', 0)
  usual[objectMode ? 'objects' : 'bytes'] = value
}

module.exports = { Duplex, Transform, PassThrough, getDefaultHighWaterMark, setDefaultHighWaterMark }
