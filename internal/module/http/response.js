'use strict'

// ServerResponse: the answer of a server.

const { nextTick } = native.require('process')
const { OutgoingMessage, inner, define } = native.parts.outgoing
const { sent } = native.parts.headers
const { error, check } = tools

const STATUS_CODES = {
  100: 'Continue', 101: 'Switching Protocols', 102: 'Processing', 103: 'Early Hints', 200: 'OK', 201: 'Created',
  202: 'Accepted', 203: 'Non-Authoritative Information', 204: 'No Content', 205: 'Reset Content', 206: 'Partial Content',
  207: 'Multi-Status', 208: 'Already Reported', 226: 'IM Used', 300: 'Multiple Choices', 301: 'Moved Permanently',
  302: 'Found', 303: 'See Other', 304: 'Not Modified', 305: 'Use Proxy', 307: 'Temporary Redirect',
  308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized', 402: 'Payment Required', 403: 'Forbidden',
  404: 'Not Found', 405: 'Method Not Allowed', 406: 'Not Acceptable', 407: 'Proxy Authentication Required',
  408: 'Request Timeout', 409: 'Conflict', 410: 'Gone', 411: 'Length Required', 412: 'Precondition Failed',
  413: 'Payload Too Large', 414: 'URI Too Long', 415: 'Unsupported Media Type', 416: 'Range Not Satisfiable',
  417: 'Expectation Failed', 418: "I'm a Teapot", 421: 'Misdirected Request', 422: 'Unprocessable Entity', 423: 'Locked',
  424: 'Failed Dependency', 425: 'Too Early', 426: 'Upgrade Required', 428: 'Precondition Required',
  429: 'Too Many Requests', 431: 'Request Header Fields Too Large', 451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable',
  504: 'Gateway Timeout', 505: 'HTTP Version Not Supported', 506: 'Variant Also Negotiates', 507: 'Insufficient Storage',
  508: 'Loop Detected', 509: 'Bandwidth Limit Exceeded', 510: 'Not Extended', 511: 'Network Authentication Required',
}

const endFlag = 1, flushFlag = 2

function ServerResponse(req, options) {
  if (!(this instanceof ServerResponse)) return new ServerResponse(req, options)
  OutgoingMessage.call(this, options)
  this.req = req
  this.statusCode = 200
  this.statusMessage = undefined
  this.sendDate = true
  Object.assign(this[inner], { x: null, head: null, ended: false, keepAlive: 0 })
  if (req.method === 'HEAD') this._hasBody = false
}
Object.setPrototypeOf(ServerResponse.prototype, OutgoingMessage.prototype)
Object.setPrototypeOf(ServerResponse, OutgoingMessage)

function checkedStatus(code) {
  const status = Math.trunc(Number(code)) || 0
  if (status < 100 || status > 999) throw error('RangeError', 'ERR_HTTP_INVALID_STATUS_CODE', `Invalid status code: ${code}`)
  return status
}

define(ServerResponse.prototype, {
  writeHead(status, reason, headers) {
    if (this._header) throw sent('write')
    this.statusCode = checkedStatus(status)
    if (typeof reason === 'string') this.statusMessage = reason
    else {
      this.statusMessage ||= STATUS_CODES[this.statusCode] ?? 'unknown'
      headers ??= reason
    }
    if (/[^\t\x20-\x7e\x80-\xff]/.test(this.statusMessage)) {
      throw error('TypeError', 'ERR_INVALID_CHAR', 'Invalid character in statusMessage')
    }
    this[inner].headers.setAll(headers)
    this._storeHeader()
    return this
  },
  writeHeader(...args) { return this.writeHead(...args) },
  _implicitHeader() { this.writeHead(this.statusCode) },

  // _storeHeader settles the head, with what Node adds to it.
  _storeHeader() {
    const state = this[inner]
    const { headers } = state
    const empty = this.statusCode === 204 || this.statusCode === 304 || this.statusCode < 200
    if (empty) this._hasBody = false
    if (this.sendDate && !headers.has('date')) headers.set('Date', new Date().toUTCString())
    const connection = headers.get('connection')
    if (connection === undefined) {
      headers.set('Connection', this.shouldKeepAlive ? 'keep-alive' : 'close')
      if (this.shouldKeepAlive && state.keepAlive > 0) headers.set('Keep-Alive', `timeout=${Math.floor(state.keepAlive / 1000)}`)
    }
    if (!empty && state.length !== null && !headers.has('content-length') && !headers.has('transfer-encoding') && state.trailers.length === 0) {
      if (this._hasBody || state.length > 0) headers.set('Content-Length', state.length)
    }
    state.head = headers.flat()
    this._header = `HTTP/1.1 ${this.statusCode} ${this.statusMessage}\r\n`
  },

  // _respond sends a part of the answer; the head goes with the first.
  _respond(chunk, flags, callback) {
    const state = this[inner]
    const { head } = state
    state.head = null
    if (state.x === null) {
      nextTick(callback)
      return
    }
    native.respond(state.x, head ? this.statusCode : 0, head, chunk, flags, flags & endFlag ? state.trailers : null, callback)
  },
  _flushHead() { if (this[inner].head) this._respond(null, flushFlag, () => {}) },

  _write(chunk, encoding, callback) {
    const state = this[inner]
    // The end goes with the last chunk.
    const ends = state.last && this._writableState.buffered.length === 0 && state.trailers.length === 0
    if (ends) state.ended = true
    this._respond(chunk, ends ? endFlag : flushFlag, () => {
      this._heard()
      callback()
    })
  },
  _final(callback) {
    const state = this[inner]
    if (state.ended) callback()
    else this._respond(null, endFlag, () => callback())
    state.ended = true
  },

  writeContinue(callback) { this._inform(100, [], callback) },
  writeProcessing(callback) { this._inform(102, [], callback) },
  writeEarlyHints(hints, callback) {
    check.object(hints, 'hints')
    const flat = []
    for (const [name, value] of Object.entries(hints)) for (const one of [].concat(value)) flat.push(name, `${one}`)
    this._inform(103, flat, callback)
  },
  _inform(status, headers, callback) {
    if (this[inner].x !== null) native.inform(this[inner].x, status, headers)
    if (callback) nextTick(callback)
  },

  assignSocket(socket) {
    this.socket = socket
    this.emit('socket', socket)
  },
  detachSocket() { this.socket = null },

  destroy(problem) {
    if (this.destroyed) return this
    this._writableState.destroyed = true
    if (problem) this._writableState.errored ??= problem
    const { x } = this[inner]
    if (x !== null) native.abandon(x)
    if (this.socket) this.socket.destroy(problem)
    nextTick(() => this._close())
    return this
  },
})

module.exports = { ServerResponse, STATUS_CODES }
