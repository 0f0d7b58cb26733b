const net = require('net')
const { once } = require('events')
const path = require('path'), os = require('os')

const shown = (e) => [e.name, e.code, e.message, e.syscall, e.address, typeof e.port].join(' ')
const attempt = (what, f) => { try { console.log(what, f()) } catch (e) { console.log(what, shown(e)) } }
const started = async (server, ...args) => { server.listen(...args); await once(server, 'listening'); return server.address().port }
const closed = (socket) => new Promise((resolve) => socket.once('close', resolve))
const text = async (socket) => { let all = ''; socket.setEncoding('utf8'); socket.on('data', (d) => { all += d }); await once(socket, 'end'); return all }

async function addresses() {
  for (const value of ['127.0.0.1', '::1', '1.2.3', 'fe80::1%1', '', 'localhost', 4, undefined, '01.2.3.4', '::ffff:1.2.3.4']) {
    console.log(value, net.isIP(value), net.isIPv4(value), net.isIPv6(value))
  }
  for (const value of [undefined, {}, 70000, -1, 1.5, 'x y', true, null]) attempt('connect', () => net.connect(value).on('error', () => {}).constructor.name)
  attempt('host', () => net.connect({ port: 1, host: 1 }))
  attempt('local', () => net.connect({ port: 1, localAddress: 'x' }))
  attempt('lookup', () => net.connect({ port: 1, lookup: 1 }))
  attempt('object', () => new net.Socket({ objectMode: true }))
  attempt('timeout', () => new net.Socket().setTimeout('1'))
  attempt('timeout', () => new net.Socket().setTimeout(-1))
  attempt('timeout', () => new net.Socket().setTimeout(1, 1))
  attempt('listen', () => net.createServer().listen({}))
  attempt('listen', () => net.createServer().listen({ port: 'x' }))
  attempt('listen', () => net.createServer().listen(-5))
  attempt('listener', () => net.createServer({}, 5).listenerCount('connection'))
  attempt('options', () => net.createServer('x'))
}

async function echo() {
  const log = []
  const server = net.createServer((socket) => {
    log.push(`server: ${socket.readyState} ${socket.remoteFamily} ${socket.remoteAddress} ${socket.localPort === server.address().port}`)
    socket.on('end', () => log.push(`server: end ${socket.bytesRead}`))
    socket.on('close', (failed) => log.push(`server: close ${failed} ${socket.destroyed}`))
    socket.pipe(socket)
  })
  console.log(server.listening, server.address())
  server.on('connection', () => log.push('server: connection'))
  const port = await started(server, 0, '127.0.0.1')
  console.log(server.listening, server.address().address, server.address().family, Object.keys(server.address()).join())
  attempt('listen twice', () => server.listen(0))
  const client = net.connect({ port, host: '127.0.0.1' })
  log.push(`client: ${client.connecting} ${client.pending} ${client.readyState} ${client.remoteAddress} ${JSON.stringify(client.address())}`)
  for (const name of ['lookup', 'connect', 'ready', 'data', 'end', 'drain', 'close', 'timeout']) {
    client.on(name, (value) => log.push(`client: ${name} ${Buffer.isBuffer(value) ? value : typeof value === 'boolean' ? value : ''}`))
  }
  console.log(client.write('early '), client.bytesWritten, client.bufferSize === undefined)
  await once(client, 'ready')
  log.push(`client: ${client.connecting} ${client.pending} ${client.readyState} ${client.remoteAddress} ${client.remotePort === port} ${client.localAddress} ${client.address().family}`)
  await once(client, 'data')
  await new Promise((resolve) => server.getConnections((e, n) => { log.push(`connections ${e} ${n}`); resolve() }))
  client.end('late')
  log.push(`client: ${client.readyState} ${client.writable}`)
  await once(client, 'close')
  log.push(`client: ${client.readyState} ${client.bytesRead} ${client.bytesWritten} ${client.destroyed} ${client.closed}`)
  server.close(() => log.push('server: closed'))
  await once(server, 'close')
  console.log(server.address(), server.listening)
  await new Promise((resolve) => server.close((e) => { console.log(shown(e)); resolve() }))
  console.log(log.filter((line) => line.startsWith('client')).join('\n'))
  console.log(log.filter((line) => !line.startsWith('client')).join('\n'))
}

async function failures() {
  const server = net.createServer()
  const port = await started(server, 0, '127.0.0.1')
  const other = net.createServer().listen(port, '127.0.0.1')
  const [inUse] = await once(other, 'error')
  console.log(shown(inUse).replace(port, 'PORT'), Object.keys(inUse).join(), other.listening)
  await new Promise((resolve) => server.close(resolve))
  const refused = net.connect(port, '127.0.0.1')
  refused.write('x', (e) => console.log('write', shown(e)))
  refused.on('close', (failed) => console.log('close', failed))
  const [problem] = await once(refused, 'error')
  console.log(shown(problem).replace(port, 'PORT'), Object.keys(problem).join(), problem.errno < 0)
  const [unknown] = await once(net.connect(80, 'does-not-exist.invalid'), 'error')
  console.log(shown(unknown), unknown.hostname, unknown.errno, Object.keys(unknown).join())
  const [nowhere] = await once(net.connect('/does/not/exist'), 'error')
  console.log(shown(nowhere), Object.keys(nowhere).join())
  const [folder] = await once(net.createServer().listen('/does/not/exist'), 'error')
  console.log(folder.syscall, folder.address, Object.keys(folder).join())
  const idle = new net.Socket()
  idle.on('error', () => {})
  await new Promise((resolve) => idle.write('x', (e) => { console.log(shown(e)); resolve() }))
  const destroyed = net.connect(1, '127.0.0.1')
  destroyed.write('x', (e) => console.log(shown(e)))
  destroyed.destroy()
  destroyed.on('error', () => console.log('never'))
  await once(destroyed, 'close')
  console.log(destroyed.destroyed, destroyed.connecting, destroyed.readyState)
  const [named] = await once(net.connect({ port: 1, host: 'name', lookup: (host, options, done) => done(new Error('own lookup: ' + host)) }), 'error')
  console.log(named.message)
}

async function halfOpen() {
  for (const allowHalfOpen of [false, true]) {
    const lines = []
    const server = net.createServer({ allowHalfOpen }, async (socket) => {
      socket.on('error', (e) => lines.push(`server ${e.code}`))
      lines.push(`asked ${await text(socket)} ${socket.readyState} ${socket.writable}`)
      if (!allowHalfOpen) await closed(socket)
      socket.write('answer', (e) => lines.push(`written ${e?.code ?? null}`))
      if (allowHalfOpen) socket.end('!')
    })
    const port = await started(server, 0, '127.0.0.1')
    const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    client.end('question')
    const answer = await text(client)
    if (!client.closed) await closed(client)
    await new Promise((resolve) => server.close(resolve))
    while (lines.length < 2) await new Promise(setImmediate)
    console.log(allowHalfOpen, JSON.stringify(answer), lines.join(', '))
  }
}

async function files() {
  const at = path.join(os.tmpdir(), `s${process.pid}${Math.random().toString(36).slice(2)}`)
  const server = net.createServer((socket) => socket.end('hello'))
  server.listen(at)
  await once(server, 'listening')
  console.log(server.address() === at)
  const [taken] = await once(net.createServer().listen(at), 'error')
  console.log(taken.code, taken.syscall, taken.address === at, taken.port)
  const client = net.connect({ path: at })
  console.log(await text(client), client.remoteAddress, client.remoteFamily, JSON.stringify(client.address()))
  await new Promise((resolve) => server.close(resolve))
  const [gone] = await once(net.connect(at), 'error')
  console.log(gone.code)
}

async function life() {
  const sockets = []
  const server = net.createServer({ keepAlive: true, noDelay: true }, (socket) => sockets.push(socket))
  const port = await started(server, 0, '127.0.0.1')
  const client = net.connect(port, '127.0.0.1')
  await once(client, 'connect')
  console.log(client.setNoDelay() === client, client.setKeepAlive(true, 1000) === client, client.ref() === client, client.unref() === client)
  client.setTimeout(20, () => console.log('timeout', client.timeout))
  await once(client, 'timeout')
  console.log(client.setTimeout(0) === client, client.timeout, client.destroyed)
  while (sockets.length < 1) await new Promise(setImmediate)
  sockets[0].on('error', (e) => console.log(e.code, e.syscall, e.message))
  sockets[0].resume()
  client.resetAndDestroy()
  const failed = await closed(sockets[0])
  console.log('reset', failed)

  server.maxConnections = 1
  const first = net.connect(port, '127.0.0.1')
  await once(first, 'connect')
  while (sockets.length < 2) await new Promise(setImmediate)
  const second = net.connect(port, '127.0.0.1')
  const [dropped] = await once(server, 'drop')
  console.log(Object.keys(dropped).join(), dropped.localPort === port, dropped.remoteFamily)
  await once(second, 'close')
  first.destroySoon()
  await once(first, 'close')
  if (!sockets[1].closed) await closed(sockets[1])
  delete server.maxConnections

  // The same socket again.
  const again = new net.Socket()
  for (let i = 0; i < 3; i++) {
    again.connect(port, '127.0.0.1')
    await once(again, 'connect')
    again.destroy()
    const [failed] = await once(again, 'close')
    console.log('again', i, failed)
  }
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => server.close(resolve))

  const controller = new AbortController()
  const aborted = net.connect({ port: 1, host: '127.0.0.1', signal: controller.signal })
  controller.abort()
  const [problem] = await once(aborted, 'error')
  console.log(problem.name, problem.code, problem.message)
  const stopping = new AbortController()
  const signalled = net.createServer()
  signalled.listen({ port: 0, host: '127.0.0.1', signal: stopping.signal })
  await once(signalled, 'listening')
  stopping.abort()
  await once(signalled, 'close')
  console.log('server aborted', signalled.listening)
}

async function main() {
  for (const part of [addresses, echo, failures, halfOpen, files, life]) {
    console.log('#', part.name)
    await part()
  }
  exit()
}
module.exports = { onMessage() {} }
main().catch((e) => { console.log(e); exit() })
