'use strict'

// The exports of "http2": the names of headers; the protocol itself is missing.
// fetch speaks it by itself.

const constants = { NGHTTP2_NO_ERROR: 0, NGHTTP2_CANCEL: 8 }
for (const name of [':status', ':method', ':authority', ':scheme', ':path', ':protocol', 'accept', 'accept-encoding', 'authorization',
  'cache-control', 'connection', 'content-encoding', 'content-length', 'content-type', 'cookie', 'date', 'etag', 'expect', 'host',
  'http2-settings', 'keep-alive', 'location', 'proxy-connection', 'set-cookie', 'te', 'transfer-encoding', 'upgrade', 'user-agent']) {
  constants[`HTTP2_HEADER_${name.replace(':', '').replace(/-/g, '_').toUpperCase()}`] = name
}
for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT']) constants[`HTTP2_METHOD_${method}`] = method

module.exports = { constants: Object.freeze(constants) }
tools.missing(module.exports, 'http2', `connect createServer createSecureServer getDefaultSettings getPackedSettings getUnpackedSettings
  performServerHandshake Http2ServerRequest Http2ServerResponse`)
