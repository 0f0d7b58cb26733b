'use strict'

// FileHandle: an open file of fs.promises.

const EventEmitter = native.require('events')
const { later, optionsOf, decode, dataOf } = native.parts.calls
const files = native.parts.descriptors
const { error } = tools

const fds = new WeakMap()

function closedError(call) {
  const problem = error('Error', 'EBADF', 'file closed')
  Object.assign(problem, { syscall: call })
  return problem
}

// run does an operation on the handle's file.
async function run(handle, name, args) {
  const fd = fds.get(handle)
  if (fd === undefined || fd < 0) throw closedError(name.replace(/^f/, ''))
  const { call, made, names, second } = files[name](fd, ...args)
  const value = made(await later(...call))
  return names ? Object.assign(Object.create(null), { [names[0]]: value, [names[1]]: second }) : value
}

class FileHandle extends EventEmitter {
  get fd() { return fds.get(this) ?? -1 }

  read(...args) { return run(this, 'read', args) }
  readv(...args) { return run(this, 'readv', args) }
  write(...args) { return run(this, 'write', args) }
  writev(...args) { return run(this, 'writev', args) }
  stat(options) { return run(this, 'fstat', [options]) }
  truncate(length) { return run(this, 'ftruncate', [length]) }
  sync() { return run(this, 'fsync', []) }
  datasync() { return run(this, 'fdatasync', []) }
  chmod(mode) { return run(this, 'fchmod', [mode]) }
  utimes(accessed, changed) { return run(this, 'futimes', [accessed, changed]) }

  async readFile(options) {
    const { encoding } = optionsOf(options, {})
    if (this.fd < 0) throw closedError('read')
    return decode(await later('readAll', this.fd), encoding)
  }

  async writeFile(data, options) {
    const { encoding } = optionsOf(options, {})
    if (this.fd < 0) throw closedError('write')
    await later('write', this.fd, dataOf(data, encoding), null)
  }

  appendFile(data, options) { return this.writeFile(data, options) }

  createReadStream(options) { return new native.parts.streams.ReadStream(undefined, { ...optionsOf(options, {}), fd: this }) }
  createWriteStream(options) { return new native.parts.streams.WriteStream(undefined, { ...optionsOf(options, {}), fd: this }) }

  async close() {
    const fd = fds.get(this)
    if (fd === undefined || fd < 0) return
    fds.set(this, -1)
    await later('close', fd)
    this.emit('close')
  }

  async [Symbol.asyncDispose]() { await this.close() }
}
tools.missing(FileHandle.prototype, 'FileHandle.prototype', 'readLines readableWebStream chown getAsyncId')

async function open(path, flags, mode) {
  const { call } = files.open(path, flags, mode)
  const handle = new FileHandle()
  fds.set(handle, await later(...call))
  return handle
}

module.exports = { FileHandle, open, isHandle: (value) => fds.has(value) }
