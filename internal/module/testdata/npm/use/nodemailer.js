const net = require('net');
const nodemailer = require('nodemailer');

// A server that takes one mail.
function mailServer(socket, taken) {
  let rest = '';
  let mail; // lines, while it is being sent
  const answer = (line) => socket.write(`${line}\r\n`);
  const commands = { EHLO: '250-test\r\n250 8BITMIME', DATA: '354 go on', QUIT: '221 bye' };
  answer('220 test');
  socket.on('data', (data) => {
    const lines = (rest + data).split('\r\n');
    rest = lines.pop();
    for (const line of lines) {
      if (mail && line === '.') {
        taken(mail);
        mail = undefined;
        answer('250 taken');
      } else if (mail) mail.push(line);
      else {
        const command = line.slice(0, 4).toUpperCase();
        if (command === 'DATA') mail = [];
        answer(commands[command] ?? '250 ok');
      }
    }
  });
}

require('./same.js')(async (same) => {
  let mail;
  const server = net.createServer((socket) => mailServer(socket, (lines) => { mail = lines; }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: server.address().port, ignoreTLS: true });
  const { accepted, response } = await transport.sendMail({
    from: 'house@a.test', to: 'me@b.test', subject: 'Alarm', text: 'The door is open.', attachments: [{ filename: 'a.bin', content: Buffer.from([1, 2, 3]) }],
  });
  same([accepted, response], [['me@b.test'], '250 taken']);
  same(['Subject: Alarm', 'The door is open.', 'AQID'].map((line) => mail.includes(line)), [true, true, true]);
});
