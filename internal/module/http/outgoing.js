'use strict'

// OutgoingMessage: what a client's request and a server's answer have in common.

const { Writable } = native.require('stream')
const { nextTick } = native.require('process')
const { Headers, validateHeaderName, validateHeaderValue, sent } = native.parts.headers
const { error, argType } = tools
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis

const inner = Symbol('outgoing')

function OutgoingMessage(options) {
  Writable.call(this, { ...options, autoDestroy: false, emitClose: false })
  Object.defineProperty(this, inner, { value: {
    headers: new Headers(), trailers: [], timer: null, timeout: 0, last: false, length: null, closed: false,
  } })
  this._header = null
  this.socket = null
  this.finished = false
  this.sendDate = false
  this.shouldKeepAlive = true
  this.strictContentLength = false
  this._hasBody = true
}
Object.setPrototypeOf(OutgoingMessage.prototype, Writable.prototype)
Object.setPrototypeOf(OutgoingMessage, Writable)

function define(prototype, members) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    Object.defineProperty(prototype, name, { ...property, enumerable: false })
  }
}

function checkChunk(chunk) {
  if (chunk === null) throw error('TypeError', 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream')
  if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
    throw argType('chunk', 'of type string or an instance of Buffer or Uint8Array', chunk)
  }
}

// size is how many bytes a chunk is sent as.
const size = (chunk, encoding) => (typeof chunk === 'string' ? tools.Buffer.byteLength(chunk, encoding) : chunk.byteLength)

define(OutgoingMessage.prototype, {
  get headersSent() { return Boolean(this._header) },
  get connection() { return this.socket },
  set connection(socket) { this.socket = socket },

  setHeader(name, value) {
    if (this._header) throw sent('set')
    this[inner].headers.set(name, value)
    return this
  },
  appendHeader(name, value) {
    if (this._header) throw sent('append')
    this[inner].headers.append(name, value)
    return this
  },
  setHeaders(headers) {
    if (this._header) throw sent('set')
    if (typeof headers?.[Symbol.iterator] !== 'function' || Array.isArray(headers)) {
      throw argType('headers', 'an instance of Headers or Map', headers)
    }
    const cookies = []
    for (const [name, value] of headers) {
      if (name === 'set-cookie') cookies.push(...[].concat(value))
      else this.setHeader(name, value)
    }
    if (cookies.length > 0) this.setHeader('set-cookie', cookies)
    return this
  },
  getHeader(name) { return this[inner].headers.get(name) },
  getHeaders() { return this[inner].headers.all() },
  getHeaderNames() { return this[inner].headers.names() },
  getRawHeaderNames() { return this[inner].headers.rawNames() },
  hasHeader(name) { return this[inner].headers.has(name) },
  removeHeader(name) {
    if (this._header) throw sent('remove')
    this[inner].headers.remove(name)
  },
  addTrailers(headers) {
    const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
    for (const [name, value] of pairs) {
      validateHeaderName(name, 'Trailer name')
      validateHeaderValue(name, value)
      this[inner].trailers.push(name, `${value}`)
    }
  },

  write(chunk, encoding, callback) {
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding]
    checkChunk(chunk)
    if (this.writableEnded) {
      const problem = error('Error', 'ERR_STREAM_WRITE_AFTER_END', 'write after end')
      nextTick(() => {
        callback?.(problem)
        this.emit('error', problem)
      })
      return true
    }
    if (!this.destroyed) {
      if (!this._header) this._implicitHeader()
      if (!this._hasBody) {
        if (callback) nextTick(callback)
        return true
      }
    }
    if (this.destroyed) {
      const problem = error('Error', 'ERR_STREAM_DESTROYED', 'Cannot call write after a stream was destroyed')
      if (callback) nextTick(callback, problem)
      return false
    }
    if (size(chunk, encoding) === 0) {
      if (callback) nextTick(callback)
      return true
    }
    return Writable.prototype.write.call(this, chunk, encoding, callback)
  },

  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [chunk, encoding, callback] = [undefined, undefined, chunk]
    else if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding]
    const given = chunk !== undefined && chunk !== null
    if (given) checkChunk(chunk)
    if (given && this.writableEnded) {
      this.write(chunk, encoding, callback) // which is the error
      return this
    }
    if (this.writableEnded || this.destroyed) {
      if (typeof callback === 'function') {
        const problem = this.writableFinished
          ? error('Error', 'ERR_STREAM_ALREADY_FINISHED', 'Cannot call end after a stream was finished')
          : error('Error', 'ERR_STREAM_DESTROYED', 'Cannot call end after a stream was destroyed')
        if (this.writableEnded && !this.writableFinished) this.once('finish', callback)
        else nextTick(callback, problem)
      }
      return this
    }
    const state = this[inner]
    if (!this._header) {
      state.length = given ? size(chunk, encoding) : 0
      this._implicitHeader()
    }
    this.finished = true
    state.last = true
    const body = given && this._hasBody && size(chunk, encoding) > 0
    return body ? Writable.prototype.end.call(this, chunk, encoding, callback) : Writable.prototype.end.call(this, callback)
  },

  flushHeaders() {
    if (!this._header) this._implicitHeader()
    this._flushHead()
  },

  // A timeout counts from the last thing that happened.
  setTimeout(milliseconds, callback) {
    const state = this[inner]
    if (callback) this.on('timeout', callback)
    if (this.destroyed) return this
    stopTimer(state.timer)
    state.timeout = Number(milliseconds) || 0
    state.timer = null
    if (state.timeout > 0) {
      state.timer = startTimer(() => this._timedOut(), state.timeout)
      state.timer.unref()
    }
    return this
  },
  _timedOut() { this.emit('timeout') },
  _heard() { this[inner].timer?.refresh() },

  // _close says, once, that nothing more happens.
  _close() {
    const state = this[inner]
    if (state.closed) return
    state.closed = true
    stopTimer(state.timer)
    this.emit('close')
  },
  _implicitHeader() { throw error('Error', 'ERR_METHOD_NOT_IMPLEMENTED', 'The _implicitHeader() method is not implemented') },
  pipe() { this.emit('error', error('Error', 'ERR_STREAM_CANNOT_PIPE', 'Cannot pipe, not readable')) },
})

module.exports = { OutgoingMessage, inner, define }
