'use strict'

// util.types: what an object is, whatever it says of itself.

const brand = (probe) => (value) => {
  if (value === null || typeof value !== 'object') return false
  try {
    probe(value)
    return true
  } catch {
    return false
  }
}
const getter = (prototype, name) => {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name)
  return (value) => Reflect.apply(get, value, [])
}
const method = (prototype, name, ...args) => {
  const fn = prototype[name]
  return (value) => Reflect.apply(fn, value, args)
}
const tagOf = method(Object.prototype, 'toString')
const tagged = (tag) => (value) => value !== null && typeof value === 'object' && tagOf(value) === `[object ${tag}]`
const source = method(Function.prototype, 'toString')

const typedArray = Object.getPrototypeOf(Uint8Array.prototype)
const viewTag = getter(typedArray, Symbol.toStringTag)
const typedName = (value) => (ArrayBuffer.isView(value) ? viewTag(value) : undefined)
const boxed = {
  isBigIntObject: brand(method(BigInt.prototype, 'valueOf')),
  isBooleanObject: brand(method(Boolean.prototype, 'valueOf')),
  isNumberObject: brand(method(Number.prototype, 'valueOf')),
  isStringObject: brand(method(String.prototype, 'valueOf')),
  isSymbolObject: brand(method(Symbol.prototype, 'valueOf')),
}
const isArrayBuffer = brand(getter(ArrayBuffer.prototype, 'byteLength'))
const never = () => false
const instance = (module, name) => (value) => {
  const type = native.require(module)[name]
  return typeof type === 'function' && value instanceof type
}

const types = {
  isExternal: never,
  isDate: brand(method(Date.prototype, 'getTime')),
  isArgumentsObject: tagged('Arguments'),
  ...boxed,
  isNativeError: (value) => native.classOf(value) === 'Error',
  isRegExp: (value) => native.classOf(value) === 'RegExp',
  isAsyncFunction: (value) => typeof value === 'function' && source(value).startsWith('async'),
  isGeneratorFunction: (value) => typeof value === 'function' && /^(async\s+)?(function\s*)?\*/.test(source(value)),
  isGeneratorObject: tagged('Generator'),
  isPromise: (value) => native.kindOf(value) === 'promise',
  isMap: brand(getter(Map.prototype, 'size')),
  isSet: brand(getter(Set.prototype, 'size')),
  isMapIterator: tagged('Map Iterator'),
  isSetIterator: tagged('Set Iterator'),
  isWeakMap: brand(method(WeakMap.prototype, 'has', {})),
  isWeakSet: brand(method(WeakSet.prototype, 'has', {})),
  isArrayBuffer,
  isDataView: (value) => ArrayBuffer.isView(value) && typedName(value) === undefined,
  isSharedArrayBuffer: never,
  isProxy: (value) => native.kindOf(value) === 'proxy',
  isModuleNamespaceObject: never,
  isAnyArrayBuffer: isArrayBuffer,
  isBoxedPrimitive: (value) => Object.values(boxed).some((is) => is(value)),
  isArrayBufferView: (value) => ArrayBuffer.isView(value),
  isTypedArray: (value) => typedName(value) !== undefined,
}
for (const name of [
  'Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'Int8Array', 'Int16Array', 'Int32Array',
  'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array',
]) types['is' + name] = (value) => typedName(value) === name
types.isKeyObject = instance('crypto', 'KeyObject')
types.isCryptoKey = instance('crypto', 'CryptoKey')
for (const name of Object.keys(types)) Object.defineProperty(types[name], 'name', { value: name, configurable: true })

module.exports = types
