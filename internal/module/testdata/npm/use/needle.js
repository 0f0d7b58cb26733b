const http = require('http');
const needle = require('needle');

const server = http.createServer((req, res) => {
  let body = '';
  req.on('data', (chunk) => { body += chunk; });
  req.on('end', () => {
    res.setHeader('Content-Type', 'application/json');
    res.end(JSON.stringify({ method: req.method, body }));
  });
});

require('./same.js')(async (same) => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  same((await needle('get', url)).body, { method: 'GET', body: '' });
  same((await needle('post', url, { a: 1 }, { json: true })).body, { method: 'POST', body: '{"a":1}' });
  await new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
});
