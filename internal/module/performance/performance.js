'use strict'

// performance: the time since the script began, and marks in it.

const { error, argType, check } = tools
const { now, timeOrigin } = native

// The entries that are kept; the oldest goes when there are more.
const most = 10000
let entries = []

function keep(entry) {
  if (entries.length >= most) entries.shift()
  entries.push(entry)
  return entry
}

class PerformanceEntry {
  constructor(name, entryType, startTime, duration, detail) {
    Object.assign(this, { name, entryType, startTime, duration, detail })
  }

  toJSON() {
    const { name, entryType, startTime, duration, detail } = this
    return { name, entryType, startTime, duration, detail }
  }
}
class PerformanceMark extends PerformanceEntry {
  constructor(name, options = undefined) {
    if (arguments.length === 0) throw error('TypeError', 'ERR_MISSING_ARGS', 'The "name" argument must be specified')
    if (options !== undefined && options !== null) check.object(options, 'options')
    const start = options?.startTime ?? now()
    if (typeof start !== 'number') throw argType('startTime', 'of type number', start)
    if (start < 0) throw error('TypeError', 'ERR_PERFORMANCE_INVALID_TIMESTAMP', `${start} is not a valid timestamp`)
    super(`${name}`, 'mark', start, 0, options?.detail === undefined ? null : structuredClone(options.detail))
  }
}
class PerformanceMeasure extends PerformanceEntry {}

function timeOf(mark) {
  if (typeof mark === 'number') return mark
  for (let i = entries.length - 1; i >= 0; i--) if (entries[i].entryType === 'mark' && entries[i].name === `${mark}`) return entries[i].startTime
  throw new (native.require('internal/event').DOMException)(`The "${mark}" performance mark has not been set`, 'SyntaxError')
}

function measure(name, startOrOptions, endMark) {
  check.string(name, 'name')
  const options = startOrOptions !== null && typeof startOrOptions === 'object' ? startOrOptions : undefined
  const { start = options ? undefined : startOrOptions, end = endMark, duration, detail = null } = options ?? {}
  let from, to
  if (end !== undefined) to = timeOf(end)
  else if (start !== undefined && duration !== undefined) to = timeOf(start) + duration
  else to = now()
  if (start !== undefined) from = timeOf(start)
  else from = duration !== undefined ? to - duration : 0
  return keep(new PerformanceMeasure(name, 'measure', from, to - from, detail))
}

function clear(type) {
  return (name) => { entries = entries.filter((one) => one.entryType !== type || (name !== undefined && one.name !== `${name}`)) }
}

const inOrder = (list) => [...list].sort((a, b) => a.startTime - b.startTime)

class Performance {
  get timeOrigin() { return timeOrigin }
  now() { return now() }
  mark(...args) { return keep(new PerformanceMark(...args)) }
  measure(name, start, end) { return measure(name, start, end) }
  clearMarks(name) { clear('mark')(name) }
  clearMeasures(name) { clear('measure')(name) }
  getEntries() { return inOrder(entries) }
  getEntriesByName(name, type) { return inOrder(entries.filter((one) => one.name === `${name}` && (type === undefined || one.entryType === type))) }
  getEntriesByType(type) { return inOrder(entries.filter((one) => one.entryType === type)) }
  markResourceTiming() {} // nobody can observe it
  toJSON() { return { timeOrigin } }
}

const performance = Object.create(Performance.prototype)
const hooks = { performance, Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, constants: {} }
tools.missing(Performance.prototype, 'performance', 'eventLoopUtilization timerify')
tools.missing(hooks, 'perf_hooks', 'PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming createHistogram monitorEventLoopDelay')

module.exports = hooks
