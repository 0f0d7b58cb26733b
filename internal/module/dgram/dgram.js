'use strict'

const { Buffer, error, argType, bytes, check } = tools
const EventEmitter = native.require('events')
const { nextTick } = native.require('process')
const { onAbort, validPort } = native.require('net')[Symbol.for('mqscript.net')]
const { isIP } = native.require('net')

const own = Symbol('dgram')

// How many datagrams wait to be sent.
const mostWaiting = 1024

function Socket(type, listener) {
  if (!(this instanceof Socket)) return new Socket(type, listener)
  EventEmitter.call(this)
  const options = type !== null && typeof type === 'object' ? type : { type }
  const { type: name, lookup, signal } = options
  if (name !== 'udp4' && name !== 'udp6') {
    throw error('TypeError', 'ERR_SOCKET_BAD_TYPE', 'Bad socket type specified. Valid types are: udp4, udp6')
  }
  if (lookup !== undefined && lookup !== null) check.func(lookup, 'lookup')
  if (listener !== undefined && listener !== null) {
    check.func(listener, 'listener')
    this.on('message', listener)
  }
  this.type = name
  Object.defineProperty(this, own, {
    value: { options, family: name === 'udp6' ? 6 : 4, phase: 'unbound', handle: null, queue: [], sending: false, remote: null, connecting: false, broadcast: false },
  })
  if (signal !== undefined) this.once('close', onAbort(signal, () => { if (this[own].phase !== 'closed') this.close() }))
}
Object.setPrototypeOf(Socket.prototype, EventEmitter.prototype)
Object.setPrototypeOf(Socket, EventEmitter)

function mustRun(socket) {
  if (socket[own].phase === 'closed') throw error('Error', 'ERR_SOCKET_DGRAM_NOT_RUNNING', 'Not running')
}

const notConnected = () => error('Error', 'ERR_SOCKET_DGRAM_NOT_CONNECTED', 'Not connected')
const isConnected = () => error('Error', 'ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected')

function missing(what) {
  throw error('Error', 'ERR_NOT_IMPLEMENTED', `dgram.${what} is not implemented in mqscript`)
}

// lookUp finds the address of a host, of the family of the socket.
function lookUp(socket, host, callback) {
  const { options, family } = socket[own]
  if (isIP(host) === family) nextTick(callback, null, host)
  else (options.lookup ?? native.require('dns').lookup)(host, family, callback)
}

// Binding

function bind(...args) {
  mustRun(this)
  const state = this[own]
  if (state.phase !== 'unbound') throw error('Error', 'ERR_SOCKET_ALREADY_BOUND', 'Socket is already bound')
  const callback = args.findLast((arg) => typeof arg === 'function')
  let [port, address] = args
  if (port !== null && typeof port === 'object') {
    if (port.fd !== undefined && port.fd !== null) missing('Socket.bind with a file descriptor')
    ;({ port, address } = port)
  }
  if (typeof address === 'function') address = undefined
  port = port === undefined || port === null || typeof port === 'function' ? 0 : validPort(port)
  if (address !== undefined && address !== null && address !== '') check.string(address, 'address')
  if (callback) {
    const failed = () => this.off('listening', listening)
    const listening = (...list) => {
      this.off('error', failed)
      callback.apply(this, list)
    }
    this.once('listening', listening)
    this.once('error', failed)
  }
  bindTo(this, address || (state.family === 6 ? '::' : '0.0.0.0'), port, false)
  return this
}

function bindTo(socket, host, port, implicit) {
  const state = socket[own]
  state.phase = 'binding'
  lookUp(socket, host, (problem, address) => {
    if (state.phase === 'closed') return
    const { reuseAddr, ipv6Only, recvBufferSize, sendBufferSize } = state.options
    try {
      if (problem) throw problem
      state.handle = native.bind(state.family, implicit ? '' : host, address, port, Boolean(reuseAddr), Boolean(ipv6Only))
    } catch (failure) {
      state.phase = 'unbound'
      for (const { callback } of state.queue.splice(0)) callback?.(failure)
      socket.emit('error', failure)
      return
    }
    state.phase = 'bound'
    if (recvBufferSize) native.setRecvBufferSize(state.handle, recvBufferSize)
    if (sendBufferSize) native.setSendBufferSize(state.handle, sendBufferSize)
    receiveNext(socket, state.handle)
    socket.emit('listening')
    sendNext(socket)
  })
}

function receiveNext(socket, handle) {
  const state = socket[own]
  native.receive(handle, (problem, message) => {
    if (state.handle !== handle || (!problem && message === null)) return
    receiveNext(socket, handle)
    if (problem) {
      socket.emit('error', problem)
      return
    }
    const [data, address, family, port] = message
    const { remote } = state
    if (remote && (remote.address !== address || remote.port !== port)) return
    socket.emit('message', data, { address, family, port, size: data.length })
  })
}

// Sending

const views = 'of type string or an instance of Buffer, TypedArray, or DataView'

function part(value, offset, length) {
  const data = typeof value === 'string' ? Buffer.from(value) : bytes(value)
  if (data === undefined) throw argType('buffer', views, value)
  const from = offset >>> 0, count = length >>> 0
  const outside = (what) => error('RangeError', 'ERR_BUFFER_OUT_OF_BOUNDS', `"${what}" is outside of buffer bounds`)
  if (from > data.length) throw outside('offset')
  if (from + count > data.length) throw outside('length')
  return data.subarray(from, from + count)
}

function whole(value) {
  if (typeof value === 'string') return Buffer.from(value)
  if (Array.isArray(value)) {
    const parts = value.map((one) => (typeof one === 'string' ? Buffer.from(one) : bytes(one)))
    if (parts.includes(undefined)) throw argType('buffer list arguments', views, value)
    return Buffer.concat(parts)
  }
  const data = bytes(value)
  if (data === undefined || value instanceof ArrayBuffer) throw argType('buffer', views, value)
  return data
}

function send(message, offset, length, port, address, callback) {
  const state = this[own]
  const { remote } = state
  if (remote) {
    if (typeof length === 'number') {
      message = part(message, offset, length)
      if (typeof port === 'function') [callback, port] = [port, null]
    } else callback = offset
    if (port || address) throw isConnected()
  } else if (address || (port && typeof port !== 'function')) message = part(message, offset, length)
  else [callback, port, address] = [port, offset, length]
  const data = Buffer.from(whole(message)) // the script may change its own
  if (!remote) {
    port = validPort(port, 'Port', 1)
  }
  if (typeof callback !== 'function') callback = undefined
  if (typeof address === 'function') [callback, address] = [address, undefined]
  else if (address !== undefined && address !== null) check.string(address, 'address')
  mustRun(this)
  const to = remote ?? { port, host: address || (state.family === 6 ? '::1' : '127.0.0.1') }
  if (state.queue.length >= mostWaiting) {
    const problem = Object.assign(new Error(`send ENOBUFS ${to.host}:${to.port}`), { errno: -105, code: 'ENOBUFS', syscall: 'send', address: to.host, port: to.port })
    nextTick(() => (callback ? callback(problem) : this.emit('error', problem)))
    return
  }
  state.queue.push({ data, to, callback })
  if (state.phase === 'unbound') bindTo(this, state.family === 6 ? '::' : '0.0.0.0', 0, true)
  else sendNext(this)
}

// sendNext sends one datagram after the other.
function sendNext(socket) {
  const state = socket[own]
  if (state.sending || state.phase !== 'bound' || state.queue.length === 0) return
  state.sending = true
  const { data, to, callback } = state.queue.shift()
  const done = (problem, size) => {
    state.sending = false
    if (state.phase === 'bound') nextTick(sendNext, socket)
    if (problem && !callback) socket.emit('error', problem)
    else if (callback) callback(problem, size)
  }
  const go = (problem, address) => {
    if (problem || state.phase !== 'bound') {
      done(problem ?? error('Error', 'ERR_SOCKET_DGRAM_NOT_RUNNING', 'Not running'))
      return
    }
    if (address === '255.255.255.255' && !state.broadcast) {
      done(Object.assign(new Error(`send EACCES ${address}:${to.port}`), { errno: -13, code: 'EACCES', syscall: 'send', address, port: to.port }))
      return
    }
    native.send(state.handle, data, address, to.port, to.host, done)
  }
  if (to.address) go(null, to.address)
  else if (isIP(to.host) === state.family) go(null, to.host)
  else lookUp(socket, to.host, go)
}

function connect(port, address, callback) {
  const state = this[own]
  port = validPort(port, 'Port', 1)
  if (typeof address === 'function') [callback, address] = [address, undefined]
  mustRun(this)
  if (state.remote || state.connecting) throw isConnected()
  const host = address || (state.family === 6 ? '::1' : '127.0.0.1')
  native.allowed(host, port)
  state.connecting = true
  if (typeof callback === 'function') this.once('connect', callback)
  if (state.phase === 'unbound') bindTo(this, state.family === 6 ? '::' : '0.0.0.0', 0, true)
  lookUp(this, host, (problem, found) => {
    state.connecting = false
    if (state.phase === 'closed') return
    if (problem) {
      this.emit('error', problem)
      return
    }
    state.remote = { host, address: found, port, family: state.family === 6 ? 'IPv6' : 'IPv4' }
    this.emit('connect')
  })
}

const bad = (call) => Object.assign(new Error(`${call} EBADF`), { errno: -9, code: 'EBADF', syscall: call })

function handleOf(socket, call) {
  mustRun(socket)
  const { handle } = socket[own]
  if (!handle) throw bad(call)
  return handle
}

const methods = {
  bind, send, connect,
  disconnect() {
    if (!this[own].remote) throw notConnected()
    this[own].remote = null
  },
  remoteAddress() {
    mustRun(this)
    const { remote } = this[own]
    if (!remote) throw notConnected()
    return { address: remote.address, family: remote.family, port: remote.port }
  },
  address() {
    const { address, family, port } = native.address(handleOf(this, 'getsockname'))
    return { address, family, port }
  },
  close(callback) {
    if (typeof callback === 'function') this.on('close', callback)
    mustRun(this)
    const state = this[own]
    const { handle } = state
    Object.assign(state, { phase: 'closed', handle: null, remote: null })
    const closed = error('Error', 'ERR_SOCKET_DGRAM_NOT_RUNNING', 'Not running')
    for (const one of state.queue.splice(0)) if (one.callback) nextTick(one.callback, closed)
    if (handle) native.close(handle)
    nextTick(() => this.emit('close'))
    return this
  },
  setBroadcast(on) {
    handleOf(this, 'setBroadcast')
    this[own].broadcast = Boolean(on)
  },
  setTTL(ttl) {
    check.integer(ttl, 'ttl')
    if (ttl < 1 || ttl > 255) throw Object.assign(new Error('setTTL EINVAL'), { errno: -22, code: 'EINVAL', syscall: 'setTTL' })
    native.setTTL(handleOf(this, 'setTTL'), ttl)
    return ttl
  },
  setMulticastTTL(ttl) {
    check.integer(ttl, 'ttl')
    if (ttl < 0 || ttl > 255) throw Object.assign(new Error('setMulticastTTL EINVAL'), { errno: -22, code: 'EINVAL', syscall: 'setMulticastTTL' })
    native.setMulticastTTL(handleOf(this, 'setMulticastTTL'), ttl)
    return ttl
  },
  setMulticastLoopback(on) {
    native.setMulticastLoopback(handleOf(this, 'setMulticastLoopback'), Boolean(on))
    return on
  },
  setMulticastInterface(address) {
    check.string(address, 'interfaceAddress')
    native.setMulticastInterface(handleOf(this, 'setMulticastInterface'), address)
  },
  addMembership(group, on) { member(this, 'addMembership', group, on) },
  dropMembership(group, on) { member(this, 'dropMembership', group, on) },
  setRecvBufferSize(size) {
    check.integer(size, 'size', 1, 2 ** 31 - 1)
    native.setRecvBufferSize(handleOf(this, 'setRecvBufferSize'), size)
  },
  setSendBufferSize(size) {
    check.integer(size, 'size', 1, 2 ** 31 - 1)
    native.setSendBufferSize(handleOf(this, 'setSendBufferSize'), size)
  },
  getSendQueueCount() { return this[own].queue.length },
  getSendQueueSize() { return this[own].queue.reduce((sum, { data }) => sum + data.length, 0) },
  ref() { return this },
  unref() { return this },
}

function member(socket, call, group, on = '') {
  mustRun(socket)
  if (!group) throw error('TypeError', 'ERR_MISSING_ARGS', 'The "multicastAddress" argument must be specified')
  const { phase } = socket[own]
  if (phase !== 'bound') throw Object.assign(new Error(`${call} EBADF`), { errno: -9, code: 'EBADF', syscall: call })
  native[call](socket[own].handle, `${group}`, `${on}`)
}

for (const [name, value] of Object.entries(methods)) Object.defineProperty(Socket.prototype, name, { value, writable: true, configurable: true })
if (Symbol.asyncDispose) {
  Object.defineProperty(Socket.prototype, Symbol.asyncDispose, {
    value() { return new Promise((resolve) => (this[own].phase === 'closed' ? resolve() : this.close(resolve))) }, writable: true, configurable: true,
  })
}
tools.missing(Socket.prototype, 'Socket.prototype', 'addSourceSpecificMembership dropSourceSpecificMembership getRecvBufferSize getSendBufferSize')

module.exports = { Socket, createSocket: (type, listener) => new Socket(type, listener) }
