'use strict'

// Server: a server of net, or of tls, whose connections speak HTTP.

const net = native.require('net')
const { nextTick } = native.require('process')
const { IncomingMessage, fill, inner: messageInner, reset, unread } = native.parts.incoming
const { inner, define } = native.parts.outgoing
const { ServerResponse } = native.parts.response
const { sockets, number } = native.parts.client
const { Buffer, check } = tools

const own = Symbol('server')

// prepare gives a server of connections what makes it one of HTTP.
function prepare(server, options, listener) {
  if (listener) {
    check.func(listener, 'requestListener')
    server.on('request', listener)
  }
  Object.defineProperty(server, own, { value: { server: null, requests: new Map(), options } })
  Object.assign(server, {
    timeout: 0, keepAliveTimeout: options.keepAliveTimeout ?? 5000, maxHeadersCount: null, maxRequestsPerSocket: 0,
    headersTimeout: options.headersTimeout ?? 60_000, requestTimeout: options.requestTimeout ?? 300_000,
    httpAllowHalfOpen: false, pauseOnConnect: true,
  })
  for (const name of ['keepAliveTimeout', 'headersTimeout', 'requestTimeout', 'maxHeaderSize']) {
    if (options[name] !== undefined) check.integer(options[name], name, 0)
  }
  server.maxConnections ??= mostConnections
  server.on('close', () => {
    const state = server[own]
    if (state.server) native.stop(state.server)
    state.server = null
  })
}

// How many connections a server has at most, unless it says otherwise; one
// beyond them is closed.
const mostConnections = 1024

function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener)
  if (typeof options === 'function') [options, listener] = [{}, options]
  options ??= {}
  check.object(options, 'options')
  net.Server.call(this, { allowHalfOpen: true, noDelay: options.noDelay ?? true, keepAlive: options.keepAlive, keepAliveInitialDelay: options.keepAliveInitialDelay })
  prepare(this, options, listener)
  this.on('connection', (socket) => attach(this, socket))
}
Object.setPrototypeOf(Server.prototype, net.Server.prototype)
Object.setPrototypeOf(Server, net.Server)

// attach has Go read requests from a connection.
function attach(server, socket) {
  if (!socket._handle) return
  const state = server[own]
  state.server ??= native.serve(JSON.stringify({
    headersTimeout: lesser(server.headersTimeout, server.requestTimeout), requestTimeout: server.requestTimeout,
    keepAliveTimeout: server.keepAliveTimeout, maxHeaderSize: state.options.maxHeaderSize ?? 16_384,
  }), (what, ...rest) => told[what](server, state, ...rest))
  socket.pause()
  const id = number()
  sockets.set(id, socket)
  socket.on('error', () => {}) // Go tells of it
  socket.once('close', () => {
    sockets.delete(id)
    for (const [req, res] of [...state.requests.values()]) if (req.socket === socket) cut(state, req, res)
  })
  native.adopt(state.server, socket._handle, id, unread(socket), () => socket.destroy(), () => {})
}

const lesser = (a, b) => (a === 0 ? b : b === 0 ? a : Math.min(a, b))

// What a server in Go tells.
const told = {
  request(server, state, x, id, method, url, version, flat) {
    const socket = sockets.get(id)
    if (!socket) {
      native.abandon(x)
      return
    }
    const { IncomingMessage: Incoming = IncomingMessage, ServerResponse: Response = ServerResponse } = state.options
    const req = new Incoming(socket)
    fill(req, x, version, flat, () => { if (!res.writableEnded) socket.destroy() }, () => heard(req, res))
    Object.assign(req, { method, url, joinDuplicateHeaders: Boolean(state.options.joinDuplicateHeaders) })
    req._readableState.autoDestroy = false // its end is not that of the request
    const res = new Response(req)
    const asked = `${req.headers.connection ?? ''}`.toLowerCase()
    if (wantsOther(server, state, x, req, socket, asked)) return
    Object.assign(res[inner], { x, keepAlive: server.keepAliveTimeout })
    res.shouldKeepAlive = version === '1.0' ? asked.includes('keep-alive') : !asked.includes('close')
    res.assignSocket(socket)
    state.requests.set(x, [req, res])
    res.once('finish', () => finished(state, x, req, res))
    if (server.timeout > 0) watch(server, req, res)
    if (`${req.headers.expect ?? ''}`.toLowerCase() === '100-continue' && server.listenerCount('checkContinue') > 0) {
      server.emit('checkContinue', req, res)
    } else server.emit('request', req, res)
  },
  gone(server, state, x) {
    const pair = state.requests.get(x)
    if (pair) cut(state, ...pair)
  },
}

// wantsOther goes on with a request for another protocol.
function wantsOther(server, state, x, req, socket, asked) {
  const event = req.method === 'CONNECT' ? 'connect' : 'upgrade'
  if (event === 'upgrade' && !(req.headers.upgrade !== undefined && /(^|[\s,])upgrade([\s,]|$)/.test(asked))) return false
  if (server.listenerCount(event) === 0) {
    if (event === 'upgrade') return false
    native.abandon(x)
    socket.destroy()
    return true
  }
  req.upgrade = req.complete = true
  req[messageInner].x = null
  native.hijack(x, (failed, head) => {
    if (failed || socket.destroyed) {
      socket.destroy()
      return
    }
    Object.assign(socket._readableState, { flowing: null, paused: false })
    server.emit(event, req, socket, head ?? Buffer.alloc(0))
  })
  return true
}

function finished(state, x, req, res) {
  state.requests.delete(x)
  if (!req.complete && !req.destroyed) req._dump()
  nextTick(() => {
    res.detachSocket(res.socket)
    res._writableState.destroyed = true
    res._close()
    if (req.readableEnded) req.destroy()
    else req.once('end', () => req.destroy())
  })
}

// cut ends a request whose client has gone.
function cut(state, req, res) {
  const { x } = res[inner]
  if (!state.requests.delete(x)) return
  native.abandon(x)
  if (!req.destroyed) req.destroy(req.complete ? undefined : reset())
  if (!res.writableFinished) {
    res._writableState.destroyed = true
    nextTick(() => res._close())
  }
}

function heard(req, res) { res._heard() }

// watch ends connections on which nothing happens, unless somebody listens.
function watch(server, req, res) {
  res.setTimeout(server.timeout)
  res.on('timeout', () => {
    const heard = [req.emit('timeout', req.socket), res.listenerCount('timeout') > 1, server.emit('timeout', req.socket)]
    if (!heard.includes(true)) req.socket.destroy()
  })
}

const methods = {
  setTimeout(milliseconds, callback) {
    this.timeout = milliseconds
    if (callback) this.on('timeout', callback)
    return this
  },
  close(callback) {
    net.Server.prototype.close.call(this, callback)
    this._closeIdle(true)
    return this
  },
  closeIdleConnections() { this._closeIdle(false) },
  closeAllConnections() {
    const state = this[own]
    if (state.server) native.stop(state.server)
    state.server = null
  },
  _closeIdle(last) { if (this[own].server) native.closeIdle(this[own].server, last) },
}
define(Server.prototype, methods)

module.exports = { Server, prepare, attach, methods }
