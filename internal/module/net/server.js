'use strict'

const { normalized, isIP, isIPv4, isIPv6, inOrder, socketPath, port: validPort, onAbort } = native.parts.address
const { Socket, createConnection, own, attempts, missing, define, detach, attach } = native.parts.socket
const EventEmitter = native.require('events')
const { nextTick } = native.require('process')
const { error, argType, check } = tools

const inner = Symbol('server')

function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener)
  EventEmitter.call(this)
  if (typeof options === 'function') [options, listener] = [{}, options]
  else if (options !== undefined && options !== null && typeof options !== 'object') throw argType('options', 'of type object', options)
  options ??= {}
  if (typeof listener === 'function') this.on('connection', listener)
  Object.defineProperty(this, inner, { value: { handle: null, at: null, closing: false, connections: new Set(), options } })
  this.allowHalfOpen = Boolean(options.allowHalfOpen)
  this.pauseOnConnect = Boolean(options.pauseOnConnect)
}
Object.setPrototypeOf(Server.prototype, EventEmitter.prototype)
Object.setPrototypeOf(Server, EventEmitter)

function listen(...args) {
  const { options, callback } = normalized(args)
  if (this.listening) throw error('Error', 'ERR_SERVER_ALREADY_LISTEN', 'Listen method has been called more than once without closing.')
  if (callback) this.once('listening', callback)
  if (options.signal !== undefined) this.once('close', onAbort(options.signal, () => this.close()))
  if (options.fd !== undefined && options.fd !== null) throw missing('Server.listen with a file descriptor')
  const anyPort = args.length === 0 || typeof args[0] === 'function' || ('port' in options && (options.port === undefined || options.port === null))
  if (anyPort && !options.path) options.port = 0
  if (typeof options.port === 'number' || typeof options.port === 'string') {
    const port = validPort(options.port, 'options.port')
    if (options.host) lookUp(this, options.host, port, Boolean(options.ipv6Only))
    else bind(this, '', '', port, '', Boolean(options.ipv6Only))
    return this
  }
  if (options.path) {
    bind(this, '', '', 0, socketPath(options.path), false)
    return this
  }
  const shown = native.require('util').inspect(options)
  if ('port' in options) throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'options' is invalid. Received ${shown}`)
  throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'options' must have the property "port" or "path". Received ${shown}`)
}

function lookUp(server, host, port, only6) {
  const state = server[inner]
  const asked = state.asked = {}
  native.require('dns').lookup(host, (problem, address) => {
    if (state.asked !== asked) return
    if (problem) server.emit('error', problem)
    else bind(server, host, address, port, '', only6)
  })
}

function bind(server, host, address, port, path, only6) {
  const state = server[inner]
  let handle
  try {
    handle = native.listen(host, address, port, path, only6)
  } catch (problem) {
    nextTick(() => server.emit('error', problem))
    return
  }
  state.handle = handle
  state.at = native.listeningAt(handle)
  nextTick(() => { if (state.handle === handle) server.emit('listening') })
  acceptNext(server, handle)
}

function acceptNext(server, handle) {
  native.accept(handle, (problem, connection) => {
    if (!connection) return
    acceptNext(server, handle)
    if (server[inner].handle === handle) server._accepted(connection)
    else native.close(connection, false, () => {})
  })
}

define(Server.prototype, {
  listen,
  // _accepted makes a socket of a connection.
  _accepted(handle) {
    const { connections } = this[inner]
    if (typeof this.maxConnections === 'number' && connections.size >= this.maxConnections) {
      this._dropped(handle)
      return
    }
    const socket = this._socketOf(handle)
    this._take(socket)
    this._greet(socket)
  },
  _socketOf(handle) {
    const { highWaterMark, noDelay, keepAlive, keepAliveInitialDelay } = this[inner].options
    return new Socket({
      handle, allowHalfOpen: this.allowHalfOpen, pauseOnCreate: this.pauseOnConnect,
      highWaterMark, noDelay, keepAlive, keepAliveInitialDelay,
    })
  },
  _greet(socket) { this.emit('connection', socket) },
  _dropped(handle) {
    const { local, remote } = native.names(handle)
    native.close(handle, false, () => {})
    this.emit('drop', {
      localAddress: local?.address, localPort: local?.port, localFamily: local?.family,
      remoteAddress: remote?.address, remotePort: remote?.port, remoteFamily: remote?.family,
    })
  },
  // _take counts a socket as a connection of the server.
  _take(socket) {
    this[inner].connections.add(socket)
    socket.server = socket._server = this
  },
  _closed(socket) {
    this[inner].connections.delete(socket)
    this._closeWhenEmpty()
  },
  _closeWhenEmpty() {
    const { handle, closing, connections } = this[inner]
    if (!handle && !closing && connections.size === 0) nextTick(() => this.emit('close'))
  },
  close(callback) {
    const state = this[inner]
    if (typeof callback === 'function') {
      this.once('close', state.handle ? callback : () => callback(error('Error', 'ERR_SERVER_NOT_RUNNING', 'Server is not running.')))
    }
    const { handle } = state
    Object.assign(state, { handle: null, at: null, asked: null })
    if (handle) {
      state.closing = true
      native.closeServer(handle, () => {
        state.closing = false
        this._closeWhenEmpty()
      })
    } else this._closeWhenEmpty()
    return this
  },
  address() {
    const { at } = this[inner]
    return at !== null && typeof at === 'object' ? inOrder(at) : at
  },
  getConnections(callback) {
    nextTick(callback, null, this[inner].connections.size)
    return this
  },
  ref() { return this },
  unref() { return this },
  get listening() { return this[inner].handle !== null },
  get _connections() { return this[inner].connections.size },
})
if (Symbol.asyncDispose) {
  define(Server.prototype, { [Symbol.asyncDispose]() { return new Promise((resolve) => this.close(resolve)) } })
}

module.exports = {
  Server, Socket, Stream: Socket, createServer: (options, listener) => new Server(options, listener),
  connect: createConnection, createConnection, isIP, isIPv4, isIPv6,
  getDefaultAutoSelectFamily: () => attempts.several,
  setDefaultAutoSelectFamily(value) {
    if (typeof value !== 'boolean') throw argType('value', 'of type boolean', value)
    attempts.several = value
  },
  getDefaultAutoSelectFamilyAttemptTimeout: () => attempts.timeout,
  setDefaultAutoSelectFamilyAttemptTimeout(value) {
    check.integer(value, 'value', 1, 2 ** 31 - 1)
    attempts.timeout = Math.max(value, 10)
  },
}
// What other modules that are made of sockets use.
Object.defineProperty(module.exports, Symbol.for('mqscript.net'), { value: { own, inner, define, normalized, onAbort, validPort, detach, attach } })
tools.missing(module.exports, 'net', 'BlockList SocketAddress')
