'use strict'

const { check, error, missing } = tools
const { carried, carry } = native
const apply = Reflect.apply

// What is carried along is a Map from storages to their values that nobody
// changes any more, or undefined. Each change makes a new one.

function having(storage, value) { return new Map(carried()).set(storage, value) }

function without(storage) {
  const values = new Map(carried())
  values.delete(storage)
  return values
}

function carrying(values, fn, self, args) {
  check.func(fn, 'callback')
  const before = carried()
  carry(values)
  try {
    return apply(fn, self, args)
  } finally {
    carry(before)
  }
}

class AsyncLocalStorage {
  constructor() { this.enabled = false }
  static bind(fn) { return AsyncResource.bind(fn) }
  static snapshot() { return AsyncLocalStorage.bind((fn, ...args) => fn(...args)) }

  disable() { this.enabled = false }
  getStore() { return this.enabled ? carried()?.get(this) : undefined }
  enterWith(store) {
    this.enabled = true
    carry(having(this, store))
  }
  run(store, callback, ...args) {
    this.enabled = true
    return carrying(having(this, store), callback, null, args)
  }
  exit(callback, ...args) { return carrying(without(this), callback, null, args) }
}

// Numbers of what is asynchronous. Only an AsyncResource has one of its own:
// outside of their scopes the script itself is what runs, with the number 1.

const asyncId = Symbol('async_id_symbol')
const triggerId = Symbol('trigger_async_id_symbol')
const script = { [asyncId]: 1, [triggerId]: 0 }
const nothing = {}
let running = script
let last = 1

class AsyncResource {
  #values = carried()

  constructor(type, options = {}) {
    check.string(type, 'type')
    const trigger = typeof options === 'number' ? options : (options.triggerAsyncId ?? running[asyncId])
    if (!Number.isSafeInteger(trigger) || trigger < -1) {
      throw error('RangeError', 'ERR_INVALID_ASYNC_ID', `Invalid triggerAsyncId value: ${String(trigger)}`)
    }
    this[asyncId] = ++last
    this[triggerId] = trigger
  }
  static bind(fn, type, self) {
    check.func(fn, 'fn')
    return new AsyncResource(type || fn.name || 'bound-anonymous-fn').bind(fn, self)
  }

  runInAsyncScope(fn, self, ...args) {
    const before = running
    running = this
    try {
      return carrying(this.#values, fn, self, args)
    } finally {
      running = before
    }
  }
  emitDestroy() { return this }
  asyncId() { return this[asyncId] }
  triggerAsyncId() { return this[triggerId] }
  bind(fn, self) {
    check.func(fn, 'fn')
    const resource = this
    const bound = function (...args) { return resource.runInAsyncScope(fn, self === undefined ? this : self, ...args) }
    Object.defineProperty(bound, 'length', { value: fn.length, configurable: true })
    return Object.defineProperty(bound, 'asyncResource', { value: this, enumerable: true, writable: true, configurable: true })
  }
}

class AsyncHook {
  disable() { return this }
}
missing(AsyncHook.prototype, 'AsyncHook.prototype', 'enable')

const moments = ['init', 'before', 'after', 'destroy', 'promiseResolve']

function createHook(callbacks) {
  for (const moment of moments) {
    if (callbacks[moment] !== undefined && typeof callbacks[moment] !== 'function') {
      throw error('TypeError', 'ERR_ASYNC_CALLBACK', `hook.${moment} must be a function`)
    }
  }
  return new AsyncHook()
}

module.exports = {
  AsyncLocalStorage,
  createHook,
  executionAsyncId: () => running[asyncId],
  triggerAsyncId: () => running[triggerId],
  executionAsyncResource: () => (running === script ? nothing : running),
  asyncWrapProviders: Object.freeze({ __proto__: null, NONE: 0 }),
  AsyncResource,
}
