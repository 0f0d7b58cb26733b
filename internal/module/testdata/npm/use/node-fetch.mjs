import http from 'http';
import fetch, { FormData, Headers, Blob } from 'node-fetch';
import test from './same.js';

const server = http.createServer((req, res) => {
  if (req.url === '/moved') {
    res.writeHead(302, { Location: '/' });
    res.end();
    return;
  }
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', () => res.end(`${req.method} ${req.headers['x-name'] ?? ''} ${Buffer.concat(chunks)}`));
});

test(async (same) => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  same(await (await fetch(url, { headers: new Headers({ 'x-name': 'n' }) })).text(), 'GET n ');
  same(await (await fetch(url, { method: 'POST', body: 'data' })).text(), 'POST  data');
  const moved = await fetch(url + '/moved');
  same([moved.redirected, moved.status], [true, 200]);
  const form = new FormData();
  form.set('a', new Blob(['file']), 'a.txt');
  same((await (await fetch(url, { method: 'POST', body: form })).text()).includes('filename="a.txt"'), true);
  await new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
});
