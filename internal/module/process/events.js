'use strict'

// What makes process an EventEmitter. It runs when a script first listens to
// its events, or warns.

const EventEmitter = native.require('events')
const { process } = native
const { argType, check } = tools

const prototype = Object.create(EventEmitter.prototype)
Object.defineProperty(prototype, 'constructor', { value: function process() {}, writable: true, configurable: true })
Object.setPrototypeOf(process, prototype)
EventEmitter.call(process)
for (const name of Object.getOwnPropertyNames(process).filter((one) => one.startsWith('_'))) Object.defineProperty(process, name, { enumerable: false })
for (const symbol of Object.getOwnPropertySymbols(process)) Object.defineProperty(process, symbol, { enumerable: false })

function emitWarning(warning, type, code) {
  let detail
  if (type !== null && typeof type === 'object' && !Array.isArray(type)) ({ detail, code, type = 'Warning' } = type)
  else if (typeof type === 'function') type = 'Warning'
  if (type !== undefined) check.string(type, 'type')
  if (typeof code === 'function') code = undefined
  else if (code !== undefined) check.string(code, 'code')
  let made = warning
  if (typeof warning === 'string') {
    made = new Error(warning)
    made.name = `${type || 'Warning'}`
    if (code !== undefined) made.code = code
    if (detail !== undefined) made.detail = detail
  } else if (!(warning instanceof Error)) throw argType('warning', 'of type string or an instance of Error', warning)
  if (made.name === 'DeprecationWarning' && process.noDeprecation) return
  process.nextTick(() => process.emit('warning', made))
}
Object.defineProperty(prototype, 'emitWarning', { value: emitWarning, writable: true, configurable: true })
process.on('warning', (warning) => {
  const code = warning.code ? `[${warning.code}] ` : ''
  native.warn(`${code}${warning.name}: ${warning.message}${warning.detail ? `\n${warning.detail}` : ''}`)
})

if (process.platform !== 'win32') {
  for (const [name, what] of [['getuid', 'uid'], ['geteuid', 'uid'], ['getgid', 'gid'], ['getegid', 'gid']]) {
    const value = { [name]() { return native.require('os').userInfo()[what] } }[name]
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
  }
}

// exit tells those who listen before the script ends, once.
let exiting = false
function ending() {
  if (exiting) return
  exiting = true
  process.emit('exit', process.exitCode ?? 0)
}
Object.defineProperty(process, 'exit', {
  value: function exit(code) {
    if (code !== undefined && code !== null) process.exitCode = code
    ending()
    native.exit()
  },
  writable: true, enumerable: true, configurable: true,
})

// failed gives what nobody caught to those who listen; false when nobody does.
function failed(rejected, value, promise) {
  if (rejected && process.listenerCount('unhandledRejection') > 0) {
    process.emit('unhandledRejection', value, promise)
    return true
  }
  const origin = rejected ? 'unhandledRejection' : 'uncaughtException'
  process.emit('uncaughtExceptionMonitor', value, origin)
  if (process.listenerCount('uncaughtException') === 0) return false
  process.emit('uncaughtException', value, origin)
  return true
}

tools.missing(prototype, 'process', native.missing)
module.exports = { ending, failed }
