'use strict'

const { error, argType, outOfRange, check } = tools
const parts = native.parts
const shapeMode = Symbol('shapeMode')
const kCapture = Symbol('kCapture')
const errorMonitor = Symbol('events.errorMonitor')
const captureRejectionSymbol = Symbol.for('nodejs.rejection')
const apply = Reflect.apply

let defaultMaxListeners = 10

function checkLimit(n, name) {
  if (typeof n !== 'number') throw argType(name, 'of type number', n)
  if (!(n >= 0)) throw outOfRange(name, '>= 0', n)
}

function EventEmitter(options) { init(this, options) }

// The fields are those that Node's emitters have: packages look at them, and
// console.log shows them.
EventEmitter.prototype._events = undefined
EventEmitter.prototype._eventsCount = 0
EventEmitter.prototype._maxListeners = undefined
Object.defineProperty(EventEmitter.prototype, kCapture, { value: false, writable: true, enumerable: false })

function init(emitter, options) {
  if (emitter._events === undefined || emitter._events === Object.getPrototypeOf(emitter)._events) {
    emitter._events = Object.create(null)
    emitter._eventsCount = 0
  }
  emitter._maxListeners = emitter._maxListeners || undefined
  emitter[shapeMode] = false
  if (options?.captureRejections !== undefined) {
    if (typeof options.captureRejections !== 'boolean') {
      throw argType('options.captureRejections', 'of type boolean', options.captureRejections)
    }
    emitter[kCapture] = options.captureRejections
  } else emitter[kCapture] = EventEmitter.prototype[kCapture]
}

function add(emitter, name, listener, first) {
  check.func(listener, 'listener')
  let events = emitter._events
  if (events === undefined) {
    events = emitter._events = Object.create(null)
    emitter._eventsCount = 0
  } else if (events.newListener !== undefined) {
    emitter.emit('newListener', name, listener.listener ?? listener)
    events = emitter._events
  }
  const known = events[name]
  if (known === undefined) {
    events[name] = listener
    emitter._eventsCount++
    return emitter
  }
  // A list is never changed in place: emit goes on with the one it began with.
  const list = typeof known === 'function' ? [known] : known.slice()
  if (first) list.unshift(listener)
  else list.push(listener)
  list.warned = known.warned
  events[name] = list
  warnOfLeak(emitter, name, list)
  return emitter
}

function warnOfLeak(emitter, name, list) {
  const limit = emitter.getMaxListeners()
  if (limit <= 0 || list.length <= limit || list.warned) return
  list.warned = true
  const warning = new Error(`Possible EventEmitter memory leak detected. ${list.length} ${String(name)} listeners ` +
    `added to ${parts.util().inspect(emitter, { depth: -1 })}. MaxListeners is ${limit}. Use emitter.setMaxListeners() to increase limit`)
  warning.name = 'MaxListenersExceededWarning'
  Object.assign(warning, { emitter, type: name, count: list.length })
  parts.process().emitWarning(warning)
}

function once(emitter, name, listener) {
  check.func(listener, 'listener')
  let fired = false
  function wrapper(...args) {
    if (fired) return undefined
    fired = true
    emitter.removeListener(name, wrapper)
    return apply(listener, emitter, args)
  }
  wrapper.listener = listener
  return wrapper
}

const listOf = (emitter, name) => {
  const known = emitter._events?.[name]
  if (known === undefined) return []
  return typeof known === 'function' ? [known] : known
}

const methods = {
  setMaxListeners(n) {
    checkLimit(n, 'setMaxListeners')
    this._maxListeners = n
    return this
  },
  getMaxListeners() { return this._maxListeners ?? defaultMaxListeners },

  emit(name, ...args) {
    const events = this._events
    if (name === 'error') {
      if (events?.[errorMonitor] !== undefined) this.emit(errorMonitor, ...args)
      if (events?.error === undefined) throw unhandled(args[0])
    }
    const known = events?.[name]
    if (known === undefined) return false
    if (typeof known === 'function') {
      const result = apply(known, this, args)
      if (this[kCapture] && result !== undefined && result !== null) capture(this, result, name, args)
      return true
    }
    for (let i = 0, n = known.length; i < n; i++) {
      const result = apply(known[i], this, args)
      if (this[kCapture] && result !== undefined && result !== null) capture(this, result, name, args)
    }
    return true
  },

  addListener(name, listener) { return add(this, name, listener, false) },
  prependListener(name, listener) { return add(this, name, listener, true) },
  once(name, listener) { return this.on(name, once(this, name, listener)) },
  prependOnceListener(name, listener) { return this.prependListener(name, once(this, name, listener)) },

  removeListener(name, listener) {
    check.func(listener, 'listener')
    const list = listOf(this, name)
    let at = list.length - 1
    while (at >= 0 && list[at] !== listener && list[at].listener !== listener) at--
    if (at < 0) return this
    drop(this, name, list, at)
    if (this._events.removeListener !== undefined) this.emit('removeListener', name, listener)
    return this
  },

  removeAllListeners(name) {
    const events = this._events
    if (events === undefined) return this
    if (arguments.length === 0) {
      if (events.removeListener !== undefined) {
        for (const key of Reflect.ownKeys(events)) if (key !== 'removeListener') this.removeAllListeners(key)
      }
      this._events = Object.create(null)
      this._eventsCount = 0
      return this
    }
    if (events.removeListener === undefined) {
      if (events[name] !== undefined) {
        delete events[name]
        this._eventsCount--
      }
    } else for (const listener of [...listOf(this, name)].reverse()) this.removeListener(name, listener)
    return this
  },

  listeners(name) { return listOf(this, name).map((listener) => listener.listener ?? listener) },
  rawListeners(name) { return [...listOf(this, name)] },
  listenerCount(name, listener) {
    const list = listOf(this, name)
    if (listener === undefined || listener === null) return list.length
    return list.filter((one) => one === listener || one.listener === listener).length
  },
  eventNames() { return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : [] },
}

function drop(emitter, name, list, at) {
  const left = list.filter((_, i) => i !== at)
  left.warned = list.warned
  if (left.length > 0) emitter._events[name] = left.length === 1 ? left[0] : left
  else {
    delete emitter._events[name]
    emitter._eventsCount--
  }
}

const aliases = { addListener: 'on', removeListener: 'off' }
for (const name of Object.keys(methods)) {
  EventEmitter.prototype[name] = methods[name]
  if (aliases[name]) EventEmitter.prototype[aliases[name]] = methods[name]
}

// capture gives the rejection of a listener's promise to the emitter.
function capture(emitter, promise, name, args) {
  if (typeof promise.then !== 'function') return
  promise.then(undefined, (problem) => parts.process().nextTick(() => {
    if (typeof emitter[captureRejectionSymbol] === 'function') {
      emitter[captureRejectionSymbol](problem, name, ...args)
      return
    }
    const before = emitter[kCapture]
    emitter[kCapture] = false // so that a listener of error that rejects does not go round
    try {
      emitter.emit('error', problem)
    } finally {
      emitter[kCapture] = before
    }
  }))
}

// The error of an emit('error') that nobody listens to.
function unhandled(value) {
  if (value instanceof Error) return value
  const problem = error('Error', 'ERR_UNHANDLED_ERROR', `Unhandled error. (${parts.util().inspect(value)})`)
  problem.context = value
  return problem
}

Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
  get() { return defaultMaxListeners },
  set(n) {
    checkLimit(n, 'defaultMaxListeners')
    defaultMaxListeners = n
  },
  enumerable: true,
})
Object.defineProperty(EventEmitter, 'captureRejections', {
  get() { return EventEmitter.prototype[kCapture] },
  set(value) {
    if (typeof value !== 'boolean') throw argType('EventEmitter.captureRejections', 'of type boolean', value)
    EventEmitter.prototype[kCapture] = value
  },
  enumerable: true,
})
EventEmitter.EventEmitter = EventEmitter
EventEmitter.init = function () { init(this) }
EventEmitter.usingDomains = false
EventEmitter.captureRejectionSymbol = captureRejectionSymbol
EventEmitter.errorMonitor = errorMonitor

parts.checkLimit = checkLimit
parts.setDefault = (n) => { defaultMaxListeners = n }
module.exports = EventEmitter
