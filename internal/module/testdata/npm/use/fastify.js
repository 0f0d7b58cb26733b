const fastify = require('fastify');

require('./same.js')(async (same) => {
  const app = fastify();
  app.get('/:id', { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } } } }, async (request) => ({ id: request.params.id + 1 }));
  app.setErrorHandler((error, request, reply) => reply.code(error.statusCode).send({ wrong: error.message }));
  same((await app.inject('/7')).json(), { id: 8 });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  same(await (await fetch(`${address}/41`)).json(), { id: 42 });
  same(await (await fetch(`${address}/x`)).json(), { wrong: 'params/id must be integer' });
  await app.close();
});
