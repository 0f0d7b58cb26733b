const protobuf = require('protobufjs');

require('./same')((same) => {
  const { root } = protobuf.parse(`
    syntax = "proto3";
    package home;
    enum Unit { C = 0; F = 1; }
    message Reading { string id = 1; double value = 2; Unit unit = 3; repeated uint32 tags = 4; int64 at = 5; map<string, string> labels = 6; }`);
  const Reading = root.lookupType('home.Reading');
  const bytes = Reading.encode(Reading.fromObject({ id: 'a', value: 21.5, unit: 'F', tags: [1, 300], at: '1700000000000', labels: { x: 'y' } })).finish();
  const back = Reading.toObject(Reading.decode(bytes), { enums: String, longs: String });
  same(back, { id: 'a', value: 21.5, unit: 'F', tags: [1, 300], at: '1700000000000', labels: { x: 'y' } });
  same(Buffer.from(Reading.encode({ id: 'a' }).finish()).toString('hex'), '0a0161');
});
