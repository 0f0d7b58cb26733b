'use strict'

// What the kinds of streams have in common.

const { error } = tools
const { assign, defineProperty, getOwnPropertyNames } = Object

const asyncIterator = Symbol.asyncIterator ?? Symbol.for('Symbol.asyncIterator')
const inspect = Symbol.for('nodejs.util.inspect.custom')
const nothing = () => {}

// A promise with the functions that settle it. Its rejection is never reported
// as one that nobody handled.
// ending is where a stream has, for finished of the module stream, the promise
// of its end.
const ending = Symbol.for('nodejs.webstream.isClosedPromise')

function deferred() {
  const made = {}
  made.promise = new Promise((resolve, reject) => assign(made, { resolve, reject }))
  made.promise.then(nothing, nothing)
  return made
}
function settled(value) {
  const made = deferred()
  made.resolve(value)
  return made
}
function failed(reason) {
  const made = deferred()
  made.reject(reason)
  return made
}

// The promise of what a function returns, or throws.
function attempt(fn, ...args) {
  try {
    return Promise.resolve(fn(...args))
  } catch (problem) {
    return Promise.reject(problem)
  }
}

// A keeper of states that scripts cannot reach.
function keeper(name) {
  const states = new WeakMap()
  const of = (object) => {
    const state = states.get(object)
    if (state === undefined) throw error('TypeError', 'ERR_INVALID_THIS', `Value of "this" must be of type ${name}`)
    return state
  }
  return { of, has: (object) => states.has(object), set: (object, state) => { states.set(object, state); return state } }
}

const invalidState = (message) => error('TypeError', 'ERR_INVALID_STATE', `Invalid state: ${message}`)
const illegal = () => error('TypeError', 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor')

// The method of an object that a script has given, or undefined.
function method(object, name, of) {
  const fn = object?.[name]
  if (fn === undefined) return undefined
  if (typeof fn !== 'function') throw tools.argType(`${of}.${name}`, 'of type function', fn)
  return (...args) => fn.apply(object, args)
}

function mark(strategy, usual) {
  const value = strategy?.highWaterMark
  if (value === undefined) return usual
  const number = Number(value)
  if (!(number >= 0)) throw error('RangeError', 'ERR_INVALID_ARG_VALUE', `The property 'strategy.highWaterMark' is invalid. Received ${String(value)}`)
  return number
}

function sizing(strategy) {
  const size = strategy?.size
  if (size === undefined) return () => 1
  if (typeof size !== 'function') throw tools.argType('strategy.size', 'of type function', size)
  return (chunk) => {
    const n = Number(size(chunk))
    if (!(n >= 0 && n < Infinity)) throw error('RangeError', 'ERR_INVALID_ARG_VALUE', `The property 'size' is invalid. Received ${String(n)}`)
    return n
  }
}

// named gives a class its tag and what the console shows of it.
function named(type, shown) {
  const { prototype, name } = type
  defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true })
  for (const key of getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') defineProperty(prototype, key, { enumerable: true })
  }
  if (shown) {
    defineProperty(prototype, inspect, {
      value(depth, options, show) { return `${name} ${show(shown(this), options)}` }, writable: true, configurable: true,
    })
  }
}

module.exports = {
  asyncIterator, inspect, nothing, deferred, settled, failed, attempt, keeper, invalidState, illegal, method, mark, sizing, named, ending,
}
