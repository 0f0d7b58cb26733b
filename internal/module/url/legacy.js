'use strict'

// url.parse, url.format and url.resolve: addresses as Node took them apart
// before there was URL.

const { error, argType, check } = tools
const querystring = native.require('querystring')

const slashed = new Set(['http:', 'https:', 'ftp:', 'gopher:', 'file:', 'ws:', 'wss:'])
const hostless = (protocol) => protocol === 'javascript:'
const simplePath = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/
const notInHost = /[\0\t\n\r #%/<>?@[\\\]^|]/
const escaped = /[\t\n\r "'<>\\^`{|}]/g

function Url() {
  for (const name of ['protocol', 'slashes', 'auth', 'host', 'port', 'hostname', 'hash', 'search', 'query', 'pathname', 'path', 'href']) {
    this[name] = null
  }
}

const invalid = (input) => Object.assign(error('TypeError', 'ERR_INVALID_URL', 'Invalid URL'), { input })

// straighten makes slashes of the backslashes in front of the query.
function straighten(text) {
  const at = text.search(/[?#]/)
  const end = at < 0 ? text.length : at
  return text.slice(0, end).replace(/\\/g, '/') + text.slice(end)
}

Url.prototype.parse = function parse(input, parseQuery, slashesDenoteHost) {
  check.string(input, 'url')
  let rest = straighten(input.trim())
  const simple = !slashesDenoteHost && !rest.includes('#') && !input.includes('@') && simplePath.exec(rest)
  if (simple) {
    this.path = this.href = rest
    this.pathname = simple[1]
    takeSearch(this, simple[2] ?? '', parseQuery)
    return this
  }
  const protocol = /^[a-z0-9.+-]+:/i.exec(rest)?.[0]
  const lower = protocol?.toLowerCase()
  if (protocol) {
    this.protocol = lower
    rest = rest.slice(protocol.length)
  }
  let slashes = false
  if (slashesDenoteHost || protocol || /^\/\/[^@/]+@[^@/]+/.test(rest)) {
    slashes = rest.startsWith('//')
    if (slashes && !hostless(lower)) {
      rest = rest.slice(2)
      this.slashes = true
    }
  }
  if (!hostless(lower) && (slashes || (protocol && !slashed.has(lower)))) rest = takeHost(this, rest, input)
  if (!hostless(lower)) rest = rest.replace(escaped, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0'))
  takePath(this, rest, parseQuery, lower)
  this.href = this.format()
  return this
}

function takeHost(url, rest, input) {
  let end = rest.search(/[/?#]/)
  if (end < 0) end = rest.length
  const at = rest.lastIndexOf('@', end - 1)
  if (at >= 0) {
    try {
      url.auth = decodeURIComponent(rest.slice(0, at))
    } catch {
      throw error('URIError', '', 'URI malformed')
    }
    rest = rest.slice(at + 1)
    end -= at + 1
  }
  // A character that no host has ends it.
  const stop = rest.slice(0, end).search(/[\t\n\r "'<>\\^`{|};]/)
  if (stop >= 0) end = stop
  let host = rest.slice(0, end)
  rest = rest.slice(end)
  const port = /:([0-9]*)$/.exec(host)
  if (port) {
    if (port[1] !== '') url.port = port[1]
    host = host.slice(0, port.index)
  }
  let hostname = host
  const v6 = hostname.startsWith('[') && hostname.endsWith(']')
  if (v6) hostname = hostname.slice(1, -1)
  hostname = hostname.length > 255 ? '' : hostname.toLowerCase()
  if (!v6 && hostname !== '') {
    const cut = hostname.search(notInHost)
    if (cut === 0 || /:/.test(hostname)) throw invalid(input)
    if (cut > 0) throw invalid(input)
    const ascii = /^[\0-\x7f]*$/.test(hostname) ? hostname : native.toASCII(hostname)
    if (ascii === '') throw invalid(input)
    hostname = ascii
  }
  url.hostname = hostname
  url.host = (v6 ? `[${hostname}]` : hostname) + (url.port ? ':' + url.port : '')
  if (rest !== '' && !/^[/?#]/.test(rest)) rest = '/' + rest
  return rest
}

function takePath(url, rest, parseQuery, protocol) {
  const hash = rest.indexOf('#')
  if (hash >= 0) {
    url.hash = rest.slice(hash)
    rest = rest.slice(0, hash)
  }
  const query = rest.indexOf('?')
  takeSearch(url, query < 0 ? '' : rest.slice(query), parseQuery)
  const path = query < 0 ? rest : rest.slice(0, query)
  if (path !== '') url.pathname = path
  else if (slashed.has(protocol) && url.hostname) url.pathname = '/'
  if (url.pathname || url.search) url.path = (url.pathname ?? '') + (url.search ?? '')
}

function takeSearch(url, search, parseQuery) {
  if (search !== '') {
    url.search = search
    url.query = parseQuery ? querystring.parse(search.slice(1)) : search.slice(1)
  } else if (parseQuery) {
    url.search = null
    url.query = Object.create(null)
  }
}

Url.prototype.format = function format() {
  const auth = this.auth ? encodeURIComponent(this.auth).replace(/%3A/i, ':').replace(/%(21|27|28|29|2A)/gi, (c) => decodeURIComponent(c)) + '@' : ''
  let protocol = this.protocol || '', pathname = this.pathname || '', hash = this.hash || '', host = ''
  if (this.host) host = auth + this.host
  else if (this.hostname) {
    host = auth + (this.hostname.includes(':') && !this.hostname.startsWith('[') ? `[${this.hostname}]` : this.hostname)
    if (this.port) host += ':' + this.port
  }
  const query = this.query !== null && typeof this.query === 'object' ? querystring.stringify(this.query) : ''
  let search = this.search || (query && '?' + query) || ''
  if (protocol && !protocol.endsWith(':')) protocol += ':'
  pathname = pathname.replace(/#/g, '%23').replace(/\?/g, '%3F')
  if (this.slashes || slashed.has(protocol)) {
    if (this.slashes || host) {
      if (pathname && !pathname.startsWith('/')) pathname = '/' + pathname
      host = '//' + host
    } else if (protocol.startsWith('file')) host = '//'
  }
  search = search.replace(/#/g, '%23')
  if (hash && !hash.startsWith('#')) hash = '#' + hash
  if (search && !search.startsWith('?')) search = '?' + search
  return protocol + host + pathname + search + hash
}

Url.prototype.resolve = function resolve(relative) { return this.resolveObject(parse(relative, false, true)).format() }

Url.prototype.resolveObject = function resolveObject(relative) {
  if (typeof relative === 'string') relative = parse(relative, false, true)
  const result = Object.assign(new Url(), this, { hash: relative.hash })
  if (relative.href === '') return finish(result)
  if (relative.slashes && !relative.protocol) {
    const { protocol } = result
    Object.assign(result, relative, { protocol })
    if (slashed.has(protocol) && result.hostname && !result.pathname) result.path = result.pathname = '/'
    return finish(result)
  }
  if (relative.protocol && relative.protocol !== result.protocol) return elsewhere(result, relative)
  return onThisHost(result, relative)
}

function finish(url) {
  if (url.pathname !== null || url.search !== null) url.path = (url.pathname || '') + (url.search || '')
  url.href = url.format()
  return url
}

// elsewhere resolves an address with another protocol.
function elsewhere(result, relative) {
  if (!slashed.has(relative.protocol)) {
    Object.assign(result, relative)
    result.href = result.format()
    return result
  }
  result.protocol = relative.protocol
  if (!relative.host && relative.protocol !== 'file:' && !hostless(relative.protocol)) {
    const path = (relative.pathname || '').split('/')
    let host = ''
    while (path.length > 0 && !host) host = path.shift()
    relative = Object.assign(new Url(), relative, { host, hostname: relative.hostname || '' })
    if (path[0] !== '') path.unshift('')
    if (path.length < 2) path.unshift('')
    result.pathname = path.join('/')
  } else result.pathname = relative.pathname
  Object.assign(result, {
    search: relative.search, query: relative.query, host: relative.host || '', auth: relative.auth,
    hostname: relative.hostname || relative.host, port: relative.port, slashes: result.slashes || relative.slashes,
  })
  return finish(result)
}

function onThisHost(result, relative) {
  const bare = Boolean(result.protocol) && !slashed.has(result.protocol)
  const absolute = Boolean(relative.host || relative.pathname?.startsWith('/'))
  let rooted = absolute || Boolean(result.pathname?.startsWith('/')) || Boolean(result.host && relative.pathname)
  const dots = rooted
  let path = result.pathname?.split('/') ?? []
  const other = relative.pathname?.split('/') ?? []
  let { host, hostname } = relative
  if (bare) {
    hostIntoPath(result, result.host, path)
    if (relative.protocol) {
      hostIntoPath(result, host, other)
      host = hostname = null
      result.auth = null
    }
    rooted &&= other[0] === '' || path[0] === ''
  }
  if (absolute) {
    if (host || host === '') {
      if (result.host !== host) result.auth = null
      Object.assign(result, { host, port: relative.port })
    }
    if (hostname || hostname === '') {
      if (result.hostname !== hostname) result.auth = null
      result.hostname = hostname
    }
    Object.assign(result, { search: relative.search, query: relative.query })
    path = other
  } else if (other.length > 0) {
    path = [...path.slice(0, -1), ...other]
    Object.assign(result, { search: relative.search, query: relative.query })
  } else if (relative.search !== null && relative.search !== undefined) {
    if (bare) hostOutOfPath(result, path)
    Object.assign(result, { search: relative.search, query: relative.query })
    return finish(result)
  }
  if (path.length === 0) {
    result.pathname = null
    result.path = result.search ? '/' + result.search : null
    result.href = result.format()
    return result
  }
  path = withoutDots(path, rooted, dots, Boolean(result.host || relative.host || path.length > 1))
  const isAbsolute = path[0] === '' || Boolean(path[0]?.startsWith('/'))
  if (bare) {
    if (isAbsolute) result.hostname = result.host = ''
    else hostOutOfPath(result, path)
  }
  if ((rooted || (result.host && path.length > 0)) && !isAbsolute) path.unshift('')
  result.pathname = path.length > 0 ? path.join('/') : null
  result.auth = relative.auth || result.auth
  result.slashes = result.slashes || relative.slashes
  return finish(result)
}

// An address without slashes, such as mailto:, is resolved as if its host were
// the first part of its path.
function hostIntoPath(result, host, path) {
  if (host) {
    if (path[0] === '') path[0] = host
    else path.unshift(host)
  }
  Object.assign(result, { host: '', hostname: '', port: null })
}

function hostOutOfPath(result, path) {
  result.hostname = result.host = path.shift() ?? ''
  const at = result.host.indexOf('@')
  if (at > 0) {
    result.auth = result.host.slice(0, at)
    result.hostname = result.host = result.host.slice(at + 1)
  }
}

// withoutDots takes . and .. out of a path.
function withoutDots(path, rooted, dots, hasParent) {
  const last = path[path.length - 1]
  const trailing = (hasParent && (last === '.' || last === '..')) || last === ''
  const kept = []
  let up = 0
  for (const part of [...path].reverse()) {
    if (part === '.') continue
    if (part === '..') up++
    else if (up > 0) up--
    else kept.unshift(part)
  }
  if (!rooted && !dots) for (; up > 0; up--) kept.unshift('..')
  if (rooted && kept[0] !== '' && (!kept[0] || !kept[0].startsWith('/'))) kept.unshift('')
  if (trailing && !kept.join('/').endsWith('/')) kept.push('')
  return kept
}

function parse(input, parseQuery, slashesDenoteHost) {
  if (input instanceof Url) return input
  return new Url().parse(input, parseQuery, slashesDenoteHost)
}

function format(address, options) {
  if (typeof address === 'string') return parse(address).format()
  if (address === null || typeof address !== 'object') throw argType('urlObject', 'one of type object or string', address)
  const { URL } = native.parts.url
  if (!(address instanceof URL)) return Url.prototype.format.call(address)
  const { auth = true, fragment = true, search = true, unicode = false } = options ?? {}
  const host = unicode ? native.toUnicode(address.hostname) + (address.port ? ':' + address.port : '') : address.host
  const user = auth && (address.username || address.password) ? `${address.username}${address.password ? ':' + address.password : ''}@` : ''
  const slashes = address.href.startsWith(address.protocol + '//') ? '//' : ''
  return address.protocol + slashes + user + host + address.pathname + (search ? address.search : '') + (fragment ? address.hash : '')
}

module.exports = {
  Url, parse, format,
  resolve: (from, to) => parse(from, false, true).resolve(to),
  resolveObject: (from, to) => (from ? parse(from, false, true).resolveObject(to) : to),
}
