const { pack, unpack, Packr } = require('msgpackr');

require('./same')((same) => {
  same(unpack(pack({ a: [1, 'x', null, true, 1.5], b: { c: -5 } })), { a: [1, 'x', null, true, 1.5], b: { c: -5 } });
  same(Buffer.from(pack([1, 'a'])).toString('hex'), '9201a161');
  const packr = new Packr({ structuredClone: true });
  same(packr.unpack(packr.pack(new Set([1, 2]))).size, 2);
  same(unpack(Buffer.from('81a16101', 'hex')), { a: 1 });
});
