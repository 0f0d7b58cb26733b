const http = require('http');
const axios = require('axios');

const server = http.createServer((req, res) => {
  if (req.url === '/slow') return;
  if (req.url === '/missing') {
    res.writeHead(404, { 'Content-Type': 'application/json' });
    res.end('{"error":"no"}');
    return;
  }
  let body = '';
  req.on('data', (chunk) => { body += chunk; });
  req.on('end', () => {
    res.setHeader('Content-Type', 'application/json');
    res.end(JSON.stringify({ method: req.method, url: req.url, type: req.headers['content-type'], body }));
  });
});

require('./same.js')(async (same) => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}` });
  const got = await api.get('/items', { params: { q: 'a b' } });
  same([got.status, got.data.method, got.data.url], [200, 'GET', '/items?q=a+b']);
  const posted = await api.post('/items', { name: 'pump' });
  same([posted.data.method, posted.data.type, posted.data.body], ['POST', 'application/json', '{"name":"pump"}']);
  const missing = await api.get('/missing').catch((error) => error);
  same([missing.code, missing.response.status, missing.response.data], ['ERR_BAD_REQUEST', 404, { error: 'no' }]);
  const late = await api.get('/slow', { timeout: 50 }).catch((error) => error);
  same([late.code, late.message], ['ECONNABORTED', 'timeout of 50ms exceeded']);
  const controller = new AbortController();
  const cancelled = api.get('/slow', { signal: controller.signal }).catch((error) => error);
  controller.abort();
  same(axios.isCancel(await cancelled), true);
  server.closeAllConnections();
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  const refused = await axios.get(`http://127.0.0.1:${port}`).catch((error) => error);
  same(refused.code, 'ECONNREFUSED');
});
