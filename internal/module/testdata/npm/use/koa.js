const Koa = require('koa');

require('./same.js')(async (same) => {
  const app = new Koa();
  app.silent = true;
  app.use(async (ctx, next) => {
    await next();
    ctx.set('x-seen', ctx.path);
  });
  app.use((ctx) => {
    if (ctx.query.fail) ctx.throw(418, 'no coffee');
    ctx.body = { room: ctx.query.room, method: ctx.method };
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${server.address().port}/lamp`;
  const answer = await fetch(`${url}?room=hall`);
  same([answer.headers.get('x-seen'), await answer.json()], ['/lamp', { room: 'hall', method: 'GET' }]);
  const refused = await fetch(`${url}?fail=1`);
  same([refused.status, await refused.text()], [418, 'no coffee']);
  server.close();
});
