'use strict'

// The exports of the module "url".

const { URL, URLSearchParams } = native.parts.url
const { Url, parse, format, resolve, resolveObject } = native.parts.legacy
const { error, argType, check } = tools

function fileURLToPath(address) {
  const url = typeof address === 'string' ? new URL(address) : address
  if (url === null || typeof url !== 'object' || typeof url.href !== 'string' || typeof url.protocol !== 'string') {
    throw argType('path', 'of type string or an instance of URL', address)
  }
  if (url.protocol !== 'file:') throw error('TypeError', 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file')
  if (url.hostname !== '') {
    const { platform } = native.require('process')
    throw error('TypeError', 'ERR_INVALID_FILE_URL_HOST', `File URL host must be "localhost" or empty on ${platform}`)
  }
  if (/%2f/i.test(url.pathname)) {
    throw error('TypeError', 'ERR_INVALID_FILE_URL_PATH', 'File URL path must not include encoded / characters')
  }
  return decodeURIComponent(url.pathname)
}

const inPath = { '%': '%25', '\\': '%5C', '\n': '%0A', '\r': '%0D', '\t': '%09', '?': '%3F', '#': '%23' }

function pathToFileURL(path) {
  check.string(path, 'path')
  const { resolve: absolute } = native.require('path')
  let resolved = absolute(path)
  if (path.endsWith('/') && !resolved.endsWith('/')) resolved += '/'
  return new URL('file://' + resolved.replace(/[%\\\n\r\t?#]/g, (c) => inPath[c]))
}

function urlToHttpOptions(url) {
  const { hostname, pathname, port, username, password, search } = url
  const options = Object.assign(Object.create(null), url, {
    protocol: url.protocol,
    hostname: hostname?.startsWith('[') ? hostname.slice(1, -1) : hostname,
    hash: url.hash, search, pathname, path: `${pathname || ''}${search || ''}`, href: url.href,
  })
  if (port !== '') options.port = Number(port)
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return options
}

function domain(name, convert) {
  if (name === undefined) throw error('TypeError', 'ERR_MISSING_ARGS', 'The "domain" argument must be specified')
  return convert(`${name}`)
}

module.exports = {
  Url, parse, resolve, resolveObject, format, URL, URLSearchParams,
  domainToASCII: (name) => domain(name, native.toASCII),
  domainToUnicode: (name) => domain(name, native.toUnicode),
  pathToFileURL, fileURLToPath, urlToHttpOptions,
}
for (const name of ['domainToASCII', 'domainToUnicode', 'resolve', 'resolveObject', 'parse', 'format']) {
  Object.defineProperty(module.exports[name], 'name', { value: name, configurable: true })
}
