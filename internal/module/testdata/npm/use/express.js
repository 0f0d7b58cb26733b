const express = require('express');
const bodyParser = require('body-parser');

const app = express();
app.use(bodyParser.json());
app.use((req, res, next) => {
  res.set('X-Served-By', 'script');
  next();
});
const devices = new Map([['pump', { on: false }]]);
app.get('/devices', (req, res) => res.json([...devices.keys()]));
app.get('/devices/:name', (req, res) => {
  const device = devices.get(req.params.name);
  if (device) res.json(device);
  else res.status(404).send('unknown device');
});
app.put('/devices/:name', (req, res) => {
  devices.set(req.params.name, req.body);
  res.sendStatus(204);
});
app.get('/broken', () => { throw new Error('broken'); });
app.use((error, req, res, next) => res.status(500).json({ error: error.message, seen: typeof next }));

require('./same.js')(async (same) => {
  const server = await new Promise((resolve) => {
    const made = app.listen(0, '127.0.0.1', () => resolve(made));
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  const list = await fetch(`${url}/devices`);
  same([list.headers.get('x-served-by'), list.headers.get('content-type'), await list.json()], ['script', 'application/json; charset=utf-8', ['pump']]);
  const put = await fetch(`${url}/devices/fan`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{"on":true}' });
  same([put.status, devices.get('fan')], [204, { on: true }]);
  const missing = await fetch(`${url}/devices/none`);
  same([missing.status, await missing.text()], [404, 'unknown device']);
  const broken = await fetch(`${url}/broken`);
  same([broken.status, await broken.json()], [500, { error: 'broken', seen: 'function' }]);
  const invalid = await fetch(`${url}/devices/x`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{' });
  same(invalid.status, 500); // the last handler says so
  const etag = (await fetch(`${url}/devices`)).headers.get('etag');
  const cached = await fetch(`${url}/devices`, { headers: { 'If-None-Match': etag } });
  same(cached.status, 304);
  await new Promise((resolve) => server.close(resolve));
});
