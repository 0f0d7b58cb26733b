const net = require('net');
const Redis = require('ioredis');

// What a server of Redis answers to the few commands of this test.
function redis(socket) {
  const values = new Map();
  let rest = '';
  const answers = {
    set: ([key, value]) => { values.set(key, value); return '+OK'; },
    get: ([key]) => (values.has(key) ? `$${values.get(key).length}\r\n${values.get(key)}` : '$-1'),
    mget: (keys) => `*${keys.length}\r\n` + keys.map((key) => answers.get([key])).join('\r\n'),
    fail: () => '-ERR no such command',
    info: () => '$9\r\nloading:0',
    quit: () => { setImmediate(() => socket.end()); return '+OK'; },
  };
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    rest += text;
    for (;;) {
      const parts = rest.split('\r\n');
      const count = Number(parts[0].slice(1));
      if (parts.length <= 2 * count + 1) return;
      rest = parts.slice(2 * count + 1).join('\r\n');
      const [name, ...args] = parts.slice(1, 2 * count + 1).filter((part, i) => i % 2 === 1);
      socket.write(`${(answers[name.toLowerCase()] ?? (() => '+OK'))(args)}\r\n`);
    }
  });
}

require('./same.js')(async (same) => {
  const server = net.createServer(redis);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new Redis({ port: server.address().port, host: '127.0.0.1', maxRetriesPerRequest: 1 });
  same(await client.set('lamp', 'on'), 'OK');
  same(await client.get('lamp'), 'on');
  same(await client.get('door'), null);
  same(await client.mget('lamp', 'door'), ['on', null]);
  same(await client.pipeline().set('a', '1').get('a').exec(), [[null, 'OK'], [null, '1']]);
  same(await client.call('fail').catch((error) => error.message), 'ERR no such command');
  same(await client.quit(), 'OK');
});
