'use strict'

const { Buffer, error } = tools

const hexDigit = (c) => (c >= 48 && c <= 57 ? c - 48 : c >= 65 && c <= 70 ? c - 55 : c >= 97 && c <= 102 ? c - 87 : -1)

function unescapeBuffer(text, decodeSpaces) {
  const b = Buffer.from(String(text))
  let n = 0
  for (let i = 0; i < b.length; i++, n++) {
    let c = b[i]
    if (c === 43 && decodeSpaces) c = 32
    if (c === 37 && i + 2 < b.length) {
      const high = hexDigit(b[i + 1]), low = hexDigit(b[i + 2])
      if (high >= 0 && low >= 0) {
        c = high << 4 | low
        i += 2
      }
    }
    b[n] = c
  }
  return b.subarray(0, n)
}

function unescape(text, decodeSpaces) {
  try {
    return decodeURIComponent(text)
  } catch {
    return unescapeBuffer(text, decodeSpaces).toString()
  }
}

function escape(value) {
  if (typeof value !== 'string') value = typeof value === 'object' ? String(value) : value + ''
  try {
    return encodeURIComponent(value)
  } catch {
    throw error('URIError', 'ERR_INVALID_URI', 'URI malformed')
  }
}

function primitive(value) {
  switch (typeof value) {
    case 'string': return value
    case 'number': return Number.isFinite(value) ? String(value) : ''
    case 'bigint': case 'boolean': return String(value)
  }
  return ''
}

function stringify(object, separator, equals, options) {
  if (object === null || typeof object !== 'object') return ''
  const encode = typeof options?.encodeURIComponent === 'function' ? options.encodeURIComponent : module.exports.escape
  const eq = equals || '='
  const parts = []
  for (const key of Object.keys(object)) {
    const value = object[key]
    const name = encode(primitive(key)) + eq
    for (const one of Array.isArray(value) ? value : [value]) parts.push(name + encode(primitive(one)))
  }
  return parts.join(separator || '&')
}

function parse(text, separator, equals, options) {
  const result = Object.create(null)
  if (typeof text !== 'string' || text === '') return result
  const eq = equals ? String(equals) : '='
  let most = typeof options?.maxKeys === 'number' ? options.maxKeys : 1000
  if (most <= 0) most = Infinity
  const custom = options?.decodeURIComponent
  const decoder = typeof custom === 'function' ? custom : module.exports.unescape
  const decode = (s) => {
    s = s.replaceAll('+', decoder === unescape ? ' ' : '%20')
    try { return decoder(s) } catch { return unescape(s, true) }
  }
  for (const part of text.split(separator ? String(separator) : '&')) {
    if (part === '') continue
    if (most-- <= 0) break
    const at = part.indexOf(eq)
    const key = decode(at < 0 ? part : part.slice(0, at))
    const value = at < 0 ? '' : decode(part.slice(at + eq.length))
    if (!(key in result)) result[key] = value
    else if (Array.isArray(result[key])) result[key].push(value)
    else result[key] = [result[key], value]
  }
  return result
}

module.exports = { unescapeBuffer, unescape, escape, stringify, encode: stringify, parse, decode: parse }
