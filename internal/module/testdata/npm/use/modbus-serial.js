const ModbusRTU = require('modbus-serial');

require('./same.js')(async (same) => {
  const registers = new Map([[0, 215], [1, 7]]);
  const server = new ModbusRTU.ServerTCP({
    getHoldingRegister: (address) => registers.get(address) ?? 0,
    setRegister: async (address, value) => { registers.set(address, value); },
    getCoil: (address) => address % 2 === 0,
  }, { host: '127.0.0.1', port: 0, unitID: 1 });
  await new Promise((resolve) => { server.on('initialized', resolve); });
  const client = new ModbusRTU();
  await client.connectTCP('127.0.0.1', { port: server._server.address().port });
  client.setID(1);
  client.setTimeout(5000);
  same((await client.readHoldingRegisters(0, 2)).data, [215, 7]);
  await client.writeRegister(1, 500);
  same([(await client.readHoldingRegisters(1, 1)).data, registers.get(1)], [[500], 500]);
  same((await client.readCoils(0, 3)).data.slice(0, 3), [true, false, true]);
  await new Promise((resolve) => { client.close(resolve); });
  await new Promise((resolve) => { server.close(resolve); });
});
