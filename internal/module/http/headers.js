'use strict'

// The headers that a message is sent with, and Node's checks of them.

const { error, check } = tools

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const badCharacter = /[^\t\x20-\x7e\x80-\xff]/

function validateHeaderName(name, label = 'Header name') {
  if (typeof name !== 'string' || !token.test(name)) {
    throw error('TypeError', 'ERR_INVALID_HTTP_TOKEN', `${label} must be a valid HTTP token ["${name}"]`)
  }
}

function validateHeaderValue(name, value) {
  if (value === undefined) {
    throw error('TypeError', 'ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "${value}" for header "${name}"`)
  }
  if (badCharacter.test(`${value}`)) {
    throw error('TypeError', 'ERR_INVALID_CHAR', `Invalid character in header content ["${name}"]`)
  }
}

const sent = (verb) => error('Error', 'ERR_HTTP_HEADERS_SENT', `Cannot ${verb} headers after they are sent to the client`)

// Headers keeps names in the letters they were given.
class Headers {
  #map = new Map() // in lower case -> [name, value]

  set(name, value) {
    validateHeaderName(name)
    if (Array.isArray(value)) for (const one of value) validateHeaderValue(name, one)
    else validateHeaderValue(name, value)
    this.#map.set(name.toLowerCase(), [name, value])
  }
  append(name, value) {
    const old = this.get(name)
    this.set(name, old === undefined ? value : [].concat(old, value))
  }
  get(name) {
    check.string(name, 'name')
    return this.#map.get(name.toLowerCase())?.[1]
  }
  has(name) {
    check.string(name, 'name')
    return this.#map.has(name.toLowerCase())
  }
  remove(name) {
    check.string(name, 'name')
    this.#map.delete(name.toLowerCase())
  }
  names() { return [...this.#map.keys()] }
  rawNames() { return [...this.#map.values()].map(([name]) => name) }
  all() {
    const all = Object.create(null)
    for (const [key, [, value]] of this.#map) all[key] = value
    return all
  }
  // Names and values in turn, as they are sent.
  flat() {
    const flat = []
    for (const [key, [name, value]] of this.#map) {
      if (!Array.isArray(value)) flat.push(name, `${value}`)
      else if (key === 'cookie') flat.push(name, value.join('; '))
      else for (const one of value) flat.push(name, `${one}`)
    }
    return flat
  }
  // setAll takes what writeHead and request are given: an object, or names and
  // values in turn, or in pairs.
  setAll(headers) {
    if (headers === undefined || headers === null) return
    if (!Array.isArray(headers)) {
      for (const name of Object.keys(headers)) if (headers[name] !== undefined || !name) this.set(name, headers[name])
      return
    }
    const flat = Array.isArray(headers[0]) ? headers.flat() : headers
    if (flat.length % 2 !== 0) throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'headers' is invalid. Received ${native.require('util').inspect(headers)}`)
    for (let i = 0; i < flat.length; i += 2) if (!Array.isArray(headers[0])) this.remove(`${flat[i]}`)
    for (let i = 0; i < flat.length; i += 2) this.append(flat[i], flat[i + 1])
  }
}

// Of these a second one is left out; the others are joined.
const single = new Set(['age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host',
  'if-modified-since', 'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization', 'referer',
  'retry-after', 'server', 'user-agent'])

// received makes the object of headers that came, from names and values in turn.
function received(flat, joins) {
  const headers = {}
  for (let i = 0; i < flat.length; i += 2) {
    const key = flat[i].toLowerCase()
    const value = flat[i + 1]
    const known = Object.prototype.hasOwnProperty.call(headers, key)
    if (key === 'set-cookie') {
      if (known) headers[key].push(value)
      else headers[key] = [value]
    } else if (!known) {
      Object.defineProperty(headers, key, { value, writable: true, enumerable: true, configurable: true })
    } else if (key === 'cookie') headers[key] += `; ${value}`
    else if (joins || !single.has(key)) headers[key] += `, ${value}`
  }
  return headers
}

function distinct(flat) {
  const headers = Object.create(null)
  for (let i = 0; i < flat.length; i += 2) (headers[flat[i].toLowerCase()] ??= []).push(flat[i + 1])
  return headers
}

module.exports = { Headers, token, validateHeaderName, validateHeaderValue, sent, received, distinct }
