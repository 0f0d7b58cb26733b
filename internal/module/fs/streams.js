'use strict'

// ReadStream and WriteStream: files as streams.

const { Readable, Writable } = native.require('stream')
const { later, pathOf, optionsOf, flagsOf, modeOf, fdOf, dataOf } = native.parts.calls
const files = native.parts.descriptors
const { isHandle } = native.parts.handle
const { outOfRange, check, argType } = tools

// begin takes what both have from the options.
function begin(stream, path, options, usualFlags) {
  const { fd, start, signal } = options
  stream.path = fd === undefined || fd === null ? pathOf(path) : undefined
  stream.flags = options.flags === undefined || options.flags === null ? usualFlags : options.flags
  flagsOf(stream.flags)
  stream.mode = modeOf(options.mode, 0o666)
  stream.handle = isHandle(fd) ? fd : undefined
  stream.fd = stream.handle ? fd.fd : fd === undefined || fd === null ? null : fdOf(fd)
  stream.autoClose = options.autoClose !== false
  stream.start = start
  if (start !== undefined) check.integer(start, 'start', 0)
  stream.pos = start
  for (const name of ['handle', 'autoClose']) Object.defineProperty(stream, name, { enumerable: false })
  if (signal !== undefined) {
    if (signal === null || typeof signal !== 'object' || !('aborted' in signal)) throw argType('options.signal', 'an instance of AbortSignal', signal)
    const giveUp = () => stream.destroy(aborted(signal))
    if (signal.aborted) native.require('process').nextTick(giveUp)
    else signal.addEventListener('abort', giveUp, { once: true })
  }
}

function aborted(signal) {
  const problem = new Error('The operation was aborted', { cause: signal.reason })
  return Object.assign(problem, { code: 'ABORT_ERR', name: 'AbortError' })
}

// life is what both do at their beginning and end.
const life = {
  _construct(callback) {
    if (this.fd !== null) return callback()
    later(...files.open(this.path, this.flags, this.mode).call).then((fd) => {
      this.fd = fd
      callback()
      this.emit('open', fd)
      this.emit('ready')
    }, callback)
  },

  _destroy(problem, callback) {
    const { fd } = this
    if (fd === null || !this.autoClose) return callback(problem)
    const closing = () => {
      this.fd = null
      const closed = this.handle ? this.handle.close() : later('close', fd)
      closed.then(() => callback(problem), (other) => callback(problem ?? other))
    }
    if (this.busy) this.whenIdle = closing
    else closing()
  },

  close(callback) {
    if (typeof callback === 'function') {
      if (this.closed) native.require('process').nextTick(callback)
      else this.once('close', callback)
    }
    if (this instanceof Writable && !this.autoClose) this.on('finish', this.destroy)
    if (this instanceof Writable) this.end()
    else this.destroy()
  },

  get pending() { return this.fd === null },
}

// use runs an operation; the file is not closed below it.
function use(stream, call, done, failed) {
  stream.busy = true
  const idle = (then) => (value) => {
    stream.busy = false
    if (stream.destroyed) {
      stream.whenIdle?.()
      if (then === failed) return
    }
    then(value)
  }
  later(...call).then(idle(done), idle(failed))
}

class ReadStream extends Readable {
  constructor(path, options) {
    const settings = optionsOf(options, {})
    super({ highWaterMark: settings.highWaterMark ?? 64 * 1024, encoding: settings.encoding, autoDestroy: settings.autoClose !== false, emitClose: settings.emitClose, signal: undefined })
    begin(this, path, settings, 'r')
    this.end = settings.end ?? Infinity
    if (this.end !== Infinity) {
      check.integer(this.end, 'end', 0)
      if (this.start !== undefined && this.start > this.end) throw outOfRange('start', `<= "end" (here: ${this.end})`, this.start)
      if (this.start === undefined) this.pos = 0
    }
    this.bytesRead = 0
  }

  _read(n) {
    const left = this.pos === undefined ? this.end - this.bytesRead + 1 : this.end - this.pos + 1
    const most = Math.min(n, left)
    if (most <= 0) return void this.push(null)
    use(this, ['read', this.fd, most, this.pos ?? null], (data) => {
      if (this.pos !== undefined) this.pos += data.length
      this.bytesRead += data.length
      if (!this.destroyed) this.push(data.length > 0 ? data : null)
    }, (problem) => this.destroy(problem))
  }
}

class WriteStream extends Writable {
  constructor(path, options) {
    const settings = optionsOf(options, {})
    super({ highWaterMark: settings.highWaterMark, decodeStrings: false, autoDestroy: settings.autoClose !== false, emitClose: settings.emitClose, defaultEncoding: settings.encoding ?? 'utf8' })
    begin(this, path, settings, 'w')
    this.bytesWritten = 0
    this.flush = settings.flush === true
    Object.defineProperty(this, 'flush', { enumerable: false })
  }

  _write(chunk, encoding, callback) {
    const data = typeof chunk === 'string' ? dataOf(chunk, encoding) : chunk
    use(this, ['write', this.fd, data, this.pos ?? null], (n) => {
      if (this.pos !== undefined) this.pos += n
      this.bytesWritten += n
      callback()
    }, callback)
  }

  _writev(chunks, callback) {
    this._write(tools.Buffer.concat(chunks.map(({ chunk, encoding }) => (typeof chunk === 'string' ? dataOf(chunk, encoding) : chunk))), undefined, callback)
  }

  _final(callback) {
    if (!this.flush || this.fd === null) return callback()
    use(this, ['fsync', this.fd], () => callback(), callback)
  }
}

for (const type of [ReadStream, WriteStream]) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(life))) {
    Object.defineProperty(type.prototype, name, { ...property, enumerable: false })
  }
  for (const name of ['busy', 'whenIdle']) Object.defineProperty(type.prototype, name, { value: undefined, writable: true })
}

module.exports = { ReadStream, WriteStream }
