'use strict'

// AbortController and AbortSignal.

const { EventTarget, Event, targets, handler, listed, of } = native.parts.event
const DOMException = native.parts.exception
const { error, argType, check } = tools
const { setTimeout } = globalThis
const inspect = Symbol.for('nodejs.util.inspect.custom')

const signals = new WeakMap()
const signalOf = of(signals, 'AbortSignal')

class AbortSignal extends EventTarget {
  constructor() { throw error('TypeError', 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor') }

  get aborted() { return signalOf(this).aborted }
  get reason() { return signalOf(this).reason }
  throwIfAborted() {
    const state = signalOf(this)
    if (state.aborted) throw state.reason
  }

  static abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    const signal = make()
    Object.assign(signals.get(signal), { aborted: true, reason })
    return signal
  }

  static timeout(delay) {
    check.integer(delay, 'delay', 0, 0xffffffff)
    const signal = make()
    setTimeout(() => abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError')), delay).unref()
    return signal
  }

  static any(list) {
    if (!Array.isArray(list)) throw argType('signals', 'an instance of Array', list)
    list.forEach((one, i) => { if (!signals.has(one)) throw argType(`signals[${i}]`, 'an instance of AbortSignal', one) })
    const signal = make()
    const done = list.find((one) => one.aborted)
    if (done) {
      Object.assign(signals.get(signal), { aborted: true, reason: done.reason })
      return signal
    }
    for (const source of new Set(list.flatMap((one) => signals.get(one).sources ?? [one]))) {
      signals.get(source).dependent.push(signal)
      ;(signals.get(signal).sources ??= []).push(source)
    }
    signals.get(signal).sources ??= []
    return signal
  }

  [inspect](depth, options, show) { return `${this.constructor.name} ${show({ aborted: this.aborted }, options)}` }
}
Object.defineProperty(AbortSignal.prototype, inspect, { enumerable: false })
handler(AbortSignal.prototype, 'abort')
listed(AbortSignal.prototype, ['aborted', 'reason', 'throwIfAborted'], 'AbortSignal')

function make() {
  const signal = Object.create(AbortSignal.prototype)
  targets.set(signal, new Map())
  // sources: of a signal of any(), the signals that it follows; dependent: what follows this one.
  signals.set(signal, { aborted: false, reason: undefined, sources: undefined, dependent: [] })
  return signal
}

// abort tells all that follow a signal before the first listener runs.
function abort(signal, reason) {
  const state = signals.get(signal)
  if (state.aborted) return
  const all = [signal, ...state.dependent].filter((one) => !signals.get(one).aborted)
  for (const one of all) Object.assign(signals.get(one), { aborted: true, reason })
  state.dependent = []
  for (const one of all) one.dispatchEvent(new Event('abort'))
}

const controllers = new WeakMap()
const controllerOf = of(controllers, 'AbortController')

class AbortController {
  constructor() { controllers.set(this, { signal: make() }) }

  get signal() { return controllerOf(this).signal }
  abort(reason = new DOMException('This operation was aborted', 'AbortError')) { abort(controllerOf(this).signal, reason) }

  [inspect](depth, options, show) { return `${this.constructor.name} ${show({ signal: this.signal }, options)}` }
}
Object.defineProperty(AbortController.prototype, inspect, { enumerable: false })
listed(AbortController.prototype, ['signal', 'abort'], 'AbortController')

module.exports = { AbortController, AbortSignal }
