'use strict'

// Hashes, ciphers and signatures are streams too. What a stream needs is made
// when one is used as such.

// streaming returns a function that makes a class one of streams, once: the
// first call of its constructor, as most scripts need neither.
function streaming(type, kind, members) {
  let done = false
  return () => {
    if (!done) become(type, native.require('stream')[kind], members)
    done = true
  }
}

function become(type, base, members) {
  Object.setPrototypeOf(type.prototype, base.prototype)
  Object.setPrototypeOf(type, base)
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(type.prototype, name, { value, writable: true, configurable: true })
  }
  for (const name of '_transform' in members ? ['_readableState', '_writableState', '_events'] : ['_writableState', '_events']) {
    Object.defineProperty(type.prototype, name, {
      configurable: true,
      get() {
        if (Object.getPrototypeOf(this) === null || Object.hasOwn(this, 'constructor')) return undefined // a prototype
        for (const own of ['_readableState', '_writableState', '_events']) {
          Object.defineProperty(this, own, { value: undefined, writable: true, configurable: true })
        }
        base.call(this)
        return this[name]
      },
      set(value) { Object.defineProperty(this, name, { value, writable: true, configurable: true }) },
    })
  }
}

// The callback hears of what run throws, or gets what it returns.
function attempt(run, callback) {
  let value
  try {
    value = run()
  } catch (problem) {
    callback(problem)
    return
  }
  callback(null, value)
}

module.exports = {
  // What is written is taken in, and the result comes out at the end.
  digesting: (type) => streaming(type, 'Transform', {
    _transform(chunk, encoding, callback) { attempt(() => { this.update(chunk, encoding) }, callback) },
    _flush(callback) { attempt(() => this.digest(), callback) },
  }),
  // What is written comes out changed.
  changing: (type) => streaming(type, 'Transform', {
    _transform(chunk, encoding, callback) { attempt(() => this.update(chunk, encoding), callback) },
    _flush(callback) { attempt(() => this.final(), callback) },
  }),
  // What is written is taken in.
  taking: (type) => streaming(type, 'Writable', {
    _write(chunk, encoding, callback) { attempt(() => { this.update(chunk, encoding) }, callback) },
  }),
}
