'use strict'

// The exports: of every operation the form that waits, the one with a callback
// and the one with a promise.

const { now, later, pathOf, openFlags } = native.parts.calls
const { Stats, Dirent, Dir, opendir, opendirSync, kinds } = native.parts.stats
const { FileHandle, open } = native.parts.handle
const { ReadStream, WriteStream } = native.parts.streams
const { paths, descriptors } = native.parts
const { check, settle } = tools

const all = {}
const promises = {}
const argumentNames = Symbol.for('mqscript.util.promisify.names')

function named(name, length, fn) {
  return Object.defineProperties(fn, { name: { value: name, configurable: true }, length: { value: length, configurable: true } })
}

function aborted(signal) {
  const problem = new Error('The operation was aborted', { cause: signal.reason })
  return Object.assign(problem, { code: 'ABORT_ERR', name: 'AbortError' })
}

// start runs an operation beside the script; its signal, if it has one, is
// looked at before and after.
async function start({ call, made, signal }) {
  if (signal?.aborted) throw aborted(signal)
  const value = made(await later(...call))
  if (signal?.aborted) throw aborted(signal)
  return value
}

function define(name, describe) {
  all[name] = named(name, describe.length + 1, (...args) => {
    const callback = args.length > 1 ? args.pop() : undefined
    check.func(callback, 'cb')
    const operation = describe(...args)
    const promise = start(operation)
    settle(promise, operation.names ? (problem, value) => (problem ? callback(problem) : callback(null, value, operation.second)) : answering(callback))
  })
  all[name + 'Sync'] = named(name + 'Sync', describe.length, (...args) => {
    const { call, made } = describe(...args)
    return made(now(...call))
  })
}

// A result that is nothing is no argument of the callback.
const answering = (callback) => (problem, value) => {
  if (problem) callback(problem)
  else if (value === undefined) callback(null)
  else callback(null, value)
}

for (const [name, describe] of Object.entries({ ...paths, ...descriptors })) define(name, describe)
for (const [name, describe] of Object.entries(paths)) {
  promises[name] = named(name, describe.length, async (...args) => {
    const [target, ...rest] = args
    if (target instanceof FileHandle && name in { readFile: 1, writeFile: 1, appendFile: 1 }) return target[name](...rest)
    return start(describe(...args))
  })
}
for (const name of ['read', 'write', 'readv', 'writev']) {
  all[name][argumentNames] = name.startsWith('read') ? ['bytesRead', 'buffer'] : ['bytesWritten', 'buffer']
  Object.defineProperty(all[name], argumentNames, { enumerable: false })
}

function exists(path, callback) {
  check.func(callback, 'cb')
  let promise
  try {
    promise = later('access', pathOf(path), 0)
  } catch (problem) {
    promise = Promise.reject(problem)
  }
  settle(promise, (problem) => callback(!problem))
}
Object.defineProperty(exists, Symbol.for('nodejs.util.promisify.custom'), { value: (path) => new Promise((resolve) => exists(path, resolve)) })

function existsSync(path) {
  try {
    now('access', pathOf(path), 0)
    return true
  } catch {
    return false
  }
}

const octal = {
  S_IRWXU: 0o700, S_IRUSR: 0o400, S_IWUSR: 0o200, S_IXUSR: 0o100, S_IRWXG: 0o70, S_IRGRP: 0o40, S_IWGRP: 0o20, S_IXGRP: 0o10,
  S_IRWXO: 7, S_IROTH: 4, S_IWOTH: 2, S_IXOTH: 1,
}
const { O_ACCMODE, ...flags } = openFlags
const constants = Object.assign(Object.create(null), {
  ...flags, S_IFMT: 0o170000, S_IFREG: kinds.isFile, S_IFDIR: kinds.isDirectory, S_IFCHR: kinds.isCharacterDevice,
  S_IFBLK: kinds.isBlockDevice, S_IFIFO: kinds.isFIFO, S_IFLNK: kinds.isSymbolicLink, S_IFSOCK: kinds.isSocket, ...octal,
  F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1, COPYFILE_EXCL: 1, COPYFILE_FICLONE: 2, COPYFILE_FICLONE_FORCE: 4,
})

all.realpath.native = all.realpath
all.realpathSync.native = all.realpathSync
Object.assign(promises, { open, opendir, constants })
Object.assign(all, {
  exists, existsSync, opendirSync,
  opendir: named('opendir', 3, (path, options, callback) => {
    const last = typeof options === 'function' ? options : callback
    check.func(last, 'callback')
    settle(opendir(path, typeof options === 'function' ? undefined : options), last)
  }),
  createReadStream: (path, options) => new ReadStream(path, options),
  createWriteStream: (path, options) => new WriteStream(path, options),
  Dir, Dirent, Stats, ReadStream, WriteStream, FileReadStream: ReadStream, FileWriteStream: WriteStream,
  F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1, constants, promises,
})
tools.missing(all, 'fs', `chown chownSync fchown fchownSync lchown lchownSync lchmod lchmodSync lutimes lutimesSync
  cp cpSync statfs statfsSync openAsBlob watch watchFile unwatchFile`)
tools.missing(promises, 'fs.promises', 'chown lchown lchmod lutimes cp statfs watch')

module.exports = all
