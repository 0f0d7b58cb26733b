'use strict'

const { error, argType, check } = tools
const { nextTick } = native.require('process')

const hints = { ADDRCONFIG: 32, V4MAPPED: 8, ALL: 16 }
const orders = ['verbatim', 'ipv4first', 'ipv6first']
let usualOrder = 'verbatim'

const invalid = (name, value, what) =>
  error('TypeError', 'ERR_INVALID_ARG_VALUE', `The ${name.includes('.') ? 'property' : 'argument'} '${name}' ${what}. Received ${native.require('util').inspect(value)}`)

function oneOf(value, name, allowed) {
  if (!allowed.includes(value)) {
    throw invalid(name, value, `must be one of: ${allowed.map((one) => (typeof one === 'string' ? `'${one}'` : one)).join(', ')}`)
  }
}

// Looking up

function lookupOptions(options) {
  if (typeof options === 'number') return { family: familyNumber(options, 'family'), all: false, order: usualOrder }
  if (options === undefined || options === null) return { family: 0, all: false, order: usualOrder }
  if (typeof options !== 'object') throw argType('options', 'of type object or integer', options)
  const { family, all, verbatim, order } = options
  if (options.hints !== undefined && options.hints !== null) {
    check.integer(options.hints, 'options.hints')
    if (options.hints & ~(hints.ADDRCONFIG | hints.V4MAPPED | hints.ALL)) throw invalid('hints', options.hints, 'is invalid')
  }
  if (all !== undefined && all !== null && typeof all !== 'boolean') throw argType('options.all', 'of type boolean', all)
  if (order !== undefined && order !== null) oneOf(order, 'options.order', orders)
  return {
    family: family === undefined || family === null ? 0 : familyNumber(family, 'options.family'), all: Boolean(all),
    order: order ?? (typeof verbatim === 'boolean' ? (verbatim ? 'verbatim' : 'ipv4first') : usualOrder),
  }
}

function familyNumber(value, name) {
  if (value === 'IPv4') return 4
  if (value === 'IPv6') return 6
  oneOf(value, name, [0, 4, 6])
  return value
}

const sorted = (list, order) => {
  if (order === 'verbatim') return list
  const first = order === 'ipv4first' ? 4 : 6
  return [...list.filter((one) => one.family === first), ...list.filter((one) => one.family !== first)]
}

// find calls back with the addresses of a host.
function find(host, { family, order }, callback) {
  const version = native.version(host)
  if (version !== 0) nextTick(callback, null, [{ address: host, family: version }])
  else native.lookup(host, family, (problem, list) => callback(problem, list && sorted([...list].map(({ address, family: of }) => ({ address, family: of })), order)))
}

function lookup(host, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options]
  check.func(callback, 'callback')
  if (host) check.string(host, 'hostname')
  const wanted = lookupOptions(options)
  if (!host) {
    if (wanted.all) nextTick(callback, null, [])
    else nextTick(callback, null, null, wanted.family === 6 ? 6 : 4)
    return {}
  }
  find(host, wanted, (problem, list) => {
    if (problem) callback(problem)
    else if (wanted.all) callback(null, list)
    else callback(null, list[0].address, list[0].family)
  })
  return {}
}

function lookupService(address, port, callback) {
  if (arguments.length !== 3) throw error('TypeError', 'ERR_MISSING_ARGS', 'The "address", "port", and "callback" arguments must be specified')
  if (native.version(address) === 0) throw invalid('address', address, 'is invalid')
  check.integer(Number(port), 'port', 0, 65535)
  check.func(callback, 'callback')
  native.service(address, Number(port), (problem, found) => (problem ? callback(problem) : callback(null, found.hostname, found.service)))
  return {}
}

// Asking name servers

// What errors call the question for each kind of record.
const calls = {
  A: 'queryA', AAAA: 'queryAaaa', CNAME: 'queryCname', MX: 'queryMx', NS: 'queryNs', PTR: 'queryPtr', SOA: 'querySoa', SRV: 'querySrv', TXT: 'queryTxt',
}

// shaped makes of the records what a question for their kind is answered with.
function shaped(kind, list, ttl) {
  if (kind === 'SOA') {
    const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = list[0].value
    return { nsname, hostmaster, serial, refresh, retry, expire, minttl }
  }
  return list.map(({ value, ttl: seconds }) => {
    if (kind === 'TXT') return [...value]
    if (kind === 'MX') return { exchange: value.exchange, priority: value.priority }
    if (kind === 'SRV') return { name: value.name, port: value.port, priority: value.priority, weight: value.weight }
    return ttl ? { address: value, ttl: seconds } : value
  })
}

class Resolver {
  #servers = null
  #timeout
  #tries
  #cancelled = 0
  constructor({ timeout = -1, tries = 4 } = {}) {
    check.integer(timeout, 'options.timeout', -1, 2 ** 31 - 1)
    check.integer(tries, 'options.tries', 1, 2 ** 31 - 1)
    this.#timeout = timeout === -1 ? 5000 : timeout
    this.#tries = tries
  }
  getServers() { return this.#servers ? [...this.#servers] : [...native.systemServers()] }
  setServers(servers) {
    if (!Array.isArray(servers)) throw argType('servers', 'an instance of Array', servers)
    this.#servers = servers.map((server, i) => {
      check.string(server, `servers[${i}]`)
      const shown = native.server(server)
      if (shown === null) throw error('TypeError', 'ERR_INVALID_IP_ADDRESS', `Invalid IP address: ${server}`)
      return shown
    })
  }
  setLocalAddress() { throw error('Error', 'ERR_NOT_IMPLEMENTED', 'Resolver.setLocalAddress is not implemented in mqscript') }
  // What was asked before calls back with ECANCELLED.
  cancel() { this.#cancelled++ }
  resolve(name, kind, callback) {
    if (typeof kind === 'function') [kind, callback] = ['A', kind]
    check.string(kind ?? 'A', 'rrtype')
    if (!Object.hasOwn(calls, kind ?? 'A')) throw invalid('rrtype', kind, 'is invalid')
    return this._ask(kind ?? 'A', name, undefined, callback)
  }
  reverse(address, callback) {
    if (native.version(address) === 0) {
      const problem = new Error(`getHostByAddr EINVAL ${address}`)
      throw Object.assign(problem, { errno: -22, code: 'EINVAL', syscall: 'getHostByAddr', hostname: address })
    }
    return this._ask('PTR', address, undefined, callback, 'getHostByAddr')
  }
  _ask(kind, name, options, callback, call = calls[kind]) {
    if (typeof options === 'function') [options, callback] = [undefined, options]
    check.string(name, 'name')
    check.func(callback, 'callback')
    const asked = this.#cancelled
    native.query(kind, name, call, (this.#servers ?? []).join(' '), this.#timeout, this.#tries, (problem, list) => {
      if (asked !== this.#cancelled) problem = cancelled(call, name)
      if (problem) callback(problem)
      else callback(null, shaped(kind, [...list], Boolean(options?.ttl)))
    })
    return {}
  }
}

function cancelled(call, hostname) {
  const problem = new Error(`${call} ECANCELLED ${hostname}`)
  return Object.assign(problem, { errno: undefined, code: 'ECANCELLED', syscall: call, hostname })
}

const named = { A: 'resolve4', AAAA: 'resolve6', CNAME: 'resolveCname', MX: 'resolveMx', NS: 'resolveNs', PTR: 'resolvePtr', SOA: 'resolveSoa', SRV: 'resolveSrv', TXT: 'resolveTxt' }
for (const [kind, name] of Object.entries(named)) {
  const method = { [name](host, options, callback) { return this._ask(kind, host, options, callback) } }[name]
  Object.defineProperty(Resolver.prototype, name, { value: method, writable: true, configurable: true })
}
const asking = ['resolve', 'reverse', ...Object.values(named)]

// The same with promises.

const promised = (call) => new Promise((resolve, reject) => {
  call((problem, value) => (problem ? reject(problem) : resolve(value)))
})

class PromiseResolver {
  #resolver
  constructor(options) { this.#resolver = options instanceof Resolver ? options : new Resolver(options) }
  getServers() { return this.#resolver.getServers() }
  setServers(servers) { this.#resolver.setServers(servers) }
  setLocalAddress() { this.#resolver.setLocalAddress() }
  cancel() { this.#resolver.cancel() }
  _call(name, args) { return promised((callback) => this.#resolver[name](...args, callback)) }
}
for (const name of asking) {
  const method = { async [name](...args) { return this._call(name, args.filter((arg) => arg !== undefined)) } }[name]
  Object.defineProperty(PromiseResolver.prototype, name, { value: method, writable: true, configurable: true })
}

const usual = new Resolver()
const usualPromises = new PromiseResolver(usual)

const errors = {}
for (const [code, name] of Object.entries({
  NODATA: 'ENODATA', FORMERR: 'EFORMERR', SERVFAIL: 'ESERVFAIL', NOTFOUND: 'ENOTFOUND', NOTIMP: 'ENOTIMP', REFUSED: 'EREFUSED',
  BADQUERY: 'EBADQUERY', BADNAME: 'EBADNAME', BADFAMILY: 'EBADFAMILY', BADRESP: 'EBADRESP', CONNREFUSED: 'ECONNREFUSED',
  TIMEOUT: 'ETIMEOUT', EOF: 'EOF', FILE: 'EFILE', NOMEM: 'ENOMEM', DESTRUCTION: 'EDESTRUCTION', BADSTR: 'EBADSTR',
  BADFLAGS: 'EBADFLAGS', NONAME: 'ENONAME', BADHINTS: 'EBADHINTS', NOTINITIALIZED: 'ENOTINITIALIZED',
  LOADIPHLPAPI: 'ELOADIPHLPAPI', ADDRGETNETWORKPARAMS: 'EADDRGETNETWORKPARAMS', CANCELLED: 'ECANCELLED',
})) errors[code] = name

const order = {
  setDefaultResultOrder(value) {
    oneOf(value, 'dnsOrder', orders)
    usualOrder = value
  },
  getDefaultResultOrder: () => usualOrder,
}
const servers = { getServers: () => usual.getServers(), setServers: (list) => usual.setServers(list) }
const each = (resolver) => Object.fromEntries(asking.map((name) => [name, (...args) => resolver[name](...args)]))

const promises = {
  async lookup(host, options) {
    const wanted = lookupOptions(options)
    if (host) check.string(host, 'hostname')
    else return wanted.all ? [] : { address: null, family: wanted.family === 6 ? 6 : 4 }
    const list = await promised((callback) => find(host, wanted, callback))
    return wanted.all ? list : list[0]
  },
  async lookupService(address, port) {
    return promised((callback) => lookupService(address, port, (problem, hostname, service) => callback(problem, { hostname, service })))
  },
  ...each(usualPromises), ...order, ...servers, ...errors, Resolver: PromiseResolver,
}

module.exports = { lookup, lookupService, ...each(usual), ...order, ...servers, ...errors, ...hints, Resolver, promises }
const custom = Symbol.for('nodejs.util.promisify.custom')
Object.defineProperty(lookup, custom, { value: promises.lookup })
Object.defineProperty(lookupService, custom, { value: promises.lookupService })
for (const [object, name] of [[module.exports, 'dns'], [promises, 'dns/promises'], [Resolver.prototype, 'Resolver.prototype'], [PromiseResolver.prototype, 'Resolver.prototype']]) {
  tools.missing(object, name, 'resolveAny resolveCaa resolveNaptr resolveTlsa')
}
