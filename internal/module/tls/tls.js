'use strict'

const net = native.require('net')
const { own, define, normalized, detach } = net[Symbol.for('mqscript.net')]
const { Buffer, error, argType, bytes, check } = tools
const { Socket } = net
const { setTimeout, clearTimeout } = globalThis

const secure = Symbol('tls')

// What both sides bring with them

const pemWants = 'of type string or an instance of Buffer, TypedArray, or DataView'

function pem(value, name) {
  if (typeof value === 'string') return Buffer.from(value)
  const data = bytes(value)
  if (data === undefined) throw argType(name, pemWants, value)
  return data
}

// keyText is a key in PEM that nothing protects.
function keyText(value, passphrase) {
  if (typeof value?.export === 'function') return Buffer.from(value.export({ type: 'pkcs8', format: 'pem' }))
  const text = pem(value, 'options.key')
  if (!text.includes('ENCRYPTED')) return text
  const key = native.require('crypto').createPrivateKey({ key: text, format: 'pem', passphrase })
  return Buffer.from(key.export({ type: 'pkcs8', format: 'pem' }))
}

const given = (value) => value !== undefined && value !== null
const list = (value) => (Array.isArray(value) ? value : given(value) ? [value] : [])

function SecureContext(options = {}) {
  if (!(this instanceof SecureContext)) return new SecureContext(options)
  for (const name of ['pfx', 'crl', 'dhparam', 'engine', 'privateKeyEngine']) {
    if (given(options[name])) throw error('Error', 'ERR_NOT_IMPLEMENTED', `The option ${name} of tls is not implemented in mqscript`)
  }
  const certificates = list(options.cert).map((one) => pem(one, 'options.cert'))
  const keys = list(options.key).map((one) => {
    const apart = one !== null && typeof one === 'object' && 'pem' in one
    return keyText(apart ? one.pem : one, apart ? one.passphrase ?? options.passphrase : options.passphrase)
  })
  const pairs = certificates.flatMap((one, i) => (keys.length > 0 ? [one, keys[Math.min(i, keys.length - 1)]] : []))
  const ca = given(options.ca) ? list(options.ca).map((one) => pem(one, 'options.ca')) : undefined
  const { min, max } = versionsOf(options)
  const context = native.context(pairs, ca, min, max, options.ciphers ?? '')
  Object.defineProperty(this, 'context', { value: context })
}

function versionsOf({ minVersion, maxVersion, secureProtocol }) {
  const known = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']
  for (const version of [minVersion, maxVersion]) {
    if (given(version) && !known.includes(version)) {
      throw error('TypeError', 'ERR_TLS_INVALID_PROTOCOL_VERSION', `${JSON.stringify(version)} is not a valid ${version === minVersion ? 'minimum' : 'maximum'} TLS protocol version`)
    }
  }
  let min = minVersion, max = maxVersion
  const exact = /^TLSv1_([0-3])(_client|_server)?_method$/.exec(secureProtocol ?? '')
  if (exact) min = max = `TLSv1.${exact[1]}`
  if (max === 'TLSv1' || max === 'TLSv1.1' || max === 'TLSv1.0') {
    throw error('Error', 'ERR_NOT_IMPLEMENTED', `${max} is not implemented in mqscript: the lowest version is TLSv1.2`)
  }
  return { min: min === 'TLSv1.3' ? min : 'TLSv1.2', max: max ?? 'TLSv1.3' }
}

const createSecureContext = (options) => (options instanceof SecureContext ? options : new SecureContext(options ?? {}))

// contextOf finds the context in the options of a connection.
function contextOf(options) {
  const ready = options.secureContext
  return ready?.context ? ready : createSecureContext(options)
}

// protocols are the names for ALPN, in the forms that Node takes.
function protocols(value) {
  if (!given(value)) return []
  if (Array.isArray(value)) return value.map((one) => Buffer.from(one))
  const data = bytes(value)
  if (data === undefined) throw argType('ALPNProtocols', 'an instance of Array, Buffer, TypedArray, or DataView', value)
  const names = []
  for (let i = 0; i < data.length; i += 1 + data[i]) names.push(data.subarray(i + 1, i + 1 + data[i]))
  return names
}

// TLSSocket

function TLSSocket(socket, options = {}) {
  if (!(this instanceof TLSSocket)) return new TLSSocket(socket, options)
  const { noDelay, keepAlive, keepAliveInitialDelay, highWaterMark, signal } = options
  Socket.call(this, { allowHalfOpen: options.allowHalfOpen, noDelay, keepAlive, keepAliveInitialDelay, highWaterMark, signal })
  Object.defineProperty(this, secure, {
    value: { options, context: contextOf(options), session: null, info: null, name: options.servername ?? '', server: Boolean(options.isServer) },
  })
  this.authorized = false
  this.authorizationError = null
  this.encrypted = true
  this.secureConnecting = true
  if (socket) over(this, socket)
}
Object.setPrototypeOf(TLSSocket.prototype, Socket.prototype)
Object.setPrototypeOf(TLSSocket, Socket)

// over puts TLS on the connection of another socket.
function over(secured, socket) {
  if (!(socket instanceof Socket)) {
    throw error('Error', 'ERR_NOT_IMPLEMENTED', 'tls over a stream that is not a net.Socket is not implemented in mqscript')
  }
  secured._parent = socket
  secured[own].expected = true
  socket.on('error', (problem) => { secured.destroy(problem) })
  socket.once('close', () => secured.destroy())
  secured.once('close', () => socket.destroy())
  const begin = () => {
    if (!socket[own].handle) {
      secured.destroy(error('Error', 'ERR_SOCKET_CLOSED', 'Socket is closed'))
      return
    }
    detach(socket, (handle, leftover) => {
      if (secured.destroyed) {
        socket[own].handle = handle
        socket.destroy()
        return
      }
      secured._adopt(handle)
      secured._secure(leftover)
    })
  }
  if (socket.connecting) {
    secured.connecting = true
    socket.once('connect', () => {
      secured.connecting = false
      if (secured.destroyed) return
      secured.emit('connect')
      begin()
    })
  } else begin()
}

define(TLSSocket.prototype, {
  _connected() {
    this.emit('connect')
    this.emit('ready')
    if (!this.destroyed) this._secure()
  },
  // _secure makes the handshake.
  _secure(leftover) {
    const state = this[own], hidden = this[secure]
    const { options } = hidden
    const { handle } = state
    hidden.session = native.session(handle, hidden.context.context, {
      server: hidden.server, name: hidden.name, leftover,
      protocols: protocols(options.ALPNProtocols),
      ask: Boolean(options.requestCert), require: options.rejectUnauthorized !== false, asksScript: Boolean(options.SNICallback),
    })
    if (options.SNICallback && hidden.server) this._answerName(options.SNICallback)
    native.handshake(hidden.session, (problem, made) => {
      if (this.destroyed || state.handle !== handle) return
      if (problem) {
        this.authorizationError = problem.code
        this._tlsError(problem)
        return
      }
      state.handle = made
      hidden.info = native.info(hidden.session)
      if (hidden.server) hidden.name = hidden.info.name || false
      this.secureConnecting = false
      this._verified()
    })
  },
  _answerName(callback) {
    const { session } = this[secure]
    native.hello(session, (problem, name) => {
      if (problem || name === null) return
      callback.call(this, name, (refusal, context) => {
        native.choose(session, context?.context ?? undefined, Boolean(refusal))
      })
    })
  },
  _tlsError(problem) { this.destroy(problem) },
  // _verified decides whether the peer is who it should be.
  _verified() {
    const { options, info } = this[secure]
    let problem
    if (this[secure].server) {
      if (options.requestCert) {
        if (info.verify) this.authorizationError = info.verify.code
        else this.authorized = true
      }
    } else {
      if (info.verify) problem = Object.assign(new Error(info.verify.message), { code: info.verify.code })
      else problem = identity(options, this.getPeerCertificate(true))
      if (problem) {
        this.authorizationError = problem.code || problem.message
        if (options.rejectUnauthorized !== false) {
          this.destroy(problem)
          return
        }
      } else this.authorized = true
    }
    this.alpnProtocol = info.alpn || false
    this._open()
    this.emit('secure')
    if (this.destroyed) return
    if (!this[secure].server) this.emit('secureConnect')
    if (!this.destroyed && this.readable && !this.isPaused()) this.read(0)
  },
  get servername() { return this[secure].name || false },
  setServername(name) {
    check.string(name, 'name')
    if (this[secure].server) throw error('Error', 'ERR_TLS_SNI_FROM_SERVER', 'Cannot issue SNI from a TLS server-side socket')
    this[secure].name = name
  },
  getProtocol() { return this[secure].info?.protocol ?? null },
  getCipher() {
    const { name, standardName, version } = this[secure].info?.cipher ?? {}
    return name ? { name, standardName, version } : {}
  },
  getPeerCertificate(detailed) {
    const { info } = this[secure]
    if (!info) return null
    const [leaf, ...others] = info.peer
    if (!leaf) return {}
    if (!detailed) return { ...leaf }
    const chain = [leaf, ...others].map((one) => ({ ...one }))
    chain.forEach((one, i) => { one.issuerCertificate = chain[i + 1] ?? one })
    return chain[0]
  },
  getCertificate() {
    const { info } = this[secure]
    return info ? { ...info.own?.[0] } : null
  },
  isSessionReused() { return Boolean(this[secure].info?.reused) },
  getSession() { return undefined },
  setSession() {},
  getTLSTicket() { return undefined },
  getEphemeralKeyInfo() { return this[secure].server ? null : {} },
  exportKeyingMaterial(length, label, context) {
    check.integer(length, 'length', 1)
    check.string(label, 'label')
    if (!this[secure].info) throw error('Error', 'ERR_TLS_INVALID_STATE', 'TLS socket connection must be securely established')
    return native.keyingMaterial(this[secure].session, length, label, context)
  },
  setMaxSendFragment() { return true },
  disableRenegotiation() {},
  enableTrace() {},
})
tools.missing(TLSSocket.prototype, 'TLSSocket.prototype', 'renegotiate getFinished getPeerFinished getSharedSigalgs getPeerX509Certificate getX509Certificate')

// Identity

function identity(options, certificate) {
  const name = options.servername || options.host || (options.socket?._host) || 'localhost'
  return (options.checkServerIdentity ?? checkServerIdentity)(name, certificate)
}

const withoutDot = (host) => (host.endsWith('.') ? host.slice(0, -1) : host)

// matches compares a host with a name of a certificate, in which the first part
// may have one star.
function matches(host, pattern) {
  const wanted = withoutDot(host).toLowerCase().split('.'), parts = withoutDot(pattern).toLowerCase().split('.')
  if (wanted.length !== parts.length || parts.includes('') || /[^\x21-\x7f]/.test(pattern)) return false
  for (let i = 1; i < parts.length; i++) if (parts[i] !== wanted[i]) return false
  const [star] = parts
  if (!star.includes('*') || star.includes('xn--')) return star === wanted[0]
  const pieces = star.split('*')
  if (pieces.length > 2 || parts.length < 3) return false
  const [before, after] = pieces
  return wanted[0].length >= before.length + after.length && wanted[0].startsWith(before) && wanted[0].endsWith(after)
}

// namesIn are the names of a certificate of one kind, such as "DNS:". Values
// that need quoting are in JSON.
function namesIn(certificate, kind) {
  const found = []
  for (const [, name, quoted, plain] of (certificate.subjectaltname ?? '').matchAll(/(?:^|, )([^:,]+:)(?:("(?:[^"\\]|\\.)*")|([^,]*))/g)) {
    if (name === kind) found.push(quoted ? JSON.parse(quoted) : plain)
  }
  return found
}

function checkServerIdentity(hostname, certificate) {
  hostname = `${hostname}`
  const host = withoutDot(hostname)
  const names = namesIn(certificate, 'DNS:'), addresses = namesIn(certificate, 'IP Address:')
  let reason
  if (net.isIP(host)) {
    const wanted = native.canonical(host)
    if (addresses.some((one) => native.canonical(one) === wanted)) return undefined
    reason = `IP: ${host} is not in the cert's list: ${addresses.join(', ')}`
  } else if (names.length > 0) {
    if (names.some((one) => matches(host, one))) return undefined
    reason = `Host: ${host}. is not in the cert's altnames: ${certificate.subjectaltname}`
  } else if (certificate.subject?.CN) {
    const common = list(certificate.subject.CN)
    if (addresses.length === 0 && common.some((one) => matches(host, one))) return undefined
    reason = `Host: ${host}. is not cert's CN: ${common}`
  } else reason = 'Cert does not contain a DNS name'
  const problem = error('Error', 'ERR_TLS_CERT_ALTNAME_INVALID', `Hostname/IP does not match certificate's altnames: ${reason}`)
  return Object.assign(problem, { reason, host: hostname, cert: certificate })
}

// Connecting

function connect(...args) {
  const { options: first, callback } = normalized(args)
  let options = first
  for (const one of args.slice(1)) if (one !== null && typeof one === 'object') options = { ...options, ...one }
  options = { rejectUnauthorized: !allowsUnauthorized(), ...options }
  if (options.checkServerIdentity !== undefined) check.func(options.checkServerIdentity, 'options.checkServerIdentity')
  const { host } = options
  const wanted = options.servername ?? host ?? ''
  const name = net.isIP(wanted) ? '' : withoutDot(wanted) // an address is no name
  const socket = new TLSSocket(options.socket, { ...options, isServer: false })
  socket[secure].name = name || (given(options.servername) || options.socket || options.path || net.isIP(host ?? '') ? '' : 'localhost')
  if (callback) socket.once('secureConnect', callback)
  if (options.timeout) socket.setTimeout(options.timeout)
  if (!options.socket) Socket.prototype.connect.call(socket, options)
  return socket
}

const allowsUnauthorized = () => native.require('process').env.NODE_TLS_REJECT_UNAUTHORIZED === '0'

// Servers

function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener)
  if (typeof options === 'function') [options, listener] = [{}, options]
  net.Server.call(this, options)
  options ??= {}
  Object.defineProperty(this, secure, { value: { options, context: contextOf(options), named: [] } })
  if (options.SNICallback !== undefined) check.func(options.SNICallback, 'options.SNICallback')
  if (listener !== undefined && listener !== null) {
    check.func(listener, 'secureConnectionListener')
    this.on('secureConnection', listener)
  }
  // A connection that was accepted elsewhere, such as one behind a proxy.
  this.on('connection', (socket) => greet(this, new TLSSocket(socket, optionsOf(this))))
}
Object.setPrototypeOf(Server.prototype, net.Server.prototype)
Object.setPrototypeOf(Server, net.Server)

function optionsOf(server) {
  const { options, context, named } = server[secure]
  const byName = (name, callback) => callback(null, named.find((one) => one.pattern.test(name))?.context)
  return {
    ...options, isServer: true, secureContext: context, signal: undefined,
    SNICallback: options.SNICallback ?? (named.length > 0 ? byName : undefined),
  }
}

function greet(server, socket) {
  const { options } = server[secure]
  const timer = setTimeout(() => {
    socket._tlsError(error('Error', 'ERR_TLS_HANDSHAKE_TIMEOUT', 'TLS handshake timeout'))
  }, options.handshakeTimeout ?? 120000)
  timer.unref()
  socket._tlsError = (problem) => {
    if (socket.destroyed) return
    socket.destroy()
    server.emit('tlsClientError', problem, socket)
  }
  socket.once('secure', () => {
    clearTimeout(timer)
    delete socket._tlsError
    if (server.listening || socket._parent || !socket.destroyed) server.emit('secureConnection', socket)
  })
  socket.once('close', () => clearTimeout(timer))
}

define(Server.prototype, {
  _socketOf(handle) {
    const socket = new TLSSocket(null, { ...optionsOf(this), allowHalfOpen: this.allowHalfOpen })
    socket._adopt(handle)
    return socket
  },
  _greet(socket) {
    greet(this, socket)
    socket._secure()
  },
  addContext(name, context) {
    if (!name) throw error('Error', 'ERR_TLS_REQUIRED_SERVER_NAME', '"servername" is required parameter for Server.addContext')
    const pattern = new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\*/g, '[^.]*')}$`, 'i')
    this[secure].named.unshift({ pattern, context: createSecureContext(context) })
  },
  setSecureContext(options) { this[secure].context = createSecureContext(options) },
})
tools.missing(Server.prototype, 'Server.prototype', 'getTicketKeys setTicketKeys')

module.exports = {
  connect, createServer: (options, listener) => new Server(options, listener), createSecureContext, checkServerIdentity,
  TLSSocket, Server, SecureContext, getCiphers: () => [...native.ciphers()],
  DEFAULT_MIN_VERSION: 'TLSv1.2', DEFAULT_MAX_VERSION: 'TLSv1.3', DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_CIPHERS: native.ciphers().map((name) => name.toUpperCase()).join(':'),
  CLIENT_RENEG_LIMIT: 3, CLIENT_RENEG_WINDOW: 600,
}
tools.missing(module.exports, 'tls', 'convertALPNProtocols createSecurePair rootCertificates')
