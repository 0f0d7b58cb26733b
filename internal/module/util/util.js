'use strict'

const { error, argType, check, Buffer } = tools
const { parts } = native
const lazy = (name) => native.require(name)
const custom = Symbol.for('nodejs.util.promisify.custom')
// What a function's callback is given beyond an error, when that is more than
// one value.
const argumentNames = Symbol.for('mqscript.util.promisify.names')
const nextTick = (...args) => lazy('process').nextTick(...args)

function named(fn, original) {
  Object.defineProperties(fn, Object.getOwnPropertyDescriptors(original))
  return fn
}

function promisify(original) {
  check.func(original, 'original')
  if (original[custom]) {
    const own = original[custom]
    check.func(own, 'util.promisify.custom')
    return Object.defineProperty(own, custom, { value: own, writable: false, enumerable: false, configurable: true })
  }
  function promisified(...args) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [...args, (problem, ...values) => {
        if (problem) reject(problem)
        else if (original[argumentNames] && values.length > 1) {
          resolve(Object.fromEntries(original[argumentNames].map((name, i) => [name, values[i]])))
        } else resolve(values[0])
      }])
    })
  }
  Object.setPrototypeOf(promisified, Object.getPrototypeOf(original))
  Object.defineProperty(promisified, custom, { value: promisified, writable: false, enumerable: false, configurable: true })
  return named(promisified, original)
}
promisify.custom = custom

function falsyRejection(reason) {
  const problem = error('Error', 'ERR_FALSY_VALUE_REJECTION', 'Promise was rejected with falsy value')
  problem.reason = reason
  return problem
}

function callbackify(original) {
  check.func(original, 'original')
  function callbackified(...args) {
    const callback = args.pop()
    if (typeof callback !== 'function') {
      throw error('TypeError', 'ERR_INVALID_ARG_TYPE', `The last argument must be of type function. Received ${tools.received(callback)}`)
    }
    const call = callback.bind(this)
    Reflect.apply(original, this, args).then((value) => nextTick(call, null, value), (reason) => nextTick(call, reason || falsyRejection(reason)))
  }
  const properties = Object.getOwnPropertyDescriptors(original)
  if (typeof properties.length?.value === 'number') properties.length.value++
  if (typeof properties.name?.value === 'string') properties.name.value += 'Callbackified'
  return Object.defineProperties(callbackified, properties)
}

function inherits(constructor, superConstructor) {
  check.func(constructor, 'ctor')
  check.func(superConstructor, 'superCtor')
  if (superConstructor.prototype === undefined) throw argType('superCtor.prototype', 'of type object', superConstructor.prototype)
  Object.defineProperty(constructor, 'super_', { value: superConstructor, writable: true, configurable: true })
  Object.setPrototypeOf(constructor.prototype, superConstructor.prototype)
}

const warned = new Set() // codes of deprecations

function deprecate(fn, message, code = undefined) {
  check.func(fn, 'fn')
  if (code !== undefined) check.string(code, 'code')
  let said = false
  function deprecated(...args) {
    if (!said && lazy('process').noDeprecation !== true) {
      said = true
      if (code === undefined || !warned.has(code)) lazy('process').emitWarning(message, 'DeprecationWarning', code, deprecated)
      if (code !== undefined) warned.add(code)
    }
    if (new.target && this instanceof deprecated) return Reflect.construct(fn, args, new.target)
    return Reflect.apply(fn, this, args)
  }
  Object.setPrototypeOf(deprecated, fn)
  if (fn.prototype) deprecated.prototype = fn.prototype
  return deprecated
}

function debuglog(set, callback = undefined) {
  const name = String(set).toUpperCase()
  const wanted = (lazy('process').env.NODE_DEBUG ?? '').toUpperCase().split(/[\s,]+/)
  const enabled = wanted.some((one) => one !== '' && new RegExp(`^${one.replace(/[|\\{}()[\]^$+?.]/g, '\\$&').replace(/\*/g, '.*')}$`).test(name))
  const log = (...args) => {
    if (enabled) lazy('console').error(`${name} ${lazy('process').pid}: ${native.format(...args)}`)
  }
  callback?.(log)
  return Object.defineProperty(log, 'enabled', { get: () => enabled, enumerable: true, configurable: true })
}

const ansi = /[\u001b\u009b][[\]()#;?]*(?:(?:(?:;[-a-zA-Z\d/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d/#&.:=?%@~_]*)*)?(?:\u0007|\u001b\u005c|\u009c)|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-ntqry=><~]))/g

function stripVTControlCharacters(text) {
  check.string(text, 'str')
  return text.replace(ansi, '')
}

function toUSVString(value) { return `${value}`.toWellFormed() }

function styleText(format, text) {
  check.string(text, 'text')
  const { colors } = native.inspect
  let before = '', after = ''
  for (const name of Array.isArray(format) ? format : [format]) {
    const style = colors[name]
    if (!style) {
      const names = Object.keys(colors).map((one) => `'${one}'`).join(', ')
      throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'format' must be one of: ${names}. Received ${native.inspect(name)}`)
    }
    before += `\u001b[${style[0]}m`
    after = `\u001b[${style[1]}m` + after
  }
  return before + text + after
}

function parseEnv(text) {
  check.string(text, 'content')
  const found = {}
  const line = /^\s*(?:export\s+)?([\w.-]+)\s*=[ \t]*("(?:\\"|[^"])*"|'[^']*'|`[^`]*`|[^#\r\n]*)?[ \t]*(?:#.*)?$/gm
  for (const [, name, raw = ''] of text.replace(/\r\n?/g, '\n').matchAll(line)) {
    const value = raw.trim()
    const quote = /^(["'`])([\s\S]*)\1$/.exec(value)
    found[name] = quote ? (quote[1] === '"' ? quote[2].replace(/\\n/g, '\n') : quote[2]) : value
  }
  return found
}

// aborted resolves when a signal is; the object that it is for is not kept
// alive by that.
async function aborted(signal, resource) {
  if (signal === undefined || typeof signal?.aborted !== 'boolean') throw argType('signal', 'an instance of AbortSignal', signal)
  if (resource === null || typeof resource !== 'object') throw argType('resource', 'of type object', resource)
  if (signal.aborted) return undefined
  return new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

const { types } = parts
const isError = (value) => types.isNativeError(value) || value instanceof Error
const legacy = {
  isArray: Array.isArray,
  isBoolean: (value) => typeof value === 'boolean',
  isBuffer: (value) => Buffer.isBuffer(value),
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === 'number',
  isString: (value) => typeof value === 'string',
  isSymbol: (value) => typeof value === 'symbol',
  isUndefined: (value) => value === undefined,
  isRegExp: types.isRegExp,
  isObject: (value) => value !== null && typeof value === 'object',
  isDate: types.isDate,
  isError,
  isFunction: (value) => typeof value === 'function',
  isPrimitive: (value) => value === null || (typeof value !== 'object' && typeof value !== 'function'),
}

const { TextEncoder, TextDecoder } = globalThis

module.exports = {
  _extend(target, source) { return source === null || typeof source !== 'object' ? target : Object.assign(target, source) },
  aborted, callbackify, debug: debuglog, debuglog, deprecate,
  format: native.format,
  formatWithOptions(options, ...args) {
    check.object(options, 'inspectOptions')
    return native.formatWithOptions(options, ...args)
  },
  inherits, inspect: native.inspect, ...legacy,
  isDeepStrictEqual: (a, b) => lazy('internal/equal')(a, b, true),
  log(...args) { lazy('console').log('%s - %s', new Date().toLocaleTimeString(), native.format(...args)) },
  parseArgs: parts.parseArgs, parseEnv, promisify, stripVTControlCharacters, styleText, toUSVString, types,
  TextDecoder, TextEncoder,
}
tools.missing(module.exports, 'util', 'MIMEType MIMEParams getSystemErrorMap getSystemErrorName transferableAbortController transferableAbortSignal')
