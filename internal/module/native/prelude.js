'use strict'

// The tools that the source of every module gets.
//
//   error(class, code, message)   an error as Node's own functions throw it
//   argType(name, want, value)    ERR_INVALID_ARG_TYPE
//   outOfRange(name, want, value) ERR_OUT_OF_RANGE
//   bytes(value)                  a Buffer on the memory of a binary value, or undefined
//   check                         checks of arguments, which throw
//   settle(promise, callback)     calls back with (error, value)
//   missing(exports, module, names)  declares what a module of Node's has and this one has not
//   callable(class)               makes a class that may be called without new

const { Buffer, error, argType, outOfRange, received, memory } = native
const { setImmediate } = globalThis

const check = {
  func(value, name) {
    if (typeof value !== 'function') throw argType(name, 'of type function', value)
  },
  string(value, name) {
    if (typeof value !== 'string') throw argType(name, 'of type string', value)
  },
  object(value, name) {
    if (value === null || typeof value !== 'object') throw argType(name, 'of type object', value)
  },
  integer(value, name, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) {
    if (typeof value !== 'number') throw argType(name, 'of type number', value)
    if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value)
    if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value)
  },
}

// What is missing stands on the prototype of the exports: it is found and says
// what it is when it is used, and is not listed.
function missing(exports, module, names) {
  const absent = Object.create(Object.getPrototypeOf(exports))
  for (const name of names.trim().split(/\s+/)) {
    const use = function () {
      throw error('Error', 'ERR_NOT_IMPLEMENTED', `${module}.${name} is not implemented in mqscript`)
    }
    Object.defineProperty(absent, name, { value: use, writable: true, configurable: true })
  }
  Object.setPrototypeOf(exports, absent)
}

// The callback runs in a turn of its own, so that what it throws is reported as
// its own error.
function settle(promise, callback) {
  promise.then((value) => setImmediate(callback, null, value), (error) => setImmediate(callback, error))
}

// The engine leaves new.target as it is when a constructor calls a function, so
// that alone does not say whether there was a new.
function callable(type) {
  const wrapped = function (...args) { return Reflect.construct(type, args, (this instanceof wrapped && new.target) || wrapped) }
  Object.defineProperty(wrapped, 'name', { value: type.name, configurable: true })
  wrapped.prototype = type.prototype
  Object.defineProperty(type.prototype, 'constructor', { value: wrapped, writable: true, configurable: true })
  return wrapped
}

module.exports = { Buffer, error, argType, outOfRange, received, bytes: memory, check, missing, settle, callable }
