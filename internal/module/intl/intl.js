'use strict'

// Intl, and the methods of Date, Number, BigInt, String and Array that follow a
// language.

const { canonicalLocales, text } = native.parts.locale
const { NumberFormat, PluralRules, formatNumber, numberState } = native.parts.number
const { DateTimeFormat, toLocale } = native.parts.date
const { RelativeTimeFormat, ListFormat, Collator, collation } = native.parts.words
const { Segmenter } = native.parts.segment

const Intl = Object.create(Object.prototype, { [Symbol.toStringTag]: { value: 'Intl', configurable: true } })
for (const [name, value] of Object.entries({ getCanonicalLocales: canonicalLocales, Collator, DateTimeFormat, ListFormat, NumberFormat, PluralRules, RelativeTimeFormat, Segmenter })) {
  Object.defineProperty(Intl, name, { value, writable: true, configurable: true })
}

const thisNumber = (value) => {
  if (typeof value === 'number' || value instanceof Number) return Number(value)
  throw new TypeError('Number.prototype.toLocaleString requires that \'this\' be a Number')
}

// What was asked for last, for scripts that compare in a loop.
let lastKey, lastCompare
function comparison(locales, options) {
  const key = options === undefined && (locales === undefined || typeof locales === 'string') ? `${locales}` : undefined
  if (key === undefined) return collation(locales, options).compare
  if (key !== lastKey) [lastKey, lastCompare] = [key, collation(locales, options).compare]
  return lastCompare
}

const locale = {
  Date: {
    toLocaleString(locales, options) { return toLocale(this, locales, options, 'any', 'all') },
    toLocaleDateString(locales, options) { return toLocale(this, locales, options, 'date', 'date') },
    toLocaleTimeString(locales, options) { return toLocale(this, locales, options, 'time', 'time') },
  },
  Number: { toLocaleString(locales, options) { return text(formatNumber(numberState(locales, options), thisNumber(this))) } },
  BigInt: { toLocaleString(locales, options) { return text(formatNumber(numberState(locales, options), BigInt(this))) } },
  String: {
    localeCompare(other, locales, options) {
      if (this === null || this === undefined) throw new TypeError('String.prototype.localeCompare called on null or undefined')
      return comparison(locales, options)(`${this}`, `${other}`)
    },
  },
}

module.exports = { Intl, locale }
