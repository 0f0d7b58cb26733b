'use strict'

const { isArray } = Array
const apply = Reflect.apply

// The listeners of an emitter live under a symbol, so that a class may have
// fields of any name.
const listenersOf = Symbol('listeners')
const maximum = Symbol('maxListeners')

function check(listener) {
  if (typeof listener !== 'function') throw argumentError('listener', 'of type function', listener)
}

function EventEmitter() {
  if (!Object.prototype.hasOwnProperty.call(this, listenersOf)) this[listenersOf] = new Map()
}

function table(emitter) {
  if (!Object.prototype.hasOwnProperty.call(emitter, listenersOf)) {
    Object.defineProperty(emitter, listenersOf, { value: new Map(), writable: true, configurable: true })
  }
  return emitter[listenersOf]
}

function add(emitter, name, listener, once, first) {
  check(listener)
  const all = table(emitter)
  if (all.has('newListener')) emitter.emit('newListener', name, listener)
  // A new array each time: emit goes on with the one it began with.
  const old = all.get(name) ?? []
  const entry = { listener, once }
  all.set(name, first ? [entry, ...old] : [...old, entry])
  return emitter
}

function remove(emitter, name, entry) {
  const all = table(emitter)
  const left = (all.get(name) ?? []).filter((e) => e !== entry)
  if (left.length > 0) all.set(name, left)
  else all.delete(name)
  if (all.has('removeListener')) emitter.emit('removeListener', name, entry.listener)
}

const methods = {
  on(name, listener) { return add(this, name, listener, false, false) },
  once(name, listener) { return add(this, name, listener, true, false) },
  prependListener(name, listener) { return add(this, name, listener, false, true) },
  prependOnceListener(name, listener) { return add(this, name, listener, true, true) },

  off(name, listener) {
    check(listener)
    const entry = (table(this).get(name) ?? []).findLast((e) => e.listener === listener)
    if (entry) remove(this, name, entry)
    return this
  },

  removeAllListeners(name) {
    const all = table(this)
    const names = arguments.length > 0 ? [name] : [...all.keys()]
    for (const n of names) {
      for (const entry of [...(all.get(n) ?? [])].reverse()) remove(this, n, entry)
    }
    return this
  },

  emit(name, ...args) {
    const entries = table(this).get(name)
    if (!entries) {
      if (name === 'error') throw unhandled(args[0])
      return false
    }
    for (const entry of entries) {
      if (entry.once) remove(this, name, entry)
      apply(entry.listener, this, args)
    }
    return true
  },

  listeners(name) { return (table(this).get(name) ?? []).map((e) => e.listener) },
  rawListeners(name) { return this.listeners(name) },
  eventNames() { return [...table(this).keys()] },
  listenerCount(name, listener) {
    const entries = table(this).get(name) ?? []
    return listener === undefined ? entries.length : entries.filter((e) => e.listener === listener).length
  },
  setMaxListeners(n) { this[maximum] = n; return this },
  getMaxListeners() { return this[maximum] ?? EventEmitter.defaultMaxListeners },
}

for (const name of Object.keys(methods)) EventEmitter.prototype[name] = methods[name]
EventEmitter.prototype.addListener = EventEmitter.prototype.on
EventEmitter.prototype.removeListener = EventEmitter.prototype.off

// The error of an emit('error') that nobody listens to.
function unhandled(value) {
  if (value instanceof Error) return value
  const error = new Error(`Unhandled error. (${typeof value === 'string' ? `'${value}'` : String(value)})`)
  error.code = 'ERR_UNHANDLED_ERROR'
  error.context = value
  return error
}

// once returns a promise of the arguments of the next event.
function once(emitter, name) {
  return new Promise((resolve, reject) => {
    const failed = (error) => {
      emitter.off(name, arrived)
      reject(error)
    }
    const arrived = (...args) => {
      emitter.off('error', failed)
      resolve(args)
    }
    emitter.once(name, arrived)
    if (name !== 'error') emitter.once('error', failed)
  })
}

EventEmitter.EventEmitter = EventEmitter
EventEmitter.defaultMaxListeners = 10
EventEmitter.once = once
EventEmitter.errorMonitor = Symbol('events.errorMonitor')
EventEmitter.listenerCount = (emitter, name) => emitter.listenerCount(name)

module.exports = EventEmitter
