const express = require('express5');

const app = express();
app.use(express.json());
app.param('device', (req, res, next, name) => {
  req.device = name.toUpperCase();
  next();
});
app.get('/devices/:device{/:part}', (req, res) => res.json([req.device, req.params.part ?? null]));
app.get('/files/*path', (req, res) => res.json(req.params.path));
app.get(/^\/(\p{L}+)\.txt$/u, (req, res) => res.type('text').send(req.params[0]));
app.post('/late', async (req, res) => {
  await Promise.resolve();
  if (!req.body.name) throw Object.assign(new Error('no name'), { status: 422 });
  res.status(201).json(req.body);
});
app.use((error, req, res, next) => res.status(error.status ?? 500).json({ error: error.message, seen: typeof next }));

require('./same.js')(async (same) => {
  const server = await new Promise((resolve) => {
    const made = app.listen(0, '127.0.0.1', () => resolve(made));
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  const read = async (path) => (await fetch(url + path)).json();
  same(await read('/devices/pump'), ['PUMP', null]);
  same(await read('/devices/pump/valve'), ['PUMP', 'valve']);
  same(await read('/files/a/b%20c/d'), ['a', 'b c', 'd']);
  same((await fetch(`${url}/files`)).status, 404);
  const letters = await fetch(`${url}/a.txt`);
  same([letters.status, await letters.text()], [200, 'a']);
  const post = (body) => fetch(`${url}/late`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const made = await post({ name: 'fan' });
  same([made.status, await made.json()], [201, { name: 'fan' }]);
  const refused = await post({});
  same([refused.status, await refused.json()], [422, { error: 'no name', seen: 'function' }]);
  await new Promise((resolve) => server.close(resolve));
});
