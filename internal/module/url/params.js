'use strict'

// URLSearchParams.

const { error, argType, check } = tools
const inspect = Symbol.for('nodejs.util.inspect.custom')

const states = new WeakMap() // URLSearchParams -> { list of [name, value], changed }

function stateOf(params) {
  const state = states.get(params)
  if (!state) throw new TypeError('Receiver must be an instance of class URLSearchParams')
  return state
}

const usv = (value) => `${value}`.toWellFormed()

function demand(args, ...names) {
  if (args.length >= names.length) return
  const list = names.map((name) => `"${name}"`).join(' and ')
  throw error('TypeError', 'ERR_MISSING_ARGS', `The ${list} argument${names.length > 1 ? 's' : ''} must be specified`)
}

function decode(text) {
  const spaced = text.replace(/\+/g, ' ')
  return spaced.includes('%') ? native.percentDecode(spaced) : spaced
}

function parse(text) {
  const list = []
  for (const part of text.split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    list.push(at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))])
  }
  return list
}

const form = (text) => native.formEncode(text)
const serialize = (list) => list.map(([name, value]) => `${form(name)}=${form(value)}`).join('&')

function fromObject(init) {
  const iterator = init[Symbol.iterator]
  if (iterator === undefined || iterator === null) {
    const list = new Map()
    for (const name of Reflect.ownKeys(init)) {
      if (Object.getOwnPropertyDescriptor(init, name)?.enumerable) list.set(usv(name), usv(init[name]))
    }
    return [...list]
  }
  if (typeof iterator !== 'function') throw error('TypeError', 'ERR_ARG_NOT_ITERABLE', 'Query pairs must be iterable')
  const list = []
  for (const pair of init) {
    const iterable = pair !== null && (typeof pair === 'object' || typeof pair === 'function') && typeof pair[Symbol.iterator] === 'function'
    const items = iterable ? [...pair] : []
    if (items.length !== 2) throw error('TypeError', 'ERR_INVALID_TUPLE', 'Each query pair must be an iterable [name, value] tuple')
    list.push([usv(items[0]), usv(items[1])])
  }
  return list
}

function pairsOf(init) {
  if (init === undefined || init === null) return []
  if (typeof init === 'object' || typeof init === 'function') return fromObject(init)
  const text = usv(init)
  return parse(text.startsWith('?') ? text.slice(1) : text)
}

class URLSearchParams {
  constructor(init = undefined) { states.set(this, { list: pairsOf(init), changed: () => {} }) }

  get size() { return stateOf(this).list.length }

  append(name, value) {
    const state = stateOf(this)
    demand(arguments, 'name', 'value')
    state.list.push([usv(name), usv(value)])
    state.changed()
  }

  delete(name, value = undefined) {
    const state = stateOf(this)
    demand(arguments, 'name')
    const key = usv(name), only = value === undefined ? undefined : usv(value)
    state.list = state.list.filter(([n, v]) => n !== key || (only !== undefined && v !== only))
    state.changed()
  }

  get(name) {
    const { list } = stateOf(this)
    demand(arguments, 'name')
    const key = usv(name)
    return list.find(([n]) => n === key)?.[1] ?? null
  }

  getAll(name) {
    const { list } = stateOf(this)
    demand(arguments, 'name')
    const key = usv(name)
    return list.filter(([n]) => n === key).map(([, v]) => v)
  }

  has(name, value = undefined) {
    const { list } = stateOf(this)
    demand(arguments, 'name')
    const key = usv(name), only = value === undefined ? undefined : usv(value)
    return list.some(([n, v]) => n === key && (only === undefined || v === only))
  }

  set(name, value) {
    const state = stateOf(this)
    demand(arguments, 'name', 'value')
    const key = usv(name), text = usv(value)
    const at = state.list.findIndex(([n]) => n === key)
    if (at < 0) state.list.push([key, text])
    else state.list = state.list.filter(([n], i) => n !== key || i === at).map((pair, i) => (i === at ? [key, text] : pair))
    state.changed()
  }

  sort() {
    const state = stateOf(this)
    state.list = state.list.map((pair) => pair).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    state.changed()
  }

  forEach(callback, self = undefined) {
    const state = stateOf(this)
    check.func(callback, 'callback')
    for (let i = 0; i < state.list.length; i++) callback.call(self, state.list[i][1], state.list[i][0], this)
  }

  entries() { return iterate(this, stateOf(this), (pair) => [pair[0], pair[1]]) }
  keys() { return iterate(this, stateOf(this), (pair) => pair[0]) }
  values() { return iterate(this, stateOf(this), (pair) => pair[1]) }
  toString() { return serialize(stateOf(this).list) }

  [inspect](depth, options, show) {
    const { list } = stateOf(this)
    if (typeof depth === 'number' && depth < 0) return '[Object]'
    if (list.length === 0) return 'URLSearchParams {}'
    const shown = list.map(([name, value]) => `${show(name, options)} => ${show(value, options)}`)
    const width = shown.reduce((sum, text) => sum + text.length + 2, -2)
    if (width <= options.breakLength) return `URLSearchParams { ${shown.join(', ')} }`
    return `URLSearchParams {\n  ${shown.join(',\n  ')} }`
  }
}

const iteratorPrototype = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), {
  next: {
    value: function next() {
      const state = iterators.get(this)
      if (!state) throw error('TypeError', 'ERR_INVALID_THIS', 'Value of "this" must be of type URLSearchParamsIterator')
      const { list } = state.source
      if (state.at >= list.length) return { value: undefined, done: true }
      return { value: state.pick(list[state.at++]), done: false }
    },
    writable: true, enumerable: true, configurable: true,
  },
  [inspect]: {
    value: function (depth, options, show) {
      const { source, at, pick } = iterators.get(this)
      const left = source.list.slice(at).map((pair) => show(pick(pair), options))
      return left.length === 0 ? 'URLSearchParams Iterator {  }' : `URLSearchParams Iterator { ${left.join(', ')} }`
    },
    configurable: true,
  },
  [Symbol.toStringTag]: { value: 'URLSearchParams Iterator', configurable: true },
})
const iterators = new WeakMap()

function iterate(params, source, pick) {
  const iterator = Object.create(iteratorPrototype)
  iterators.set(iterator, { source, at: 0, pick })
  return iterator
}

const prototype = URLSearchParams.prototype
for (const name of Object.getOwnPropertyNames(prototype)) {
  if (name !== 'constructor') Object.defineProperty(prototype, name, { enumerable: true })
}
Object.defineProperty(prototype, inspect, { enumerable: false })
Object.defineProperty(prototype, Symbol.iterator, { value: prototype.entries, writable: true, configurable: true })
Object.defineProperty(prototype, Symbol.toStringTag, { value: 'URLSearchParams', configurable: true })

// of makes the parameters of a URL, which is told when they change.
function of(query, changed) {
  const params = new URLSearchParams()
  states.set(params, { list: parse(query), changed })
  return params
}

function replace(params, query) { states.get(params).list = parse(query) }

module.exports = { URLSearchParams, of, replace, serialize: (params) => serialize(stateOf(params).list), usv, demand }
