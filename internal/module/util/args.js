'use strict'

// util.parseArgs: what a command line says.

const { error, argType, check } = tools
const own = (object, name) => (Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined)

function problem(code, message) { return error('TypeError', 'ERR_PARSE_ARGS_' + code, message) }

function checkOptions(options) {
  check.object(options, 'options')
  for (const [name, option] of Object.entries(options)) {
    check.object(option, `options.${name}`)
    const type = own(option, 'type')
    if (type !== 'string' && type !== 'boolean') {
      throw argType(`options.${name}.type`, "('string|boolean')", type)
    }
    const short = own(option, 'short')
    if (short !== undefined) {
      check.string(short, `options.${name}.short`)
      if (short.length !== 1) {
        throw error('TypeError', 'ERR_INVALID_ARG_VALUE',
          `The property 'options.${name}.short' must be a single character. Received ${native.inspect(short)}`)
      }
    }
    const multiple = own(option, 'multiple')
    if (multiple !== undefined && typeof multiple !== 'boolean') throw argType(`options.${name}.multiple`, 'of type boolean', multiple)
    checkDefault(name, option)
  }
}

function checkDefault(name, option) {
  const value = own(option, 'default')
  if (value === undefined) return
  const what = `options.${name}.default`
  if (option.multiple) {
    if (!Array.isArray(value)) throw argType(what, 'an instance of Array', value)
    value.forEach((one, i) => { if (typeof one !== option.type) throw argType(`${what}[${i}]`, `of type ${option.type}`, one) })
  } else if (typeof value !== option.type) throw argType(what, `of type ${option.type}`, value)
}

const longOf = (short, options) => Object.keys(options).find((name) => own(options[name], 'short') === short) ?? short
const typeOf = (name, options) => (own(options, name) ? options[name].type : undefined)
const isValue = (text) => text !== undefined && (text === '-' || !text.startsWith('-'))

// tokenize takes the arguments apart: options with their values, positionals
// and the terminator.
function tokenize(args, options) {
  const tokens = [], left = [...args]
  let index = -1, grouped = 0
  while (left.length > 0) {
    const arg = left.shift()
    if (grouped > 0) grouped--
    else index++
    if (arg === '--') {
      tokens.push({ kind: 'option-terminator', index })
      for (const value of left) tokens.push({ kind: 'positional', index: ++index, value })
      break
    }
    if (/^-[^-]$/.test(arg)) takeOption(longOf(arg[1], options), arg)
    else if (/^-[^-].+$/s.test(arg)) takeGroup(arg)
    else if (/^--[^=]+$/s.test(arg)) takeOption(arg.slice(2), arg)
    else if (/^--[^=]+=/s.test(arg)) {
      const at = arg.indexOf('=')
      tokens.push({ kind: 'option', name: arg.slice(2, at), rawName: arg.slice(0, at), index, value: arg.slice(at + 1), inlineValue: true })
    } else tokens.push({ kind: 'positional', index, value: arg })
  }
  return tokens

  function takeOption(name, rawName) {
    const token = { kind: 'option', name, rawName, index, value: undefined, inlineValue: undefined }
    if (typeOf(name, options) === 'string' && left.length > 0 && left[0] !== undefined) {
      token.value = left.shift()
      token.inlineValue = false
      index++
      token.index = index - 1
    }
    tokens.push(token)
  }

  // -abc is -a -b -c, and -fVALUE is -f with its value.
  function takeGroup(arg) {
    const first = longOf(arg[1], options)
    if (typeOf(first, options) === 'string') {
      tokens.push({ kind: 'option', name: first, rawName: arg.slice(0, 2), index, value: arg.slice(2), inlineValue: true })
      return
    }
    const expanded = []
    for (let i = 1; i < arg.length; i++) {
      const name = longOf(arg[i], options)
      if (typeOf(name, options) === 'string' && i < arg.length - 1) {
        expanded.push(`-${arg.slice(i)}`)
        break
      }
      expanded.push(`-${arg[i]}`)
    }
    left.unshift(...expanded)
    grouped = expanded.length
  }
}

function checkKnown(token, { options, allowPositionals, allowNegative }) {
  const negated = allowNegative && token.name.startsWith('no-') ? token.name.slice(3) : undefined
  if (own(options, token.name) || (negated !== undefined && typeOf(negated, options) === 'boolean')) return
  const suggestion = allowPositionals ?
    `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- ${native.stringify(token.rawName)}` : ''
  throw problem('UNKNOWN_OPTION', `Unknown option '${token.rawName}'${suggestion}`)
}

function checkUse(token, { options }) {
  const option = own(options, token.name)
  if (!option) return
  const short = option.short ? `-${option.short}, ` : ''
  if (option.type === 'string' && typeof token.value !== 'string') {
    throw problem('INVALID_OPTION_VALUE', `Option '${short}--${token.name} <value>' argument missing`)
  }
  if (option.type === 'boolean' && token.value !== undefined) {
    throw problem('INVALID_OPTION_VALUE', `Option '${short}--${token.name}' does not take an argument`)
  }
  if (token.inlineValue === false && !isValue(token.value)) {
    const other = token.rawName.startsWith('--') ? `'${token.rawName}=-XYZ'` : `'--${token.name}=-XYZ' or '${token.rawName}-XYZ'`
    throw problem('INVALID_OPTION_VALUE', `Option '${token.rawName}' argument is ambiguous.\n` +
      `Did you forget to specify the option argument for '${token.rawName}'?\nTo specify an option argument starting with a dash use ${other}.`)
  }
}

function store(values, token, { options, allowNegative }) {
  let { name, value } = token
  if (name === '__proto__') return
  if (allowNegative && name.startsWith('no-') && value === undefined && !own(options, name)) {
    name = name.slice(3)
    value = false
  }
  const found = value ?? true
  if (own(options, name)?.multiple) (values[name] ??= []).push(found)
  else values[name] = found
}

function parseArgs(config = {}) {
  const args = own(config, 'args') ?? native.require('process').argv.slice(2)
  const strict = own(config, 'strict') ?? true
  const settings = {
    strict, options: own(config, 'options') ?? {}, allowPositionals: own(config, 'allowPositionals') ?? !strict,
    allowNegative: own(config, 'allowNegative') ?? false,
  }
  if (!Array.isArray(args)) throw argType('args', 'an instance of Array', args)
  for (const name of ['strict', 'allowPositionals', 'tokens', 'allowNegative']) {
    const value = own(config, name)
    if (value !== undefined && typeof value !== 'boolean') throw argType(name, 'of type boolean', value)
  }
  checkOptions(settings.options)
  const tokens = tokenize(args, settings.options)
  const result = { values: Object.create(null), positionals: [] }
  if (own(config, 'tokens')) result.tokens = tokens
  for (const token of tokens) {
    if (token.kind === 'option') {
      if (strict) {
        checkKnown(token, settings)
        checkUse(token, settings)
      }
      store(result.values, token, settings)
    } else if (token.kind === 'positional') {
      if (!settings.allowPositionals) {
        throw problem('UNEXPECTED_POSITIONAL', `Unexpected argument '${token.value}'. This command does not take positional arguments`)
      }
      result.positionals.push(token.value)
    }
  }
  for (const [name, option] of Object.entries(settings.options)) {
    if (own(option, 'default') !== undefined && result.values[name] === undefined) result.values[name] = option.default
  }
  return result
}

module.exports = parseArgs
