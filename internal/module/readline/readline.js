'use strict'

const { error, argType, missing, callable } = tools
const { EventEmitter } = native.require('events')
const { StringDecoder } = native.require('string_decoder')

const lineEnd = /\r?\n|\r/
const lineEnds = /\r?\n|\r/g

// How many lines an iterator keeps before it stops the input. It lets it go on
// when half of them are left.
const iteratorFull = 1024

// Lines is what both kinds of interface have.
class Lines extends EventEmitter {
  #decoder = new StringDecoder('utf8')
  #rest = ''
  #returnAt = 0 // when the last chunk ended with \r, of which \n may be the other half
  #crlfDelay
  #paused = false
  #prompt
  #oldPrompt
  #answer // of the question that is open
  #iterator
  closed = false
  line = ''
  cursor = undefined // of a terminal
  terminal = false

  constructor(input, output = undefined) {
    super()
    let options = { input, output }
    if (typeof input?.input?.on === 'function' || typeof input?.on !== 'function') options = input ?? {}
    if (typeof options.input?.on !== 'function') {
      throw argType('input', 'an instance of Readable', options.input)
    }
    const { crlfDelay = 100, prompt = '> ', signal } = options
    this.input = options.input
    this.output = options.output
    this.#crlfDelay = Math.max(100, Number(crlfDelay) || 0)
    this.#prompt = `${prompt}`
    this.#listen()
    if (signal) this.#closeWith(signal)
    this.input.resume()
  }

  #listen() {
    const data = (chunk) => this.#take(chunk), end = () => this.#end()
    this.input.on('data', data)
    this.input.on('end', end)
    this.once('close', () => {
      this.input.removeListener('data', data)
      this.input.removeListener('end', end)
    })
  }

  #closeWith(signal) {
    const close = () => this.close()
    if (signal.aborted) {
      queueMicrotask(close)
      return
    }
    signal.addEventListener('abort', close, { once: true })
    this.once('close', () => signal.removeEventListener('abort', close))
  }

  #take(chunk) {
    let text = typeof chunk === 'string' ? chunk : this.#decoder.write(chunk)
    if (text === '') return
    if (this.#returnAt > 0) {
      if (text[0] === '\n' && Date.now() - this.#returnAt <= this.#crlfDelay) text = text.slice(1)
      this.#returnAt = 0
    }
    if (!lineEnd.test(text)) {
      this.#rest += text
      return
    }
    if (text.endsWith('\r')) this.#returnAt = Date.now()
    const lines = (this.#rest + text).split(lineEnds)
    this.#rest = lines.pop()
    for (const line of lines) this.#give(line)
  }

  #give(line) {
    const answer = this.#answer
    if (answer === undefined) {
      this.emit('line', line)
      return
    }
    this.#answer = undefined
    this.setPrompt(this.#oldPrompt)
    answer(line)
  }

  #end() {
    const rest = this.#rest + this.#decoder.end()
    this.#rest = ''
    if (rest !== '') this.#give(rest)
    this.close()
  }

  close() {
    if (this.closed) return
    this.pause()
    this.closed = true
    this.emit('close')
  }

  pause() {
    if (this.#paused) return undefined
    this.input.pause()
    this.#paused = true
    this.emit('pause')
    return this
  }

  resume() {
    if (!this.#paused) return undefined
    this.input.resume()
    this.#paused = false
    this.emit('resume')
    return this
  }

  getPrompt() { return this.#prompt }
  setPrompt(prompt) { this.#prompt = `${prompt}` }

  prompt() {
    if (this.#paused) this.resume()
    this.output?.write(this.#prompt)
  }

  // For this module alone: the next line goes to a function.
  ask(query, listener, signal) {
    if (signal?.aborted) return
    if (this.#answer !== undefined) {
      this.prompt()
      return
    }
    this.#oldPrompt = this.#prompt
    this.setPrompt(query)
    this.#answer = listener
    if (signal) this.#askUntil(signal)
    this.prompt()
  }

  #askUntil(signal) {
    const answer = this.#answer
    const stop = () => {
      if (this.#answer !== wrapped) return
      this.#answer = undefined
      this.setPrompt(this.#oldPrompt)
      this.output?.write('\r\n')
    }
    const wrapped = (line) => {
      signal.removeEventListener('abort', stop)
      answer(line)
    }
    this.#answer = wrapped
    signal.addEventListener('abort', stop, { once: true })
  }

  write() {
    if (this.closed) throw error('Error', 'ERR_USE_AFTER_CLOSE', 'readline was closed')
    throw error('Error', 'ERR_NOT_IMPLEMENTED', 'readline.Interface.write is not implemented in mqscript')
  }

  getCursorPos() { return { rows: 0, cols: this.#prompt.length } }

  [Symbol.asyncIterator]() {
    this.#iterator ??= linesOf(this)
    return this.#iterator
  }
}

class Interface extends Lines {
  question(query, options, callback = undefined) {
    const listener = typeof options === 'function' ? options : callback
    if (this.closed) throw error('Error', 'ERR_USE_AFTER_CLOSE', 'readline was closed')
    if (typeof listener !== 'function') return
    this.ask(query, listener, typeof options === 'function' ? undefined : options?.signal)
  }
}

// The lines from now on. The input waits while many are not asked for.
function linesOf(lines) {
  const ready = [], asked = []
  let stopped = false, done = lines.closed
  const result = (value) => ({ value, done: false })
  const line = (text) => {
    const next = asked.shift()
    if (next) {
      next(result(text))
      return
    }
    if (ready.push(text) >= iteratorFull && !lines.closed) {
      stopped = true
      lines.pause()
    }
  }
  const close = () => {
    done = true
    for (const next of asked.splice(0)) next({ value: undefined, done: true })
  }
  const leave = () => {
    lines.removeListener('line', line)
    lines.removeListener('close', close)
  }
  lines.on('line', line)
  lines.on('close', close)
  return {
    async next() {
      if (ready.length > 0) {
        const text = ready.shift()
        if (stopped && ready.length < iteratorFull / 2) {
          stopped = false
          lines.resume()
        }
        return result(text)
      }
      if (done) return { value: undefined, done: true }
      return new Promise((resolve) => { asked.push(resolve) })
    },
    async return() {
      leave()
      ready.length = 0
      close()
      return { value: undefined, done: true }
    },
    async throw(problem) {
      await this.return()
      throw problem
    },
    [Symbol.asyncIterator]() { return this },
  }
}

class PromisesInterface extends Lines {
  question(query, options = {}) {
    return new Promise((resolve, reject) => {
      if (this.closed) throw error('Error', 'ERR_USE_AFTER_CLOSE', 'readline was closed')
      const signal = options?.signal
      const abort = () => reject(Object.assign(new Error('The operation was aborted', { cause: signal.reason }), { code: 'ABORT_ERR', name: 'AbortError' }))
      if (signal?.aborted) {
        abort()
        return
      }
      signal?.addEventListener('abort', abort, { once: true })
      this.ask(query, (line) => {
        signal?.removeEventListener('abort', abort)
        resolve(line)
      }, signal)
    })
  }
}
Object.defineProperty(PromisesInterface, 'name', { value: 'Interface' })

// What moves a cursor writes the codes of terminals to the stream.
const toStream = (code) => (stream, ...args) => {
  const callback = args.findLast((one) => typeof one === 'function')
  const text = code(...args.filter((one) => typeof one !== 'function'))
  if (stream === null || stream === undefined || text === '') {
    if (callback) process.nextTick(callback, null)
    return true
  }
  return stream.write(text, callback)
}
const step = (n, forward, back) => (n > 0 ? `\x1b[${n}${forward}` : n < 0 ? `\x1b[${-n}${back}` : '')
const cursorTo = toStream((x, y) => {
  if (typeof x !== 'number' && typeof y !== 'number') return ''
  if (typeof x !== 'number') throw error('TypeError', 'ERR_INVALID_CURSOR_POS', 'Cannot set cursor row without setting its column')
  return typeof y === 'number' ? `\x1b[${y + 1};${x + 1}H` : `\x1b[${x + 1}G`
})
const moveCursor = toStream((dx, dy) => step(dx, 'C', 'D') + step(dy, 'B', 'A'))
const clearLine = toStream((dir) => (dir < 0 ? '\x1b[1K' : dir > 0 ? '\x1b[0K' : '\x1b[2K'))
const clearScreenDown = toStream(() => '\x1b[0J')

const promises = { Interface: callable(PromisesInterface), createInterface: (input, output) => new PromisesInterface(input, output) }
missing(promises, 'readline/promises', 'Readline')

module.exports = {
  Interface: callable(Interface),
  clearLine, clearScreenDown, cursorTo, moveCursor,
  createInterface: (input, output) => new Interface(input, output),
  emitKeypressEvents() {}, // there are no keys
  promises,
}
