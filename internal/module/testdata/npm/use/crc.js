const { crc16modbus, crc32 } = require('crc');

require('./same')((same) => {
  same([crc16modbus(Buffer.from('010300000001', 'hex')).toString(16), crc32('123456789').toString(16)], ['a84', 'cbf43926']);
});
