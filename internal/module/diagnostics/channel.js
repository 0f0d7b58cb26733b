'use strict'

const { check, argType, missing } = tools
const { nextTick } = native.require('process')

const channels = new Map()

class Channel {
  #subscribers = []
  constructor(name) { this.name = name }

  get hasSubscribers() { return this.#subscribers.length > 0 }
  subscribe(subscriber) {
    check.func(subscriber, 'subscription')
    this.#subscribers = [...this.#subscribers, subscriber]
  }
  unsubscribe(subscriber) {
    const at = this.#subscribers.indexOf(subscriber)
    if (at >= 0) this.#subscribers = this.#subscribers.filter((one, i) => i !== at)
    return at >= 0
  }
  publish(message) {
    for (const subscriber of this.#subscribers) {
      try {
        subscriber(message, this.name)
      } catch (problem) {
        nextTick(() => { throw problem }) // it is not the publisher's
      }
    }
  }
  runStores(message, fn, self, ...args) {
    this.publish(message)
    return fn.apply(self, args)
  }
}
missing(Channel.prototype, 'Channel.prototype', 'bindStore unbindStore')

function channel(name) {
  if (typeof name !== 'string' && typeof name !== 'symbol') throw argType('channel', 'one of type string or symbol', name)
  if (!channels.has(name)) channels.set(name, new Channel(name))
  return channels.get(name)
}

const phases = ['start', 'end', 'asyncStart', 'asyncEnd', 'error']

class TracingChannel {
  constructor(from) {
    for (const phase of phases) this[phase] = typeof from === 'string' ? channel(`tracing:${from}:${phase}`) : from[phase]
  }
  get hasSubscribers() { return phases.some((phase) => this[phase].hasSubscribers) }
  subscribe(handlers) { for (const phase of phases) if (handlers[phase]) this[phase].subscribe(handlers[phase]) }
  unsubscribe(handlers) {
    return phases.filter((phase) => handlers[phase]).map((phase) => this[phase].unsubscribe(handlers[phase])).every(Boolean)
  }

  #run(context, call) {
    this.start.publish(context)
    try {
      return call()
    } catch (problem) {
      context.error = problem
      this.error.publish(context)
      throw problem
    } finally {
      this.end.publish(context)
    }
  }
  #settled(context, problem, result) {
    if (problem) {
      context.error = problem
      this.error.publish(context)
    } else context.result = result
    this.asyncStart.publish(context)
  }

  traceSync(fn, context = {}, self, ...args) {
    return this.#run(context, () => (context.result = fn.apply(self, args)))
  }
  tracePromise(fn, context = {}, self, ...args) {
    return this.#run(context, () => Promise.resolve(fn.apply(self, args)).then((result) => {
      this.#settled(context, null, result)
      this.asyncEnd.publish(context)
      return result
    }, (problem) => {
      this.#settled(context, problem)
      this.asyncEnd.publish(context)
      throw problem
    }))
  }
  traceCallback(fn, position = -1, context = {}, self, ...args) {
    const callback = args.at(position)
    check.func(callback, 'callback')
    args.splice(position, 1, (problem, result, ...rest) => {
      this.#settled(context, problem, result)
      try {
        return callback(problem, result, ...rest)
      } finally {
        this.asyncEnd.publish(context)
      }
    })
    return this.#run(context, () => fn.apply(self, args))
  }
}

module.exports = {
  channel,
  hasSubscribers: (name) => channels.get(name)?.hasSubscribers ?? false,
  subscribe(name, subscriber) { channel(name).subscribe(subscriber) },
  unsubscribe: (name, subscriber) => channel(name).unsubscribe(subscriber),
  tracingChannel: (from) => new TracingChannel(from),
  Channel,
}
