// Connections that leave HTTP, and CONNECT.
const http = require('http')
const said = []
const server = http.createServer((req, res) => res.end('plain ' + req.headers.upgrade))
server.on('connect', (req, socket, head) => {
  said.push('connect ' + req.url + ' ' + head.length)
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  socket.on('data', (data) => socket.end('tunnel ' + data))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address()
  const ask = (then) => http.get({ port, host: '127.0.0.1', headers: { Connection: 'Upgrade', Upgrade: 'echo' } })
    .on('upgrade', (res, socket, head) => {
      console.log(res.statusCode, res.headers.upgrade, socket.remotePort === port)
      socket.setEncoding('utf8')
      let text = head.toString()
      socket.on('data', (data) => { text += data })
      socket.on('end', () => { console.log(text); then() })
      socket.write('first')
    })
    .on('response', (res) => {
      res.setEncoding('utf8')
      res.on('data', (text) => console.log(res.statusCode, text))
      res.on('end', then)
    })
  ask(() => {
    server.on('upgrade', (req, socket, head) => {
      said.push(req.method + ' ' + req.headers.upgrade + ' ' + head.length)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
      socket.on('data', (data) => socket.end('echo ' + data))
    })
    ask(() => {
      const raw = require('net').connect(port, '127.0.0.1', () => raw.write('CONNECT host:1 HTTP/1.1\r\nHost: host:1\r\n\r\n'))
      let text = ''
      raw.once('data', (data) => { text += data; raw.write('through') ; raw.on('data', (more) => { text += more }) })
      raw.on('end', () => {
        console.log(JSON.stringify(text), said)
        raw.end()
        server.close(() => { console.log('closed'); exit() })
      })
    })
  })
})
