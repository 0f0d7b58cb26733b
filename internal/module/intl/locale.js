'use strict'

// What all of Intl have in common: languages, options, and what an object is.

const states = new WeakMap()

// of makes the function that returns the state of an object of a class.
const of = (type, method) => (object) => {
  const state = states.get(object)
  if (!state || state.type !== type) throw new TypeError(`Method Intl.${type}.prototype.${method ?? 'format'} called on incompatible receiver ${String(object)}`)
  return state
}

function canonicalLocales(locales) {
  if (locales === undefined) return []
  if (locales === null) throw new TypeError('Cannot convert undefined or null to object')
  const list = typeof locales === 'string' ? [locales] : Array.from(locales)
  return [...new Set(list.map((one) => {
    if (typeof one !== 'string' && (typeof one !== 'object' || one === null)) throw new TypeError('Incorrect locale information provided')
    const found = native.canonical(String(one))
    if (found === null || found === undefined) throw new RangeError(`Incorrect locale information provided`)
    return found
  }))]
}

const plain = (locale) => locale.replace(/-u-.*$/, '')
const extension = (locale, key) => new RegExp(`-u-(?:.*-)?${key}-([a-z0-9]{3,8})`).exec(locale)?.[1]

// localeOf chooses the first language that is there; English is always.
function localeOf(locales, english) {
  const list = canonicalLocales(locales)
  const found = list.find((one) => !english || /^en\b/.test(one))
  return { locale: found ? plain(found) : 'en-US', requested: found ?? 'en-US' }
}

function supportedLocales(english) {
  return { supportedLocalesOf(locales) { return canonicalLocales(locales).filter((one) => !english || /^en\b/.test(one)) } }.supportedLocalesOf
}

// option reads an option that is one of some words.
function option(options, name, type, values, usual) {
  const value = options?.[name]
  if (value === undefined) return usual
  const text = type === 'boolean' ? Boolean(value) : `${value}`
  if (values && !values.includes(text)) throw new RangeError(`Value ${text} out of range for ${values.of ?? 'Intl'} options property ${name}`)
  return text
}

function words(of, ...values) { return Object.assign(values, { of }) }

function integer(options, name, min, max, usual) {
  const value = options?.[name]
  if (value === undefined) return usual
  const n = Number(value)
  if (!(n >= min && n <= max)) throw new RangeError(`${name} value is out of range.`)
  return Math.floor(n)
}

function optionsObject(options) {
  if (options === null) throw new TypeError('Cannot convert undefined or null to object')
  return options === undefined ? Object.create(null) : Object(options)
}

// tagged gives a class the name that Object.prototype.toString shows.
function tagged(type, name, english) {
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: `Intl.${name}`, configurable: true })
  Object.defineProperty(type, 'supportedLocalesOf', { value: supportedLocales(english), writable: true, configurable: true })
  return type
}

const text = (parts) => parts.map(({ value }) => value).join('')

module.exports = { states, of, canonicalLocales, localeOf, option, words, integer, optionsObject, tagged, text, extension }
