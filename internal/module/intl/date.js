'use strict'

// Intl.DateTimeFormat.

const { states, of, localeOf, option, words, integer, optionsObject, tagged, extension } = native.parts.locale
const { Parts, dateParts, timeParts, zoneText, american, twelveHours } = native.parts.dateparts

const D = 'Intl.DateTimeFormat'
// As text, the space in front of am and pm is an ordinary one.
const text = (parts) => native.parts.locale.text(parts).replace(/\u202f/g, ' ')
const dateOptions = ['weekday', 'year', 'month', 'day']
const timeOptions = ['dayPeriod', 'hour', 'minute', 'second', 'fractionalSecondDigits']
const widths = words(D, 'narrow', 'short', 'long'), digits = words(D, '2-digit', 'numeric')
const fields = {
  weekday: widths, era: widths, year: digits, month: words(D, '2-digit', 'numeric', 'narrow', 'short', 'long'), day: digits,
  dayPeriod: widths, hour: digits, minute: digits, second: digits,
  timeZoneName: words(D, 'short', 'long', 'shortOffset', 'longOffset', 'shortGeneric', 'longGeneric'),
}
const styles = words(D, 'full', 'long', 'medium', 'short')

function zoneOf(value) {
  if (value === undefined) return native.localZone()
  const name = `${value}`
  const offset = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(name)
  if (offset && Number(offset[2]) < 24 && Number(offset[3] ?? 0) < 60) return `${offset[1]}${offset[2]}:${offset[3] ?? '00'}`
  if (/^(utc|gmt|etc\/(utc|gmt|ucx|uct|zulu|universal|greenwich))$/i.test(name)) return 'UTC'
  const zone = native.zone(name)
  if (zone === null || zone === undefined) throw new RangeError(`Invalid time zone specified: ${name}`)
  return zone
}

// dateState reads the options; needs says of which kind one must be there, and
// adds those that are usual when none is.
function dateState(locales, given, needs = 'any', adds = 'date') {
  const options = optionsObject(given)
  const { locale, requested } = localeOf(locales, true)
  const state = { type: 'DateTimeFormat', locale, calendar: 'gregory', numberingSystem: 'latn' }
  const hour12 = option(options, 'hour12', 'boolean')
  const cycle = option(options, 'hourCycle', 'string', words(D, 'h11', 'h12', 'h23', 'h24'), extension(requested, 'hc'))
  state.timeZone = zoneOf(options.timeZone)
  for (const [name, values] of Object.entries(fields)) {
    state[name] = option(options, name, 'string', values)
    if (name === 'second') state.fractionalSecondDigits = integer(options, 'fractionalSecondDigits', 1, 3, undefined)
  }
  option(options, 'formatMatcher', 'string', words(D, 'basic', 'best fit'))
  state.dateStyle = option(options, 'dateStyle', 'string', styles)
  state.timeStyle = option(options, 'timeStyle', 'string', styles)
  const explicit = [...dateOptions, ...timeOptions, 'era', 'timeZoneName'].find((name) => state[name] !== undefined)
  if (state.dateStyle || state.timeStyle) {
    if (explicit) throw new TypeError(`Can't set option ${explicit} when ${state.dateStyle ? 'dateStyle' : 'timeStyle'} is used`)
    if (needs === 'date' && state.timeStyle) throw new TypeError('Invalid option : timeStyle')
    if (needs === 'time' && state.dateStyle) throw new TypeError('Invalid option : dateStyle')
  } else addUsual(state, needs, adds)
  const usual = twelveHours(locale) ? 'h12' : 'h23'
  if (state.hour || state.timeStyle) state.hourCycle = hour12 === undefined ? cycle ?? usual : hour12 ? (usual === 'h12' ? 'h12' : 'h11') : usual === 'h12' ? 'h24' : 'h23'
  return state
}

function addUsual(state, needs, adds) {
  const wanted = [...(needs !== 'time' ? dateOptions : []), ...(needs !== 'date' ? timeOptions : [])]
  if (wanted.some((name) => state[name] !== undefined)) return
  if (adds !== 'time') for (const name of ['year', 'month', 'day']) state[name] = 'numeric'
  if (adds !== 'date') for (const name of ['hour', 'minute', 'second']) state[name] = 'numeric'
}

// fieldsOf takes a moment apart, in the zone of the format.
function fieldsOf(state, ms) {
  const fixed = /^([+-])(\d\d):(\d\d)$/.exec(state.timeZone)
  const offset = fixed ? [(fixed[1] === '-' ? -60 : 60) * (Number(fixed[2]) * 60 + Number(fixed[3])), ''] : native.offset(state.timeZone, ms)
  const local = new Date(ms + offset[0] * 1000)
  return {
    year: local.getUTCFullYear(), month: local.getUTCMonth(), day: local.getUTCDate(), weekday: local.getUTCDay(),
    hour: local.getUTCHours(), minute: local.getUTCMinutes(), second: local.getUTCSeconds(), millisecond: local.getUTCMilliseconds(), offset,
  }
}

const dateStyles = {
  short: (us) => (us ? { year: '2-digit', month: 'numeric', day: 'numeric' } : { year: 'numeric', month: '2-digit', day: '2-digit' }),
  medium: () => ({ year: 'numeric', month: 'short', day: 'numeric' }),
  long: () => ({ year: 'numeric', month: 'long', day: 'numeric' }),
  full: () => ({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
}

function optionsOf(state) {
  if (!state.dateStyle && !state.timeStyle) return state
  const time = state.timeStyle && {
    hour: 'numeric', minute: '2-digit', second: state.timeStyle === 'short' ? undefined : '2-digit',
    timeZoneName: { long: 'short', full: 'long' }[state.timeStyle],
  }
  return { ...(state.dateStyle ? dateStyles[state.dateStyle](american(state.locale)) : {}), ...time, hourCycle: state.hourCycle, styled: true }
}

function partsOf(state, ms) {
  const o = { ...optionsOf(state), british: !american(state.locale) }
  const f = fieldsOf(state, ms)
  const zone = o.timeZoneName && zoneText(state.timeZone, o.timeZoneName, f.offset, state.locale)
  const hasTime = timeOptions.some((name) => o[name])
  const parts = new Parts()
  if ([...dateOptions, 'era'].some((name) => o[name])) parts.append(dateParts(f, o, state.locale))
  const wordy = state.dateStyle ? ['full', 'long'].includes(state.dateStyle) : o.month === 'long' && (o.weekday !== 'short')
  if (hasTime) parts.append(timeParts(f, o, zone), wordy ? ' at ' : ', ')
  else if (zone) parts.append(new Parts().add('timeZoneName', zone), ', ')
  return parts.list
}

function timeOfDate(date) {
  const ms = date === undefined ? Date.now() : Number(date)
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) throw new RangeError('Invalid time value')
  return Math.trunc(ms)
}

// range writes two moments: what they share in words only once, when all of the
// date is shared.
function range(state, from, to) {
  const [a, b] = [partsOf(state, timeOfDate(from)), partsOf(state, timeOfDate(to))]
  const marked = (parts, source) => parts.map((part) => ({ ...part, source }))
  if (text(a) === text(b)) return marked(a, 'shared')
  return [...marked(a, 'startRange'), { type: 'literal', value: ' – ', source: 'shared' }, ...marked(b, 'endRange')]
}

class DateTimeFormatClass {
  constructor(locales = undefined, options = undefined) { states.set(this, dateState(locales, options)) }

  get format() {
    const state = of('DateTimeFormat')(this)
    return (state.format ??= (date) => text(partsOf(state, timeOfDate(date))))
  }

  formatToParts(date) { return partsOf(of('DateTimeFormat', 'formatToParts')(this), timeOfDate(date)) }
  formatRange(from, to) { return text(this.formatRangeToParts(from, to)) }
  formatRangeToParts(from, to) {
    const state = of('DateTimeFormat', 'formatRange')(this)
    if (from === undefined || to === undefined) throw new TypeError('startDate or endDate cannot be undefined')
    return range(state, from, to)
  }

  resolvedOptions() {
    const state = of('DateTimeFormat', 'resolvedOptions')(this)
    const shown = {}
    const names = ['locale', 'calendar', 'numberingSystem', 'timeZone', 'hourCycle']
    for (const name of names) if (state[name] !== undefined) shown[name] = state[name]
    if (state.hourCycle) shown.hour12 = state.hourCycle === 'h12' || state.hourCycle === 'h11'
    for (const name of ['weekday', 'era', 'year', 'month', 'day', 'dayPeriod', 'hour', 'minute', 'second', 'fractionalSecondDigits', 'timeZoneName', 'dateStyle', 'timeStyle']) {
      if (state[name] === undefined) continue
      shown[name] = ['minute', 'second'].includes(name) && state.hour ? '2-digit' : name === 'hour' && !shown.hour12 ? '2-digit' : state[name]
    }
    return shown
  }
}
Object.defineProperty(DateTimeFormatClass, 'name', { value: 'DateTimeFormat' })
const DateTimeFormat = tools.callable(tagged(DateTimeFormatClass, 'DateTimeFormat', true))
DateTimeFormat.supportedLocalesOf = DateTimeFormatClass.supportedLocalesOf

// toLocale is Date.prototype.toLocale...String.
function toLocale(date, locales, options, needs, adds) {
  const ms = Date.prototype.getTime.call(date)
  if (Number.isNaN(ms)) return 'Invalid Date'
  return text(partsOf(dateState(locales, options, needs, adds), ms))
}

module.exports = { DateTimeFormat, toLocale }
