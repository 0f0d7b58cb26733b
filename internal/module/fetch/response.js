'use strict'

// Response: what came back.

const { Headers, fixed } = native.parts.headers
const { bodyOf, methods, define } = native.parts.body
const { URL } = globalThis
const inspect = Symbol.for('nodejs.util.inspect.custom')

const states = new WeakMap()
const stateOf = (response) => {
  const state = states.get(response)
  if (state === undefined) throw new TypeError('Illegal invocation')
  return state
}

const empty = [101, 103, 204, 205, 304] // statuses without a body
const redirects = [301, 302, 303, 307, 308]

class Response {
  constructor(body = null, init = {}) {
    init ??= {}
    const status = init.status === undefined ? 200 : Number(init.status) & 0xffff
    if (status < 200 || status > 599) throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.')
    const statusText = init.statusText === undefined ? '' : `${init.statusText}`
    if (/[^\t\x20-\x7e\x80-\xff]/.test(statusText)) throw new TypeError('Invalid statusText')
    const state = { status, statusText, headers: new Headers(init.headers), body: bodyOf(body), type: 'default', url: '', redirected: false }
    if (state.body) {
      if (empty.includes(status)) throw new TypeError(`Response constructor: Invalid response status code ${status}`)
      if (state.body.type && !state.headers.has('content-type')) state.headers.append('content-type', state.body.type)
    }
    states.set(this, state)
  }

  static error() { return make({ status: 0, type: 'error', headers: fixed(new Headers()) }) }
  static json(data, init = {}) {
    const text = JSON.stringify(data)
    if (text === undefined) throw new TypeError('Value is not JSON serializable')
    const headers = new Headers(init?.headers)
    if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    return new Response(text, { ...init, headers })
  }
  static redirect(url, status = 302) {
    let target
    try {
      target = new URL(`${url}`).href
    } catch (cause) {
      throw new TypeError(`Failed to parse URL from ${url}`, { cause })
    }
    if (!redirects.includes(status)) throw new RangeError(`Invalid status code ${status}`)
    return make({ status, headers: fixed(new Headers([['location', target]])) })
  }

  get type() { return stateOf(this).type }
  get url() { return stateOf(this).url }
  get redirected() { return stateOf(this).redirected }
  get status() { return stateOf(this).status }
  get ok() { return this.status >= 200 && this.status <= 299 }
  get statusText() { return stateOf(this).statusText }
  get headers() { return stateOf(this).headers }

  clone() {
    const state = stateOf(this)
    if (state.body && (state.body.used || state.body.locked)) throw new TypeError('Response.clone: Body has already been consumed.')
    return make({ ...state, headers: new Headers(state.headers), body: state.body?.clone() ?? null })
  }
}

// make is for responses that a script cannot construct.
function make(fields) {
  const response = Object.create(Response.prototype)
  states.set(response, { status: 200, statusText: '', body: null, type: 'default', url: '', redirected: false, ...fields })
  return response
}

define(Response, methods('Response', stateOf))
const shown = ['status', 'statusText', 'headers', 'body', 'bodyUsed', 'ok', 'redirected', 'type', 'url']
Object.defineProperty(Response.prototype, inspect, {
  value(depth, options, show) { return `Response ${show(Object.fromEntries(shown.map((name) => [name, this[name]])), options)}` },
  writable: true, configurable: true,
})

module.exports = { Response, make, redirects, empty }
