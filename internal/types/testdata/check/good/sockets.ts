import net from 'net';
import * as tls from 'node:tls';
import dgram from 'dgram';
import dns, { promises } from 'dns';

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  const room: boolean = socket.write('hello');
  socket.setTimeout(1000).on('timeout', () => socket.destroySoon());
  socket.pipe(socket);
  console.log(room, socket.remoteAddress, socket.readyState);
});
server.listen(0, '127.0.0.1', () => {
  const at = server.address();
  if (at !== null && typeof at === 'object') net.connect({ port: at.port, host: at.address, noDelay: true, timeout: 5 });
});
net.connect('/run/some.sock').on('error', (error) => console.log(error));

const secure = tls.connect({ host: 'localhost', port: 443, ca: ['PEM'], ALPNProtocols: ['http/1.1'] }, () => {
  console.log(secure.authorized, secure.getProtocol(), secure.getPeerCertificate(true).subject.CN);
});
tls.createServer({ key: 'PEM', cert: 'PEM', requestCert: true }, (socket) => socket.end()).addContext('*.example.com', { key: 'PEM', cert: 'PEM' });

const udp = dgram.createSocket({ type: 'udp4', reuseAddr: true }, (message, from) => console.log(message.length, from.port));
udp.bind(5353, () => udp.addMembership('224.0.0.251'));
udp.send(['a', Buffer.from('b')], 5353, '224.0.0.251', (error) => console.log(error));

dns.lookup('localhost', { all: true }, (error, list) => console.log(error?.code === dns.NOTFOUND, list[0].family));
promises.resolveMx('example.com').then(([first]) => console.log(first.exchange, first.priority));
