'use strict'

// WeakRef and FinalizationRegistry, on functions that keep nothing alive.

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'
const show = (value) => (typeof value === 'string' ? `"${value}"` : String(value))

const refs = new WeakMap() // WeakRef -> the function that returns what is left
const registries = new WeakMap()

function stateOf(states, object, method) {
  const state = states.get(object)
  if (!state) throw new TypeError(`Method ${method} called on incompatible receiver ${show(object)}`)
  return state
}

function hidden(prototype, tag) {
  Object.defineProperty(prototype, Symbol.toStringTag, { value: tag, configurable: true })
}

class WeakRef {
  constructor(target) {
    if (!isObject(target)) throw new TypeError('WeakRef: invalid target')
    refs.set(this, native.weak(target))
  }

  deref() { return stateOf(refs, this, 'WeakRef.prototype.deref')() }
}
hidden(WeakRef.prototype, 'WeakRef')

// It is on its own so that nothing of what it makes can reach the target.
function cellFor(state, held) {
  const cell = { cancel: undefined, token: undefined }
  cell.collected = () => {
    state.cells.delete(cell)
    state.cleanup(held)
  }
  state.cells.add(cell)
  return cell
}

class FinalizationRegistry {
  constructor(cleanup) {
    if (typeof cleanup !== 'function') throw new TypeError('FinalizationRegistry: cleanup must be callable')
    registries.set(this, { cleanup, cells: new Set() })
  }

  register(target, held, token = undefined) {
    const state = stateOf(registries, this, 'FinalizationRegistry.prototype.register')
    if (!isObject(target)) throw new TypeError('FinalizationRegistry.prototype.register: invalid target')
    if (target === held) throw new TypeError('FinalizationRegistry.prototype.register: target and holdings must not be same')
    if (token !== undefined && !isObject(token)) throw new TypeError(`Invalid unregisterToken ('${show(token)}')`)
    const cell = cellFor(state, held)
    if (token !== undefined) cell.token = native.weak(token)
    cell.cancel = native.watch(target, cell.collected)
  }

  unregister(token) {
    const state = stateOf(registries, this, 'FinalizationRegistry.prototype.unregister')
    if (!isObject(token)) throw new TypeError(`Invalid unregisterToken ('${show(token)}')`)
    let found = false
    for (const cell of state.cells) {
      if (cell.token === undefined || cell.token() !== token) continue
      cell.cancel()
      state.cells.delete(cell)
      found = true
    }
    return found
  }
}
hidden(FinalizationRegistry.prototype, 'FinalizationRegistry')

module.exports = { WeakRef, FinalizationRegistry }
