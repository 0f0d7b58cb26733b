const coap = require('coap');

require('./same.js')(async (same) => {
  const server = coap.createServer((request, response) => {
    if (request.url === '/none') response.code = '4.04';
    response.end(`${request.method} ${request.url} ${request.payload}`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = new coap.Agent({ type: 'udp4' });
  const ask = (options, body) => new Promise((resolve, reject) => {
    const request = coap.request({ hostname: '127.0.0.1', port: server._sock.address().port, agent, ...options });
    request.on('response', (response) => resolve([response.code, String(response.payload)]));
    request.on('error', reject);
    request.end(body);
  });
  same(await ask({ pathname: '/lamp', method: 'PUT' }, 'on'), ['2.05', 'PUT /lamp on']);
  same((await ask({ pathname: '/none' }))[0], '4.04');
  await new Promise((resolve) => server.close(resolve));
});
