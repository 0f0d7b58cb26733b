'use strict'

// Intl.NumberFormat and Intl.PluralRules.

const { states, of, localeOf, option, words, integer, optionsObject, tagged, text, extension } = native.parts.locale

const known = new Map()

// Where the tables at hand are older than what people write now.
const newerSymbols = { fr: { group: '\u202f' }, 'de-CH': { group: '’' } }

function symbolsOf(locale) {
  if (!known.has(locale)) {
    const [decimal, group, last, other, zero, before, after, minus] = native.symbols(locale)
    known.set(locale, { decimal, group, last, other, zero, percent: [before, after], minus, ...lookUp(newerSymbols, locale) })
  }
  return known.get(locale)
}

// Decimal digits of a number, exactly as its shortest text has them: the value
// is 0.DIGITS times ten to the power of point.
function decimalOf(value) {
  const text = typeof value === 'bigint' ? String(value) : Math.abs(value).toString()
  const [, whole, fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text)
  let digits = whole + fraction, point = whole.length + Number(exponent)
  const zeros = /^0*/.exec(digits)[0].length
  digits = digits.slice(zeros).replace(/0+$/, '')
  point -= zeros
  return digits === '' ? { digits: '', point: 0 } : { digits, point }
}

// round keeps n digits; half goes away from zero.
function round({ digits, point }, n, mode = 'halfExpand') {
  if (n >= digits.length) return { digits, point }
  if (n < 0) return { digits: '', point: 0 }
  const next = digits[n] ?? '0', exact = digits.slice(n + 1) === ''
  const odd = n > 0 && Number(digits[n - 1]) % 2 === 1
  const up = { halfExpand: next >= '5', halfEven: next > '5' || (next === '5' && (!exact || odd)), halfTrunc: next > '5' || (next === '5' && !exact), expand: true, ceil: true, trunc: false, floor: false }[mode]
  let kept = digits.slice(0, n)
  if (up) {
    const sum = (BigInt(kept || '0') + 1n).toString().padStart(n, '0')
    if (sum.length > Math.max(n, 0)) point += 1
    kept = sum
  }
  kept = kept.replace(/0+$/, '')
  return kept === '' ? { digits: '', point: 0 } : { digits: kept, point }
}

// plainText writes digits with as many behind the point as the format wants.
function plainText({ digits, point }, minInteger, minFraction) {
  const padded = point > 0 ? digits.padEnd(point, '0') : '0'.repeat(-point) + digits
  const at = Math.max(point, 0)
  const whole = (digits === '' ? '' : padded.slice(0, at)).padStart(minInteger, '0')
  const fraction = (digits === '' ? '' : padded.slice(at)).padEnd(minFraction, '0')
  return [whole === '' ? '0' : whole, fraction]
}

const noFraction = new Set(['JPY', 'KRW', 'CLP', 'VND', 'ISK', 'UGX', 'XAF', 'XOF', 'XPF', 'PYG', 'RWF', 'VUV', 'BIF', 'DJF', 'GNF', 'KMF', 'UYI'])
const threeFraction = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'])
const currencySigns = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', INR: '₹', CNY: 'CN¥', KRW: '₩', BRL: 'R$', CAD: 'CA$', AUD: 'A$', MXN: 'MX$', NZD: 'NZ$', HKD: 'HK$', ILS: '₪', VND: '₫', TWD: 'NT$', XAF: 'FCFA', XOF: 'F\u202fCFA', XPF: 'CFPF', PHP: '₱', XCD: 'EC$' }
const ownSigns = { de: {}, ja: { JPY: '￥', CNY: '元' }, zh: { CNY: '¥', JPY: 'JP¥' }, 'en-GB': { USD: 'US$' }, 'en-CA': { CAD: '$', USD: 'US$' }, 'en-AU': { AUD: '$', USD: 'USD' } }
const narrowSigns = { CAD: '$', AUD: '$', MXN: '$', NZD: '$', HKD: '$', CNY: '¥', TWD: '$', RUB: '₽', TRY: '₺', UAH: '₴', PLN: 'zł', SEK: 'kr', NOK: 'kr', DKK: 'kr', CZK: 'Kč', HUF: 'Ft' }
const currencyNames = { USD: ['US dollar', 'US dollars'], EUR: ['euro', 'euros'], GBP: ['British pound', 'British pounds'], JPY: ['Japanese yen', 'Japanese yen'], CHF: ['Swiss franc', 'Swiss francs'], CNY: ['Chinese yuan', 'Chinese yuan'], INR: ['Indian rupee', 'Indian rupees'], SEK: ['Swedish krona', 'Swedish kronor'], CAD: ['Canadian dollar', 'Canadian dollars'], AUD: ['Australian dollar', 'Australian dollars'] }
// Languages that write the sign of a currency in front of the number; with the
// space that stands between.
const signFirst = { en: '', ja: '', zh: '', ko: '', hi: '', th: '', he: null, nl: '\u00a0', pt: '\u00a0', da: null, 'pt-PT': null, 'es-MX': '', 'de-CH': '\u00a0', 'de-AT': '\u00a0', tr: '', id: '\u00a0' }

const units = {
  kilometer: ['km', 'kilometer'], meter: ['m', 'meter'], centimeter: ['cm', 'centimeter'], millimeter: ['mm', 'millimeter'], mile: ['mi', 'mile'], foot: ['ft', 'foot', 'feet'], inch: ['in', 'inch', 'inches'], yard: ['yd', 'yard'],
  kilogram: ['kg', 'kilogram'], gram: ['g', 'gram'], pound: ['lb', 'pound'], ounce: ['oz', 'ounce'], liter: ['L', 'liter'], milliliter: ['mL', 'milliliter'],
  second: ['sec', 'second'], minute: ['min', 'minute'], hour: ['hr', 'hour'], day: ['day', 'day'], week: ['wk', 'week'], month: ['mth', 'month'], year: ['yr', 'year'], millisecond: ['ms', 'millisecond'],
  byte: ['byte', 'byte'], kilobyte: ['kB', 'kilobyte'], megabyte: ['MB', 'megabyte'], gigabyte: ['GB', 'gigabyte'], terabyte: ['TB', 'terabyte'], bit: ['bit', 'bit'],
  celsius: ['°C', 'degree Celsius', 'degrees Celsius'], fahrenheit: ['°F', 'degree Fahrenheit', 'degrees Fahrenheit'], percent: ['%', 'percent', 'percent'], degree: ['deg', 'degree'],
  'kilometer-per-hour': ['km/h', 'kilometer per hour', 'kilometers per hour'], 'mile-per-hour': ['mph', 'mile per hour', 'miles per hour'], 'meter-per-second': ['m/s', 'meter per second', 'meters per second'],
}
const tight = new Set(['celsius', 'fahrenheit', 'percent'])
const shortPlural = { day: 'days', week: 'wks', month: 'mths', year: 'yrs' }
const compactNames = [['', ''], ['K', ' thousand'], ['M', ' million'], ['B', ' billion'], ['T', ' trillion']]

const N = 'Intl.NumberFormat'

function readDigits(state, options, minUsual, maxUsual) {
  state.minimumIntegerDigits = integer(options, 'minimumIntegerDigits', 1, 21, 1)
  const { minimumSignificantDigits: minS, maximumSignificantDigits: maxS, minimumFractionDigits: minF, maximumFractionDigits: maxF } = options
  if (minS !== undefined || maxS !== undefined) {
    state.minimumSignificantDigits = integer(options, 'minimumSignificantDigits', 1, 21, 1)
    state.maximumSignificantDigits = integer(options, 'maximumSignificantDigits', state.minimumSignificantDigits, 21, 21)
    return
  }
  if (state.notation === 'compact' && minF === undefined && maxF === undefined) {
    Object.assign(state, { minimumFractionDigits: 0, maximumFractionDigits: 0, compactRounding: true })
    return
  }
  const min = integer(options, 'minimumFractionDigits', 0, 100, undefined)
  const max = integer(options, 'maximumFractionDigits', 0, 100, undefined)
  state.minimumFractionDigits = min ?? Math.min(minUsual, max ?? minUsual)
  state.maximumFractionDigits = max ?? Math.max(maxUsual, state.minimumFractionDigits)
  if (state.minimumFractionDigits > state.maximumFractionDigits) throw new RangeError('maximumFractionDigits value is out of range.')
}

function numberState(locales, given) {
  const options = optionsObject(given)
  const { locale, requested } = localeOf(locales)
  const state = { type: 'NumberFormat', locale }
  state.numberingSystem = option(options, 'numberingSystem', 'string', undefined, extension(requested, 'nu')) ?? 'latn'
  state.style = option(options, 'style', 'string', words(N, 'decimal', 'percent', 'currency', 'unit'), 'decimal')
  const currency = option(options, 'currency', 'string')
  if (currency !== undefined && !/^[a-z]{3}$/i.test(currency)) throw new RangeError(`Invalid currency code : ${currency}`)
  if (state.style === 'currency') {
    if (currency === undefined) throw new TypeError('Currency code is required with currency style.')
    state.currency = currency.toUpperCase()
    state.currencyDisplay = option(options, 'currencyDisplay', 'string', words(N, 'code', 'symbol', 'narrowSymbol', 'name'), 'symbol')
    state.currencySign = option(options, 'currencySign', 'string', words(N, 'standard', 'accounting'), 'standard')
  }
  const unit = option(options, 'unit', 'string')
  if (unit !== undefined && !units[unit]) throw new RangeError(`Invalid unit argument for Intl.NumberFormat() '${unit}'`)
  if (state.style === 'unit') {
    if (unit === undefined) throw new TypeError('Unit is required with unit style.')
    state.unit = unit
    state.unitDisplay = option(options, 'unitDisplay', 'string', words(N, 'short', 'narrow', 'long'), 'short')
  }
  state.notation = option(options, 'notation', 'string', words(N, 'standard', 'scientific', 'engineering', 'compact'), 'standard')
  const cents = noFraction.has(state.currency) ? 0 : threeFraction.has(state.currency) ? 3 : 2
  if (state.style === 'currency' && state.notation === 'standard') readDigits(state, options, cents, cents)
  else readDigits(state, options, 0, state.style === 'percent' ? 0 : 3)
  if (state.notation === 'compact') state.compactDisplay = option(options, 'compactDisplay', 'string', words(N, 'short', 'long'), 'short')
  const grouping = options.useGrouping
  state.useGrouping = grouping === undefined ? (state.notation === 'compact' ? 'min2' : 'auto') : grouping === true || grouping === 'true' || grouping === 'always' ? 'always' : grouping === false || grouping === 'false' ? (grouping === false ? false : 'auto') : String(grouping)
  state.signDisplay = option(options, 'signDisplay', 'string', words(N, 'auto', 'never', 'always', 'exceptZero', 'negative'), 'auto')
  state.roundingMode = option(options, 'roundingMode', 'string', words(N, 'ceil', 'floor', 'expand', 'trunc', 'halfCeil', 'halfFloor', 'halfExpand', 'halfTrunc', 'halfEven'), 'halfExpand')
  return state
}

function rounded(state, decimal) {
  if (state.maximumSignificantDigits !== undefined) return round(decimal, state.maximumSignificantDigits, state.roundingMode)
  if (state.compactRounding) return round(decimal, Math.max(2, decimal.point), state.roundingMode)
  return round(decimal, decimal.point + state.maximumFractionDigits, state.roundingMode)
}

function minFraction(state, { digits, point }) {
  if (state.minimumSignificantDigits === undefined) return state.minimumFractionDigits
  return Math.max(0, state.minimumSignificantDigits - (digits === '' ? 1 : point))
}

function grouped(state, symbols, whole) {
  const { group, last, other } = symbols
  const least = state.useGrouping === 'min2' || (state.useGrouping === 'auto' && /^(es|it|pt-PT|pl|bg|hu)\b/.test(state.locale)) ? last + 2 : last + 1
  if (!state.useGrouping || !group || last === 0 || whole.length < least) return [{ type: 'integer', value: whole }]
  const parts = [{ type: 'integer', value: whole.slice(-last) }]
  for (let rest = whole.slice(0, -last); rest !== ''; rest = rest.slice(0, -other)) {
    parts.unshift({ type: 'integer', value: rest.slice(-other) }, { type: 'group', value: group })
  }
  return parts
}

const inDigits = (parts, zero) => (zero === '0' ? parts : parts.map((part) => ({
  ...part, value: ['integer', 'fraction'].includes(part.type) ? part.value.replace(/\d/g, (d) => String.fromCodePoint(zero.codePointAt(0) + Number(d))) : part.value,
})))

// digitsOf writes the digits of a number without its sign.
function digitsOf(state, value) {
  if (Number.isNaN(value)) return { parts: [{ type: 'nan', value: 'NaN' }], zero: false }
  if (value === Infinity || value === -Infinity) return { parts: [{ type: 'infinity', value: '∞' }], zero: false }
  const symbols = symbolsOf(state.locale)
  let decimal = decimalOf(value), tail = []
  if (state.style === 'percent' && decimal.digits !== '') decimal.point += 2
  if (state.notation === 'compact') [decimal, tail] = compact(state, decimal)
  else if (state.notation !== 'standard') [decimal, tail] = exponential(state, decimal)
  else decimal = rounded(state, decimal)
  const [whole, fraction] = plainText(decimal, state.minimumIntegerDigits, minFraction(state, decimal))
  const parts = grouped(state, symbols, whole)
  if (fraction !== '') parts.push({ type: 'decimal', value: symbols.decimal }, { type: 'fraction', value: fraction })
  return { parts: [...inDigits(parts, symbols.zero), ...tail], zero: decimal.digits === '', one: whole === '1' && fraction === '' && tail.length === 0 }
}

function compact(state, decimal) {
  const level = (one) => Math.min(4, Math.max(0, Math.floor((one.point - 1) / 3)))
  let n = level(decimal)
  let shifted = rounded(state, { ...decimal, point: decimal.point - 3 * n })
  if (shifted.point > 3 && n < 4) {
    n++
    shifted = rounded(state, { ...decimal, point: decimal.point - 3 * n })
  }
  const name = compactNames[n][state.compactDisplay === 'long' ? 1 : 0]
  if (name === '') return [shifted, []]
  return [shifted, name[0] === ' ' ? [{ type: 'literal', value: ' ' }, { type: 'compact', value: name.slice(1) }] : [{ type: 'compact', value: name }]]
}

function exponential(state, decimal) {
  const step = state.notation === 'engineering' ? 3 : 1
  const power = ({ digits, point }) => (digits === '' ? 0 : Math.floor((point - 1) / step) * step)
  let exponent = power(decimal)
  let shifted = rounded(state, { ...decimal, point: decimal.point - exponent })
  if (shifted.point > step) {
    exponent += step
    shifted = rounded(state, { ...decimal, point: decimal.point - exponent })
  }
  const tail = [{ type: 'exponentSeparator', value: 'E' }]
  if (exponent < 0) tail.push({ type: 'exponentMinusSign', value: '-' })
  tail.push({ type: 'exponentInteger', value: String(Math.abs(exponent)) })
  return [shifted, tail]
}

function signOf(state, value, zero) {
  const negative = value < 0 || Object.is(value, -0)
  switch (state.signDisplay) {
    case 'never': return ''
    case 'always': return negative ? '-' : '+'
    case 'exceptZero': return zero ? '' : negative ? '-' : '+'
    case 'negative': return negative && !zero ? '-' : ''
  }
  return negative ? '-' : ''
}

const lookUp = (table, locale) => (table[locale] !== undefined ? table[locale] : table[locale.split('-')[0]])

function withCurrency(state, parts, sign, one) {
  const { currency, currencyDisplay, locale } = state
  if (currencyDisplay === 'name') {
    const names = currencyNames[currency] ?? [currency, currency]
    return [...sign, ...parts, { type: 'literal', value: ' ' }, { type: 'currency', value: names[one ? 0 : 1] }]
  }
  const shown = currencyDisplay === 'code' ? currency :
    (currencyDisplay === 'narrowSymbol' ? narrowSigns[currency] : undefined) ?? lookUp(ownSigns, locale)?.[currency] ?? currencySigns[currency] ?? currency
  const symbol = { type: 'currency', value: shown }
  const gap = lookUp(signFirst, locale)
  if (gap === undefined || gap === null) return [...sign, ...parts, { type: 'literal', value: '\u00a0' }, symbol]
  const between = parts[0].type === 'integer' && (gap !== '' || /[a-z]$/i.test(shown)) ? [{ type: 'literal', value: gap || '\u00a0' }] : []
  if (state.currencySign === 'accounting' && sign[0]?.type === 'minusSign') return [{ type: 'literal', value: '(' }, symbol, ...between, ...parts, { type: 'literal', value: ')' }]
  return [...sign, symbol, ...between, ...parts]
}

function withUnit(state, parts, sign, one) {
  const [short, long, many = long + 's'] = units[state.unit]
  if (state.unitDisplay === 'long') return [...sign, ...parts, { type: 'literal', value: ' ' }, { type: 'unit', value: one ? long : many }]
  const narrow = state.unitDisplay === 'narrow'
  const name = narrow && state.unit === 'celsius' ? '°C' : narrow && { second: 's', minute: 'm', hour: 'h', day: 'd', week: 'w', month: 'm', year: 'y' }[state.unit] || (!one && shortPlural[state.unit]) || short
  const space = tight.has(state.unit) || narrow ? [] : [{ type: 'literal', value: ' ' }]
  return [...sign, ...parts, ...space, { type: state.unit === 'percent' ? 'percentSign' : 'unit', value: name }]
}

function formatNumber(state, input) {
  const value = typeof input === 'bigint' ? input : Number(input)
  const { parts, zero, one } = digitsOf(state, value)
  const sign = Number.isNaN(value) ? (state.signDisplay === 'always' ? '+' : '') : signOf(state, value, zero)
  const symbols = symbolsOf(state.locale)
  const signs = sign === '' ? [] : [sign === '-' ? { type: 'minusSign', value: symbols.minus } : { type: 'plusSign', value: '+' }]
  switch (state.style) {
    case 'currency': return withCurrency(state, parts, signs, one)
    case 'unit': return withUnit(state, parts, signs, one)
    case 'percent': {
      const [before, after] = symbols.percent
      const around = (value) => (value === '' ? [] : [...(/^\s/.test(value) ? [{ type: 'literal', value: value[0] }] : []), { type: 'percentSign', value: value.trim() }])
      return [...signs, ...around(before), ...parts, ...around(after)]
    }
  }
  return [...signs, ...parts]
}

const inputOf = (value) => (typeof value === 'string' && /^\s*-?\d{16,}\s*$/.test(value) ? BigInt(value.trim()) : typeof value === 'bigint' ? value : Number(value))

class NumberFormatClass {
  constructor(locales = undefined, options = undefined) { states.set(this, numberState(locales, options)) }

  get format() {
    const state = of('NumberFormat')(this)
    return (state.format ??= (value) => text(formatNumber(state, inputOf(value))))
  }

  formatToParts(value) { return formatNumber(of('NumberFormat', 'formatToParts')(this), inputOf(value)) }
  formatRange(from, to) {
    const [a, b] = [this.format(from), this.format(to)]
    return a === b ? `~${a}` : `${a}–${b}`
  }

  resolvedOptions() {
    const state = of('NumberFormat', 'resolvedOptions')(this)
    const names = ['locale', 'numberingSystem', 'style', 'currency', 'currencyDisplay', 'currencySign', 'unit', 'unitDisplay', 'minimumIntegerDigits', 'minimumFractionDigits', 'maximumFractionDigits', 'minimumSignificantDigits', 'maximumSignificantDigits', 'useGrouping', 'notation', 'compactDisplay', 'signDisplay']
    const shown = {}
    for (const name of names) if (state[name] !== undefined) shown[name] = state[name]
    return { ...shown, roundingMode: state.roundingMode, roundingIncrement: 1, trailingZeroDisplay: 'auto', roundingPriority: state.compactRounding ? 'morePrecision' : 'auto' }
  }
}
Object.defineProperty(NumberFormatClass, 'name', { value: 'NumberFormat' })
const NumberFormat = tools.callable(tagged(NumberFormatClass, 'NumberFormat'))
NumberFormat.supportedLocalesOf = NumberFormatClass.supportedLocalesOf

class PluralRules {
  constructor(locales = undefined, given = undefined) {
    const options = optionsObject(given)
    const state = { type: 'PluralRules', locale: localeOf(locales).locale, notation: 'standard', roundingMode: 'halfExpand' }
    state.rule = option(options, 'type', 'string', words('Intl.PluralRules', 'cardinal', 'ordinal'), 'cardinal')
    readDigits(state, options, 0, 3)
    states.set(this, state)
  }

  select(value) {
    const state = of('PluralRules', 'select')(this)
    const n = Number(value)
    if (!Number.isFinite(n)) return 'other'
    const decimal = rounded(state, decimalOf(n))
    const [whole, fraction] = plainText(decimal, 1, minFraction(state, decimal))
    const visible = fraction.replace(/0+$/, '')
    return native.plural(state.locale, state.rule === 'ordinal', Number(whole.slice(-9)), fraction.length, visible.length, Number(fraction || 0), Number(visible || 0))
  }

  resolvedOptions() {
    const { locale, rule, minimumIntegerDigits, minimumFractionDigits, maximumFractionDigits } = of('PluralRules', 'resolvedOptions')(this)
    const names = new Set()
    for (let n = 0; n <= 200; n++) names.add(this.select(n))
    names.add(this.select(1.5)).add('other')
    const order = ['few', 'many', 'one', 'two', 'zero', 'other']
    return { locale, type: rule, minimumIntegerDigits, minimumFractionDigits, maximumFractionDigits, pluralCategories: order.filter((one) => names.has(one)) }
  }
}
tagged(PluralRules, 'PluralRules')

module.exports = { NumberFormat, PluralRules, formatNumber, numberState }
