const http = require('http');
const { WebSocketServer } = require('ws');
const { io } = require('socket.io-client');

// What a server of Socket.IO answers to one client that connects, is sent an
// event and asks for an answer.
function serve(socket) {
  socket.send('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
  socket.on('message', (data) => {
    const text = data.toString();
    if (text === '40') {
      socket.send('40{"sid":"b"}');
      socket.send('42["welcome",{"room":"hall"}]');
    } else if (text.startsWith('420')) socket.send(`430[${JSON.stringify(JSON.parse(text.slice(3))[1])}]`);
  });
}

require('./same.js')(async (same) => {
  const server = http.createServer();
  new WebSocketServer({ server, path: '/socket.io/' }).on('connection', serve);
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const socket = io(`http://127.0.0.1:${server.address().port}`, { transports: ['websocket'], reconnection: false });
  const welcome = new Promise((resolve, reject) => {
    socket.on('welcome', resolve);
    socket.on('connect_error', reject);
  });
  same(await welcome, { room: 'hall' });
  same([socket.connected, socket.id, await socket.timeout(5000).emitWithAck('lamp', { on: true })], [true, 'b', { on: true }]);
  socket.close();
});
