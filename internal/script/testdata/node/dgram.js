const dgram = require('dgram')
const { once } = require('events')

const shown = (e) => [e.name, e.code, e.message, e.syscall].join(' ')
const attempt = (what, f) => { try { console.log(what, f()) } catch (e) { console.log(what, shown(e)) } }
const sent = (socket, ...args) => new Promise((resolve) => socket.send(...args, (e, n) => resolve(e ? shown(e) : n)))

async function main() {
  for (const type of [undefined, 'tcp', null]) attempt('type', () => dgram.createSocket(type))
  const a = dgram.createSocket('udp4'), b = dgram.createSocket({ type: 'udp4', reuseAddr: true })
  console.log(a.type, typeof a.bind)
  attempt('address before', () => a.address())
  attempt('ttl before', () => a.setTTL(3))
  a.bind(0, '127.0.0.1', () => console.log('listening'))
  attempt('bind twice', () => a.bind())
  await once(a, 'listening')
  const { address, family, port } = a.address()
  console.log(address, family, port > 0)
  for (const bad of [0, 70000, 'x', undefined]) attempt('port', () => b.send('x', bad))
  for (const bad of [1, {}, [1], null]) attempt('message', () => b.send(bad, port))
  attempt('offset', () => b.send('abc', 1, 5, port))
  attempt('address', () => b.send('abc', port, 5))

  const got = []
  let first
  let wake = () => {}
  a.on('message', (data, from) => {
    got.push(data.toString())
    if (got.length === 1) first = [from.address, from.family, from.size, Object.keys(from).join(), from.port === b.address().port]
    wake()
  })
  const until = async (n) => { while (got.length < n) await new Promise((resolve) => { wake = resolve }) }
  console.log(await sent(b, 'first', port))
  await until(1)
  console.log(...first)
  console.log(await sent(b, Buffer.from('second'), port, '127.0.0.1'))
  console.log(await sent(b, 'xthirdx', 1, 5, port, '127.0.0.1'))
  console.log(await sent(b, ['fo', Buffer.from('urth'), new Uint8Array([33])], port, 'localhost'))
  console.log(await sent(b, new DataView(new ArrayBuffer(2)), port))
  console.log(await sent(b, [], port))
  await until(6)
  console.log(JSON.stringify(got))
  console.log((await sent(b, Buffer.alloc(70000), port)).slice(0, 27))
  attempt('ttl', () => b.setTTL(12))
  attempt('ttl 0', () => b.setTTL(0))
  attempt('ttl text', () => b.setTTL('1'))
  attempt('multicast ttl', () => b.setMulticastTTL(2))
  attempt('multicast loop', () => b.setMulticastLoopback(true))
  attempt('broadcast', () => b.setBroadcast(true))
  attempt('member', () => b.addMembership())
  attempt('member', () => b.addMembership('127.0.0.1'))

  const taken = dgram.createSocket('udp4')
  taken.bind(port, '127.0.0.1')
  const [problem] = await once(taken, 'error')
  console.log(problem.code, problem.syscall, problem.address, problem.port === port, problem.message.replace(port, 'PORT'))

  const c = dgram.createSocket('udp4')
  attempt('remote', () => c.remoteAddress())
  attempt('disconnect', () => c.disconnect())
  c.connect(port)
  attempt('connect twice', () => c.connect(port))
  await once(c, 'connect')
  console.log(c.remoteAddress().address, c.remoteAddress().family, c.remoteAddress().port === port)
  console.log(await sent(c, 'connected'))
  console.log(await sent(c, 'xxpartxx', 2, 4))
  attempt('send to', () => c.send('a', 0, 1, port))
  await until(8)
  console.log(got.slice(6).join())
  a.send('back', c.address().port)
  const [back, from] = await once(c, 'message')
  console.log(String(back), from.port === port)
  c.disconnect()
  attempt('remote after', () => c.remoteAddress())

  for (const socket of [a, b, c]) {
    socket.close(() => console.log('closed'))
    await once(socket, 'close')
  }
  const d = dgram.createSocket('udp4')
  d.bind(0, '127.0.0.1')
  await once(d, 'listening')
  await new Promise((resolve) => setImmediate(() => {
    Promise.resolve().then(() => console.log('after it is closed')).then(resolve)
    d.close(() => console.log('closed before what was promised'))
  }))
  attempt('close twice', () => a.close())
  attempt('send closed', () => a.send('x', port))
  attempt('address closed', () => a.address())
  attempt('bind closed', () => a.bind())
  exit()
}
module.exports = { onMessage() {} }
main().catch((e) => { console.log(e); exit() })
