'use strict'

// ClientRequest: a request to a server.

const { nextTick } = native.require('process')
const { IncomingMessage, fill, reset, unread } = native.parts.incoming
const { OutgoingMessage, inner, define } = native.parts.outgoing
const { Agent, globalAgent, poolOf } = native.parts.agent
const { token, validateHeaderValue } = native.parts.headers
const { Buffer, error, argType } = tools
const { URL } = globalThis

const maxHeaderSize = 16 * 1024

// The sockets that Go uses, by number.
const sockets = new Map()
let last = 0

// Methods whose requests have a body unless they say otherwise.
const bodiless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

function urlToOptions(url) {
  const options = {
    protocol: url.protocol,
    hostname: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    hash: url.hash, search: url.search, pathname: url.pathname,
    path: `${url.pathname || ''}${url.search || ''}`, href: url.href,
  }
  if (url.port !== '') options.port = Number(url.port)
  if (url.username || url.password) options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return options
}

// optionsOf puts the arguments of request into one form.
function optionsOf(input, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options]
  if (typeof input === 'string') input = urlToOptions(new URL(input))
  else if (input instanceof URL || (input?.href && input.protocol && input.searchParams)) input = urlToOptions(input)
  else [options, input] = [options === undefined || options === null ? input : { ...input, ...options }, null]
  return { options: { ...input, ...options }, callback }
}

function agentOf(options, usual) {
  const { agent } = options
  if (agent === false) return new usual.constructor()
  if (agent === null || agent === undefined) return typeof options.createConnection === 'function' ? undefined : usual
  if (typeof agent.addRequest !== 'function') throw argType('options.agent', 'one of Agent-like Object, undefined, or false', agent)
  return agent
}

function checkedHost(host, name) {
  if (host !== null && host !== undefined && typeof host !== 'string') {
    throw argType(`options.${name}`, 'of type string or one of undefined or null', host)
  }
  return host
}

function ClientRequest(input, options, callback) {
  OutgoingMessage.call(this)
  ;({ options, callback } = optionsOf(input, options, callback))
  const usual = options._defaultAgent || globalAgent
  this.agent = agentOf(options, usual)
  const protocol = options.protocol || usual.protocol
  const expected = this.agent?.protocol || usual.protocol
  if (options.path !== undefined && options.path !== null && /[^\x21-\xff]/.test(`${options.path}`)) {
    throw error('TypeError', 'ERR_UNESCAPED_CHARACTERS', 'Request path contains unescaped characters')
  }
  if (protocol !== expected) throw error('TypeError', 'ERR_INVALID_PROTOCOL', `Protocol "${protocol}" not supported. Expected "${expected}"`)
  const defaultPort = options.defaultPort || this.agent?.defaultPort || usual.defaultPort
  options.port = options.port || defaultPort || 80
  options.host = checkedHost(options.hostname, 'hostname') || checkedHost(options.host, 'host') || 'localhost'
  this.method = methodOf(options.method)
  this.path = options.path || '/'
  this.host = options.host
  this.protocol = protocol
  this.maxHeaderSize = options.maxHeaderSize
  this.reusedSocket = false
  this.aborted = false
  this.res = null
  this.timeout = undefined
  this.shouldKeepAlive = Boolean(this.agent?.keepAlive)
  Object.assign(this[inner], { x: null, started: false, options, wanted: null, socketTold: false, over: false })
  if (callback) this.once('response', callback)
  this._takeHeaders(options, defaultPort)
  if (options.timeout !== undefined) this.timeout = checkedTimeout(options.timeout)
  else if (this.agent?.options?.timeout && this.agent !== globalAgent) this.timeout = this.agent.options.timeout
  if (this.timeout) this.setTimeout(this.timeout)
  if (options.signal) this._watch(options.signal)
}
Object.setPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype)
Object.setPrototypeOf(ClientRequest, OutgoingMessage)

function methodOf(method) {
  if (method === undefined || method === null || method === '') return 'GET'
  if (typeof method !== 'string') throw argType('options.method', 'of type string', method)
  if (!token.test(method)) throw error('TypeError', 'ERR_INVALID_HTTP_TOKEN', `Method must be a valid HTTP token ["${method}"]`)
  return method.toUpperCase()
}

function checkedTimeout(value) {
  if (typeof value !== 'number') throw argType('timeout', 'of type number', value)
  return value
}

// A body that is not of known length is sent in chunks.
const unknown = -1

define(ClientRequest.prototype, {
  _takeHeaders(options, defaultPort) {
    const { headers } = this[inner]
    headers.setAll(options.headers)
    if (options.auth && !headers.has('authorization')) {
      headers.set('Authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`)
    }
    if (headers.has('host') || options.setHost === false) return
    let host = options.host.includes(':') && !options.host.startsWith('[') ? `[${options.host}]` : options.host
    if (Number(options.port) !== Number(defaultPort)) host += `:${options.port}`
    validateHeaderValue('host', host)
    headers.set('Host', host)
  },

  _watch(signal) {
    if (typeof signal !== 'object' || !('aborted' in signal)) throw argType('options.signal', 'an instance of AbortSignal', signal)
    const stop = () => {
      const problem = error('Error', 'ABORT_ERR', 'The operation was aborted')
      problem.name = 'AbortError'
      problem.cause = signal.reason
      this.destroy(problem)
    }
    if (signal.aborted) nextTick(stop)
    else {
      signal.addEventListener('abort', stop, { once: true })
      this.once('close', () => signal.removeEventListener('abort', stop))
    }
  },

  // _implicitHeader settles what is sent and begins the request.
  _implicitHeader() {
    const state = this[inner]
    const { headers } = state
    const given = headers.get('content-length')
    let length = unknown
    if (given !== undefined && !headers.has('transfer-encoding')) length = Number(given)
    else if (state.length !== null && !headers.has('transfer-encoding')) ({ length } = state)
    if (length === 0 && state.length !== 0) length = unknown
    if (state.length === 0 && bodiless.has(this.method) && !headers.has('transfer-encoding')) length = 0
    state.sized = length
    this._header = `${this.method} ${this.path} HTTP/1.1\r\n`
    this._hasBody = true
    if (!headers.has('connection')) headers.set('Connection', this.shouldKeepAlive ? 'keep-alive' : 'close')
    state.flat = headers.flat()
  },

  // _flushHead opens the exchange, once.
  _flushHead() {
    const state = this[inner]
    if (state.started || this.destroyed) return
    state.started = true
    const { options } = state
    const forget = (text) => native.forget(text)
    const pool = this.agent ?? noAgent
    const text = poolOf(pool, this.maxHeaderSize || maxHeaderSize, forget)
    const name = this.agent?.getName ? this.agent.getName(options) : `${options.host}:${options.port}:${++last}`
    try {
      state.x = native.open(text, { method: this.method, path: this.path, secure: false, name, length: state.sized }, state.flat,
        (what, ...rest) => { if (!state.over) heard[what](this, state, ...rest) })
    } catch (problem) {
      nextTick(() => this.destroy(problem))
    }
  },

  _write(chunk, encoding, callback) {
    const { x } = this._begun()
    if (!x) callback()
    else {
      native.write(x, chunk, () => {
        this._heard()
        callback()
      })
    }
  },
  _final(callback) {
    const { x, trailers } = this._begun()
    if (x) native.finish(x, trailers)
    callback()
  },
  _begun() {
    this._flushHead()
    return this[inner]
  },

  // onSocket takes the connection that an agent has made.
  onSocket(socket, problem) {
    const state = this[inner]
    const { wanted } = state
    state.wanted = null
    if (!wanted) return
    if (problem) {
      native.refuse(wanted)
      this.destroy(problem)
    } else lend(this, state, wanted, socket)
  },

  abort() {
    if (this.aborted) return
    this.aborted = true
    nextTick(() => this.emit('abort'))
    this.destroy()
  },

  destroy(problem) {
    const state = this[inner]
    if (this.destroyed) return this
    this._writableState.destroyed = true
    state.over = true // nothing more is heard of the exchange
    if (state.wanted) native.refuse(state.wanted)
    if (state.x) native.abort(state.x)
    // Go closes a connection that it uses; another request may have it already.
    if (this.socket && !state.lent) this.socket.destroy()
    const { res } = this
    if (res) {
      if (!res.complete && !res.destroyed) res.destroy(problem ?? reset())
      nextTick(() => this._close())
      return this
    }
    this._writableState.errored ??= problem ?? null
    nextTick(() => {
      this.emit('error', problem ?? reset('socket hang up'))
      this._close()
    })
    return this
  },

  setNoDelay(on) { whenSocket(this, (socket) => socket.setNoDelay(on)) },
  setSocketKeepAlive(on, delay) { whenSocket(this, (socket) => socket.setKeepAlive(on, delay)) },
  clearTimeout(callback) { return this.setTimeout(0, callback) },
})

// What requests without an agent share: nothing is kept.
const noAgent = new Agent()

function whenSocket(req, call) {
  if (req.socket) call(req.socket)
  else req.once('socket', call)
}

// lend lets Go use a socket once it is connected.
function lend(req, state, wanted, socket) {
  if (!socket || typeof socket._handle === 'undefined') {
    native.refuse(wanted)
    socket?.destroy?.()
    req.destroy(error('Error', 'ERR_NOT_IMPLEMENTED', 'http.request on a connection that is neither a socket of net nor of tls is not implemented in mqscript'))
    return
  }
  socket.pause()
  take(req, state, socket)
  const failed = (problem) => {
    native.refuse(wanted)
    if (!state.over && !req.destroyed) req.destroy(problem instanceof Error ? problem : reset('socket hang up'))
  }
  const connected = () => {
    if (!socket._handle) {
      failed()
      return
    }
    const number = ++last
    sockets.set(number, socket)
    state.lent = true
    socket.off('close', failed)
    socket.off('error', failed)
    socket.on('error', () => {}) // Go tells of it
    socket.once('close', () => sockets.delete(number))
    native.lend(wanted, socket._handle, number, unread(socket), () => socket.destroy(), () => {})
  }
  socket.on('error', failed)
  socket.on('close', failed)
  if (socket.connecting || socket.secureConnecting) socket.once(socket.encrypted ? 'secureConnect' : 'connect', connected)
  else connected()
}

// take makes a socket that of a request.
function take(req, state, socket) {
  req.socket = socket
  if (state.socketTold) return
  state.socketTold = true
  if (state.timeout > 0 && !socket.timeout) socket.timeout = state.timeout
  req.emit('socket', socket)
}

// What an exchange tells.
const heard = {
  dial(req, state, wanted) {
    const { options } = state
    state.wanted = wanted
    try {
      if (req.agent) req.agent.addRequest(req, options)
      else connectAlone(req, options)
    } catch (problem) {
      req.onSocket(null, problem)
    }
  },
  socket(req, state, number, reused) {
    req.reusedSocket = reused
    const socket = sockets.get(number)
    if (socket) take(req, state, socket)
    if (reused && socket) req.agent?.reuseSocket?.(socket, req)
    req._heard()
  },
  information(req, state, statusCode, statusMessage, flat) {
    if (statusCode === 100) req.emit('continue')
    const message = new IncomingMessage(null)
    message.rawHeaders = flat
    req.emit('information', {
      statusCode, statusMessage, httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1, headers: message.headers, rawHeaders: flat,
    })
  },
  response(req, state, ...head) {
    const res = answerOf(req, state, head)
    const kept = req.emit('response', res)
    if (!kept) res._dump()
    if (req.method === 'HEAD') res._dump()
  },
  upgrade(req, state, ...head) {
    const res = answerOf(req, state, head)
    const { socket } = req
    res.upgrade = req.upgradeOrConnect = true
    res.complete = true
    native.upgraded(state.x)
    state.over = true
    Object.assign(socket._readableState, { flowing: null, paused: false })
    if (req.listenerCount('upgrade') === 0) socket.destroy()
    else req.emit('upgrade', res, socket, Buffer.alloc(0))
    req._writableState.destroyed = true
    nextTick(() => req._close())
  },
  error(req, state, problem) {
    if (problem.message !== 'no connection was made') req.destroy(problem)
  },
}

function connectAlone(req, options) {
  const { createConnection } = options
  const to = { ...options }
  delete to.signal // the request watches it
  if (to.socketPath) to.path = to.socketPath
  else delete to.path
  let called = false
  const done = (problem, socket) => {
    if (called) return
    called = true
    req.onSocket(socket, problem)
  }
  const make = typeof createConnection === 'function' ? createConnection : noAgent.createConnection
  const socket = make(to, done)
  if (socket) done(null, socket)
}

function answerOf(req, state, [statusCode, statusMessage, version, flat]) {
  const res = new IncomingMessage(req.socket)
  const give = (problem) => {
    native.abort(state.x)
    if (!req.destroyed) req.destroy(problem)
  }
  fill(res, state.x, version, flat, give, () => req._heard())
  Object.assign(res, { statusCode, statusMessage, req, joinDuplicateHeaders: Boolean(state.options.joinDuplicateHeaders) })
  req.res = res
  res.once('end', () => {
    req._writableState.destroyed = true
    state.over = true
    nextTick(() => req._close())
  })
  req._heard()
  return res
}

module.exports = { ClientRequest, optionsOf, maxHeaderSize, sockets, number: () => ++last }
