'use strict'

// What connect and listen have in common: their arguments.

const { error, argType, check } = tools
const path = native.require('path')

const isIP = (input) => native.isIP(`${input}`)
const isIPv4 = (input) => isIP(input) === 4
const isIPv6 = (input) => isIP(input) === 6

// What Go gives has no order.
const inOrder = ({ address, family, port: number }) => ({ address, family, port: number })

// normalized puts what connect and listen are given into one form: options and
// a callback.
function normalized(args) {
  const [first, second] = args
  const callback = typeof args.at(-1) === 'function' ? args.at(-1) : null
  let options = {}
  if (typeof first === 'object' && first !== null) options = { ...first }
  else if (isPath(first)) options.path = first
  else if (args.length > 0 && typeof first !== 'function') {
    options.port = first
    if (args.length > 1 && typeof second === 'string') options.host = second
  }
  return { options, callback }
}

const isPath = (value) => typeof value === 'string' && !(Number(value) >= 0)

// A socket of the file system; a relative path means the script's folder.
function socketPath(value) {
  check.string(value, 'options.path')
  if (value.includes('\0')) {
    throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The property 'options.path' must be a string, Uint8Array, or URL without null bytes. Received ${JSON.stringify(value)}`)
  }
  return path.resolve(value)
}

function port(value, name = 'Port', lowest = 0) {
  const given = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
  const number = Number(value)
  if (!given || !Number.isInteger(number) || number < lowest || number > 65535) {
    throw error('RangeError', 'ERR_SOCKET_BAD_PORT', `${name} should be ${lowest === 0 ? '>=' : '>'} 0 and < 65536. Received ${tools.received(value)}.`)
  }
  return number
}

function duration(value, name) {
  if (typeof value !== 'number') throw argType(name, 'of type number', value)
  if (!(value >= 0) || value === Infinity) throw tools.outOfRange(name, 'a non-negative finite number', value)
  return Math.min(value, 2 ** 31 - 1)
}

// onAbort calls back when a signal is or becomes aborted; what it returns takes
// that back.
function onAbort(signal, callback) {
  if (signal === null || typeof signal !== 'object' || !('aborted' in signal)) {
    throw argType('options.signal', 'an instance of AbortSignal', signal)
  }
  const call = () => {
    const problem = error('Error', 'ABORT_ERR', 'The operation was aborted')
    problem.name = 'AbortError'
    problem.cause = signal.reason
    callback(problem)
  }
  if (signal.aborted) {
    native.require('process').nextTick(call)
    return () => {}
  }
  signal.addEventListener('abort', call, { once: true })
  return () => signal.removeEventListener('abort', call)
}

module.exports = { isIP, isIPv4, isIPv6, inOrder, normalized, socketPath, port, duration, onAbort }
