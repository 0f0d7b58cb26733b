const { Parser } = require('binary-parser');

require('./same')((same) => {
  const modbus = new Parser().endianness('big').uint8('unit').uint8('fn').uint8('bytes').array('registers', { type: 'uint16be', lengthInBytes: 'bytes' });
  same(modbus.parse(Buffer.from('010304000a0102', 'hex')), { unit: 1, fn: 3, bytes: 4, registers: [10, 258] });
});
