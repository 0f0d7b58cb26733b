const net = require('net');
const mqtt = require('mqtt');
const { parser, generate } = require('mqtt-packet');

// A broker for one client, which gets back what it publishes.
function broker(socket) {
  const packets = parser({ protocolVersion: 5 });
  const answer = (packet) => socket.write(generate(packet, { protocolVersion: 5 }));
  packets.on('packet', (packet) => {
    const { cmd, messageId, qos } = packet;
    if (cmd === 'connect') answer({ cmd: 'connack', sessionPresent: false, reasonCode: 0 });
    else if (cmd === 'subscribe') answer({ cmd: 'suback', messageId, granted: [1] });
    else if (cmd === 'publish') {
      if (qos === 1) answer({ cmd: 'puback', messageId, reasonCode: 0 });
      answer({ ...packet, messageId: 1 });
    }
  });
  socket.on('data', (data) => packets.parse(data));
  socket.on('error', () => {});
}

require('./same.js')(async (same) => {
  const server = net.createServer(broker);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.address().port}`, { protocolVersion: 5, clientId: 'one' });
  same((await client.subscribeAsync('a/#', { qos: 1 })).length, 1);
  const message = new Promise((resolve) => client.once('message', (topic, payload) => resolve(`${topic} ${payload}`)));
  await client.publishAsync('a/b', 'hello', { qos: 1 });
  same(await message, 'a/b hello');
  await client.endAsync();
  same(client.connected, false);
});
