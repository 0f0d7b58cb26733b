'use strict'

// WsClient and WsServer.

const { error } = tools
const { arrayOf, sendable } = native.parts.bytes
const { Sockets, tell, heard, notConnected } = native.parts.tcp

const mostWaiting = 64 * 1024 * 1024 // bytes that one connection has yet to send

const states = { OPEN: 1, CLOSING: 2, CLOSED: 3 }

// A connection, as the socket of WsServer's sockets and of WsClient.
class Connection {
  #handle
  #on
  #waiting = 0
  #tail = Promise.resolve()
  constructor(handle, on) {
    this.#handle = handle
    this.#on = on
    this.readyState = states.OPEN
    this.remoteAddress = native.wsRemote(handle)
    this.#next()
  }
  #next() {
    native.wsRead(this.#handle, (problem, message) => {
      if (problem) this.#on.error(problem)
      if (problem || native.wsClosed(this.#handle)) {
        this.readyState = states.CLOSED
        this.#on.close(native.wsCode(this.#handle), native.wsReason(this.#handle))
        return
      }
      this.#next()
      this.#on.message(message)
    })
  }
  get bufferedAmount() { return this.#waiting }
  send(data) {
    const b = sendable(data), text = typeof data === 'string'
    if (this.readyState !== states.OPEN) return Promise.reject(notConnected('The WebSocket'))
    if (this.#waiting > 0 && this.#waiting + b.length > mostWaiting) {
      return Promise.reject(error('Error', 'ERR_BUFFER_TOO_LARGE', 'More than 64 MiB wait to be sent; await what was sent before'))
    }
    this.#waiting += b.length
    const write = () => new Promise((resolve, reject) => {
      native.wsWrite(this.#handle, b, text, (problem) => {
        this.#waiting -= b.length
        if (problem) reject(problem)
        else resolve()
      })
    })
    const sent = this.#tail.then(write)
    this.#tail = sent.catch(() => {}) // whoever sent it hears of it
    return sent
  }
  close(code = 1000, reason = '') {
    if (this.readyState !== states.OPEN) return
    this.readyState = states.CLOSING
    this.#tail.then(() => native.wsClose(this.#handle, code, String(reason), () => {}))
  }
}

class WsClient {
  constructor(url, listener) {
    this.url = url
    this.listener = listener ?? {}
    this.client = null
  }
  connect() {
    return heard(this.listener, (resolve, reject) => {
      const { listener } = this
      const url = new URL(this.url) // "ws:host:port" as well
      if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw error('TypeError', 'ERR_INVALID_URL', `A WebSocket's URL begins with ws:// or wss://. Received '${this.url}'`)
      this.client?.close()
      native.wsDial(url.href, (problem, handle) => {
        if (problem) {
          reject(problem)
          tell(listener, 'onError', problem)
          tell(listener, 'onClose', 1006, '')
          return
        }
        const client = this.client = new Connection(handle, {
          message: (data) => tell(listener, 'onMessage', arrayOf(data)),
          error: (failure) => tell(listener, 'onError', failure),
          close: (code, reason) => {
            if (this.client === client) this.client = null
            this._closed?.()
            tell(listener, 'onClose', code, reason)
          },
        })
        resolve()
        tell(listener, 'onOpen')
      })
    })
  }
  async send(data) {
    if (!this.client) throw notConnected('The WebSocket client')
    await this.client.send(data)
  }
  disconnect() {
    return new Promise((resolve) => {
      if (!this.client) return resolve()
      this._closed = resolve
      this.client.close()
    })
  }
}

class WsServer extends Sockets {
  start() {
    return heard(this.listener, (resolve, reject) => {
      if (this.server) throw error('Error', 'ERR_SERVER_ALREADY_LISTEN', 'The WebSocket server is started already')
      try {
        this.server = native.wsListen(this.port)
      } catch (problem) {
        reject(problem)
        tell(this.listener, 'onError', problem)
        return
      }
      this._acceptNext(this.server)
      if (this.port === 0) this.port = native.wsPort(this.server)
      resolve()
      tell(this.listener, 'onListening')
    })
  }
  _acceptNext(server) {
    native.wsAccept(server, (problem, handle) => {
      if (!handle) return
      this._acceptNext(server)
      this._accept(handle)
    })
  }
  _accept(handle) {
    const { listener } = this
    const info = this._add(null)
    info.socket = new Connection(handle, {
      message: (data) => tell(listener, 'onSocketMessage', info, arrayOf(data)),
      error: (problem) => tell(listener, 'onSocketError', info, problem),
      close: (code, reason) => {
        this.socketInfoMap.delete(info.id)
        tell(listener, 'onSocketClose', info, code, reason)
        this._emptied()
      },
    })
    tell(listener, 'onConnection', info)
  }
  _emptied() {
    if (this.socketInfoMap.size === 0) this._stopped?.()
  }
  async send(data, identity) {
    await Promise.all(this._named(identity).map((info) => info.socket.send(data)))
  }
  async stop() {
    const { server } = this
    this.server = null
    if (!server) return
    await new Promise((resolve) => native.wsStop(server, resolve))
    const emptied = new Promise((resolve) => { this._stopped = resolve })
    for (const info of this.socketInfoMap.values()) info.socket.close(1001)
    this._emptied()
    await emptied
    tell(this.listener, 'onClose')
  }
}

module.exports = { WsClient, WsServer }
