'use strict'

// Request: what is to be fetched.

const { Headers, fixed, token } = native.parts.headers
const { Body, bodyOf, methods, define } = native.parts.body
const { AbortController, AbortSignal, URL } = globalThis
const inspect = Symbol.for('nodejs.util.inspect.custom')

const states = new WeakMap()
const stateOf = (request) => {
  const state = states.get(request)
  if (state === undefined) throw new TypeError('Illegal invocation')
  return state
}

const known = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH']
const forbidden = ['CONNECT', 'TRACE', 'TRACK']

function methodOf(text) {
  const method = `${text}`
  if (!token.test(method)) throw new TypeError(`'${method}' is not a valid HTTP method.`)
  const upper = method.toUpperCase()
  if (forbidden.includes(upper)) throw new TypeError(`'${method}' HTTP method is unsupported.`)
  return known.includes(upper) && upper !== 'PATCH' ? upper : method
}

const choices = {
  redirect: ['follow', 'manual', 'error'],
  credentials: ['omit', 'same-origin', 'include'],
  mode: ['same-origin', 'no-cors', 'cors', 'navigate', 'websocket'],
  cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
  referrerPolicy: ['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
    'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'],
}
const usual = { redirect: 'follow', credentials: 'same-origin', mode: 'cors', cache: 'default', referrerPolicy: '', integrity: '', keepalive: false, duplex: 'half' }

function urlOf(input) {
  let url
  try {
    url = new URL(`${input}`)
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${input}`, { cause })
  }
  if (url.username || url.password) throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${input}`)
  return url
}

class Request {
  constructor(input, init = {}) {
    if (arguments.length < 1) throw new TypeError('Request constructor: 1 argument required, but 0 found.')
    init ??= {}
    const from = states.get(input)
    const state = { ...usual, ...from, url: from ? from.url : urlOf(input) }
    if (!from) state.method = 'GET'
    for (const name of Object.keys(choices)) {
      if (init[name] === undefined) continue
      const value = `${init[name]}`
      if (!choices[name].includes(value)) {
        throw new TypeError(`Request constructor: ${value} is not an accepted type. Expected one of ${choices[name].join(', ')}.`)
      }
      state[name] = value
    }
    if (state.mode === 'navigate') throw new TypeError('Request constructor: invalid request mode navigate.')
    if (init.integrity !== undefined) state.integrity = `${init.integrity}`
    if (init.keepalive !== undefined) state.keepalive = Boolean(init.keepalive)
    if (init.method !== undefined) state.method = methodOf(init.method)
    state.signal = follow(init.signal === undefined ? from?.signal : init.signal)
    state.headers = new Headers(init.headers === undefined ? from?.headers : init.headers)
    state.body = carried(init, from, state)
    states.set(this, state)
  }

  get method() { return stateOf(this).method }
  get url() { return stateOf(this).url.href }
  get headers() { return stateOf(this).headers }
  get destination() { return stateOf(this) && '' }
  get referrer() { return stateOf(this) && 'about:client' }
  get referrerPolicy() { return stateOf(this).referrerPolicy }
  get mode() { return stateOf(this).mode }
  get credentials() { return stateOf(this).credentials }
  get cache() { return stateOf(this).cache }
  get redirect() { return stateOf(this).redirect }
  get integrity() { return stateOf(this).integrity }
  get keepalive() { return stateOf(this).keepalive }
  get isReloadNavigation() { return stateOf(this) && false }
  get isHistoryNavigation() { return stateOf(this) && false }
  get signal() { return stateOf(this).signal }
  get duplex() { return stateOf(this).duplex }

  clone() {
    const state = stateOf(this)
    if (state.body && (state.body.used || state.body.locked)) throw new TypeError('unusable')
    const copy = Object.create(Request.prototype)
    states.set(copy, { ...state, headers: new Headers(state.headers), signal: follow(state.signal), body: state.body?.clone() ?? null })
    return copy
  }
}

// A request has a signal of its own, which follows the one it was given.
function follow(signal) {
  if (signal === undefined || signal === null) return new AbortController().signal
  if (!(signal instanceof AbortSignal)) throw new TypeError("Failed to construct 'Request': member signal is not of type AbortSignal.")
  return AbortSignal.any([signal])
}

function carried(init, from, state) {
  const given = init.body !== undefined && init.body !== null
  if ((given || (from?.body && init.body === undefined)) && (state.method === 'GET' || state.method === 'HEAD')) {
    throw new TypeError('Request with GET/HEAD method cannot have body.')
  }
  if (!given) {
    const { body } = from ?? {}
    if (!body || init.body === null) return null
    if (body.used || body.locked) throw new TypeError('Cannot construct a Request with a Request object that has already been used.')
    const moved = new Body({ data: body.data, stream: body.data ? null : body.open(), type: body.type })
    if (body.data) body.taken = true
    else from.body = new Body({ data: tools.Buffer.alloc(0), taken: true })
    return moved
  }
  const body = bodyOf(init.body, state.keepalive)
  if (body.stream && init.duplex === undefined) throw new TypeError('RequestInit: duplex option is required when sending a body.')
  if (body.type && !state.headers.has('content-type')) state.headers.append('content-type', body.type)
  return body
}

define(Request, methods('Request', stateOf))
const shown = ['method', 'url', 'headers', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache',
  'redirect', 'integrity', 'keepalive', 'isReloadNavigation', 'isHistoryNavigation', 'signal']
Object.defineProperty(Request.prototype, inspect, {
  value(depth, options, show) { return `Request ${show(Object.fromEntries(shown.map((name) => [name, this[name]])), options)}` },
  writable: true, configurable: true,
})

module.exports = { Request, stateOf, isRequest: (value) => states.has(value), fixed }
