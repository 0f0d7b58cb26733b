'use strict'

// What the operations tell of files and folders: Stats, Dirent and Dir.

const { later, now, pathOf, optionsOf } = native.parts.calls
const { Buffer, error, check, settle } = tools

const kinds = { isFIFO: 0o010000, isCharacterDevice: 0o020000, isDirectory: 0o040000, isBlockDevice: 0o060000, isFile: 0o100000, isSymbolicLink: 0o120000, isSocket: 0o140000 }

function Stats() {}
for (const [name, kind] of Object.entries(kinds)) {
  Stats.prototype[name] = { [name]() { return (Number(this.mode) & 0o170000) === kind } }[name]
}
class BigIntStats {}
Object.setPrototypeOf(BigIntStats.prototype, Stats.prototype)

const fields = ['dev', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'blksize', 'ino', 'size', 'blocks']
const times = ['atime', 'mtime', 'ctime', 'birthtime']

// statsOf makes the object of a list of numbers; undefined stays so.
function statsOf(list, big) {
  if (list === undefined || list === null) return undefined
  const stats = big ? new BigIntStats() : new Stats()
  fields.forEach((name, i) => { stats[name] = big ? BigInt(list[i]) : list[i] })
  const at = (i) => [list[fields.length + 2 * i], list[fields.length + 2 * i + 1]]
  times.forEach((name, i) => {
    const [seconds, nanos] = at(i)
    stats[name + 'Ms'] = big ? BigInt(seconds) * 1000n + BigInt(Math.trunc(nanos / 1e6)) : seconds * 1000 + nanos / 1e6
  })
  if (big) times.forEach((name, i) => { stats[name + 'Ns'] = BigInt(at(i)[0]) * 1000000000n + BigInt(at(i)[1]) })
  times.forEach((name, i) => {
    const [seconds, nanos] = at(i)
    stats[name] = new Date(Math.round(seconds * 1000 + nanos / 1e6))
  })
  return stats
}

const type = Symbol('type')

class Dirent {
  constructor(name, path, kind) {
    this.name = name
    this.parentPath = path
    this.path = path
    this[type] = kind
  }

  isFile() { return this[type] === 1 }
  isDirectory() { return this[type] === 2 }
  isSymbolicLink() { return this[type] === 3 }
  isFIFO() { return this[type] === 4 }
  isSocket() { return this[type] === 5 }
  isCharacterDevice() { return this[type] === 6 }
  isBlockDevice() { return this[type] === 7 }
}

const join = (folder, below) => (below === '' ? folder : `${folder.replace(/\/$/, '')}/${below}`)

// entriesOf makes what readdir returns of name, kind and folder of each entry.
function entriesOf(list, folder, { withFileTypes, encoding }) {
  const entries = []
  const named = (name) => (encoding === 'buffer' ? Buffer.from(name) : encoding ? Buffer.from(name).toString(encoding) : name)
  for (let i = 0; i < list.length; i += 3) {
    const below = list[i + 2]
    if (withFileTypes) entries.push(new Dirent(named(list[i]), join(folder, below), list[i + 1]))
    else entries.push(named(below === '' ? list[i] : `${below}/${list[i]}`))
  }
  return entries
}

const closed = () => error('Error', 'ERR_DIR_CLOSED', 'Directory handle was closed')

// Dir goes through the entries that a folder had when it was opened.
class Dir {
  #path
  #entries
  #closed = false
  constructor(path, entries) {
    this.#path = path
    this.#entries = entries
  }

  get path() { return this.#path }
  readSync() {
    if (this.#closed) throw closed()
    return this.#entries.shift() ?? null
  }

  read(callback) { return this.#answer(callback, () => this.readSync()) }
  closeSync() {
    if (this.#closed) throw closed()
    this.#closed = true
  }

  close(callback) { return this.#answer(callback, () => this.closeSync()) }
  #answer(callback, run) {
    const promise = new Promise((resolve) => resolve(run()))
    if (callback === undefined) return promise
    check.func(callback, 'callback')
    return settle(promise, callback)
  }

  entries() {
    const dir = this
    return {
      async next() {
        const value = await dir.read()
        if (value !== null) return { value, done: false }
        await dir.close()
        return { value: undefined, done: true }
      },
      async return(value) {
        if (!dir.#closed) await dir.close()
        return { value, done: true }
      },
      [Symbol.asyncIterator]() { return this },
    }
  }
}
Object.defineProperty(Dir.prototype, Symbol.asyncIterator, { value: Dir.prototype.entries, writable: true, configurable: true })

function dirArguments(path, options) {
  const { recursive, encoding } = optionsOf(options, { encoding: 'utf8' })
  const folder = pathOf(path)
  const made = (list) => new Dir(folder, entriesOf(list, folder, { withFileTypes: true, encoding }))
  return { call: ['readdir', folder, Boolean(recursive), true], made }
}

function opendirSync(path, options) {
  const { call, made } = dirArguments(path, options)
  return made(now(...call))
}

async function opendir(path, options) {
  const { call, made } = dirArguments(path, options)
  return made(await later(...call))
}

module.exports = { Stats, Dirent, Dir, statsOf, entriesOf, opendir, opendirSync, kinds }
