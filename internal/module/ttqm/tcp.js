'use strict'

// TcpClient and TcpServer, on the module net.

const { error } = tools
const { arrayOf, sendable } = native.parts.bytes
const net = () => native.require('net')

const notConnected = (what) => error('Error', 'ERR_SOCKET_CLOSED', `${what} is not connected`)
const unknown = (identity) => error('Error', 'ERR_INVALID_ARG_VALUE', `There is no socket with the id or name ${typeof identity === 'string' ? `'${identity}'` : String(identity)}`)

// Calls a listener's function, if it has it.
function tell(listener, name, ...args) {
  const call = listener?.[name]
  if (typeof call === 'function') call.apply(listener, args)
}

// A promise whose failure the listener hears of as well, so that nobody need
// catch it.
function heard(listener, run) {
  const promise = new Promise(run)
  if (typeof listener?.onError === 'function') promise.catch(() => {})
  return promise
}

const written = (socket, data) => new Promise((resolve, reject) => {
  socket.write(data, (problem) => (problem ? reject(problem) : resolve()))
})

class TcpClient {
  constructor(host, port, listener) {
    this.host = host
    this.port = port
    this.listener = listener ?? {}
    this.client = null
  }
  connect() {
    return heard(this.listener, (resolve, reject) => {
      this.client?.destroy()
      const { listener } = this
      const client = this.client = net().connect({ host: this.host, port: this.port })
      client.on('connect', () => {
        resolve()
        tell(listener, 'onConnect')
      })
      client.on('ready', () => tell(listener, 'onReady'))
      client.on('data', (data) => tell(listener, 'onData', arrayOf(data)))
      client.on('end', () => tell(listener, 'onEnd'))
      client.on('timeout', () => tell(listener, 'onTimeout'))
      client.on('error', (problem) => {
        reject(problem)
        tell(listener, 'onError', problem)
      })
      client.on('close', (hadError) => {
        if (this.client === client) this.client = null
        reject(notConnected('The TCP client'))
        tell(listener, 'onClose', hadError)
      })
    })
  }
  async send(data) {
    const b = sendable(data)
    if (!this.client || this.client.connecting) throw notConnected('The TCP client')
    await written(this.client, b)
  }
  disconnect() {
    return new Promise((resolve) => {
      const { client } = this
      if (!client || client.destroyed) return resolve()
      client.once('close', () => resolve())
      if (client.connecting) client.destroy()
      else client.end(() => client.destroySoon())
    })
  }
}

// What servers of both kinds have: sockets with a number, and with a name if
// the script gives them one.
class Sockets {
  constructor(port, listener) {
    this.port = port
    this.listener = listener ?? {}
    this.server = null
    this.socketInfoMap = new Map()
    this.socketIndex = 0
  }
  _add(socket) {
    const info = { id: ++this.socketIndex, socket }
    this.socketInfoMap.set(info.id, info)
    return info
  }
  // The sockets that an identity means: all without one, else at least one.
  _named(identity) {
    const all = [...this.socketInfoMap.values()]
    if (identity === undefined || identity === null) return all
    const named = all.filter((info) => info.id === identity || (info.name !== undefined && info.name === identity))
    if (named.length === 0) throw unknown(identity)
    return named
  }
}

class TcpServer extends Sockets {
  start() {
    return heard(this.listener, (resolve, reject) => {
      if (this.server) throw error('Error', 'ERR_SERVER_ALREADY_LISTEN', 'The TCP server is started already')
      const { listener } = this
      const server = this.server = net().createServer((socket) => this._accept(socket))
      server.on('listening', () => {
        if (this.port === 0) this.port = server.address().port
        resolve()
        tell(listener, 'onListening')
      })
      server.on('error', (problem) => {
        if (this.server === server && !server.listening) this.server = null
        reject(problem)
        tell(listener, 'onError', problem)
      })
      server.on('close', () => tell(listener, 'onClose'))
      server.listen(this.port)
    })
  }
  _accept(socket) {
    const { listener } = this
    const info = this._add(socket)
    socket.on('data', (data) => tell(listener, 'onSocketData', info, arrayOf(data)))
    socket.on('error', (problem) => tell(listener, 'onSocketError', info, problem))
    socket.on('close', (hadError) => {
      this.socketInfoMap.delete(info.id)
      tell(listener, 'onSocketClose', info, hadError)
    })
    tell(listener, 'onConnection', info)
  }
  async send(data, identity) {
    const b = sendable(data)
    await Promise.all(this._named(identity).map((info) => written(info.socket, b)))
  }
  stop() {
    return new Promise((resolve) => {
      const { server } = this
      this.server = null
      if (!server) return resolve()
      server.close(() => resolve())
      for (const info of this.socketInfoMap.values()) info.socket.destroy()
    })
  }
}
module.exports = { TcpClient, TcpServer, Sockets, tell, heard, notConnected }
