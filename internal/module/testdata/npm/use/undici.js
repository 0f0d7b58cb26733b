const { Agent, FormData, Headers, MockAgent, fetch, request } = require('undici');

require('./same.js')(async (same) => {
  const dispatcher = new MockAgent();
  dispatcher.disableNetConnect();
  const device = dispatcher.get('http://lamp.local');
  device.intercept({ path: '/lamp?x=1', method: 'PUT', body: 'on', headers: { 'x-room': 'hall' } })
    .reply(200, { lamp: 'on' }, { headers: { 'Content-Type': 'application/json' } });
  device.intercept({ path: '/missing' }).reply(404, 'nothing');
  device.intercept({ path: '/busy' }).replyWithError(Object.assign(new Error('busy'), { code: 'EBUSY' }));
  const answer = await request('http://lamp.local/lamp', { method: 'PUT', query: { x: 1 }, body: 'on', headers: { 'x-room': 'hall' }, dispatcher });
  same([answer.statusCode, answer.headers['content-type'], await answer.body.json()], [200, 'application/json', { lamp: 'on' }]);
  const missing = await fetch('http://lamp.local/missing', { dispatcher });
  same([missing.status, missing.ok, await missing.text()], [404, false, 'nothing']);
  same(await request('http://lamp.local/busy', { dispatcher }).catch((error) => error.code), 'EBUSY');
  same(await request('http://other.local/', { dispatcher }).catch((error) => error.code), 'UND_MOCK_ERR_MOCK_NOT_MATCHED');
  same(dispatcher.pendingInterceptors(), []);
  await dispatcher.close();

  const form = new FormData();
  form.append('name', 'größe');
  same([...form, ...new Headers({ 'X-B': '1', 'x-a': '2' })], [['name', 'größe'], ['x-a', '2'], ['x-b', '1']]);
  const refused = new Agent({ connect: { timeout: 5000 } });
  same(await request('http://127.0.0.1:1/', { dispatcher: refused }).catch((error) => error.code), 'ECONNREFUSED');
  await refused.close();
});
