'use strict'

// The operations on paths. Each is described once, as what it asks of Go and
// what it makes of the answer; fs.js makes its three forms.

const { pathOf, optionsOf, decode, dataOf, flagsOf, modeOf, timeOf } = native.parts.calls
const { statsOf, entriesOf } = native.parts.stats
const { error, check } = tools

const only = (...call) => ({ call, made: () => undefined })

function readFile(path, options) {
  const { encoding, flag, signal } = optionsOf(options, {})
  const made = (data) => decode(data, encoding)
  if (Number.isInteger(path) && path >= 0) return { call: ['readAll', path], made, signal }
  return { call: ['readFile', pathOf(path), flagsOf(flag)], made, signal }
}

function write(path, data, options, usual) {
  const { encoding, flag, mode, flush, signal } = optionsOf(options, {})
  const bytes = dataOf(data, encoding)
  if (Number.isInteger(path) && path >= 0) return { ...only('write', path, bytes), signal }
  return { ...only('writeFile', pathOf(path), bytes, flagsOf(flag, usual), modeOf(mode, 0o666), Boolean(flush)), signal }
}

function stat(name) {
  return (path, options) => {
    const { bigint, throwIfNoEntry = true } = optionsOf(options, {})
    return { call: [name, pathOf(path), !throwIfNoEntry], made: (list) => statsOf(list, bigint) }
  }
}

function access(path, mode) {
  const wanted = mode === undefined || mode === null || typeof mode === 'function' ? 0 : mode
  check.integer(wanted, 'mode')
  if (wanted < 0 || wanted > 7) throw error('RangeError', 'ERR_OUT_OF_RANGE', 'mode is out of range: >= 0 && <= 7')
  return only('access', pathOf(path), wanted)
}

function mkdir(path, options) {
  const { recursive = false, mode } = options !== null && typeof options === 'object' ? optionsOf(options, {}) : { __proto__: null, mode: typeof options === 'function' ? undefined : options }
  if (typeof recursive !== 'boolean') throw tools.argType('options.recursive', 'of type boolean', recursive)
  return { call: ['mkdir', pathOf(path), recursive, modeOf(mode, 0o777)], made: (created) => created ?? undefined }
}

function readdir(path, options) {
  const settings = optionsOf(options, {})
  const folder = pathOf(path)
  return { call: ['readdir', folder, Boolean(settings.recursive), false], made: (list) => entriesOf(list, folder, settings) }
}

function rm(path, options) {
  const { recursive = false, force = false } = optionsOf(options, {})
  return only('rm', pathOf(path), Boolean(recursive), Boolean(force))
}

function rmdir(path, options) {
  const { recursive = false } = optionsOf(options, {})
  return recursive ? only('rm', pathOf(path), true, false) : only('rmdir', pathOf(path))
}

const textual = (name) => (path, options) => {
  const { encoding } = optionsOf(options, {})
  return { call: [name, pathOf(path)], made: (text) => (encoding && encoding !== 'utf8' ? decode(tools.Buffer.from(text), encoding) : text) }
}

function mkdtemp(prefix, options) {
  const { encoding } = optionsOf(options, {})
  return { call: ['mkdtemp', pathOf(prefix, 'prefix')], made: (text) => (encoding ? decode(tools.Buffer.from(text), encoding) : text) }
}

function copyFile(from, to, mode) {
  const wanted = typeof mode === 'number' ? mode : 0
  if (wanted < 0 || wanted > 7) throw error('RangeError', 'ERR_OUT_OF_RANGE', 'mode is out of range: >= 0 && <= 7')
  return only('copyFile', pathOf(from, 'src'), pathOf(to, 'dest'), wanted)
}

function symlink(target, path, kind) {
  if (kind !== undefined && kind !== null && typeof kind !== 'function' && !['dir', 'file', 'junction'].includes(kind)) {
    throw error('Error', 'ERR_FS_INVALID_SYMLINK_TYPE', `Symlink type must be one of "dir", "file", or "junction". Received "${kind}"`)
  }
  return only('symlink', pathOf(target, 'target'), pathOf(path))
}

function truncate(path, length) {
  const size = length === undefined || length === null || typeof length === 'function' ? 0 : length
  check.integer(size, 'len')
  return only('truncate', pathOf(path), Math.max(0, size))
}

module.exports = {
  readFile,
  writeFile: (path, data, options) => write(path, data, options, 'w'),
  appendFile: (path, data, options) => write(path, data, options, 'a'),
  access, stat: stat('stat'), lstat: stat('lstat'), mkdir, readdir, rm, rmdir, mkdtemp, copyFile, symlink, truncate,
  chmod: (path, mode) => only('chmod', pathOf(path), modeOf(mode)),
  link: (from, to) => only('link', pathOf(from, 'existingPath'), pathOf(to, 'newPath')),
  rename: (from, to) => only('rename', pathOf(from, 'oldPath'), pathOf(to, 'newPath')),
  readlink: textual('readlink'), realpath: textual('realpath'),
  unlink: (path) => only('unlink', pathOf(path)),
  utimes: (path, accessed, changed) => only('utimes', pathOf(path), timeOf(accessed, 'atime'), timeOf(changed, 'mtime')),
}
