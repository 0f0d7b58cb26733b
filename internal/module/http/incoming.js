'use strict'

// IncomingMessage: a request that a server got, or the answer that a client got.

const { Readable } = native.require('stream')
const { nextTick } = native.require('process')
const { received, distinct } = native.parts.headers

const inner = Symbol('message')

function IncomingMessage(socket) {
  if (!(this instanceof IncomingMessage)) return new IncomingMessage(socket)
  Readable.call(this, { highWaterMark: 64 * 1024 })
  Object.defineProperty(this, inner, { value: { x: null, give: null, headers: null, trailers: null, dumped: false, heard: null } })
  this.socket = socket
  this.httpVersionMajor = null
  this.httpVersionMinor = null
  this.httpVersion = null
  this.complete = false
  this.rawHeaders = []
  this.rawTrailers = []
  this.joinDuplicateHeaders = false
  this.aborted = false
  this.upgrade = null
  this.url = ''
  this.method = null
  this.statusCode = null
  this.statusMessage = null
}
Object.setPrototypeOf(IncomingMessage.prototype, Readable.prototype)
Object.setPrototypeOf(IncomingMessage, Readable)

// fill gives a message what came: x is the exchange or request in Go; give ends
// it when the script does not want the rest; heard is called when something
// has been read.
function fill(message, x, version, flat, give, heard = () => {}) {
  const [major, minor] = version.split('.').map(Number)
  Object.assign(message, { httpVersion: version, httpVersionMajor: major, httpVersionMinor: minor, rawHeaders: flat })
  Object.assign(message[inner], { x, give, heard })
}

function members(of) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
    Object.defineProperty(IncomingMessage.prototype, name, { ...property, enumerable: false })
  }
}

// The error of a connection that was cut.
const reset = (message = 'aborted') => Object.assign(new Error(message), { code: 'ECONNRESET' })

members({
  get connection() { return this.socket },
  set connection(socket) { this.socket = socket },
  get headers() { return (this[inner].headers ??= received(this.rawHeaders, this.joinDuplicateHeaders)) },
  set headers(value) { this[inner].headers = value },
  get headersDistinct() { return distinct(this.rawHeaders) },
  get trailers() { return (this[inner].trailers ??= received(this.rawTrailers, this.joinDuplicateHeaders)) },
  set trailers(value) { this[inner].trailers = value },
  get trailersDistinct() { return distinct(this.rawTrailers) },

  setTimeout(milliseconds, callback) {
    if (callback) this.on('timeout', callback)
    this.socket?.setTimeout(milliseconds)
    return this
  },

  _read() {
    const { x, heard } = this[inner]
    if (x === null) {
      this.push(null)
      return
    }
    native.read(x).then((chunk) => {
      if (this.destroyed) return
      heard()
      if (chunk !== null) {
        this.push(chunk)
        return
      }
      this.complete = true
      this.rawTrailers = native.trailers(x) ?? []
      this.push(null)
    }, (problem) => { if (!this.destroyed) this.destroy(problem.code === 'ECONNRESET' ? reset() : problem) })
  },

  _destroy(problem, callback) {
    const { give } = this[inner]
    if (!this.readableEnded || !this.complete) {
      this.aborted = true
      this.emit('aborted')
      give?.(problem)
    }
    nextTick(() => callback(this.listenerCount('error') > 0 ? problem : null))
  },

  // _dump reads what nobody wants, so that the connection can be used again.
  _dump() {
    if (this[inner].dumped) return
    this[inner].dumped = true
    this.removeAllListeners('data')
    this.resume()
  },
})

// unread takes what a socket has read and nobody has taken from it.
function unread(socket) {
  const state = socket._readableState
  state.length = 0
  return tools.Buffer.concat(state.buffer.splice(0).map((chunk) => tools.Buffer.from(chunk)))
}

module.exports = { unread, IncomingMessage, fill, inner, reset }
