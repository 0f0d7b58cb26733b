'use strict'

// The exports of "https": what "http" has, over TLS.

const tls = native.require('tls')
const { Agent: PlainAgent } = native.parts.agent
const { ClientRequest, optionsOf } = native.parts.client
const { prepare, attach, methods } = native.parts.server
const { define } = native.parts.outgoing
const { check } = tools

function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options)
  PlainAgent.call(this, options)
  this.defaultPort = 443
  this.protocol = 'https:'
  this.maxCachedSessions = this.options.maxCachedSessions ?? 100
}
Object.setPrototypeOf(Agent.prototype, PlainAgent.prototype)
Object.setPrototypeOf(Agent, PlainAgent)

// Connections are shared by requests that agree in these.
const tellsApart = ['ca', 'cert', 'clientCertEngine', 'ciphers', 'key', 'pfx', 'rejectUnauthorized', 'servername', 'minVersion',
  'maxVersion', 'secureProtocol', 'crl', 'honorCipherOrder', 'ecdhCurve', 'dhparam', 'secureOptions', 'sessionIdContext',
  'sigalgs', 'privateKeyIdentifier', 'privateKeyEngine']

define(Agent.prototype, {
  createConnection(port, host, options) {
    const given = [port, host, options].filter((one) => one !== null && typeof one === 'object')
    const all = Object.assign({}, ...given)
    if (typeof port === 'number') all.port = port
    if (typeof host === 'string') all.host = host
    return tls.connect(all)
  },
  getName(options = {}) {
    return [PlainAgent.prototype.getName.call(this, options), ...tellsApart.map((name) => `${options[name] ?? ''}`)].join(':')
  },
})

const globalAgent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 })

function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener)
  if (typeof options === 'function') [options, listener] = [{}, options]
  options ??= {}
  check.object(options, 'options')
  tls.Server.call(this, { ALPNProtocols: ['http/1.1'], noDelay: true, ...options })
  prepare(this, options, listener)
  this.pauseOnConnect = false // the handshake is read
  this.on('secureConnection', (socket) => attach(this, socket))
}
Object.setPrototypeOf(Server.prototype, tls.Server.prototype)
Object.setPrototypeOf(Server, tls.Server)
define(Server.prototype, methods)

function request(...args) {
  const { options, callback } = optionsOf(...args)
  return new ClientRequest({ ...options, _defaultAgent: module.exports.globalAgent }, callback)
}

module.exports = {
  Agent, Server, globalAgent, request,
  createServer: (options, listener) => new Server(options, listener),
  get(...args) {
    const req = request(...args)
    req.end()
    return req
  },
}
