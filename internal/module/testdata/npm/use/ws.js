const { WebSocketServer, WebSocket } = require('ws');

require('./same.js')(async (same) => {
  const wss = await new Promise((resolve) => {
    const made = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => resolve(made));
  });
  wss.on('connection', (socket, req) => {
    socket.on('message', (data, isBinary) => socket.send(isBinary ? data : `${req.url} ${data}`, { binary: isBinary }));
  });
  const client = new WebSocket(`ws://127.0.0.1:${wss.address().port}/path`);
  const got = [];
  await new Promise((resolve, reject) => {
    client.on('error', reject);
    client.on('open', () => client.send('hello'));
    client.on('message', (data, isBinary) => {
      got.push(isBinary ? data.length : data.toString());
      if (got.length === 1) client.send(Buffer.alloc(200000, 7));
      else client.close(1000, 'done');
    });
    client.on('close', (code, reason) => { got.push(code, reason.toString()); resolve(); });
  });
  same(got, ['/path hello', 200000, 1000, 'done']);
  await new Promise((resolve) => wss.close(resolve));
});
