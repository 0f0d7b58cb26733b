'use strict'

const { error, argType, received } = tools
const { inspect } = native.require('util')
const { equal: same } = native

const show = (value) => inspect(value, { compact: false, sorted: true, depth: 1000 })

// The lines of two texts, marked with what only one of them has.
function difference(a, b) {
  const before = a.split('\n'), after = b.split('\n')
  const comma = (line) => line.replace(/,$/, '')
  let start = 0
  while (start < before.length && start < after.length && comma(before[start]) === comma(after[start])) start++
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && comma(before[before.length - 1 - end]) === comma(after[after.length - 1 - end])) end++
  const mark = (list, sign) => list.map((line) => sign + ' ' + line)
  return [
    ...mark(before.slice(0, start), ' '),
    ...mark(before.slice(start, before.length - end), '+'),
    ...mark(after.slice(start, after.length - end), '-'),
    ...mark(before.slice(before.length - end), ' '),
  ].join('\n')
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'

function strictMessage(actual, expected, operator) {
  const what = operator === 'strictEqual' ? 'strictly equal' : 'strictly deep-equal'
  const a = show(actual), b = show(expected)
  if (!isObject(actual) && !isObject(expected) && a.length + b.length <= 60) {
    return `Expected values to be ${what}:\n\n${a} !== ${b}\n`
  }
  if (a === b && operator === 'strictEqual' && isObject(actual)) {
    return `Values have same structure but are not reference-equal:\n\n${a}\n`
  }
  if (a === b) return `Values identical but not reference-equal:\n\n${a}\n`
  const head = operator === 'strictEqual' && isObject(actual) && isObject(expected)
    ? 'Expected "actual" to be reference-equal to "expected":' : `Expected values to be ${what}:`
  return `${head}\n+ actual - expected\n\n${difference(a, b)}`
}

function notMessage(head, actual) {
  const text = show(actual)
  if (text.includes('\n')) return `${head}\n\n${text}\n`
  return head + (text.length > 5 ? '\n\n' : ' ') + text
}

function messageOf(actual, expected, operator) {
  switch (operator) {
    case 'strictEqual': case 'deepStrictEqual':
      return strictMessage(actual, expected, operator)
    case '==': case '!=':
      return `${inspect(actual)} ${operator} ${inspect(expected)}`
    case 'deepEqual':
      return `Expected values to be loosely deep-equal:\n\n${show(actual)}\n\nshould loosely deep-equal\n\n${show(expected)}`
    case 'notDeepEqual':
      return `Expected "actual" not to be loosely deep-equal to:\n\n${show(actual)}`
    case 'notDeepStrictEqual':
      return notMessage('Expected "actual" not to be strictly deep-equal to:', actual)
    case 'notStrictEqual':
      return notMessage(isObject(actual)
        ? 'Expected "actual" not to be reference-equal to "expected":' : 'Expected "actual" to be strictly unequal to:', actual)
  }
  return 'Failed'
}

class AssertionError extends Error {
  constructor(options) {
    if (options === null || typeof options !== 'object') throw argType('options', 'of type object', options)
    const { message, actual, expected, operator } = options
    super(message !== undefined ? String(message) : messageOf(actual, expected, operator))
    const stack = this.stack.split('\n    at ').slice(1)
    Object.defineProperty(this, 'name', { value: 'AssertionError', writable: true, configurable: true })
    Object.defineProperty(this, 'stack', {
      value: [`AssertionError [ERR_ASSERTION]: ${this.message}`, ...stack.filter((line) => !line.includes('node:assert'))].join('\n    at '),
      writable: true, configurable: true,
    })
    this.generatedMessage = message === undefined
    this.code = 'ERR_ASSERTION'
    this.actual = actual
    this.expected = expected
    this.operator = operator
  }
  toString() { return `${this.name} [${this.code}]: ${this.message}` }
}

// fail throws what a failed assertion throws: the message, when it is an error.
function failed(actual, expected, operator, message, generated) {
  if (message instanceof Error) throw message
  const e = new AssertionError({ message: message ?? generated, actual, expected, operator })
  if (message === undefined) e.generatedMessage = true
  throw e
}

function both(args) {
  if (args.length < 2) throw error('TypeError', 'ERR_MISSING_ARGS', 'The "actual" and "expected" arguments must be specified')
}

function truthy(args) {
  if (args.length === 0) failed(undefined, true, '==', undefined, 'No value argument passed to `assert.ok()`')
  if (!args[0]) failed(args[0], true, '==', args[1])
}

function ok(...args) { truthy(args) }
const assert = ok

function fail(message) { failed(undefined, undefined, 'fail', message, 'Failed') }

const comparisons = {
  equal: ['==', (a, b) => a == b || (a !== a && b !== b)],
  notEqual: ['!=', (a, b) => !(a == b || (a !== a && b !== b))],
  strictEqual: ['strictEqual', (a, b) => Object.is(a, b)],
  notStrictEqual: ['notStrictEqual', (a, b) => !Object.is(a, b)],
  deepEqual: ['deepEqual', (a, b) => same(a, b, false)],
  notDeepEqual: ['notDeepEqual', (a, b) => !same(a, b, false)],
  deepStrictEqual: ['deepStrictEqual', (a, b) => same(a, b, true)],
  notDeepStrictEqual: ['notDeepStrictEqual', (a, b) => !same(a, b, true)],
}

for (const [name, [operator, holds]] of Object.entries(comparisons)) {
  assert[name] = { [name](...args) {
    both(args)
    if (!holds(args[0], args[1])) failed(args[0], args[1], operator, args[2])
  } }[name]
}

// Exceptions

const nothing = Symbol('nothing')

function caught(fn) {
  if (typeof fn !== 'function') throw argType('fn', 'of type function', fn)
  try { fn() } catch (e) { return e }
  return nothing
}

async function rejection(promiseFn) {
  let promise = promiseFn
  if (typeof promiseFn === 'function') {
    promise = promiseFn()
    if (typeof promise?.then !== 'function') {
      throw error('TypeError', 'ERR_INVALID_RETURN_VALUE',
        `Expected instance of Promise to be returned from the "promiseFn" function but got ${received(promise)}.`)
    }
  } else if (typeof promiseFn?.then !== 'function') {
    throw argType('promiseFn', 'of type function or an instance of Promise', promiseFn)
  }
  try { await promise } catch (e) { return e }
  return nothing
}

function expectError(operator, thrown, expected, message) {
  if (typeof expected === 'string') {
    if (message !== undefined) throw argType('error', 'of type function or an instance of Error, RegExp, or Object', expected)
    if (thrown === expected || thrown?.message === expected) {
      const what = thrown === expected ? `error "${expected}"` : `error message "${expected}"`
      throw error('TypeError', 'ERR_AMBIGUOUS_ARGUMENT', `The "error/message" argument is ambiguous. The ${what} is identical to the message.`)
    }
    [expected, message] = [undefined, expected]
  } else if (expected !== undefined && !isObject(expected)) {
    throw argType('error', 'of type function or an instance of Error, RegExp, or Object', expected)
  }
  if (thrown === nothing) {
    const kind = operator === 'rejects' ? 'rejection' : 'exception'
    const name = expected?.name ? ` (${expected.name})` : ''
    throw new AssertionError({ expected, operator, message: `Missing expected ${kind}${name}${message ? ': ' + message : '.'}` })
  }
  if (expected !== undefined) matches(operator, thrown, expected, message)
}

function matches(operator, thrown, expected, message) {
  if (expected instanceof RegExp) {
    if (expected.test(String(thrown))) return
    failed(thrown, expected, operator, message, `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(String(thrown))}\n`)
  }
  if (typeof expected !== 'function') return sameError(operator, thrown, expected, message)
  if (expected.prototype !== undefined && thrown instanceof expected) return
  if (Error.isPrototypeOf(expected) || expected === Error) {
    const got = thrown instanceof Error ? `"${thrown.constructor.name}"` : `"${inspect(thrown)}"`
    failed(thrown, expected, operator, message,
      `The error is expected to be an instance of "${expected.name}". Received ${got}` +
      (thrown?.message ? `\n\nError message:\n\n${thrown.message}` : ''))
  }
  const answer = expected.call({}, thrown)
  if (answer === true) return
  const name = expected.name ? `"${expected.name}" ` : ''
  failed(thrown, expected, operator, message,
    `The ${name}validation function is expected to return "true". Received ${inspect(answer)}` +
    (thrown instanceof Error ? `\n\nCaught error:\n\n${thrown}` : ''))
}

// The class is what the message shows.
class Comparison {
  constructor(object, keys, other) {
    for (const key of keys) {
      if (!(key in object)) continue
      const matched = typeof object[key] === 'string' && other?.[key] instanceof RegExp && other[key].test(object[key])
      this[key] = matched ? other[key] : object[key]
    }
  }
}

function sameError(operator, thrown, expected, message) {
  const keys = Object.keys(expected)
  if (expected instanceof Error) keys.push('name', 'message')
  else if (keys.length === 0) {
    throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'error' may not be an empty object. Received {}`)
  }
  const object = isObject(thrown) ? thrown : {}
  const a = new Comparison(object, keys, expected), b = new Comparison(expected, keys)
  if (!isObject(thrown) || !same(a, b, true)) {
    failed(thrown, expected, operator, message, strictMessage(isObject(thrown) ? a : thrown, b, 'deepStrictEqual'))
  }
}

function unexpected(operator, thrown, expected, message) {
  if (thrown === nothing) return
  if (typeof expected === 'string') [expected, message] = [undefined, expected]
  const kind = operator === 'doesNotReject' ? 'rejection' : 'exception'
  const concerns = expected === undefined || (expected instanceof RegExp ? expected.test(String(thrown)) : thrown instanceof expected)
  if (!concerns) throw thrown
  throw new AssertionError({
    actual: thrown, expected, operator,
    message: `Got unwanted ${kind}${message ? ': ' + message : '.'}\nActual message: "${thrown?.message}"`,
  })
}

Object.assign(assert, {
  fail, ok, AssertionError,
  throws(fn, ...args) { expectError('throws', caught(fn), ...args) },
  doesNotThrow(fn, ...args) { unexpected('doesNotThrow', caught(fn), ...args) },
  async rejects(promiseFn, ...args) { expectError('rejects', await rejection(promiseFn), ...args) },
  async doesNotReject(promiseFn, ...args) { unexpected('doesNotReject', await rejection(promiseFn), ...args) },
  ifError(value) {
    if (value === null || value === undefined) return
    const text = typeof value === 'object' && typeof value.message === 'string'
      ? value.message || value.constructor?.name : inspect(value)
    throw new AssertionError({ actual: value, expected: null, operator: 'ifError', message: 'ifError got unwanted exception: ' + text })
  },
  match(string, regexp, message) { pattern('match', string, regexp, message, true) },
  doesNotMatch(string, regexp, message) { pattern('doesNotMatch', string, regexp, message, false) },
})

function pattern(operator, string, regexp, message, want) {
  if (!(regexp instanceof RegExp)) throw argType('regexp', 'an instance of RegExp', regexp)
  if (typeof string !== 'string') {
    failed(string, regexp, operator, message, `The "string" argument must be of type string. Received ${received(string)}`)
  }
  if (regexp.test(string) === want) return
  const verb = want ? 'did not match' : 'was expected to not match'
  failed(string, regexp, operator, message, `The input ${verb} the regular expression ${inspect(regexp)}. Input:\n\n${inspect(string)}\n`)
}

function strict(...args) { truthy(args) }
assert.strict = Object.assign(strict, assert, {
  equal: assert.strictEqual, notEqual: assert.notStrictEqual,
  deepEqual: assert.deepStrictEqual, notDeepEqual: assert.notDeepStrictEqual,
})
strict.strict = strict
tools.missing(assert, 'assert', 'CallTracker')
tools.missing(strict, 'assert', 'CallTracker')

module.exports = assert
