'use strict'

const { normalized, isIP, inOrder, socketPath, port: validPort, duration, onAbort } = native.parts.address
const { Duplex } = native.require('stream')
const { nextTick } = native.require('process')
const { error, argType, check } = tools
const { Buffer } = tools
const { setTimeout: startTimer, clearTimeout: stopTimer, setImmediate: later } = globalThis

// What a socket keeps that its users do not see.
const own = Symbol('net')

// How long one address of several is tried, in milliseconds.
const attempts = { several: true, timeout: 250 }

function Socket(options) {
  if (!(this instanceof Socket)) return new Socket(options)
  if (typeof options === 'number' || (options?.fd !== undefined && options.fd !== null)) throw missing('Socket with a file descriptor')
  if (options?.onread !== undefined) throw missing('Socket with the option onread')
  for (const name of ['objectMode', 'readableObjectMode', 'writableObjectMode']) {
    if (options?.[name]) throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The property 'options.${name}' is not supported. Received true`)
  }
  const { handle, signal, ...rest } = options ?? {}
  Duplex.call(this, { ...rest, allowHalfOpen: Boolean(rest.allowHalfOpen), emitClose: false, autoDestroy: true, decodeStrings: true })
  Object.defineProperty(this, own, {
    value: {
      handle: null, expected: false, open: false, reading: null, waiting: [], dial: null, timer: null, names: {}, read: 0, written: 0, reset: false,
      settings: { noDelay: rest.noDelay, keepAlive: rest.keepAlive, delay: rest.keepAliveInitialDelay },
    },
  })
  this.connecting = false
  this.server = this._server = null
  this.timeout = undefined
  this.on('end', ended)
  if (signal !== undefined) watchSignal(this, signal)
  if (handle) {
    this._adopt(handle)
    this[own].open = true
    if (rest.pauseOnCreate) this.pause()
    else this.read(0)
  }
}
Object.setPrototypeOf(Socket.prototype, Duplex.prototype)
Object.setPrototypeOf(Socket, Duplex)

const missing = (what) => error('Error', 'ERR_NOT_IMPLEMENTED', `net.${what} is not implemented in mqscript`)

function watchSignal(socket, signal) {
  const release = onAbort(signal, (problem) => socket.destroy(problem))
  socket.once('close', release)
}

// When the peer has ended, a socket that is not half open writes no more.
function ended() {
  if (!this.allowHalfOpen) this.write = writeAfterEnd
}

function writeAfterEnd(chunk, encoding, callback) {
  if (!this.writableEnded) return Socket.prototype.write.call(this, chunk, encoding, callback)
  if (typeof encoding === 'function') callback = encoding
  const problem = new Error('This socket has been ended by the other party')
  problem.code = 'EPIPE'
  if (typeof callback === 'function') nextTick(callback, problem)
  this.destroy(problem)
  return false
}

// whenOpen calls back once bytes can go both ways; lost, when that never comes.
function whenOpen(socket, call, lost) {
  const state = socket[own]
  if (state.open) call()
  else state.waiting.push({ call, lost })
}

function settleWaiting(socket, kind) {
  for (const one of socket[own].waiting.splice(0)) one[kind]?.()
}

const closedBefore = () => error('Error', 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION', 'Socket closed before the connection was established')

// Connecting

function connect(...args) {
  const { options, callback } = args[0]?.normalized ?? normalized(args)
  if (callback) this.once('connect', callback)
  if (this.destroyed) revive(this)
  if (this.write === writeAfterEnd) delete this.write
  const state = this[own]
  if (options.path !== undefined && options.path !== null) {
    const path = socketPath(options.path)
    begin(this)
    attempt(this, [{ path }], {}, [])
    return this
  }
  if (options.port === undefined) {
    throw error('TypeError', 'ERR_MISSING_ARGS', 'The "options" or "port" or "path" argument must be specified')
  }
  const to = target(options)
  Object.assign(state.settings, pick(options))
  begin(this)
  if (isIP(to.host)) nextTick(() => { if (this.connecting) attempt(this, [{ address: to.host, family: isIP(to.host) }], to, []) })
  else lookUp(this, to, options)
  return this
}

function begin(socket) {
  socket.connecting = socket[own].expected = true
  touch(socket)
}

function pick(options) {
  const settings = {}
  if (options.noDelay !== undefined) settings.noDelay = options.noDelay
  if (options.keepAlive !== undefined) settings.keepAlive = options.keepAlive
  if (options.keepAliveInitialDelay !== undefined) settings.delay = options.keepAliveInitialDelay
  return settings
}

// target checks the options of a connection.
function target(options) {
  const { localAddress, localPort, family, lookup } = options
  const host = options.host || 'localhost'
  check.string(host, 'hostname')
  if (localAddress && !isIP(localAddress)) {
    throw error('TypeError', 'ERR_INVALID_IP_ADDRESS', `Invalid IP address: ${localAddress}`)
  }
  if (localPort !== undefined && localPort !== null && typeof localPort !== 'number') throw argType('options.localPort', 'of type number', localPort)
  if (typeof options.port !== 'number' && typeof options.port !== 'string') throw argType('options.port', 'one of type number or string', options.port)
  if (lookup !== undefined && lookup !== null) check.func(lookup, 'options.lookup')
  const several = options.autoSelectFamily ?? attempts.several
  return {
    host, port: validPort(options.port), localAddress: localAddress || '', localPort: localPort ?? 0,
    several: several && family !== 4 && family !== 6 && !localAddress,
    limit: Math.max(options.autoSelectFamilyAttemptTimeout ?? attempts.timeout, 10),
  }
}

function lookUp(socket, to, options) {
  const lookup = options.lookup ?? native.require('dns').lookup
  const found = (problem, addresses, family) => {
    if (!socket.connecting) return
    if (!problem && !Array.isArray(addresses)) addresses = [{ address: addresses, family }]
    if (problem) socket.emit('lookup', problem, undefined, undefined, to.host)
    else for (const one of addresses) socket.emit('lookup', null, one.address, one.family, to.host)
    if (!socket.connecting) return
    if (problem) nextTick(() => socket.destroy(problem))
    else {
      addresses = addresses.filter((one) => isIP(one?.address))
      if (addresses.length === 0) socket.destroy(error('TypeError', 'ERR_INVALID_IP_ADDRESS', `Invalid IP address for ${to.host}`))
      else attempt(socket, to.several ? addresses : addresses.slice(0, 1), to, [])
    }
  }
  nextTick(() => lookup(to.host, { family: options.family ?? 0, hints: options.hints ?? 0, all: to.several }, found))
}

// attempt tries the first address, and the others when that fails.
function attempt(socket, addresses, to, problems) {
  const state = socket[own]
  const [{ address, family, path }, ...others] = addresses
  const { host, port, localAddress, localPort } = to
  if (address) socket.emit('connectionAttempt', address, port, family)
  const dial = native.dial(path ? { path } : {
    host, address, port, localAddress, localPort, limit: others.length > 0 ? to.limit : 0,
  })
  state.dial = dial
  native.connected(dial, (problem, handle) => {
    if (!socket.connecting || state.dial !== dial) {
      if (handle) native.close(handle, false, () => {})
      return
    }
    state.dial = null
    if (!problem) {
      connected(socket, handle)
      return
    }
    problems.push(problem)
    if (address) socket.emit('connectionAttemptFailed', address, port, family, problem)
    if (others.length > 0 && socket.connecting) attempt(socket, others, to, problems)
    else socket.destroy(problems.length > 1 ? together(problems) : problem)
  })
}

function together(problems) {
  const all = new AggregateError(problems)
  all.code = problems[0].code
  return all
}

function connected(socket, handle) {
  socket.connecting = false
  socket._adopt(handle)
  touch(socket)
  socket._connected()
}

// revive makes a socket that was closed ready for another connection.
function revive(socket) {
  Object.assign(socket._readableState, {
    destroyed: false, closed: false, closeEmitted: false, errored: null, errorEmitted: false,
    buffer: [], length: 0, ended: false, endEmitted: false, reading: false, needReadable: false, emittedReadable: false,
  })
  Object.assign(socket._writableState, {
    destroyed: false, closed: false, closeEmitted: false, errored: null, errorEmitted: false,
    buffered: [], length: 0, writing: false, ending: false, ended: false, finished: false, prefinished: false, finalCalled: false, needDrain: false, unsettled: 0,
  })
  Object.assign(socket[own], { names: {}, read: 0, written: 0, reset: false })
}

// Time

function touch(socket) {
  socket[own].timer?.refresh()
}

function setTimeout(milliseconds, callback) {
  if (this.destroyed) return this
  this.timeout = duration(milliseconds, 'msecs')
  if (callback !== undefined) check.func(callback, 'callback')
  const state = this[own]
  stopTimer(state.timer)
  state.timer = null
  if (this.timeout === 0) {
    if (callback) this.removeListener('timeout', callback)
    return this
  }
  state.timer = startTimer(() => this._onTimeout(), this.timeout)
  state.timer.unref()
  if (callback) this.once('timeout', callback)
  return this
}

// The stream's sides

function readSome(socket) {
  const state = socket[own]
  const { handle } = state
  if (!handle || state.reading) return
  state.reading = () => {}
  native.read(handle, (problem, chunk) => {
    const taken = state.reading
    state.reading = null
    if (state.handle !== handle) {
      taken(chunk)
      return
    }
    if (problem) {
      socket.destroy(problem)
      return
    }
    touch(socket)
    if (chunk === null) {
      socket.push(null)
      socket.read(0)
      return
    }
    state.read += chunk.length
    let thrown = true
    try {
      socket.push(chunk)
      thrown = false
    } finally {
      if (thrown) nextTick(() => socket.read(0)) // a listener's mistake does not end the reading
    }
  })
}

// detach takes the connection away from a socket and calls back with it and
// with what was read and not used. Until attach gives it back the socket does
// nothing with it, and does not close it.
function detach(socket, callback) {
  const state = socket[own]
  const { handle } = state
  state.handle = null
  const chunks = []
  for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  const done = (last) => {
    if (last) chunks.push(last)
    callback(handle, Buffer.concat(chunks))
  }
  if (state.reading) {
    state.reading = done
    native.interrupt(handle)
  } else done(null)
}

function attach(socket, handle) {
  socket[own].handle = handle
  if (socket._readableState.reading) readSome(socket)
}

function writeSome(socket, data, callback) {
  const state = socket[own]
  whenOpen(socket, () => {
    if (!state.handle) {
      callback(error('Error', 'ERR_SOCKET_CLOSED', 'Socket is closed'))
      return
    }
    native.write(state.handle, data, (problem) => {
      if (socket.destroyed) {
        callback()
        return
      }
      if (!problem) state.written += data.length
      touch(socket)
      callback(problem)
    })
    touch(socket)
  }, () => callback(closedBefore()))
}

function define(prototype, members) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    Object.defineProperty(prototype, name, { ...property, enumerable: false })
  }
}

define(Socket.prototype, {
  connect, setTimeout,
  _onTimeout() { this.emit('timeout') },

  // _adopt takes a connection; _connected goes on from there.
  _adopt(handle) {
    const state = this[own]
    Object.assign(state, { handle, expected: true })
    state.names = native.names(handle)
    const { noDelay, keepAlive, delay } = state.settings
    if (noDelay !== undefined) native.setNoDelay(handle, Boolean(noDelay))
    if (keepAlive) native.setKeepAlive(handle, true, Math.trunc(delay ?? 0))
  },
  _connected() {
    this._open()
    this.emit('connect')
    this.emit('ready')
    if (this.readable && !this.isPaused()) this.read(0)
  },
  _open() {
    this[own].open = true
    settleWaiting(this, 'call')
  },

  _read() {
    whenOpen(this, () => readSome(this))
  },
  _write(chunk, encoding, callback) {
    if (!this[own].expected) {
      callback(error('Error', 'ERR_SOCKET_CLOSED', 'Socket is closed'))
      return
    }
    writeSome(this, chunk, callback)
  },
  _writev(chunks, callback) { this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', callback) },
  _final(callback) {
    if (!this[own].expected) {
      callback()
      return
    }
    whenOpen(this, () => {
      if (this[own].handle) native.shutdown(this[own].handle, (problem) => callback(this.destroyed ? null : problem))
      else callback()
    }, callback)
  },
  _destroy(problem, callback) {
    const state = this[own]
    const { handle } = state
    const { connecting } = this
    this.connecting = false
    if (state.dial) native.cancel(state.dial)
    stopTimer(state.timer)
    Object.assign(state, { dial: null, handle: null, timer: null, expected: false, open: false })
    callback(problem)
    const close = () => {
      settleWaiting(this, 'lost')
      this.emit('close', Boolean(problem))
      const { _server: server } = this
      this._server = null
      server?._closed(this)
    }
    if (handle) native.close(handle, state.reset, close)
    else if (connecting) later(close)
    else nextTick(close)
  },

  destroySoon() {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', this.destroy)
  },
  resetAndDestroy() {
    const state = this[own]
    if (this.connecting) {
      whenOpen(this, () => this.resetAndDestroy())
      return this
    }
    if (!state.handle) {
      this.destroy(error('Error', 'ERR_SOCKET_CLOSED', 'Socket is closed'))
      return this
    }
    state.reset = true
    return this.destroy()
  },
  setNoDelay(on = true) {
    const state = this[own]
    state.settings.noDelay = Boolean(on)
    if (state.handle) native.setNoDelay(state.handle, Boolean(on))
    return this
  },
  setKeepAlive(on = false, delay = 0) {
    const { settings, handle } = this[own]
    Object.assign(settings, { keepAlive: Boolean(on), delay: Math.trunc(Number(delay)) || 0 })
    if (handle) native.setKeepAlive(handle, settings.keepAlive, settings.delay)
    return this
  },
  // A script stays without sockets, too: nothing depends on them.
  ref() { return this },
  unref() { return this },
  address() {
    const { local } = this[own].names
    return local ? inOrder(local) : {}
  },

  get _handle() { return this[own].handle },
  get _connecting() { return this.connecting },
  get pending() { return !this[own].handle || this.connecting },
  get readyState() {
    if (this.connecting) return 'opening'
    if (this.readable && this.writable) return 'open'
    if (this.readable) return 'readOnly'
    return this.writable ? 'writeOnly' : 'closed'
  },
  get bufferSize() { return this[own].handle || this.connecting ? this.writableLength : undefined },
  get bytesRead() { return this[own].read },
  get bytesWritten() {
    const { written, handle } = this[own]
    return handle || this.connecting ? written + this.writableLength : written
  },
  get remoteAddress() { return this[own].names.remote?.address },
  get remoteFamily() { return this[own].names.remote?.family },
  get remotePort() { return this[own].names.remote?.port },
  get localAddress() { return this[own].names.local?.address },
  get localFamily() { return this[own].names.local?.family },
  get localPort() { return this[own].names.local?.port },
})

function createConnection(...args) {
  const list = normalized(args)
  const socket = new Socket(list.options)
  if (list.options.timeout) socket.setTimeout(list.options.timeout)
  return socket.connect({ normalized: list })
}

module.exports = { Socket, createConnection, own, attempts, missing, define, detach, attach }
