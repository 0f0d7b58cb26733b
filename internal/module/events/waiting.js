'use strict'

// What the module "events" has beside the class: waiting for events, and the
// functions that take EventTargets as well.

const EventEmitter = native.parts.emitter
const { checkLimit, setDefault } = native.parts
const { argType, check } = tools
const asyncIterator = Symbol.asyncIterator ?? Symbol.for('Symbol.asyncIterator')

const web = () => native.require('internal/event')
const isTarget = (value) => typeof value?.addEventListener === 'function'
const isSignal = (value) => value !== null && typeof value === 'object' && 'aborted' in value

function checkSignal(signal, name) {
  if (signal !== undefined && !isSignal(signal)) throw argType(name, 'an instance of AbortSignal', signal)
}

function aborted(signal) {
  const problem = new Error('The operation was aborted', { cause: signal.reason })
  return Object.assign(problem, { code: 'ABORT_ERR', name: 'AbortError' })
}

function listen(emitter, name, listener, options) {
  if (typeof emitter?.on === 'function') {
    if (options?.once) emitter.once(name, listener)
    else emitter.on(name, listener)
  } else if (isTarget(emitter)) emitter.addEventListener(name, listener, options)
  else throw argType('emitter', 'an instance of EventEmitter', emitter)
}

function unlisten(emitter, name, listener) {
  if (typeof emitter.removeListener === 'function') emitter.removeListener(name, listener)
  else emitter.removeEventListener(name, listener)
}

// once returns a promise of the arguments of the next event.
async function once(emitter, name, options = {}) {
  const signal = options?.signal
  checkSignal(signal, 'options.signal')
  if (signal?.aborted) throw aborted(signal)
  return new Promise((resolve, reject) => {
    const stop = () => {
      unlisten(emitter, name, arrived)
      if (!isTarget(emitter) && name !== 'error') unlisten(emitter, 'error', failed)
      signal?.removeEventListener('abort', gaveUp)
    }
    const failed = (problem) => {
      stop()
      reject(problem)
    }
    const arrived = (...args) => {
      stop()
      resolve(args)
    }
    const gaveUp = () => failed(aborted(signal))
    listen(emitter, name, arrived, { once: true })
    if (name !== 'error' && typeof emitter.once === 'function') emitter.once('error', failed)
    signal?.addEventListener('abort', gaveUp, { once: true })
  })
}

// on returns an async iterator of the arguments of each event. What nobody has
// asked for yet waits; a source that can be paused is, when too much waits.
function on(emitter, name, options = {}) {
  const { signal, close = [], highWaterMark = Number.MAX_SAFE_INTEGER, lowWaterMark = 1 } = options ?? {}
  checkSignal(signal, 'options.signal')
  check.integer(highWaterMark, 'options.highWaterMark', 1)
  check.integer(lowWaterMark, 'options.lowWaterMark', 1)
  if (signal?.aborted) throw aborted(signal)
  const events = [], asked = []
  let problem = null, ended = false, paused = false

  const arrived = (...args) => {
    if (asked.length > 0) asked.shift().resolve({ value: args, done: false })
    else {
      events.push(args)
      if (!paused && events.length > highWaterMark) {
        paused = true
        emitter.pause?.()
      }
    }
  }
  const failed = (reason) => {
    if (asked.length > 0) asked.shift().reject(reason)
    else problem = { reason }
    end()
  }
  const gaveUp = () => failed(aborted(signal))
  const end = () => {
    unlisten(emitter, name, arrived)
    if (name !== 'error' && !isTarget(emitter)) unlisten(emitter, 'error', failed)
    for (const other of close) unlisten(emitter, other, end)
    signal?.removeEventListener('abort', gaveUp)
    ended = true
    for (const { resolve } of asked.splice(0)) resolve({ value: undefined, done: true })
    return Promise.resolve({ value: undefined, done: true })
  }

  listen(emitter, name, arrived)
  if (name !== 'error' && typeof emitter.on === 'function') emitter.on('error', failed)
  for (const other of close) listen(emitter, other, end)
  signal?.addEventListener('abort', gaveUp, { once: true })

  return {
    next() {
      if (events.length > 0) {
        const value = events.shift()
        if (paused && events.length < lowWaterMark) {
          paused = false
          emitter.resume?.()
        }
        return Promise.resolve({ value, done: false })
      }
      if (problem) {
        const { reason } = problem
        problem = null
        return Promise.reject(reason)
      }
      if (ended) return Promise.resolve({ value: undefined, done: true })
      return new Promise((resolve, reject) => asked.push({ resolve, reject }))
    },
    return: end,
    throw(reason) {
      if (!(reason instanceof Error)) throw argType('EventEmitter.AsyncIterator', 'an instance of Error', reason)
      failed(reason)
    },
    [asyncIterator]() { return this },
  }
}

function getEventListeners(emitter, name) {
  if (typeof emitter?.listeners === 'function') return emitter.listeners(name)
  if (isTarget(emitter)) return web().listenersOf(emitter, name)
  throw argType('emitter', 'an instance of EventEmitter or EventTarget', emitter)
}

const limits = new WeakMap() // of EventTargets

function getMaxListeners(emitter) {
  if (typeof emitter?.getMaxListeners === 'function') return emitter.getMaxListeners()
  if (isTarget(emitter)) return limits.get(emitter) ?? EventEmitter.defaultMaxListeners
  throw argType('emitter', 'an instance of EventEmitter or EventTarget', emitter)
}

function setMaxListeners(n = EventEmitter.defaultMaxListeners, ...emitters) {
  checkLimit(n, 'setMaxListeners')
  if (emitters.length === 0) setDefault(n)
  for (const emitter of emitters) {
    if (typeof emitter?.setMaxListeners === 'function') emitter.setMaxListeners(n)
    else if (isTarget(emitter)) limits.set(emitter, n)
    else throw argType('eventTargets', 'an instance of EventEmitter or EventTarget', emitter)
  }
}

// addAbortListener listens to a signal's end, at once when it is there already.
function addAbortListener(signal, listener) {
  if (signal === undefined) throw argType('signal', 'an instance of AbortSignal', signal)
  checkSignal(signal, 'signal')
  check.func(listener, 'listener')
  let remove = () => {}
  if (signal.aborted) queueMicrotask(() => listener())
  else {
    signal.addEventListener('abort', listener, { once: true })
    remove = () => signal.removeEventListener('abort', listener)
  }
  return { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() { remove() } }
}

function listenerCount(emitter, name) {
  return typeof emitter.listenerCount === 'function' ? emitter.listenerCount(name) : EventEmitter.prototype.listenerCount.call(emitter, name)
}

Object.assign(EventEmitter, { addAbortListener, once, on, getEventListeners, getMaxListeners, setMaxListeners, listenerCount })
tools.missing(EventEmitter, 'events', 'EventEmitterAsyncResource')
module.exports = EventEmitter
