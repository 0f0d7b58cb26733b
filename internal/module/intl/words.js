'use strict'

// Intl.RelativeTimeFormat, Intl.ListFormat and Intl.Collator.

const { states, of, localeOf, option, words, optionsObject, tagged, text, extension } = native.parts.locale
const { formatNumber, numberState, PluralRules } = native.parts.number

const times = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']
const shortTimes = { second: 'sec.', minute: 'min.', hour: 'hr.', day: 'day', week: 'wk.', month: 'mo.', quarter: 'qtr.', year: 'yr.' }
const narrowTimes = { second: 's', minute: 'm', hour: 'h', day: 'd', week: 'w', month: 'mo', quarter: 'q', year: 'y' }
const special = {
  second: { 0: 'now' }, day: { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }, minute: { 0: 'this minute' }, hour: { 0: 'this hour' },
}

function named(unit, n, style) {
  const near = special[unit]?.[n]
  if (near) return near
  if (n < -1 || n > 1 || unit === 'second' || unit === 'day' || unit === 'minute' || unit === 'hour') return undefined
  return `${['last', 'this', 'next'][n + 1]} ${style === 'long' ? unit : shortTimes[unit]}`
}

function relative(state, value, unit) {
  const name = `${unit}`.replace(/s$/, '')
  if (!times.includes(name)) throw new RangeError(`Invalid unit argument for Intl.RelativeTimeFormat.prototype.format() '${unit}'`)
  const n = Number(value)
  if (!Number.isFinite(n)) throw new RangeError('Invalid time value')
  const near = state.numeric === 'auto' && Number.isInteger(n) ? named(name, n === 0 ? 0 : n, state.style) : undefined
  if (near) return [{ type: 'literal', value: near }]
  const past = n < 0 || Object.is(n, -0)
  const number = formatNumber(state.number, Math.abs(n)).map((part) => ({ ...part, unit: name }))
  const one = state.plural.select(Math.abs(n)) === 'one'
  let word
  if (state.style === 'long') word = ' ' + name + (one ? '' : 's')
  else if (state.style === 'narrow') word = narrowTimes[name]
  else word = ' ' + (one ? shortTimes[name] : { day: 'days', quarter: 'qtrs.' }[name] ?? shortTimes[name])
  return past ? [...number, { type: 'literal', value: `${word} ago` }] : [{ type: 'literal', value: 'in ' }, ...number, { type: 'literal', value: word }]
}

class RelativeTimeFormat {
  constructor(locales = undefined, given = undefined) {
    const R = 'Intl.RelativeTimeFormat', options = optionsObject(given)
    const { locale } = localeOf(locales, true)
    states.set(this, {
      type: 'RelativeTimeFormat', locale, number: numberState(locale), plural: new PluralRules(locale),
      style: option(options, 'style', 'string', words(R, 'long', 'short', 'narrow'), 'long'),
      numeric: option(options, 'numeric', 'string', words(R, 'always', 'auto'), 'always'),
    })
  }

  format(value, unit) { return text(relative(of('RelativeTimeFormat')(this), value, unit)) }
  formatToParts(value, unit) { return relative(of('RelativeTimeFormat', 'formatToParts')(this), value, unit) }
  resolvedOptions() {
    const { locale, style, numeric } = of('RelativeTimeFormat', 'resolvedOptions')(this)
    return { locale, style, numeric, numberingSystem: 'latn' }
  }
}
tagged(RelativeTimeFormat, 'RelativeTimeFormat', true)

function listParts(state, iterable) {
  const items = iterable === undefined ? [] : [...iterable]
  for (const item of items) if (typeof item !== 'string') throw new TypeError(`Iterable yielded ${String(item)} which is not a string`)
  const { kind, style, locale } = state
  const word = kind === 'disjunction' ? 'or' : kind === 'conjunction' ? (style === 'narrow' ? '' : style === 'long' || !/^en(-US)?$/.test(locale) ? 'and' : '&') : ''
  const comma = kind === 'unit' && style === 'narrow' ? ' ' : ', '
  const oxford = /^en(-US|-CA)?$/.test(locale) || kind === 'unit'
  const last = word === '' ? comma : items.length > 2 && oxford ? `, ${word} ` : ` ${word} `
  return items.flatMap((value, i) => {
    const element = { type: 'element', value }
    return i === 0 ? [element] : [{ type: 'literal', value: i === items.length - 1 ? last : comma }, element]
  })
}

class ListFormat {
  constructor(locales = undefined, given = undefined) {
    const L = 'Intl.ListFormat'
    if (given !== undefined && (given === null || typeof given !== 'object')) throw new TypeError(`${String(given)} is not an object`)
    states.set(this, {
      type: 'ListFormat', locale: localeOf(locales, true).locale,
      kind: option(given, 'type', 'string', words(L, 'conjunction', 'disjunction', 'unit'), 'conjunction'),
      style: option(given, 'style', 'string', words(L, 'long', 'short', 'narrow'), 'long'),
    })
  }

  format(list) { return text(listParts(of('ListFormat')(this), list)) }
  formatToParts(list) { return listParts(of('ListFormat', 'formatToParts')(this), list) }
  resolvedOptions() {
    const { locale, kind, style } = of('ListFormat', 'resolvedOptions')(this)
    return { locale, type: kind, style }
  }
}
tagged(ListFormat, 'ListFormat', true)

function collation(locales, given) {
  const C = 'Intl.Collator', options = optionsObject(given)
  const { locale, requested } = localeOf(locales)
  const state = {
    type: 'Collator', locale,
    usage: option(options, 'usage', 'string', words(C, 'sort', 'search'), 'sort'),
    sensitivity: option(options, 'sensitivity', 'string', words(C, 'base', 'accent', 'case', 'variant'), 'variant'),
    ignorePunctuation: option(options, 'ignorePunctuation', 'boolean', undefined, false),
    numeric: option(options, 'numeric', 'boolean', undefined, extension(requested, 'kn') !== undefined || /-u-kn\b/.test(requested)),
    caseFirst: option(options, 'caseFirst', 'string', words(C, 'upper', 'lower', 'false'), 'false'),
  }
  const compare = native.comparison(locale, state.sensitivity, state.numeric)
  const stripped = (value) => (state.ignorePunctuation ? `${value}`.replace(/[\s!-/:-@[-`{-~\u2000-\u206f]+/g, '') : `${value}`)
  state.compare = (a, b) => compare(stripped(a), stripped(b))
  return state
}

class CollatorClass {
  constructor(locales = undefined, options = undefined) { states.set(this, collation(locales, options)) }

  get compare() { return of('Collator', 'compare')(this).compare }
  resolvedOptions() {
    const { locale, usage, sensitivity, ignorePunctuation, numeric, caseFirst } = of('Collator', 'resolvedOptions')(this)
    return { locale, usage, sensitivity, ignorePunctuation, collation: 'default', numeric, caseFirst }
  }
}
Object.defineProperty(CollatorClass, 'name', { value: 'Collator' })
const Collator = tools.callable(tagged(CollatorClass, 'Collator'))
Collator.supportedLocalesOf = CollatorClass.supportedLocalesOf

module.exports = { RelativeTimeFormat, ListFormat, Collator, collation }
