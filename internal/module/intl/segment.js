'use strict'

// Intl.Segmenter.

const { states, of, localeOf, option, words, tagged } = native.parts.locale

const pieces = new WeakMap() // Segments -> { input, granularity, list }

function piece({ input, granularity, list }, i) {
  const index = i === 0 ? 0 : list[2 * i - 2]
  const one = { segment: input.slice(index, list[2 * i]), index, input }
  if (granularity === 'word') one.isWordLike = list[2 * i + 1]
  return one
}

const iterator = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), {
  next: {
    value: function next() {
      const state = states.get(this)
      if (state?.type !== 'Segment Iterator') throw new TypeError('Method %SegmentIterator.prototype%.next called on incompatible receiver')
      if (2 * state.at >= state.of.list.length) return { value: undefined, done: true }
      return { value: piece(state.of, state.at++), done: false }
    },
    writable: true, configurable: true,
  },
  [Symbol.toStringTag]: { value: 'Segmenter String Iterator', configurable: true },
})

const known = (segments, method) => {
  const state = pieces.get(segments)
  if (!state) throw new TypeError(`Method %Segments.prototype%.${method} called on incompatible receiver`)
  return state
}

const Segments = {
  containing(index = undefined) {
    const state = known(this, 'containing'), at = Math.trunc(Number(index)) || 0
    if (at < 0 || at >= state.input.length) return undefined
    let low = 0, high = state.list.length / 2 - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (state.list[2 * middle] > at) high = middle
      else low = middle + 1
    }
    return piece(state, low)
  },
  [Symbol.iterator]() {
    const made = Object.create(iterator)
    states.set(made, { type: 'Segment Iterator', of: known(this, '[Symbol.iterator]'), at: 0 })
    return made
  },
}
for (const name of ['containing', Symbol.iterator]) Object.defineProperty(Segments, name, { enumerable: false })

class Segmenter {
  constructor(locales = undefined, options = undefined) {
    if (options !== undefined && (options === null || typeof options !== 'object')) throw new TypeError('Incorrect options argument')
    option(options, 'localeMatcher', 'string', words('Intl.Segmenter', 'lookup', 'best fit'), 'best fit')
    states.set(this, {
      type: 'Segmenter', locale: localeOf(locales).locale,
      granularity: option(options, 'granularity', 'string', words('Intl.Segmenter', 'grapheme', 'word', 'sentence'), 'grapheme'),
    })
  }

  segment(input = undefined) {
    const { granularity } = of('Segmenter', 'segment')(this), text = `${input}`
    const made = Object.create(Segments)
    pieces.set(made, { input: text, granularity, list: native.segments(granularity, text) })
    return made
  }

  resolvedOptions() {
    const { locale, granularity } = of('Segmenter', 'resolvedOptions')(this)
    return { locale, granularity }
  }
}
tagged(Segmenter, 'Segmenter')

module.exports = { Segmenter }
