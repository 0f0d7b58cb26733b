'use strict'

// Event, CustomEvent and EventTarget.

const { error, argType } = tools
const { nextTick } = native.require('process')
const inspect = Symbol.for('nodejs.util.inspect.custom')

function missing(...names) {
  const list = names.map((name) => `"${name}"`).join(' and ')
  return error('TypeError', 'ERR_MISSING_ARGS', `The ${list} argument${names.length > 1 ? 's' : ''} must be specified`)
}

// of makes the function that returns the private state of an object.
function of(states, type) {
  return (object) => {
    const state = states.get(object)
    if (!state) throw error('TypeError', 'ERR_INVALID_THIS', `Value of "this" must be of type ${type}`)
    return state
  }
}

function listed(prototype, names, tag) {
  for (const name of names) Object.defineProperty(prototype, name, { enumerable: true })
  Object.defineProperty(prototype, Symbol.toStringTag, { value: tag, configurable: true })
}

const events = new WeakMap()
const eventOf = of(events, 'Event')

class Event {
  constructor(type, options = undefined) {
    if (arguments.length === 0) throw missing('type')
    if (options !== undefined && options !== null && typeof options !== 'object') throw argType('options', 'of type object', options)
    events.set(this, {
      type: `${type}`, bubbles: Boolean(options?.bubbles), cancelable: Boolean(options?.cancelable), composed: Boolean(options?.composed),
      prevented: false, stopped: false, stoppedNow: false,
      target: null, dispatching: false, timeStamp: native.now(),
    })
  }

  initEvent(type, bubbles = false, cancelable = false) {
    const state = eventOf(this)
    if (arguments.length === 0) throw missing('type')
    if (!state.dispatching) Object.assign(state, { type: `${type}`, bubbles: Boolean(bubbles), cancelable: Boolean(cancelable) })
  }

  stopPropagation() { eventOf(this).stopped = true }
  stopImmediatePropagation() {
    const state = eventOf(this)
    state.stopped = state.stoppedNow = true
  }

  preventDefault() {
    const state = eventOf(this)
    if (state.cancelable) state.prevented = true
  }

  composedPath() {
    const state = eventOf(this)
    return state.dispatching ? [state.target] : []
  }

  get target() { return eventOf(this).target }
  get srcElement() { return eventOf(this).target }
  get currentTarget() {
    const state = eventOf(this)
    return state.dispatching ? state.target : null
  }

  get type() { return eventOf(this).type }
  get cancelable() { return eventOf(this).cancelable }
  get bubbles() { return eventOf(this).bubbles }
  get composed() { return eventOf(this).composed }
  get defaultPrevented() {
    const state = eventOf(this)
    return state.cancelable && state.prevented
  }

  get returnValue() { return !this.defaultPrevented }
  get timeStamp() { return eventOf(this).timeStamp }
  get eventPhase() { return eventOf(this).dispatching ? 2 : 0 }
  get cancelBubble() { return eventOf(this).stopped }
  set cancelBubble(value) { if (value) this.stopPropagation() }
  get isTrusted() {
    eventOf(this)
    return false
  }

  [inspect](depth, options, show) {
    const { type, defaultPrevented, cancelable, timeStamp } = this
    const deeper = { ...options, depth: options.depth === null ? null : options.depth - 1 }
    return `${this.constructor.name} ${show({ type, defaultPrevented, cancelable, timeStamp }, deeper)}`
  }
}
Object.defineProperty(Event.prototype, inspect, { enumerable: false })
listed(Event.prototype, [
  'initEvent', 'stopImmediatePropagation', 'preventDefault', 'target', 'currentTarget', 'srcElement', 'type', 'cancelable',
  'defaultPrevented', 'timeStamp', 'composedPath', 'returnValue', 'bubbles', 'composed', 'eventPhase', 'cancelBubble', 'stopPropagation', 'isTrusted',
], 'Event')
;['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE'].forEach((name, value) => {
  Object.defineProperty(Event, name, { value, enumerable: true })
})

const details = new WeakMap()
const detailOf = of(details, 'CustomEvent')

class CustomEvent extends Event {
  constructor(type, options = undefined) {
    if (arguments.length === 0) throw missing('type')
    super(type, options)
    details.set(this, { detail: options?.detail ?? null })
  }

  get detail() { return detailOf(this).detail }
}
listed(CustomEvent.prototype, ['detail'], 'CustomEvent')

const messages = new WeakMap()
const messageOf = of(messages, 'MessageEvent')

class MessageEvent extends Event {
  constructor(type, init = undefined) {
    if (arguments.length === 0) throw missing('type')
    super(type, init)
    const { data = null, origin = '', lastEventId = '', source = null, ports = [] } = init ?? {}
    messages.set(this, { data, origin: `${origin}`, lastEventId: `${lastEventId}`, source, ports: Object.freeze([...ports]) })
  }

  get data() { return messageOf(this).data }
  get origin() { return messageOf(this).origin }
  get lastEventId() { return messageOf(this).lastEventId }
  get source() { return messageOf(this).source }
  get ports() { return messageOf(this).ports }
}
listed(MessageEvent.prototype, ['data', 'origin', 'lastEventId', 'source', 'ports'], 'MessageEvent')

const targets = new WeakMap() // target -> Map of the Set of listeners of each type
const targetOf = of(targets, 'EventTarget')

// An error of a listener does not stop the others; it is nobody's, and is
// reported when the JavaScript that is running has returned.
const uncaught = (problem) => nextTick(() => { throw problem })

function call(target, event, listener) {
  const { callback } = listener
  const invoke = typeof callback === 'function' ? callback : callback.handleEvent
  try {
    if (typeof invoke !== 'function') return
    const result = Reflect.apply(invoke, typeof callback === 'function' ? target : callback, [event])
    if (typeof result?.then === 'function') result.then(undefined, uncaught)
  } catch (problem) {
    uncaught(problem)
  }
}

function dispatch(target, event) {
  const state = events.get(event)
  state.target = target
  state.dispatching = true
  state.stoppedNow = false
  for (const listener of targets.get(target).get(state.type) ?? []) {
    if (listener.once) removeListener(target, state.type, listener)
    call(target, event, listener)
    if (state.stoppedNow) break
  }
  state.dispatching = false
  return !event.defaultPrevented
}

function find(target, type, callback, capture) {
  for (const one of targets.get(target).get(type) ?? []) {
    if (one.callback === callback && one.capture === capture) return one
  }
  return undefined
}

function removeListener(target, type, listener) {
  targets.get(target).get(type).delete(listener)
}

function readOptions(options) {
  if (typeof options === 'boolean') return { capture: options }
  if (options === null || options === undefined) return {}
  if (typeof options !== 'object') throw argType('options', 'of type object', options)
  return options
}

class EventTarget {
  constructor() { targets.set(this, new Map()) }

  addEventListener(type, callback, options = undefined) {
    const all = targetOf(this)
    if (arguments.length < 2) throw missing('type', 'listener')
    const { capture, once, signal } = readOptions(options)
    if (signal !== undefined && !(signal instanceof native.parts.abort.AbortSignal)) {
      throw argType('options.signal', 'an instance of AbortSignal', signal)
    }
    if (callback === null || callback === undefined) return
    if (typeof callback !== 'function' && typeof callback !== 'object') throw argType('listener', 'an instance of EventListener', callback)
    if (signal?.aborted) return
    const name = `${type}`
    if (find(this, name, callback, Boolean(capture))) return
    const listener = { callback, capture: Boolean(capture), once: Boolean(once) }
    if (!all.has(name)) all.set(name, new Set())
    all.get(name).add(listener)
    signal?.addEventListener('abort', () => removeListener(this, name, listener), { once: true })
  }

  removeEventListener(type, callback, options = undefined) {
    targetOf(this)
    if (arguments.length < 2) throw missing('type', 'listener')
    const listener = find(this, `${type}`, callback, Boolean(readOptions(options).capture))
    if (listener) removeListener(this, `${type}`, listener)
  }

  dispatchEvent(event) {
    targetOf(this)
    const state = events.get(event)
    if (!state) throw argType('event', 'an instance of Event', event)
    if (state.dispatching) throw error('Error', 'ERR_EVENT_RECURSION', `The event "${state.type}" is already being dispatched`)
    return dispatch(this, event)
  }

  [inspect](depth, options, show) { return `${this.constructor.name} ${show({}, options)}` }
}
Object.defineProperty(EventTarget.prototype, inspect, { enumerable: false })
listed(EventTarget.prototype, ['addEventListener', 'removeEventListener', 'dispatchEvent'], 'EventTarget')

// A property such as onabort is a listener that stands where its first value
// was set.
function handler(prototype, type) {
  const set = new WeakMap()
  Object.defineProperty(prototype, 'on' + type, {
    get() { return set.get(this)?.value ?? null },
    set(value) {
      const usable = typeof value === 'function' || (value !== null && typeof value === 'object')
      const known = set.get(this)
      if (known) known.value = usable ? value : null
      else if (usable) {
        const entry = { value }
        set.set(this, entry)
        this.addEventListener(type, function (event) {
          return typeof entry.value === 'function' ? Reflect.apply(entry.value, this, [event]) : undefined
        })
      }
    },
    enumerable: true, configurable: true,
  })
}

// The functions that listen to an event of a target, for events.getEventListeners.
function listenersOf(target, type) {
  return [...(targets.get(target)?.get(type) ?? [])].map((one) => one.callback)
}

module.exports = { Event, CustomEvent, MessageEvent, EventTarget, targets, handler, listed, listenersOf, of }
