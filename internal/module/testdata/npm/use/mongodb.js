const { BSON, MongoClient, ObjectId } = require('mongodb');

require('./same.js')(async (same) => {
  const id = new ObjectId('65a000000000000000000001');
  const at = new Date('2024-01-02T03:04:05.678Z');
  const bytes = BSON.serialize({ _id: id, at, n: 5, f: 0.5, list: [1, 'größe', null], long: BSON.Long.fromString('9007199254740993'), bin: Buffer.from([1, 2]), price: BSON.Decimal128.fromString('1.10'), r: /a.b/i });
  const back = BSON.deserialize(bytes, { promoteLongs: false });
  same([back._id.equals(id), back.at.getTime() === at.getTime(), back.n, back.f, back.list], [true, true, 5, 0.5, [1, 'größe', null]]);
  same([back.long.toString(), [...back.bin.buffer.subarray(0, 2)], back.price.toString(), String(back.r)], ['9007199254740993', [1, 2], '1.10', '/a.b/i']);
  same(BSON.EJSON.stringify({ id, at }), '{"id":{"$oid":"65a000000000000000000001"},"at":{"$date":"2024-01-02T03:04:05.678Z"}}');
  same([ObjectId.isValid('no'), id.getTimestamp().toISOString(), new ObjectId().toHexString().length], [false, '2024-01-11T14:49:36.000Z', 24]);

  const client = new MongoClient('mongodb://127.0.0.1:1/', { serverSelectionTimeoutMS: 500 });
  same(await client.connect().catch((error) => [error.name, error.message]), ['MongoServerSelectionError', 'connect ECONNREFUSED 127.0.0.1:1']);
  await client.close();
});
