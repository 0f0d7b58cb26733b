const net = require('net')
const { once } = require('events')
const { pipeline } = require('stream/promises')
const { createHash, randomBytes } = require('crypto')

const started = async (server) => { server.listen(0, '127.0.0.1'); await once(server, 'listening'); return server.address().port }

async function pressure() {
  const data = randomBytes(10 * 1024 * 1024)
  const wanted = createHash('sha256').update(data).digest('hex')
  let largest = 0
  const server = net.createServer((socket) => socket.pipe(socket))
  const port = await started(server)
  const client = net.connect(port, '127.0.0.1')
  const hash = createHash('sha256')
  let refusals = 0
  const writing = (async () => {
    for (let i = 0; i < data.length; i += 50000) {
      if (!client.write(data.subarray(i, i + 50000))) {
        refusals++
        largest = Math.max(largest, client.writableLength)
        await once(client, 'drain')
      }
    }
    client.end()
  })()
  await pipeline(client, async (source) => { for await (const chunk of source) hash.update(chunk) })
  await writing
  console.log(hash.digest('hex') === wanted, client.bytesWritten, client.bytesRead, refusals > 0, largest <= 100000)
  await new Promise((resolve) => server.close(resolve))

  // Nobody reads: the writer is held up.
  let held
  const deaf = net.createServer((socket) => { held = socket; socket.pause() })
  const deafPort = await started(deaf)
  const writer = net.connect(deafPort, '127.0.0.1')
  await once(writer, 'connect')
  let written = 0, stopped = false
  while (!stopped) {
    const more = writer.write(data)
    written += data.length
    if (!more && writer.writableLength > 2 * data.length) stopped = true
    await new Promise(setImmediate)
  }
  console.log('held up', writer.writableNeedDrain, written > 2 * data.length)
  let received = 0
  held.on('data', (chunk) => { received += chunk.length })
  held.resume()
  writer.end()
  await once(held, 'end')
  console.log('received', received === written)
  await new Promise((resolve) => deaf.close(resolve))
}

async function many() {
  let ended = 0
  const server = net.createServer((socket) => { socket.on('close', () => { ended++ }); socket.end('x') })
  const port = await started(server)
  let received = 0
  for (let round = 0; round < 6; round++) {
    await Promise.all(Array.from({ length: 50 }, async () => {
      const client = net.connect(port, '127.0.0.1')
      client.on('data', (d) => { received += d.length })
      await once(client, 'close')
    }))
  }
  await new Promise((resolve) => server.close(resolve))
  while (ended < 300) await new Promise(setImmediate)
  console.log('many', received, ended)
}

async function main() {
  for (const part of [pressure, many]) {
    console.log('#', part.name)
    await part()
  }
  exit()
}
module.exports = { onMessage() {} }
main().catch((e) => { console.log(e); exit() })
