'use strict'

// Functions that ECMAScript has gained after what the engine implements. Each
// is called with the this and the arguments of the function that stands for it.

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'
const key = (value) => (typeof value === 'symbol' ? value : `${value}`)
const asyncIterator = Symbol.asyncIterator

// group calls add(key, value) for every item of an iterable.
function group(items, callback, add) {
  if (items === null || items === undefined) throw new TypeError(`${items} is not iterable`)
  if (typeof callback !== 'function') throw new TypeError(`${String(callback)} is not a function`)
  let i = 0
  for (const item of items) add(callback(item, i++), item)
}

function collect(map, name, item) {
  const list = map.get(name)
  if (list) list.push(item)
  else map.set(name, [item])
}

const staticOf = {
  Object: {
    groupBy(items, callback) {
      const groups = new Map()
      group(items, callback, (name, item) => collect(groups, key(name), item))
      const object = Object.create(null)
      for (const [name, list] of groups) object[name] = list
      return object
    },
  },
  Map: {
    groupBy(items, callback) {
      const groups = new Map()
      group(items, callback, (name, item) => collect(groups, name, item))
      return groups
    },
  },
  Promise: {
    withResolvers() {
      let resolve, reject
      const promise = new this((...both) => { [resolve, reject] = both })
      return { promise, resolve, reject }
    },
    try(callback, ...args) {
      if (!isObject(this)) throw new TypeError('Promise.try called on non-object')
      return new this((resolve) => resolve(callback(...args)))
    },
  },
  Array: {
    async fromAsync(items, map = undefined, self = undefined) {
      if (map !== undefined && typeof map !== 'function') throw new TypeError(`${String(map)} is not a function`)
      const array = typeof this === 'function' ? this : Array
      const async = items[asyncIterator], sync = items[Symbol.iterator]
      const usable = (method) => method !== undefined && method !== null
      if (usable(async) || usable(sync)) return fromIterator(array, usable(async) ? async.call(items) : sync.call(items), !usable(async), map, self)
      const made = typeof this === 'function' ? new array(toLength(items.length)) : new Array(toLength(items.length))
      return fromList(made, items, map, self)
    },
  },
}

const toLength = (value) => Math.min(Math.max(Math.trunc(Number(value)) || 0, 0), Number.MAX_SAFE_INTEGER)
const put = (list, i, value) => Object.defineProperty(list, i, { value, writable: true, enumerable: true, configurable: true })

async function fromIterator(array, iterator, awaits, map, self) {
  const list = new array()
  let i = 0
  for (;;) {
    const step = await iterator.next()
    if (!isObject(step)) throw new TypeError(`Iterator result ${String(step)} is not an object`)
    if (step.done) {
      list.length = i
      return list
    }
    try {
      const value = awaits ? await step.value : step.value
      put(list, i, map ? await map.call(self, value, i) : value)
      i++
    } catch (problem) {
      await iterator.return?.()
      throw problem
    }
  }
}

async function fromList(list, items, map, self) {
  const n = toLength(items.length)
  for (let i = 0; i < n; i++) {
    const value = await items[i]
    put(list, i, map ? await map.call(self, value, i) : value)
  }
  list.length = n
  return list
}

function text(value, name) {
  if (value === null || value === undefined) throw new TypeError(`String.prototype.${name} called on null or undefined`)
  return `${value}`
}

// A surrogate without its other half.
const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(^|[^\ud800-\udbff])[\udc00-\udfff]/

function wellFormed(value) {
  if (!lone.test(value)) return value
  let result = ''
  for (const char of value) result += char.length === 1 && char >= '\ud800' && char <= '\udfff' ? '\ufffd' : char
  return result
}

// object is the this of a function, which must be one or become one.
function object(value) {
  if (value === null || value === undefined) throw new TypeError('Cannot convert undefined or null to object')
  return Object(value)
}

function defineAccessor(name, kind) {
  return function (property, accessor) {
    const target = object(this)
    if (typeof accessor !== 'function') throw new TypeError(`Object.prototype.${name}: Expecting function`)
    Object.defineProperty(target, property, { [kind]: accessor, enumerable: true, configurable: true })
  }
}

function lookUpAccessor(kind) {
  return function (property) {
    for (let at = object(this), name = key(property); at !== null; at = Object.getPrototypeOf(at)) {
      const found = Object.getOwnPropertyDescriptor(at, name)
      if (found) return found[kind]
    }
    return undefined
  }
}

const prototypeOf = {
  Object: {
    __defineGetter__: defineAccessor('__defineGetter__', 'get'),
    __defineSetter__: defineAccessor('__defineSetter__', 'set'),
    __lookupGetter__: lookUpAccessor('get'),
    __lookupSetter__: lookUpAccessor('set'),
  },
  String: {
    isWellFormed() {
      const value = text(this, 'isWellFormed')
      return wellFormed(value) === value
    },
    toWellFormed() { return wellFormed(text(this, 'toWellFormed')) },
  },
  Date: {
    getYear() { return this.getFullYear() - 1900 },
    setYear(year) {
      const whole = Math.trunc(Number(year))
      if (Number.isNaN(this.getTime())) this.setTime(new Date(1970, 0, 1).getTime())
      return this.setFullYear(whole >= 0 && whole <= 99 ? whole + 1900 : whole)
    },
  },
}

module.exports = { staticOf, prototypeOf }
