'use strict'

const { error, check } = tools

class TopicMap extends Map {
  #table = native.table()

  constructor(entries) {
    super() // which would call set before there is a table
    for (const [filter, value] of entries ?? []) this.set(filter, value)
  }

  set(filter, value) {
    check.string(filter, 'filter')
    const problem = native.problem(filter)
    if (problem !== '') throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'filter' is invalid: ${problem}. Received '${filter}'`)
    native.set(this.#table, filter, value)
    return super.set(filter, value)
  }

  delete(filter) {
    if (!super.delete(filter)) return false
    native.remove(this.#table, filter)
    return true
  }

  clear() {
    native.clear(this.#table)
    super.clear()
  }

  first(topic) {
    check.string(topic, 'topic')
    return native.first(this.#table, topic)
  }

  matches(topic) {
    check.string(topic, 'topic')
    return native.matches(this.#table, topic)
  }
}

module.exports = { TopicMap }
