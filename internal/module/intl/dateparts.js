'use strict'

// How the parts of a date stand together in English: of the United States, and
// of the United Kingdom and where dates are written as there.

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const eras = { long: ['Before Christ', 'Anno Domini'], short: ['BC', 'AD'], narrow: ['B', 'A'] }

const american = (locale) => !/^en-(GB|AU|NZ|IE|IN|ZA|SG|HK|MT|BZ|001|150)\b/.test(locale)
const twelveHours = (locale) => !/^en-(GB|IE|ZA|MT|BZ|150)\b/.test(locale)

const two = (n) => String(n).padStart(2, '0')

function monthText(n, style, locale) {
  switch (style) {
    case 'numeric': return String(n + 1)
    case '2-digit': return two(n + 1)
    case 'long': return months[n]
    case 'narrow': return months[n][0]
  }
  return !american(locale) && n === 8 ? 'Sept' : months[n].slice(0, 3)
}

const weekdayText = (n, style) => (style === 'long' ? weekdays[n] : style === 'narrow' ? weekdays[n][0] : weekdays[n].slice(0, 3))

// The times of a day, for the option dayPeriod.
function dayPeriodText(hour) {
  if (hour === 12) return 'noon'
  if (hour < 6 || hour >= 21) return 'at night'
  if (hour < 12) return 'in the morning'
  return hour < 18 ? 'in the afternoon' : 'in the evening'
}

// A list of parts, put together with what stands between them.
class Parts {
  list = []
  add(type, value) {
    if (value === undefined) return this
    const last = this.list[this.list.length - 1]
    if (type === 'literal' && last?.type === 'literal') last.value += value
    else if (value !== '') this.list.push({ type, value })
    return this
  }

  literal(value) { return this.add('literal', value) }
  append(parts, between = '') {
    if (parts.list.length === 0) return this
    if (this.list.length > 0) this.literal(between)
    for (const { type, value } of parts.list) this.add(type, value)
    return this
  }
}

const yearText = (year, style) => (style === '2-digit' ? two(year % 100) : String(year))

// dateParts writes the date of f, with what o asks for.
function dateParts(f, o, locale) {
  const us = american(locale)
  const parts = new Parts()
  const weekday = o.weekday && weekdayText(f.weekday, o.weekday)
  const numeric = o.month === 'numeric' || o.month === '2-digit'
  const year = o.year && yearText(o.era && f.year <= 0 ? 1 - f.year : f.year, o.year)
  const era = o.era && eras[o.era][f.year > 0 ? 1 : 0]
  if (!o.month) {
    if (o.day) parts.add('day', o.day === '2-digit' ? two(f.day) : String(f.day))
    if (weekday) {
      if (us || !o.day) parts.append(new Parts().add('weekday', weekday), ' ')
      else parts.list.unshift({ type: 'weekday', value: weekday }, { type: 'literal', value: ' ' })
    }
    if (year) parts.append(new Parts().add('year', year), ' ')
    if (era) parts.append(new Parts().add('era', era), ' ')
    return parts
  }
  return numeric ? numericDate(parts, f, o, us, { weekday, year, era }) : namedDate(parts, f, o, us, locale, { weekday, year, era })
}

function numericDate(parts, f, o, us, { weekday, year, era }) {
  if (weekday) parts.add('weekday', weekday).literal(', ')
  // British dates have two digits as soon as day and month stand together.
  const padded = !us && o.day
  const month = { type: 'month', value: padded && (o.year || o.day) ? two(f.month + 1) : monthText(f.month, o.month) }
  const day = o.day && { type: 'day', value: padded || o.day === '2-digit' ? two(f.day) : String(f.day) }
  if (!us && !o.day && o.year) month.value = two(f.month + 1)
  const list = (us ? [month, day] : [day, month]).filter(Boolean)
  if (year) list.push({ type: 'year', value: year })
  list.forEach((part, i) => (i > 0 ? parts.literal('/') : parts).add(part.type, part.value))
  if (era) parts.literal(' ').add('era', era)
  return parts
}

function namedDate(parts, f, o, us, locale, { weekday, year, era }) {
  const month = monthText(f.month, o.month, locale)
  const day = o.day && (o.day === '2-digit' ? two(f.day) : String(f.day))
  if (weekday) parts.add('weekday', weekday).literal(us || year || o.weekday !== 'long' ? ', ' : ' ')
  if (us) {
    parts.add('month', month)
    if (day) parts.literal(' ').add('day', day)
    if (year) parts.literal(day ? ', ' : ' ').add('year', year)
  } else {
    if (day) parts.add('day', day).literal(' ')
    parts.add('month', month)
    if (year) parts.literal(' ').add('year', year)
  }
  if (era) parts.literal(' ').add('era', era)
  return parts
}

// timeParts writes the time of f.
function timeParts(f, o, zone) {
  const parts = new Parts()
  const twelve = o.hourCycle === 'h12' || o.hourCycle === 'h11'
  if (o.hour) {
    let hour = f.hour
    if (o.hourCycle === 'h12') hour = hour % 12 || 12
    else if (o.hourCycle === 'h11') hour %= 12
    else if (o.hourCycle === 'h24') hour = hour || 24
    // Without am and pm the hour has two digits next to minutes, and alone.
    parts.add('hour', o.hour === '2-digit' || (!twelve && !(o.british && o.minute === '2-digit' && !o.styled)) ? two(hour) : String(hour))
  }
  if (o.minute) {
    if (o.hour) parts.literal(':')
    parts.add('minute', o.hour || o.second ? two(f.minute) : String(f.minute))
  }
  if (o.second) {
    if (o.hour || o.minute) parts.literal(':')
    parts.add('second', o.minute || o.hour ? two(f.second) : o.second === '2-digit' && o.fractionalSecondDigits ? two(f.second) : String(f.second))
  }
  if (o.fractionalSecondDigits) {
    if (o.second) parts.literal('.')
    parts.add('fractionalSecond', String(f.millisecond).padStart(3, '0').slice(0, o.fractionalSecondDigits))
  }
  if (o.dayPeriod && (!o.hour || twelve)) parts.append(new Parts().add('dayPeriod', dayPeriodText(f.hour)), ' ')
  else if (o.hour && twelve) parts.literal('\u202f').add('dayPeriod', o.british ? (f.hour < 12 ? 'am' : 'pm') : f.hour < 12 ? 'AM' : 'PM')
  if (zone) parts.append(new Parts().add('timeZoneName', zone), ' ')
  return parts
}

// Zones

const zoneWords = {
  'America/New_York': 'Eastern', 'America/Detroit': 'Eastern', 'America/Toronto': 'Eastern', 'America/Chicago': 'Central', 'America/Winnipeg': 'Central',
  'America/Denver': 'Mountain', 'America/Phoenix': 'Mountain', 'America/Edmonton': 'Mountain', 'America/Los_Angeles': 'Pacific', 'America/Vancouver': 'Pacific',
  'America/Anchorage': 'Alaska', 'Pacific/Honolulu': 'Hawaii-Aleutian',
}
const european = {
  'Western European': ['Lisbon', 'Madeira', 'Canary', 'Faroe'],
  'Central European': ['Berlin', 'Paris', 'Madrid', 'Rome', 'Vienna', 'Zurich', 'Brussels', 'Amsterdam', 'Copenhagen', 'Oslo', 'Stockholm', 'Prague', 'Warsaw', 'Budapest', 'Belgrade', 'Luxembourg', 'Zagreb', 'Ljubljana', 'Bratislava', 'Malta', 'Monaco'],
  'Eastern European': ['Helsinki', 'Athens', 'Kiev', 'Kyiv', 'Sofia', 'Bucharest', 'Riga', 'Tallinn', 'Vilnius'],
}
const asian = { 'Asia/Tokyo': 'Japan Standard Time', 'Asia/Kolkata': 'India Standard Time', 'Asia/Calcutta': 'India Standard Time', 'Asia/Shanghai': 'China Standard Time', 'Asia/Singapore': 'Singapore Standard Time', 'Asia/Seoul': 'Korean Standard Time', 'Asia/Dubai': 'Gulf Standard Time', 'Asia/Kathmandu': 'Nepal Time', 'Asia/Katmandu': 'Nepal Time' }

function offsetText(seconds, long) {
  if (seconds === 0) return 'GMT'
  const minutes = Math.trunc(Math.abs(seconds) / 60), sign = seconds < 0 ? '-' : '+'
  const hours = Math.trunc(minutes / 60), rest = minutes % 60
  if (long) return `GMT${sign}${two(hours)}:${two(rest)}`
  return `GMT${sign}${hours}${rest ? ':' + two(rest) : ''}`
}

// zoneText names a time zone at a moment, as far as there are English names.
function zoneText(zone, style, [seconds, abbreviation], locale) {
  const summer = /^[A-Z]DT$|^AKDT$|ST$/.test(abbreviation) && abbreviation.includes('D') || /^(CEST|EEST|WEST|BST)$/.test(abbreviation)
  if (style === 'longOffset') return seconds === 0 ? 'GMT+00:00' : offsetText(seconds, true)
  if (style === 'shortOffset') return seconds === 0 ? 'GMT+0' : offsetText(seconds, false)
  const utc = /^(UTC|Etc\/UTC|Etc\/UCT|Etc\/Universal|Etc\/Zulu)$/.test(zone)
  if (style === 'long' || style === 'longGeneric') {
    if (utc) return 'Coordinated Universal Time'
    const part = style === 'longGeneric' ? '' : summer ? 'Daylight ' : 'Standard '
    if (zoneWords[zone]) return `${zoneWords[zone]} ${part}Time`
    const region = Object.keys(european).find((one) => european[one].includes(zone.replace(/^(Europe|Atlantic|Asia)\//, '')))
    if (region) return `${region} ${style === 'longGeneric' ? '' : summer ? 'Summer ' : 'Standard '}Time`
    if (zone === 'Europe/London' && summer) return 'British Summer Time'
    if (abbreviation === 'GMT') return 'Greenwich Mean Time'
    return asian[zone] ?? offsetText(seconds, true)
  }
  if (utc) return 'UTC'
  if (american(locale) && zoneWords[zone] && /^[A-Z]{3,4}$/.test(abbreviation)) {
    return style === 'shortGeneric' ? abbreviation.replace(/[SD]T$/, 'T') : abbreviation
  }
  if (!american(locale) && zone === 'Europe/London') return abbreviation
  return offsetText(seconds, false)
}

module.exports = { Parts, dateParts, timeParts, zoneText, american, twelveHours }
