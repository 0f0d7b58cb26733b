// Answers that do not wait for the body of the request: the connection serves
// the next request, whatever of the body is read, late or large.
const http = require('http')
const log = console.log

const server = http.createServer((req, res) => {
  switch (req.url) {
    case '/unread': return res.end('not read')
    case '/early': return res.writeHead(202, { 'Content-Length': 5 }).end('early')
    case '/streamed': res.write('a '); return res.end('stream')
    case '/some': return req.once('data', (chunk) => res.end(`${chunk.length > 0}`))
    case '/piped': return req.pipe(res)
  }
})

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
const ask = (path, body, late) => new Promise((resolve) => {
  const req = http.request({ port: server.address().port, host: '127.0.0.1', path, method: 'POST', agent, headers: { 'Content-Length': body.length } }, (res) => {
    let text = ''
    res.setEncoding('utf8').on('data', (chunk) => { text += chunk }).on('end', () => resolve(`${path} ${res.statusCode} ${text.length > 40 ? text.length : text}`))
  })
  req.on('error', (error) => resolve(`${path} ${error.code}`))
  if (!late) return req.end(body)
  req.write(body.subarray(0, 1))
  setTimeout(() => req.end(body.subarray(1)), 20)
})

server.listen(0, '127.0.0.1', async () => {
  for (let round = 0; round < 5; round++) {
    for (const body of [Buffer.from('small'), Buffer.alloc(300_000, 'x')]) {
      for (const path of ['/unread', '/early', '/streamed', '/some', '/piped']) {
        for (const late of [false, true]) log(round, body.length, late, await ask(path, body, late))
      }
    }
  }
  agent.destroy()
  server.close(exit)
})
