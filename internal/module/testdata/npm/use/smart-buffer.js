const { SmartBuffer } = require('smart-buffer');

require('./same')((same) => {
  const out = new SmartBuffer().writeUInt16BE(513).writeStringNT('hi').writeFloatLE(1.5);
  const back = SmartBuffer.fromBuffer(out.toBuffer());
  same([back.readUInt16BE(), back.readStringNT(), back.readFloatLE()], [513, 'hi', 1.5]);
});
