'use strict'

// fetch itself: requests, redirects and giving up.

const { Request, stateOf } = native.parts.request
const { make, redirects, empty } = native.parts.response
const { Headers, received, fixed, flatten } = native.parts.headers
const { Body } = native.parts.body
const { used } = native.parts.readable
const { Buffer, bytes } = tools
const { URL } = globalThis

const maxRedirects = 20

// Ports of other protocols, which a server of HTTP does not have.
const badPorts = new Set([1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
  104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
  531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
  5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080])

// All requests share their connections.
const settings = JSON.stringify({
  keepAlive: true, maxFreeSockets: 256, idleTimeout: 4000, connectTimeout: 10_000, headerTimeout: 300_000,
  maxHeaderSize: 16_384, http2: true,
})

const failed = (cause) => new TypeError('fetch failed', { cause })

async function fetch(input, init = undefined) {
  const request = stateOf(new Request(input, init))
  const { signal } = request
  if (signal.aborted) throw signal.reason
  return run(request)
}

// run follows a request to its answer.
function run(request) {
  const { signal } = request
  let current // the exchange that is under way
  const state = { over: false }
  return new Promise((resolve, reject) => {
    const stop = () => {
      state.over = true
      request.body?.stream?.cancel(signal.reason).catch(() => {})
      current?.abort(signal.reason)
      reject(signal.reason)
    }
    const done = () => signal.removeEventListener('abort', stop)
    signal.addEventListener('abort', stop)
    const begin = (target, method, headers, body) => {
      current = exchange(target, method, headers, body, done)
      return current
    }
    follow(request, begin).then(resolve, (problem) => {
      done()
      if (!state.over) reject(problem)
    })
  })
}

async function follow(request, begin) {
  let { url, method, body } = request
  const headers = new Headers(request.headers)
  for (let count = 0; ; count++) {
    if (url.protocol === 'data:') return dataResponse(url)
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw failed(new Error('unknown scheme'))
    if (url.port !== '' && badPorts.has(Number(url.port))) throw failed(new Error('bad port'))
    if (body?.used) throw failed(new Error('the body cannot be sent a second time'))
    const answer = await begin(url, method, headers, body)
    const location = redirects.includes(answer.status) ? answer.headers.get('location') : null
    if (location === null || request.redirect === 'manual') return response(answer, url, method, count > 0)
    answer.source.cancel()
    if (request.redirect === 'error') throw failed(new Error('unexpected redirect'))
    if (count >= maxRedirects) throw failed(new Error('redirect count exceeded'))
    const target = redirectTarget(url, location)
    if (answer.status === 303 ? method !== 'GET' && method !== 'HEAD' : answer.status <= 302 && method === 'POST') {
      method = 'GET'
      body = null
      for (const name of ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']) headers.delete(name)
    }
    if (target.origin !== url.origin) {
      for (const name of ['authorization', 'proxy-authorization', 'cookie', 'host']) headers.delete(name)
    }
    url = target
  }
}

function redirectTarget(from, location) {
  let target
  try {
    // The bytes of the header are those of UTF-8.
    target = new URL(Buffer.from(location, 'latin1').toString(), from.href)
  } catch (cause) {
    throw failed(cause)
  }
  if (!target.hash && from.hash) target.hash = from.hash
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw failed(new Error('URL scheme must be a HTTP(S) scheme'))
  return target
}

function response(answer, url, method, redirected) {
  const { status, statusText, headers, source } = answer
  let body = null
  if (method === 'HEAD' || empty.includes(status)) source.cancel()
  else body = new Body({ source })
  const clean = new URL(url.href)
  clean.hash = ''
  return make({ status, statusText, headers: fixed(headers), body, type: 'basic', url: clean.href, redirected })
}

// What a server is asked with beside the headers of the script.
function complete(headers, body) {
  const all = new Headers(headers)
  for (const [name, value] of [['accept', '*/*'], ['accept-language', '*'], ['sec-fetch-mode', 'cors'], ['user-agent', 'mqscript'], ['accept-encoding', 'gzip, deflate']]) {
    if (!all.has(name)) all.set(name, value)
  }
  all.delete('content-length')
  return flatten(all)
}

// exchange sends one request. Its promise is that of the answer; done is called
// at the end of the answer's body.
function exchange(url, method, headers, body, done) {
  let x // the request in Go
  let reason // why the script gave up
  let writer
  const made = new Promise((resolve, reject) => {
    const length = body === null ? 0 : body.length ?? -1
    const tell = (what, ...rest) => {
      if (what === 'error') reject(reason ?? failed(problemOf(rest[0])))
      else if (what === 'upgrade') {
        native.abort(x)
        reject(failed(socketError('bad upgrade')))
      } else if (what === 'response') {
        const [status, statusText, , flat] = rest
        const headers = received(flat)
        if (method !== 'HEAD' && headers.has('content-encoding')) native.decode(x, headers.get('content-encoding'))
        resolve({ status, statusText, headers, source: sourceOf(x, () => reason, done) })
      }
    }
    try {
      x = native.open(settings, { secure: url.protocol === 'https:', host: url.host, path: url.pathname + url.search, method, length }, complete(headers), tell)
    } catch (problem) {
      throw failed(problem)
    }
    if (body) {
      writer = send(x, body)
      writer.catch((problem) => {
        reason ??= problem
        native.abort(x)
        reject(failed(problem))
      })
    }
  })
  made.abort = (why) => {
    reason = why
    native.abort(x)
  }
  return made
}

// send writes a body, a chunk at a time.
async function send(x, body) {
  const write = (chunk) => new Promise((resolve) => { native.write(x, chunk, resolve) })
  if (body.data) {
    if (body.data.length > 0) await write(body.data)
  } else {
    const reader = body.open().getReader()
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      const chunk = step.value instanceof Uint8Array ? bytes(step.value) : undefined
      if (chunk === undefined) throw new TypeError('Received non-Uint8Array chunk')
      await write(chunk)
    }
  }
  native.finish(x, [])
}

// The body of an answer, for Body.
function sourceOf(x, reason, done) {
  const problem = (cause) => {
    done()
    return reason() ?? new TypeError('terminated', { cause: problemOf(cause) })
  }
  return {
    async read() {
      try {
        const chunk = await native.read(x)
        if (reason()) throw reason()
        if (chunk === null) done()
        return chunk
      } catch (cause) {
        throw problem(cause)
      }
    },
    async all() {
      try {
        const data = await native.readAll(x)
        if (reason()) throw reason()
        done()
        return data
      } catch (cause) {
        throw problem(cause)
      }
    },
    async cancel() {
      done()
      native.abort(x)
    },
  }
}

function socketError(message) {
  const made = new Error(message)
  Object.defineProperty(made, 'name', { value: 'SocketError', writable: true, configurable: true })
  return Object.assign(made, { code: 'UND_ERR_SOCKET' })
}

// problemOf gives an error of a connection the form that it has in fetch.
function problemOf(problem) {
  if (problem.code === 'ECONNRESET') return socketError('other side closed')
  if (/^HPE_/.test(problem.code)) {
    const made = new Error(`Response does not match the HTTP/1.1 protocol (${problem.message.replace('Parse Error: ', '')})`)
    Object.defineProperty(made, 'name', { value: 'HTTPParserError', writable: true, configurable: true })
    return Object.assign(made, { code: problem.code })
  }
  if (problem.code === 'ETIMEDOUT' && problem.syscall === 'connect') {
    const made = new Error('Connect Timeout Error')
    Object.defineProperty(made, 'name', { value: 'ConnectTimeoutError', writable: true, configurable: true })
    return Object.assign(made, { code: 'UND_ERR_CONNECT_TIMEOUT' })
  }
  return problem
}

// dataResponse is the answer that a data: URL is.
function dataResponse(url) {
  const found = /^data:([^,]*?)(;\s*base64)?,(.*)$/s.exec(url.href.replace(/#.*$/, ''))
  if (!found) throw failed(new Error('invalid data: URL'))
  const [, type, base64, text] = found
  const latin1 = text.replace(/%([0-9a-f]{2})/gi, (all, hex) => String.fromCharCode(parseInt(hex, 16)))
  if (base64 && /[^A-Za-z0-9+/=\s]/.test(latin1)) throw failed(new Error('invalid data: URL'))
  const data = base64 ? Buffer.from(latin1, 'base64') : Buffer.from(latin1, 'latin1')
  const shown = type.trim().startsWith(';') ? `text/plain${type.trim()}` : type.trim() || 'text/plain;charset=US-ASCII'
  return make({
    statusText: 'OK', headers: fixed(new Headers([['content-type', shown]])), body: new Body({ data }), type: 'basic', url: url.href,
  })
}

module.exports = { fetch }
