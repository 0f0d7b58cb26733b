const net = require('net');
const modbus = require('jsmodbus');

require('./same.js')(async (same) => {
  const server = net.createServer();
  const device = new modbus.server.TCP(server, { holding: Buffer.from([0, 1, 0, 2, 0, 3, 0, 4]), coils: Buffer.from([0b101]) });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = new net.Socket();
  const client = new modbus.client.TCP(socket, 1, 1000);
  await new Promise((resolve) => socket.connect({ host: '127.0.0.1', port: server.address().port }, resolve));
  const { response } = await client.readHoldingRegisters(0, 3);
  same([...response.body.valuesAsArray], [1, 2, 3]);
  await client.writeSingleRegister(1, 500);
  same(device.holding.readUInt16BE(2), 500);
  const coils = await client.readCoils(0, 3);
  same(coils.response.body.valuesAsArray.slice(0, 3), [1, 0, 1]);
  socket.end();
});
