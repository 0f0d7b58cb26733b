const net = require('net');
const pg = require('pg');

// A server for this test: it lets everybody in and knows one answer.
const text = (string) => Buffer.from(`${string}\0`);
const number = (value, size) => {
  const bytes = Buffer.alloc(size);
  bytes.writeIntBE(value, 0, size);
  return bytes;
};
const message = (type, ...parts) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), number(body.length + 4, 4), body]);
};
const column = (name, type) => Buffer.concat([text(name), number(0, 4), number(0, 2), number(type, 4), number(-1, 2), number(-1, 4), number(0, 2)]);
const field = (string) => (string === null ? number(-1, 4) : Buffer.concat([number(Buffer.byteLength(string), 4), Buffer.from(string)]));
const ready = message('Z', Buffer.from('I'));
const columns = message('T', number(3, 2), column('topic', 25), column('value', 23), column('at', 1184));
const rows = [['lamp', '5', '2024-01-02 03:04:05+00'], ['größe', null, null]].map((row) => message('D', number(3, 2), ...row.map(field)));
const answers = {
  P: () => [message('1')],
  B: () => [message('2')],
  D: () => [columns],
  E: () => [...rows, message('C', text('SELECT 2'))],
  S: () => [ready],
  Q: (body) => (body.includes('BEGIN') ? [message('C', text('BEGIN')), ready] : [message('E', text('SERROR'), text('C42601'), text('Mcannot do that'), Buffer.alloc(1)), ready]),
};

function serve(socket) {
  let waiting = Buffer.alloc(0);
  let started = false;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      const at = started ? 1 : 0; // the first message has no type
      if (waiting.length < at + 4 || waiting.length < at + waiting.readInt32BE(at)) return;
      const end = at + waiting.readInt32BE(at);
      const [type, body] = [String.fromCharCode(waiting[0]), waiting.subarray(at + 4, end)];
      waiting = waiting.subarray(end);
      if (!started) socket.write(Buffer.concat([message('R', number(0, 4)), message('S', text('server_version'), text('16.0')), ready]));
      else if (type === 'X') socket.end();
      else socket.write(Buffer.concat(answers[type](body)));
      started = true;
    }
  });
}

require('./same.js')(async (same) => {
  same([pg.escapeLiteral("it's"), pg.escapeIdentifier('a"b')], ["'it''s'", '"a""b"']);
  same(pg.types.getTypeParser(1007)('{1,2,NULL}'), [1, 2, null]);
  const nobody = new pg.Client({ host: '127.0.0.1', port: 1, user: 'u', database: 'd' });
  same(await nobody.connect().catch((error) => [error.code, error.port]), ['ECONNREFUSED', 1]);

  const server = net.createServer(serve);
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const pool = new pg.Pool({ connectionString: `postgres://u:p@127.0.0.1:${server.address().port}/d`, max: 2 });
  const found = await pool.query('SELECT * FROM log WHERE value > $1', [1]);
  same([found.rowCount, found.fields.map((one) => one.name)], [2, ['topic', 'value', 'at']]);
  same(found.rows, [{ topic: 'lamp', value: 5, at: new Date('2024-01-02T03:04:05Z') }, { topic: 'größe', value: null, at: null }]);
  const client = await pool.connect();
  same((await client.query('BEGIN')).command, 'BEGIN');
  same(await client.query('nonsense').catch((error) => [error.code, error.message]), ['42601', 'cannot do that']);
  client.release();
  await pool.end();
});
