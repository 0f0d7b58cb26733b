'use strict'

// URL. What an address consists of is found by Go; an object keeps the parts
// as text.

const { URLSearchParams, of, replace, serialize, usv, demand } = native.parts.params
const { error } = tools
const inspect = Symbol.for('nodejs.util.inspect.custom')

const states = new WeakMap()
const names = ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']

function partsOf(url) {
  const state = states.get(url)
  if (!state) throw new TypeError('Receiver must be an instance of class URL')
  return state
}

function invalid(input, base) {
  const problem = error('TypeError', 'ERR_INVALID_URL', 'Invalid URL')
  problem.input = input
  if (base !== undefined) problem.base = base
  return problem
}

const named = (list) => Object.fromEntries(list.map((value, i) => [names[i], value]))

function parse(input, base) {
  const found = base === undefined ? native.parse(input) : native.parse(input, base)
  return found ? named(found) : undefined
}

// change sets one part; what the part may not be leaves the address as it was.
function change(url, name, value) {
  const state = partsOf(url)
  const found = native.set(state.href, name, usv(value))
  Object.assign(state, named(found))
}

function originOf({ protocol, host, pathname }) {
  switch (protocol) {
    case 'http:': case 'https:': case 'ftp:': case 'ws:': case 'wss:':
      return `${protocol}//${host}`
    case 'blob:': {
      const inner = parse(pathname)
      return inner && (inner.protocol === 'http:' || inner.protocol === 'https:') ? originOf(inner) : 'null'
    }
  }
  return 'null'
}

class URL {
  constructor(input, base = undefined) {
    demand(arguments, 'url')
    const text = usv(input), from = base === undefined ? undefined : usv(base)
    const found = parse(text, from)
    if (!found) throw invalid(text, from)
    states.set(this, found)
  }

  static canParse(input, base = undefined) {
    demand(arguments, 'url')
    return parse(usv(input), base === undefined ? undefined : usv(base)) !== undefined
  }

  static parse(input, base = undefined) {
    demand(arguments, 'url')
    return URL.canParse(input, base) ? new URL(input, base) : null
  }

  toString() { return partsOf(this).href }
  get href() { return partsOf(this).href }
  set href(value) {
    const state = partsOf(this)
    const found = parse(usv(value))
    if (!found) throw invalid(usv(value))
    Object.assign(state, found)
    if (state.params) replace(state.params, found.search.slice(1))
  }

  get origin() { return originOf(partsOf(this)) }
  get protocol() { return partsOf(this).protocol }
  set protocol(value) { change(this, 'protocol', value) }
  get username() { return partsOf(this).username }
  set username(value) { change(this, 'username', value) }
  get password() { return partsOf(this).password }
  set password(value) { change(this, 'password', value) }
  get host() { return partsOf(this).host }
  set host(value) { change(this, 'host', value) }
  get hostname() { return partsOf(this).hostname }
  set hostname(value) { change(this, 'hostname', value) }
  get port() { return partsOf(this).port }
  set port(value) { change(this, 'port', value) }
  get pathname() { return partsOf(this).pathname }
  set pathname(value) { change(this, 'pathname', value) }
  get search() { return partsOf(this).search }
  set search(value) {
    change(this, 'search', value)
    const { params, search } = partsOf(this)
    if (params) replace(params, search.slice(1))
  }

  get searchParams() {
    const state = partsOf(this)
    state.params ??= of(state.search.slice(1), () => change(this, 'search', serialize(state.params)))
    return state.params
  }

  get hash() { return partsOf(this).hash }
  set hash(value) { change(this, 'hash', value) }
  toJSON() { return partsOf(this).href }

  [inspect](depth, options, show) {
    if (typeof depth === 'number' && depth < 0) return this.toString()
    const shown = {}
    for (const name of ['href', 'origin', ...names.slice(1, 9), 'searchParams', 'hash']) shown[name] = this[name]
    return `${this.constructor.name} ${show(shown, options)}`
  }
}
for (const name of Object.getOwnPropertyNames(URL.prototype)) {
  if (name !== 'constructor') Object.defineProperty(URL.prototype, name, { enumerable: true })
}
for (const name of ['canParse', 'parse']) Object.defineProperty(URL, name, { enumerable: true })
Object.defineProperty(URL.prototype, inspect, { enumerable: false })
Object.defineProperty(URL.prototype, Symbol.toStringTag, { value: 'URL', configurable: true })
tools.missing(URL, 'URL', 'createObjectURL revokeObjectURL')

module.exports = { URL, URLSearchParams }
