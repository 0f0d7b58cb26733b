const plain = require('http');
const { http } = require('follow-redirects');

const server = plain.createServer((req, res) => {
  const n = Number(req.url.slice(1));
  if (n > 0) {
    res.writeHead(307, { Location: `/${n - 1}` });
    res.end();
    return;
  }
  req.pipe(res);
});

require('./same.js')(async (same) => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ask = (path, options = {}) => new Promise((resolve, reject) => {
    const req = http.request({ host: '127.0.0.1', port: server.address().port, path, method: 'POST', ...options }, (res) => {
      let body = '';
      res.on('data', (chunk) => { body += chunk; }).on('end', () => resolve([res.statusCode, new URL(res.responseUrl).pathname, body]));
    });
    req.on('error', reject);
    req.end('again and again');
  });
  same(await ask('/3'), [200, '/0', 'again and again']);
  same(await ask('/9', { maxRedirects: 2 }).catch((error) => error.code), 'ERR_FR_TOO_MANY_REDIRECTS');
  await new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
});
