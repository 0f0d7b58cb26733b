'use strict'

// Agent: who makes and keeps the connections of clients.

const EventEmitter = native.require('events')
const net = native.require('net')
const { define } = native.parts.outgoing
const { error } = tools

let made = 0
const numbers = new WeakMap() // Agent -> number
const infinite = (n) => (Number.isFinite(n) ? Math.max(1, Math.trunc(n)) : 0)

function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options)
  EventEmitter.call(this)
  numbers.set(this, ++made)
  this.defaultPort = 80
  this.protocol = 'http:'
  this.options = { __proto__: null, ...options, path: null }
  this.options.noDelay ??= true
  this.requests = { __proto__: null }
  this.sockets = { __proto__: null }
  this.freeSockets = { __proto__: null }
  this.keepAliveMsecs = this.options.keepAliveMsecs || 1000
  this.keepAlive = this.options.keepAlive || false
  for (const name of ['maxSockets', 'maxFreeSockets', 'maxTotalSockets']) {
    const value = this.options[name]
    if (value === undefined) continue
    if (typeof value !== 'number') throw tools.argType(name, 'of type number', value)
    if (!(value > 0)) throw tools.outOfRange(name, '> 0', value)
  }
  this.maxSockets = this.options.maxSockets || Agent.defaultMaxSockets
  this.maxFreeSockets = this.options.maxFreeSockets || 256
  this.scheduling = this.options.scheduling || 'lifo'
  if (this.scheduling !== 'lifo' && this.scheduling !== 'fifo') {
    throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'scheduling' must be one of: 'fifo', 'lifo'. Received '${this.scheduling}'`)
  }
  this.maxTotalSockets = this.options.maxTotalSockets ?? Infinity
}
Object.setPrototypeOf(Agent.prototype, EventEmitter.prototype)
Object.setPrototypeOf(Agent, EventEmitter)
Agent.defaultMaxSockets = Infinity

// How long an unused connection is kept: less than the 5 seconds after which
// servers usually close it.
const usualIdle = 4000

// settingsOf are the settings of the pool of connections that an agent has.
function settingsOf(agent, maxHeaderSize) {
  return JSON.stringify({
    agent: numbers.get(agent) ?? 0, keepAlive: Boolean(agent.keepAlive), maxSockets: infinite(agent.maxSockets),
    maxFreeSockets: infinite(agent.maxFreeSockets), idleTimeout: Math.min(agent.options?.timeout || usualIdle, 2 ** 31 - 1),
    maxHeaderSize, sockets: true,
  })
}

const used = new WeakMap() // Agent -> the settings that it has had

// poolOf remembers the settings, for destroy.
function poolOf(agent, maxHeaderSize, forget) {
  const text = settingsOf(agent, maxHeaderSize)
  if (!used.has(agent)) used.set(agent, new Map())
  used.get(agent).set(text, forget)
  return text
}

define(Agent.prototype, {
  createConnection: net.createConnection,

  getName(options = {}) {
    let name = `${options.host || 'localhost'}:${options.port || ''}:${options.localAddress || ''}`
    if (options.family === 4 || options.family === 6) name += `:${options.family}`
    if (options.socketPath) name += `:${options.socketPath}`
    return name
  },

  // addRequest makes a connection for a request.
  addRequest(req, options) {
    this.createSocket(req, { ...options, ...this.options }, (problem, socket) => req.onSocket(socket, problem))
  },

  createSocket(req, options, callback) {
    options = { ...options, ...this.options }
    delete options.signal // the request watches it
    if (options.socketPath) options.path = options.socketPath
    else delete options.path
    if (!options.servername && options.servername !== '') options.servername = serverName(options, req)
    let called = false
    const done = (problem, socket) => {
      if (called) return
      called = true
      callback(problem, socket)
    }
    const socket = this.createConnection(options, done)
    if (socket) done(null, socket)
  },
  keepSocketAlive() { return true },
  reuseSocket() {},

  destroy() {
    for (const [text, forget] of used.get(this) ?? []) forget(text)
    used.delete(this)
  },
})

// serverName is what a server of TLS is asked for.
function serverName(options, req) {
  const header = req.getHeader?.('host')
  const name = header ? `${header}`.replace(/:\d+$/, '') : options.host ?? ''
  return net.isIP(name) ? '' : name
}

module.exports = { Agent, globalAgent: new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 }), poolOf }
