const mysql = require('mysql2');
const promised = require('mysql2/promise');

// A server for this test: it knows one table.
function serve(connection) {
  connection.serverHandshake({
    protocolVersion: 10, serverVersion: '8.0', connectionId: 1, statusFlags: 2, characterSet: 45, capabilityFlags: 0xffffff ^ 0x800,
    authCallback(login, done) {
      done();
      connection.sequenceId = 0; // of the first command
    },
  });
  const rows = [{ topic: 'lamp', value: 5 }, { topic: 'größe', value: null }];
  connection.on('query', (text) => {
    connection.sequenceId = 1;
    if (text.startsWith('SELECT')) {
      connection.writeTextResult(rows, [
        { catalog: 'def', schema: 'd', table: 'log', orgTable: 'log', name: 'topic', orgName: 'topic', characterSet: 45, columnLength: 60, columnType: 253, flags: 0, decimals: 0 },
        { catalog: 'def', schema: 'd', table: 'log', orgTable: 'log', name: 'value', orgName: 'value', characterSet: 63, columnLength: 11, columnType: 3, flags: 0, decimals: 0 },
      ]);
    } else if (text.startsWith('INSERT')) connection.writeOk({ affectedRows: 1, insertId: 7 });
    else connection.writeError({ code: 1064, message: `cannot do ${text}` });
    connection.sequenceId = 0;
  });
  connection.on('error', () => {});
}

require('./same.js')(async (same) => {
  same(mysql.format('INSERT INTO ?? SET ?', ['log', { topic: "it's", value: 5, at: null }]), "INSERT INTO `log` SET `topic` = 'it\\'s', `value` = 5, `at` = NULL");
  same([mysql.escape([1, 'a']), mysql.escapeId('a.b')], ["1, 'a'", '`a`.`b`']);
  same(await promised.createConnection({ host: '127.0.0.1', port: 1 }).catch((error) => error.code), 'ECONNREFUSED');

  const server = mysql.createServer();
  server.on('connection', serve);
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const pool = promised.createPool({ host: '127.0.0.1', port: server._server.address().port, user: 'u', connectionLimit: 2 });
  const [rows] = await pool.query('SELECT * FROM log WHERE value > ?', [1]);
  same(rows, [{ topic: 'lamp', value: 5 }, { topic: 'größe', value: null }]);
  const [done] = await pool.query('INSERT INTO log SET ?', { topic: 'door', value: 1 });
  same([done.affectedRows, done.insertId], [1, 7]);
  same(await pool.query('DROP').catch((error) => [error.errno, error.message]), [1064, 'cannot do DROP']);
  await pool.end();
});
