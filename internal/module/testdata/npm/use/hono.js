const { Hono } = require('hono');

require('./same.js')(async (same) => {
  const app = new Hono();
  app.use(async (c, next) => {
    c.set('room', 'hall');
    await next();
    c.header('x-after', 'yes');
  });
  app.get('/lamps/:id', (c) => c.json({ id: c.req.param('id'), room: c.get('room') }));
  app.post('/echo', async (c) => c.text(`got ${(await c.req.json()).n}`, 201));
  const lamp = await app.request('/lamps/7');
  same([lamp.status, lamp.headers.get('x-after'), await lamp.json()], [200, 'yes', { id: '7', room: 'hall' }]);
  const echo = await app.request('/echo', { method: 'POST', body: '{"n":5}', headers: { 'content-type': 'application/json' } });
  same([echo.status, await echo.text(), (await app.request('/none')).status], [201, 'got 5', 404]);
});
