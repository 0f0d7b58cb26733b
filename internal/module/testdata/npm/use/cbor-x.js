const { decode, encode, Encoder } = require('cbor-x');

require('./same')((same) => {
  const bytes = encode({ temperature: 21.5, list: [1, -2, 'x'], data: Buffer.from([1, 2]) });
  const back = decode(bytes);
  same([back.temperature, back.list, [...back.data]], [21.5, [1, -2, 'x'], [1, 2]]);
  same(Buffer.from(encode([1, 'a'])).toString('hex'), '82016161');
  same(new Encoder({ useRecords: false }).decode(Buffer.from('a1616101', 'hex')), { a: 1 });
});
