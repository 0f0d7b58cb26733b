'use strict'

const { Buffer, error } = tools

const alphabet = /^[A-Za-z0-9+/]*$/

function invalid(message) {
  const e = new Error(message)
  Object.defineProperty(e, 'name', { value: 'InvalidCharacterError', writable: true, configurable: true })
  Object.defineProperty(e, 'code', { value: 5, writable: true, configurable: true })
  return e
}

function given(args) {
  if (args.length === 0) throw error('TypeError', 'ERR_MISSING_ARGS', 'The "input" argument must be specified')
  return `${args[0]}`
}

function atob(...args) {
  let text = given(args).replace(/[\t\n\f\r ]/g, '')
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '')
  if (!alphabet.test(text)) throw invalid('Invalid character')
  if (text.length % 4 === 1) throw invalid('The string to be decoded is not correctly encoded.')
  return Buffer.from(text, 'base64').toString('latin1')
}

function btoa(...args) {
  const text = given(args)
  if (/[^\0-\xff]/.test(text)) throw invalid('Invalid character')
  return Buffer.from(text, 'latin1').toString('base64')
}

module.exports = { atob, btoa }
