'use strict'

// The operations on open files, which a number stands for.

const { pathOf, flagsOf, modeOf, fdOf, timeOf, dataOf, optionsOf } = native.parts.calls
const { statsOf } = native.parts.stats
const { argType, outOfRange, bytes, check } = tools

const only = (...call) => ({ call, made: () => undefined })

function open(path, flags, mode) {
  const given = typeof flags === 'function' ? undefined : flags
  return { call: ['open', pathOf(path), flagsOf(given), modeOf(typeof mode === 'function' ? undefined : mode, 0o666)], made: (fd) => fd }
}

function fstat(fd, options) {
  const { bigint } = optionsOf(options, {})
  return { call: ['fstat', fdOf(fd)], made: (list) => statsOf(list, bigint) }
}

function position(value) {
  if (value === undefined || value === null || value === -1 || value === -1n) return null
  if (typeof value === 'bigint') return Number(value)
  check.integer(value, 'position', 0)
  return value
}

function view(buffer) {
  if (!ArrayBuffer.isView(buffer)) throw argType('buffer', 'an instance of Buffer, TypedArray, or DataView', buffer)
  return bytes(buffer)
}

// read(fd, buffer, offset, length, position) or read(fd, buffer, options) or
// read(fd, options): the bytes come into the buffer when they are there.
function read(fd, buffer, offset, length, at) {
  fdOf(fd)
  if (buffer !== null && typeof buffer === 'object' && !ArrayBuffer.isView(buffer)) ({ buffer, offset, length, position: at } = buffer)
  else if (offset !== null && typeof offset === 'object') ({ offset, length, position: at } = offset)
  buffer ??= tools.Buffer.alloc(16384)
  const target = view(buffer)
  const from = offset ?? 0
  check.integer(from, 'offset', 0)
  const most = length ?? target.length - from
  if (from > target.length) throw outOfRange('offset', `>= 0 && <= ${target.length}`, from)
  check.integer(most, 'length')
  if (most < 0) throw outOfRange('length', '>= 0', most)
  if (most > target.length - from) throw outOfRange('length', `<= ${target.length - from}`, most)
  return {
    call: ['read', fd, most, position(at)],
    made(data) {
      data.copy(target, from)
      return data.length
    },
    names: ['bytesRead', 'buffer'], second: buffer,
  }
}

// write(fd, buffer, offset, length, position), write(fd, buffer, options) or
// write(fd, text, position, encoding).
function write(fd, data, offset, length, at) {
  fdOf(fd)
  if (typeof data === 'string') {
    const encoding = typeof length === 'string' ? length : 'utf8'
    return { call: ['write', fd, dataOf(data, encoding), position(typeof offset === 'function' ? null : offset)], made: (n) => n, names: ['bytesWritten', 'buffer'], second: data }
  }
  if (offset !== null && typeof offset === 'object') ({ offset, length, position: at } = offset)
  if (!ArrayBuffer.isView(data)) throw argType('buffer', 'of type string or an instance of Buffer, TypedArray, or DataView', data)
  const source = bytes(data)
  const from = offset ?? 0
  check.integer(from, 'offset', 0, source.length)
  const most = length ?? source.length - from
  check.integer(most, 'length', 0, source.length - from)
  return { call: ['write', fd, source.subarray(from, from + most), position(at)], made: (n) => n, names: ['bytesWritten', 'buffer'], second: data }
}

function list(buffers) {
  if (!Array.isArray(buffers) || !buffers.every((one) => ArrayBuffer.isView(one))) throw argType('buffers', 'an instance of ArrayBufferView[]', buffers)
  return buffers.map(bytes)
}

function writev(fd, buffers, at) {
  const all = tools.Buffer.concat(list(buffers))
  return { call: ['write', fdOf(fd), all, position(typeof at === 'function' ? null : at)], made: (n) => n, names: ['bytesWritten', 'buffers'], second: buffers }
}

function readv(fd, buffers, at) {
  const targets = list(buffers)
  const size = targets.reduce((sum, one) => sum + one.length, 0)
  return {
    call: ['read', fdOf(fd), size, position(typeof at === 'function' ? null : at)],
    made(data) {
      let from = 0
      for (const target of targets) from += data.copy(target, 0, from)
      return data.length
    },
    names: ['bytesRead', 'buffers'], second: buffers,
  }
}

function ftruncate(fd, length) {
  const size = length === undefined || length === null || typeof length === 'function' ? 0 : length
  check.integer(size, 'len')
  return only('ftruncate', fdOf(fd), Math.max(0, size))
}

module.exports = {
  open, fstat, read, write, readv, writev, ftruncate,
  close: (fd) => only('close', fdOf(fd)),
  fsync: (fd) => only('fsync', fdOf(fd)),
  fdatasync: (fd) => only('fsync', fdOf(fd)),
  fchmod: (fd, mode) => only('fchmod', fdOf(fd), modeOf(mode)),
  futimes: (fd, accessed, changed) => only('futimes', fdOf(fd), timeOf(accessed, 'atime'), timeOf(changed, 'mtime')),
}
