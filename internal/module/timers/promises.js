'use strict'

// timers/promises.

const { argType, error, check } = tools
const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate } = globalThis
const asyncIterator = Symbol.asyncIterator

function aborted(signal) {
  const problem = new Error('The operation was aborted', { cause: signal.reason })
  return Object.assign(problem, { name: 'AbortError', code: 'ABORT_ERR' })
}

// read checks the options; what is wrong rejects, as everything else does.
function read(options) {
  check.object(options, 'options')
  const { signal, ref } = options
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    throw argType('options.signal', 'an instance of AbortSignal', signal)
  }
  if (ref !== undefined && typeof ref !== 'boolean') throw argType('options.ref', 'of type boolean', ref)
  return options
}

// wait returns a promise that start settles; giving up calls stop.
function wait(value, options, start, stop) {
  try {
    const { signal, ref } = read(options)
    if (signal?.aborted) return Promise.reject(aborted(signal))
    return new Promise((resolve, reject) => {
      const gaveUp = () => {
        stop(timer)
        reject(aborted(signal))
      }
      const timer = start(() => {
        signal?.removeEventListener('abort', gaveUp)
        resolve(value)
      })
      if (ref === false) timer.unref?.()
      signal?.addEventListener('abort', gaveUp, { once: true })
    })
  } catch (problem) {
    return Promise.reject(problem)
  }
}

function after(delay, value, options = {}) {
  if (delay !== undefined && typeof delay !== 'number') return Promise.reject(argType('delay', 'of type number', delay))
  return wait(value, options, (done) => setTimeout(done, delay), clearTimeout)
}

const soon = (value, options = {}) => wait(value, options, setImmediate, clearImmediate)

// every returns an async iterator of what comes each time.
function every(delay, value, options = {}) {
  let timer, failure, ended = false, ready = 0, wake = () => {}
  const stop = () => {
    clearInterval(timer)
    options.signal?.removeEventListener('abort', gaveUp)
    ended = true
    wake()
  }
  const gaveUp = () => {
    failure = { problem: aborted(options.signal) }
    stop()
  }
  const begin = () => {
    if (delay !== undefined && typeof delay !== 'number') throw argType('delay', 'of type number', delay)
    const { signal, ref } = read(options)
    if (signal?.aborted) throw aborted(signal)
    timer = setInterval(() => {
      ready++
      wake()
    }, delay)
    if (ref === false) timer.unref()
    signal?.addEventListener('abort', gaveUp, { once: true })
  }
  const next = async () => {
    if (timer === undefined && !ended) begin()
    while (ready === 0 && !ended) await new Promise((resolve) => { wake = resolve })
    if (ready > 0) {
      ready--
      return { value, done: false }
    }
    if (failure) {
      const { problem } = failure
      failure = undefined
      throw problem
    }
    return { value: undefined, done: true }
  }
  let last = Promise.resolve()
  return {
    next() { return (last = last.then(next, next)) },
    async return(result) {
      ready = 0
      stop()
      return { value: result, done: true }
    },
    [asyncIterator]() { return this },
  }
}

class Scheduler {
  constructor() { throw error('TypeError', 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor') }
  yield() { return soon() }
  wait(delay, options) { return after(delay, undefined, { signal: options?.signal }) }
}

function named(name, fn) { return Object.defineProperty(fn, 'name', { value: name, configurable: true }) }

module.exports = {
  setTimeout: named('setTimeout', after), setImmediate: named('setImmediate', soon), setInterval: named('setInterval', every),
  scheduler: Object.create(Scheduler.prototype),
}
