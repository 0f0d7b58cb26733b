const http = require('http');
const { EventSource } = require('eventsource');

require('./same.js')(async (same) => {
  const server = http.createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: plain\n\nevent: lamp\nid: 7\ndata: {"on":\ndata: true}\n\n');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const events = new EventSource(`http://127.0.0.1:${server.address().port}/`);
  const plain = new Promise((resolve) => { events.onmessage = (event) => resolve(event.data); });
  const lamp = new Promise((resolve) => events.addEventListener('lamp', (event) => resolve([event.lastEventId, JSON.parse(event.data)])));
  same([await plain, await lamp, events.readyState], ['plain', ['7', { on: true }], 1]);
  events.close();
  server.closeAllConnections();
  server.close();
});
