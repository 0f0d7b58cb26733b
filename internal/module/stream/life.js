'use strict'

// What every stream has in common: how it is made and how it ends.

const EventEmitter = native.require('events')
const { nextTick } = native.require('process')
const { error } = tools

function Stream(options) {
  EventEmitter.call(this, options)
}
Object.setPrototypeOf(Stream.prototype, EventEmitter.prototype)
Object.setPrototypeOf(Stream, EventEmitter)

const usual = { bytes: 16 * 1024, objects: 16 }

// The mark of a side from the options: bytes, or objects in object mode.
function highWaterMark(options, side, objectMode) {
  const own = options?.[side + 'HighWaterMark']
  const name = own === undefined ? 'highWaterMark' : side + 'HighWaterMark'
  const mark = own ?? options?.highWaterMark
  if (mark === undefined || mark === null) return objectMode ? usual.objects : usual.bytes
  if (!Number.isInteger(mark) || mark < 0) {
    throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The property 'options.${name}' is invalid. Received ${String(mark)}`)
  }
  return Math.floor(mark)
}

// What the state of a side begins with.
function sideState(options, side) {
  const objectMode = Boolean(options?.objectMode || options?.[side + 'ObjectMode'])
  return {
    objectMode, highWaterMark: highWaterMark(options, side, objectMode), length: 0,
    constructed: true, destroyed: false, closed: false, errored: null,
    errorEmitted: false, closeEmitted: false,
    autoDestroy: options?.autoDestroy !== false, emitClose: options?.emitClose !== false,
  }
}

function setState(stream, name, state) {
  Object.defineProperty(stream, name, { value: state, writable: true, configurable: true })
}

const statesOf = (stream) => [stream._readableState, stream._writableState].filter(Boolean)

function takeMethods(stream, options, names) {
  for (const name of names) {
    if (typeof options?.[name] === 'function') stream['_' + name] = options[name]
  }
}

// construct runs the method _construct, when there is one, before anything
// else; then starts both sides.
function construct(stream, start) {
  if (typeof stream._construct !== 'function') return
  const states = statesOf(stream)
  for (const state of states) state.constructed = false
  nextTick(() => {
    const done = (problem) => {
      for (const state of states) state.constructed = true
      const asked = states.find((state) => state.onConstructed)
      if (asked) asked.onConstructed(problem)
      else if (problem) fail(stream, problem)
      else nextTick(start)
    }
    try {
      stream._construct((problem) => nextTick(done, problem))
    } catch (problem) {
      nextTick(done, problem)
    }
  })
}

function destroy(problem, callback) {
  const states = statesOf(this)
  if (states.some((state) => state.destroyed)) {
    if (typeof callback === 'function') callback()
    return this
  }
  for (const state of states) {
    if (problem) state.errored ??= problem
    state.destroyed = true
  }
  if (states.every((state) => state.constructed)) finishDestroy(this, states, problem, callback)
  else states[0].onConstructed = (other) => finishDestroy(this, states, problem ?? other, callback)
  return this
}

function finishDestroy(stream, states, problem, callback) {
  let called = false
  const done = (result) => {
    if (called) return
    called = true
    for (const state of states) {
      if (result) state.errored ??= result
      state.closed = true
    }
    if (typeof callback === 'function') callback(result)
    nextTick(() => {
      if (result) emitError(stream, states, result)
      for (const state of states) state.closeEmitted = true
      if (states.some((state) => state.emitClose)) stream.emit('close')
    })
  }
  try {
    stream._destroy(problem || null, done)
  } catch (thrown) {
    done(thrown)
  }
}

function emitError(stream, states, problem) {
  if (states.some((state) => state.errorEmitted)) return
  for (const state of states) state.errorEmitted = true
  stream.emit('error', problem)
}

// fail ends a stream with an error: destroys it, when it does that by itself.
function fail(stream, problem, sync) {
  const states = statesOf(stream)
  if (states.some((state) => state.destroyed)) return
  if (states.some((state) => state.autoDestroy)) {
    stream.destroy(problem)
    return
  }
  for (const state of states) state.errored ??= problem
  if (sync) nextTick(() => emitError(stream, states, problem))
  else emitError(stream, states, problem)
}

// define adds methods and getters that are not listed with a stream's fields.
function define(prototype, members) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    Object.defineProperty(prototype, name, { ...property, enumerable: false })
  }
}

const asyncIterator = Symbol.asyncIterator ?? Symbol.for('Symbol.asyncIterator')

module.exports = {
  Stream, EventEmitter, nextTick, usual, sideState, setState, takeMethods, construct, destroy, fail, define, asyncIterator,
}
