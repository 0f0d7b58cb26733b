'use strict'

// The exports of "http".

const { validateHeaderName, validateHeaderValue } = native.parts.headers
const { IncomingMessage } = native.parts.incoming
const { OutgoingMessage } = native.parts.outgoing
const { Agent, globalAgent } = native.parts.agent
const { ClientRequest, maxHeaderSize } = native.parts.client
const { ServerResponse, STATUS_CODES } = native.parts.response
const { Server } = native.parts.server

const METHODS = ['ACL', 'BIND', 'CHECKOUT', 'CONNECT', 'COPY', 'DELETE', 'GET', 'HEAD', 'LINK', 'LOCK', 'M-SEARCH', 'MERGE',
  'MKACTIVITY', 'MKCALENDAR', 'MKCOL', 'MOVE', 'NOTIFY', 'OPTIONS', 'PATCH', 'POST', 'PROPFIND', 'PROPPATCH', 'PURGE', 'PUT',
  'QUERY', 'REBIND', 'REPORT', 'SEARCH', 'SOURCE', 'SUBSCRIBE', 'TRACE', 'UNBIND', 'UNLINK', 'UNLOCK', 'UNSUBSCRIBE']

const http = module.exports = {
  METHODS, STATUS_CODES, Agent, ClientRequest, IncomingMessage, OutgoingMessage, Server, ServerResponse,
  createServer(options, listener) { return new Server(options, listener) },
  request(url, options, callback) { return new ClientRequest(url, options, callback) },
  get(url, options, callback) {
    const req = http.request(url, options, callback)
    req.end()
    return req
  },
  globalAgent, maxHeaderSize, validateHeaderName, validateHeaderValue,
}
tools.missing(module.exports, 'http', 'setMaxIdleHTTPParsers')
