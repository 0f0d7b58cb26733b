const net = require('net');
const { Aedes } = require('aedes');
const mqtt = require('mqtt');

require('./same.js')(async (same) => {
  const broker = await Aedes.createBroker();
  const server = net.createServer(broker.handle);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.address().port}`, { clientId: 'lamp' });
  const message = new Promise((resolve) => client.once('message', (topic, payload) => resolve([topic, String(payload)])));
  await client.subscribeAsync('rooms/#', { qos: 1 });
  await client.publishAsync('rooms/hall', 'on', { qos: 1 });
  same(await message, ['rooms/hall', 'on']);
  same(broker.connectedClients, 1);
  await client.endAsync();
  await new Promise((resolve) => broker.close(resolve));
  server.close();
});
