'use strict'

// TimeUtil, with the letters of Moment's formats in English.

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const dayLength = 86400000

// The long forms of dates.
const long = {
  LTS: 'h:mm:ss A', LT: 'h:mm A', L: 'MM/DD/YYYY', LL: 'MMMM D, YYYY', LLL: 'MMMM D, YYYY h:mm A', LLLL: 'dddd, MMMM D, YYYY h:mm A',
  l: 'M/D/YYYY', ll: 'MMM D, YYYY', lll: 'MMM D, YYYY h:mm A', llll: 'ddd, MMM D, YYYY h:mm A',
}

const pad = (n, width) => (n < 0 ? '-' : '') + String(Math.abs(n)).padStart(width, '0')

function ordinal(n) {
  const tens = Math.floor(n % 100 / 10)
  const ending = tens === 1 ? 'th' : { 1: 'st', 2: 'nd', 3: 'rd' }[n % 10] ?? 'th'
  return n + ending
}

// The number of a day, counted from 1970 by the calendar; any year will do.
const dayNumber = (year, month, day) => new Date(0).setUTCFullYear(year, month, day) / dayLength

const dayOfYear = (date) => dayNumber(date.getFullYear(), date.getMonth(), date.getDate()) - dayNumber(date.getFullYear(), 0, 0)

// The week and its year. first is the day that weeks begin with; the week with
// the January day of that number is the first of the year.
function week(date, first, january) {
  const yearOf = (year) => { // the day of the year on which its first week begins, from 0
    const weekday = (7 + (dayNumber(year, 0, january) % 7 + 11) % 7 - first) % 7
    return january - 1 - weekday
  }
  const lengthOf = (year) => dayNumber(year + 1, 0, 1) - dayNumber(year, 0, 1)
  const year = date.getFullYear(), day = dayOfYear(date) - 1
  const number = Math.floor((day - yearOf(year)) / 7) + 1
  const weeksIn = (y) => (lengthOf(y) - yearOf(y) + yearOf(y + 1)) / 7
  if (number < 1) return { year: year - 1, number: number + weeksIn(year - 1) }
  if (number > weeksIn(year)) return { year: year + 1, number: number - weeksIn(year) }
  return { year, number }
}

function offset(date, separator) {
  const minutes = -Math.round(date.getTimezoneOffset()), size = Math.abs(minutes)
  return (minutes < 0 ? '-' : '+') + pad(Math.floor(size / 60), 2) + separator + pad(size % 60, 2)
}

const hour12 = (date) => date.getHours() % 12 || 12

// Each letter's value; a doubled one is padded with zeros to two places, and
// with an o behind it stands for the ordinal number.
const numbers = {
  M: (d) => d.getMonth() + 1, D: (d) => d.getDate(), Q: (d) => Math.floor(d.getMonth() / 3) + 1,
  w: (d) => week(d, 0, 1).number, W: (d) => week(d, 1, 4).number, d: (d) => d.getDay(), DDD: dayOfYear,
  H: (d) => d.getHours(), h: hour12, k: (d) => d.getHours() || 24, m: (d) => d.getMinutes(), s: (d) => d.getSeconds(),
}

const words = {
  MMM: (d) => months[d.getMonth()].slice(0, 3), MMMM: (d) => months[d.getMonth()], DDDD: (d) => pad(dayOfYear(d), 3),
  dd: (d) => days[d.getDay()].slice(0, 2), ddd: (d) => days[d.getDay()].slice(0, 3), dddd: (d) => days[d.getDay()],
  e: (d) => d.getDay(), E: (d) => d.getDay() || 7,
  YY: (d) => pad(d.getFullYear() % 100, 2), Y: (d) => (d.getFullYear() > 9999 ? '+' : '') + pad(d.getFullYear(), d.getFullYear() < 0 ? 1 : 4),
  YYYY: (d) => pad(d.getFullYear(), 4), YYYYY: (d) => pad(d.getFullYear(), 5), YYYYYY: (d) => (d.getFullYear() < 0 ? '' : '+') + pad(d.getFullYear(), 6),
  gg: (d) => pad(week(d, 0, 1).year % 100, 2), gggg: (d) => pad(week(d, 0, 1).year, 4), ggggg: (d) => pad(week(d, 0, 1).year, 5),
  GG: (d) => pad(week(d, 1, 4).year % 100, 2), GGGG: (d) => pad(week(d, 1, 4).year, 4), GGGGG: (d) => pad(week(d, 1, 4).year, 5),
  a: (d) => (d.getHours() < 12 ? 'am' : 'pm'), A: (d) => (d.getHours() < 12 ? 'AM' : 'PM'),
  hmm: (d) => hour12(d) + pad(d.getMinutes(), 2), hmmss: (d) => hour12(d) + pad(d.getMinutes(), 2) + pad(d.getSeconds(), 2),
  Hmm: (d) => d.getHours() + pad(d.getMinutes(), 2), Hmmss: (d) => d.getHours() + pad(d.getMinutes(), 2) + pad(d.getSeconds(), 2),
  Z: (d) => offset(d, ':'), ZZ: (d) => offset(d, ''), z: () => '', zz: () => '',
  X: (d) => Math.floor(d / 1000), x: (d) => Number(d),
}
for (const [letter, value] of Object.entries(numbers)) {
  if (letter === 'DDD') words.DDD = value
  else if (letter !== 'd') words[letter] = value
  words[letter + 'o'] = (d) => ordinal(value(d))
  if (letter.length === 1 && !['Q', 'd'].includes(letter)) words[letter + letter] = (d) => pad(value(d), 2)
}
words.d = numbers.d
for (const letter of ['H', 'h', 'k', 'm', 's']) delete words[letter + 'o']

// Text in brackets, long forms, and the longest run of letters that means
// something.
const tokens = /\[([^[\]]*)\]|\\(.)|LTS|LT|LL?L?L?|l{1,4}|[Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|do|d{1,4}|w[ow]?|W[oW]?|Qo?|YYYYYY|YYYYY|YYYY|YY|Y|gg(?:ggg?)?|GG(?:GGG?)?|[eEaAXx]|HH?|hh?|kk?|mm?|ss?|S{1,9}|ZZ?|zz?/g

function format(pattern, milliseconds) {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return 'Invalid date'
  return pattern.replace(tokens, (token, bracketed, escaped) => {
    if (bracketed !== undefined) return bracketed
    if (escaped !== undefined) return escaped
    if (long[token]) return format(long[token], milliseconds)
    if (token[0] === 'S') return pad(date.getMilliseconds(), 3).padEnd(9, '0').slice(0, token.length)
    return token in words ? String(words[token](date)) : token
  })
}

// The time that text in the form of ISO 8601 names, in milliseconds; without a
// zone it is local.
const iso = /^\s*([+-]\d{6}|\d{4})-?(\d\d)(?:-?(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?)?\s*$/

function parse(text) {
  const m = iso.exec(text)
  if (!m) return NaN
  const [year, month, day, hour, minute, second] = [m[1], m[2], m[3] ?? 1, m[4] ?? 0, m[5] ?? 0, m[6] ?? 0].map(Number)
  const fraction = m[7] === undefined ? 0 : Math.trunc(Number('0.' + m[7]) * 1000)
  const whole = hour === 24 && minute === 0 && second === 0 && fraction === 0
  const checked = new Date(Date.UTC(2000, 0, 1))
  checked.setUTCFullYear(year, month - 1, day)
  if (checked.getUTCMonth() !== month - 1 || checked.getUTCDate() !== day || (hour > 23 && !whole) || minute > 59 || second > 59) return NaN
  if (m[8] !== undefined) {
    const zone = m[8] === 'Z' ? 0 : Number(m[8][0] + '1') * (Number(m[8].slice(1, 3)) * 60 + Number(m[8].slice(3).replace(':', '') || 0))
    return Date.UTC(year, month - 1, day, hour, minute, second, fraction) - zone * 60000
  }
  const local = new Date(2000, 0, 1)
  local.setFullYear(year, month - 1, day)
  local.setHours(hour, minute, second, fraction)
  return local.getTime()
}

const usual = 'YYYY-MM-DDTHH:mm:ssZ'

class TimeUtil {
  static sleep(ms) { return new Promise((resolve) => setTimeout(resolve, ms)) }
  static getCurrentUnixSecond() { return Math.floor(Date.now() / 1000) }
  static getCurrentUnixMillisecond() { return Date.now() }
  static getUnixSecondFromFormatDate(text) { return Math.floor(parse(String(text)) / 1000) }
  static getFormatDateFromUnixSecond(pattern, second) {
    return format(pattern ?? usual, second === undefined ? Date.now() : second * 1000)
  }
  static getFormatDateFromUnixMillisecond(pattern, millisecond) { return format(pattern ?? usual, millisecond ?? Date.now()) }
}

module.exports = { TimeUtil }
