const http = require('http');
const superagent = require('superagent');

const server = http.createServer((req, res) => {
  let body = '';
  req.on('data', (chunk) => { body += chunk; });
  req.on('end', () => {
    res.setHeader('Content-Type', 'application/json');
    res.statusCode = req.url === '/bad' ? 400 : 200;
    res.end(JSON.stringify({ method: req.method, url: req.url, body }));
  });
});

require('./same.js')(async (same) => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  same((await superagent.get(url).query({ a: 1 })).body, { method: 'GET', url: '/?a=1', body: '' });
  same((await superagent.post(url).send({ a: 1 })).body, { method: 'POST', url: '/', body: '{"a":1}' });
  const bad = await superagent.get(`${url}/bad`).catch((error) => error);
  same([bad.status, bad.message], [400, 'Bad Request']);
  await new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
});
