const dns = require('dns')
const promises = require('dns/promises')

const shown = (e) => [e.name, e.code, e.message, e.syscall, e.hostname, e.errno].join(' ')
const attempt = (what, f) => { try { console.log(what, f()) } catch (e) { console.log(what, shown(e)) } }
const called = (f, ...args) => new Promise((resolve) => f(...args, (e, ...values) => resolve(e ? shown(e) : values)))
const settled = (promise) => promise.catch(shown)

async function main() {
  console.log(dns.promises === promises, dns.NOTFOUND, dns.CANCELLED, promises.TIMEOUT, dns.V4MAPPED, dns.ADDRCONFIG, dns.ALL)
  console.log(await called(dns.lookup, '127.0.0.1'))
  console.log(await called(dns.lookup, '::1'))
  console.log(await called(dns.lookup, '127.0.0.1', { all: true }))
  console.log(await called(dns.lookup, 'localhost', 4))
  console.log(await called(dns.lookup, 'localhost', { family: 4, all: true }))
  console.log(await called(dns.lookup, 'localhost', { family: 'IPv4' }))
  console.log(await called(dns.lookup, 'does-not-exist.invalid'))
  console.log(await settled(promises.lookup('localhost', 4)))
  console.log(await settled(promises.lookup('localhost', { family: 4, all: true })))
  console.log(await settled(promises.lookup('does-not-exist.invalid', { all: true })))
  for (const [host, options] of [[1, {}], ['a', 5], ['a', { family: 7 }], ['a', { hints: 1 }], ['a', { all: 1 }], ['a', 'x'], [{}, {}]]) {
    attempt('lookup', () => dns.lookup(host, options, () => {}))
  }
  attempt('no callback', () => dns.lookup('a'))
  attempt('no callback', () => dns.resolve4('a'))
  attempt('name', () => dns.resolve4(1, () => {}))
  attempt('type', () => dns.resolve('a', 'X', () => {}))
  attempt('reverse', () => dns.reverse('a', () => {}))
  attempt('service', () => dns.lookupService('a', 1, () => {}))
  attempt('service', () => dns.lookupService('127.0.0.1', 1))
  const resolver = new dns.Resolver({ timeout: 100, tries: 1 })
  attempt('servers', () => resolver.setServers(['127.0.0.1', '[::1]:5353', '10.0.0.1:53']))
  console.log(resolver.getServers())
  attempt('servers', () => resolver.setServers(['example.com']))
  attempt('servers', () => resolver.setServers('127.0.0.1'))
  attempt('servers', () => resolver.setServers([1]))
  attempt('tries', () => new dns.Resolver({ tries: 0 }))
  attempt('timeout', () => new dns.Resolver({ timeout: -2 }))
  attempt('order', () => dns.setDefaultResultOrder('x'))
  console.log(dns.getDefaultResultOrder(), Array.isArray(dns.getServers()))
  exit()
}
module.exports = { onMessage() {} }
main().catch((e) => { console.log(e); exit() })
