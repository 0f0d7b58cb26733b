'use strict'

// Deep equality, as assert and util have it.

const kindOf = (value) => Object.prototype.toString.call(value)

function ownKeys(object) {
  const symbols = Object.getOwnPropertySymbols(object)
    .filter((s) => Object.prototype.propertyIsEnumerable.call(object, s))
  return [...Object.keys(object), ...symbols]
}

class Comparison {
  #strict
  #open = new Map() // actual -> expected, those being compared
  constructor(strict) { this.#strict = strict }

  same(a, b) {
    if (this.#strict ? Object.is(a, b) : a == b || (a !== a && b !== b)) return true
    if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
    if (kindOf(a) !== kindOf(b) || Array.isArray(a) !== Array.isArray(b)) return false
    if (this.#strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
    if (this.#open.has(a)) return this.#open.get(a) === b
    this.#open.set(a, b)
    const equal = this.#sameObject(a, b)
    this.#open.delete(a)
    return equal
  }

  #sameObject(a, b) {
    if (a instanceof Date && !Object.is(a.getTime(), b.getTime?.())) return false
    if (a instanceof RegExp && (String(a) !== String(b) || a.lastIndex !== b.lastIndex)) return false
    if (a instanceof Error && (a.message !== b.message || a.name !== b.name)) return false
    if (a instanceof Number || a instanceof String || a instanceof Boolean) {
      if (!Object.is(a.valueOf(), b.valueOf())) return false
    }
    if (ArrayBuffer.isView(a) || a instanceof ArrayBuffer) return this.#sameMemory(a, b)
    if (a instanceof Map && !this.#sameMap(a, b)) return false
    if (a instanceof Set && !this.#sameSet(a, b)) return false
    if (a instanceof WeakMap || a instanceof WeakSet || a instanceof Promise) return false
    if (Array.isArray(a) && a.length !== b.length) return false
    return this.#sameKeys(a, b)
  }

  #sameKeys(a, b) {
    const keys = this.#strict ? ownKeys(a) : Object.keys(a)
    if (keys.length !== (this.#strict ? ownKeys(b) : Object.keys(b)).length) return false
    return keys.every((key) => Object.prototype.propertyIsEnumerable.call(b, key) && this.same(a[key], b[key]))
  }

  #sameMemory(a, b) {
    if (!this.#strict && (a instanceof Float32Array || a instanceof Float64Array)) {
      return a.length === b.length && a.every((x, i) => x === b[i])
    }
    const [x, y] = [tools.bytes(a), tools.bytes(b)]
    return x.length === y?.length && x.equals(y)
  }

  #sameMap(a, b) {
    if (a.size !== b.size) return false
    const left = new Set(b.keys())
    for (const [key, value] of a) {
      let match
      if (left.has(key) && this.same(value, b.get(key))) match = [key]
      else if (typeof key === 'object' || !this.#strict) {
        for (const other of left) {
          if (this.same(key, other) && this.same(value, b.get(other))) { match = [other]; break }
        }
      }
      if (!match) return false
      left.delete(match[0])
    }
    return true
  }

  #sameSet(a, b) {
    if (a.size !== b.size) return false
    const left = new Set(b)
    for (const value of a) {
      if (left.delete(value)) continue
      let found = false
      for (const other of left) {
        if ((typeof value === 'object' || !this.#strict) && this.same(value, other)) {
          left.delete(other)
          found = true
          break
        }
      }
      if (!found) return false
    }
    return true
  }
}

module.exports = (a, b, strict) => new Comparison(strict).same(a, b)
