import http from 'node:http';
import got from 'got';
import run from './same.js';

run(async (same) => {
  let failures = 2;
  const server = http.createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => { body += chunk; });
    req.on('end', () => {
      if (req.url === '/moved') return res.writeHead(302, { Location: '/echo?moved=1' }).end();
      if (req.url === '/unsure' && failures-- > 0) return res.writeHead(503).end();
      if (req.url === '/missing') return res.writeHead(404).end('none');
      res.setHeader('Content-Type', 'application/json');
      return res.end(JSON.stringify({ method: req.method, url: req.url, body, accept: req.headers.accept }));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = got.extend({ prefixUrl: `http://127.0.0.1:${server.address().port}`, retry: { limit: 3, calculateDelay: ({ computedValue }) => (computedValue ? 1 : 0) } });
  same(await client('echo', { searchParams: { a: 'ü' } }).json(), { method: 'GET', url: '/echo?a=%C3%BC', body: '', accept: 'application/json' });
  same((await client.post('echo', { json: { on: true } }).json()).body, '{"on":true}');
  same((await client.put('echo', { form: { a: 1, b: 'x y' } }).json()).body, 'a=1&b=x+y');
  same((await client('moved').json()).url, '/echo?moved=1');
  const unsure = await client('unsure');
  same([unsure.statusCode, unsure.retryCount], [200, 2]);
  const error = await client('missing').catch((caught) => caught);
  same([error.name, error.response.statusCode, error.response.body], ['HTTPError', 404, 'none']);
  let streamed = '';
  for await (const chunk of client.stream('echo')) streamed += chunk;
  same(JSON.parse(streamed).url, '/echo');
  const seen = [];
  await client('echo', { hooks: { beforeRequest: [(options) => { seen.push(options.method); }], afterResponse: [(response) => { seen.push(response.statusCode); return response; }] } });
  same(seen, ['GET', 200]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
