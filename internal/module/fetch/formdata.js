'use strict'

// FormData, and its form on the wire.

const { Buffer } = tools
const { File, isBlob, dataOf } = native.parts.blob
const inspect = Symbol.for('nodejs.util.inspect.custom')

const forms = new WeakMap() // FormData -> [name, value][]

function of(form) {
  const entries = forms.get(form)
  if (entries === undefined) throw new TypeError('Illegal invocation')
  return entries
}

const wellFormed = (value) => Buffer.from(`${value}`).toString()

function given(method, args, count) {
  if (args.length < count) {
    throw new TypeError(`FormData.${method}: ${count} argument${count === 1 ? '' : 's'} required, but${args.length ? ' only' : ''} ${args.length} found.`)
  }
}

// A value is a text or a File.
function entry(method, name, value, filename) {
  if (!isBlob(value)) {
    if (filename !== undefined) throw new TypeError(`FormData.${method}: parameter 2 is not of type 'Blob'`)
    return [wellFormed(name), wellFormed(value)]
  }
  const isFile = value instanceof File
  if (!isFile || filename !== undefined) {
    value = new File([value], filename === undefined ? 'blob' : wellFormed(filename), {
      type: value.type, ...(isFile ? { lastModified: value.lastModified } : {}),
    })
  }
  return [wellFormed(name), value]
}

class FormData {
  constructor(form) {
    if (form !== undefined) {
      throw new TypeError("FormData constructor: Argument 1 could not be converted to one of: undefined.")
    }
    forms.set(this, [])
  }
  append(name, value, filename) {
    given('append', arguments, 2)
    of(this).push(entry('append', name, value, filename))
  }
  set(name, value, filename) {
    given('set', arguments, 2)
    const entries = of(this)
    const made = entry('set', name, value, filename)
    const at = entries.findIndex(([key]) => key === made[0])
    if (at < 0) entries.push(made)
    else {
      entries[at] = made
      forms.set(this, entries.filter(([key], i) => i <= at || key !== made[0]))
    }
  }
  delete(name) {
    given('delete', arguments, 1)
    forms.set(this, of(this).filter(([key]) => key !== `${name}`))
  }
  get(name) {
    given('get', arguments, 1)
    return of(this).find(([key]) => key === `${name}`)?.[1] ?? null
  }
  getAll(name) {
    given('getAll', arguments, 1)
    return of(this).filter(([key]) => key === `${name}`).map(([, value]) => value)
  }
  has(name) {
    given('has', arguments, 1)
    return of(this).some(([key]) => key === `${name}`)
  }
  forEach(fn, self) {
    given('forEach', arguments, 1)
    if (typeof fn !== 'function') throw new TypeError("Failed to execute 'forEach' on 'FormData': parameter 1 is not of type 'Function'.")
    for (const [name, value] of of(this)) fn.call(self, value, name, this)
  }
  entries() { return of(this).map((pair) => [...pair])[Symbol.iterator]() }
  keys() { return of(this).map(([name]) => name)[Symbol.iterator]() }
  values() { return of(this).map(([, value]) => value)[Symbol.iterator]() }
  [inspect](depth, options, show) {
    const shown = {}
    for (const [name, value] of of(this)) {
      shown[name] = name in shown ? [].concat(shown[name], value) : value
    }
    return `FormData ${show(shown, options)}`
  }
}
Object.defineProperty(FormData.prototype, Symbol.iterator, { value: FormData.prototype.entries, writable: true, configurable: true })
Object.defineProperty(FormData.prototype, Symbol.toStringTag, { value: 'FormData', configurable: true })

const escaped = (name) => name.replace(/\r\n|\r|\n/g, (end) => end.replace('\r', '%0D').replace('\n', '%0A')).replace(/"/g, '%22')
const lines = (text) => text.replace(/\r?\n|\r/g, '\r\n')

// encode makes the body of a form and its type.
function encode(form) {
  let digits = ''
  while (digits.length < 12) digits += Math.floor(Math.random() * 10)
  const boundary = `----formdata-mqscript-${digits}`
  const parts = []
  for (const [name, value] of of(form)) {
    let head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(lines(name))}"`
    if (typeof value === 'string') {
      parts.push(Buffer.from(`${head}\r\n\r\n${lines(value)}\r\n`))
      continue
    }
    head += `; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`
    parts.push(Buffer.from(head), dataOf(value), Buffer.from('\r\n'))
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`))
  return { data: Buffer.concat(parts), type: `multipart/form-data; boundary=${boundary}` }
}

const unescaped = (name) => name.replace(/%0A/gi, '\n').replace(/%0D/gi, '\r').replace(/%22/g, '"')

// decode makes a form of a body with this type.
function decode(data, boundary) {
  const form = new FormData()
  const parts = native.formParts(data, boundary)
  for (let i = 0; i < parts.length; i += 4) {
    const [name, filename, type, value] = parts.slice(i, i + 4)
    if (filename === null) form.append(unescaped(name), value.toString())
    else form.append(unescaped(name), new File([value], unescaped(filename), { type: type || 'text/plain' }))
  }
  return form
}

module.exports = { FormData, encode, decode, isForm: (value) => forms.has(value) }
