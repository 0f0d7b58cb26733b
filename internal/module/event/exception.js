'use strict'

// DOMException: what the functions of the web platform throw. Its code is the
// number that an error had before it had a name.

const table = [
  [1, 'IndexSizeError', 'INDEX_SIZE'], [2, '', 'DOMSTRING_SIZE'], [3, 'HierarchyRequestError', 'HIERARCHY_REQUEST'],
  [4, 'WrongDocumentError', 'WRONG_DOCUMENT'], [5, 'InvalidCharacterError', 'INVALID_CHARACTER'], [6, '', 'NO_DATA_ALLOWED'],
  [7, 'NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED'], [8, 'NotFoundError', 'NOT_FOUND'],
  [9, 'NotSupportedError', 'NOT_SUPPORTED'], [10, 'InUseAttributeError', 'INUSE_ATTRIBUTE'],
  [11, 'InvalidStateError', 'INVALID_STATE'], [12, 'SyntaxError', 'SYNTAX'], [13, 'InvalidModificationError', 'INVALID_MODIFICATION'],
  [14, 'NamespaceError', 'NAMESPACE'], [15, 'InvalidAccessError', 'INVALID_ACCESS'], [16, '', 'VALIDATION'],
  [17, 'TypeMismatchError', 'TYPE_MISMATCH'], [18, 'SecurityError', 'SECURITY'], [19, 'NetworkError', 'NETWORK'],
  [20, 'AbortError', 'ABORT'], [21, 'URLMismatchError', 'URL_MISMATCH'], [22, 'QuotaExceededError', 'QUOTA_EXCEEDED'],
  [23, 'TimeoutError', 'TIMEOUT'], [24, 'InvalidNodeTypeError', 'INVALID_NODE_TYPE'], [25, 'DataCloneError', 'DATA_CLONE'],
]
const codes = new Map(table.map(([code, name]) => [name, code]))
const names = new WeakMap()

function nameOf(exception) {
  if (!names.has(exception)) throw tools.error('TypeError', 'ERR_INVALID_THIS', 'Value of "this" must be of type DOMException')
  return names.get(exception)
}

class DOMException {
  constructor(message = '', options = 'Error') {
    const made = new Error(`${message}`) // only an Error has a stack
    Object.setPrototypeOf(made, new.target.prototype)
    const detailed = options !== null && typeof options === 'object'
    names.set(made, `${detailed ? options.name ?? 'Error' : options}`)
    if (detailed && 'cause' in options) {
      Object.defineProperty(made, 'cause', { value: options.cause, writable: true, configurable: true })
    }
    return made
  }

  get name() { return nameOf(this) }
  get code() { return codes.get(nameOf(this)) ?? 0 }
}

Object.setPrototypeOf(DOMException.prototype, Error.prototype)
for (const name of ['name', 'code']) Object.defineProperty(DOMException.prototype, name, { enumerable: true })
Object.defineProperty(DOMException.prototype, Symbol.toStringTag, { value: 'DOMException', configurable: true })
for (const [code, , constant] of table) {
  const property = { value: code, enumerable: true }
  Object.defineProperty(DOMException, constant + '_ERR', property)
  Object.defineProperty(DOMException.prototype, constant + '_ERR', property)
}

module.exports = DOMException
