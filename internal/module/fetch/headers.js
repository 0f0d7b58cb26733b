'use strict'

// Headers: names in any letters, values joined by a comma.

const inspect = Symbol.for('nodejs.util.inspect.custom')

const lists = new WeakMap() // Headers -> { map: lower -> { name, value }, cookies, fixed }

function of(headers) {
  const list = lists.get(headers)
  if (list === undefined) throw new TypeError('Illegal invocation')
  return list
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const trimmed = (value) => value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')

function byteString(method, text) {
  const value = `${text}`
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) > 255) {
      throw new TypeError(`Cannot convert argument to a ByteString because the character at index ${i} has a value of ${value.charCodeAt(i)} which is greater than 255.`)
    }
  }
  return value
}

function checkedName(method, name) {
  if (!token.test(name)) throw new TypeError(`Headers.${method}: "${name}" is an invalid header name.`)
  return name.toLowerCase()
}

function checkedValue(method, value) {
  if (/[\0\r\n]/.test(value)) throw new TypeError(`Headers.${method}: "${value}" is an invalid header value.`)
  return value
}

function given(method, args, count) {
  if (args.length < count) {
    throw new TypeError(`Headers.${method}: ${count} argument${count === 1 ? '' : 's'} required, but${args.length ? ' only' : ''} ${args.length} found.`)
  }
}

function add(list, name, value, method = 'append') {
  const key = checkedName(method, name)
  value = checkedValue(method, trimmed(value))
  if (list.fixed) throw new TypeError('immutable')
  if (key === 'set-cookie') list.cookies.push(value)
  const old = list.map.get(key)
  if (old) old.value += (key === 'cookie' ? '; ' : ', ') + value
  else list.map.set(key, { name, value })
}

function fill(list, init) {
  const wrong = () => new TypeError('Headers constructor: Argument 1 could not be converted to one of: sequence<sequence<ByteString>>, record<ByteString, ByteString>.')
  if (init === null || (typeof init !== 'object' && typeof init !== 'function')) throw wrong()
  if (lists.has(init)) {
    for (const [key, value] of sorted(of(init))) add(list, key, value)
    return
  }
  if (typeof init[Symbol.iterator] === 'function') {
    for (const pair of init) {
      const both = [...pair]
      if (both.length !== 2) throw new TypeError(`Headers constructor: expected name/value pair to be length 2, found ${both.length}.`)
      add(list, byteString('append', both[0]), byteString('append', both[1]))
    }
    return
  }
  for (const name of Reflect.ownKeys(init)) {
    if (Object.getOwnPropertyDescriptor(init, name)?.enumerable) add(list, byteString('append', name), byteString('append', init[name]))
  }
}

// sorted lists names and values in the order of the names.
function sorted(list) {
  const all = []
  for (const key of [...list.map.keys()].sort()) {
    if (key === 'set-cookie') for (const value of list.cookies) all.push([key, value])
    else all.push([key, list.map.get(key).value])
  }
  return all
}

class Headers {
  constructor(init = undefined) {
    const list = { map: new Map(), cookies: [], fixed: false }
    lists.set(this, list)
    if (init !== undefined) fill(list, init)
  }
  append(name, value) {
    given('append', arguments, 2)
    add(of(this), byteString('append', name), byteString('append', value))
  }
  delete(name) {
    given('delete', arguments, 1)
    const key = checkedName('delete', byteString('delete', name))
    const list = of(this)
    if (list.fixed) throw new TypeError('immutable')
    list.map.delete(key)
    if (key === 'set-cookie') list.cookies = []
  }
  get(name) {
    given('get', arguments, 1)
    return of(this).map.get(checkedName('get', byteString('get', name)))?.value ?? null
  }
  has(name) {
    given('has', arguments, 1)
    return of(this).map.has(checkedName('has', byteString('has', name)))
  }
  set(name, value) {
    given('set', arguments, 2)
    const list = of(this)
    name = byteString('set', name)
    const key = checkedName('set', name)
    value = checkedValue('set', trimmed(byteString('set', value)))
    if (list.fixed) throw new TypeError('immutable')
    if (key === 'set-cookie') list.cookies = [value]
    list.map.set(key, { name, value })
  }
  getSetCookie() { return [...of(this).cookies] }
  forEach(fn, self) {
    given('forEach', arguments, 1)
    if (typeof fn !== 'function') throw new TypeError("Failed to execute 'forEach' on 'Headers': parameter 1 is not of type 'Function'.")
    for (const [name, value] of sorted(of(this))) fn.call(self, value, name, this)
  }
  entries() { return sorted(of(this))[Symbol.iterator]() }
  keys() { return sorted(of(this)).map(([name]) => name)[Symbol.iterator]() }
  values() { return sorted(of(this)).map(([, value]) => value)[Symbol.iterator]() }
  [inspect](depth, options, show) {
    return `Headers ${show(Object.fromEntries([...of(this).map.values()].map(({ name, value }) => [name, value])), options)}`
  }
}
Object.defineProperty(Headers.prototype, Symbol.iterator, { value: Headers.prototype.entries, writable: true, configurable: true })
Object.defineProperty(Headers.prototype, Symbol.toStringTag, { value: 'Headers', configurable: true })

// received makes the headers of an answer from names and values in turn.
function received(flat) {
  const headers = new Headers()
  for (let i = 0; i < flat.length; i += 2) add(of(headers), flat[i].toLowerCase(), flat[i + 1].replace(/[\0\r\n]/g, ' '))
  return headers
}

function fixed(headers) {
  of(headers).fixed = true
  return headers
}

// flatten lists names, in the letters they were given, and values in turn.
function flatten(headers) {
  const flat = []
  for (const { name, value } of of(headers).map.values()) flat.push(name, value)
  return flat
}

module.exports = { Headers, received, fixed, flatten, token }
