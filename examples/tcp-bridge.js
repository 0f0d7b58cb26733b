// A bridge between a device on TCP and MQTT. The device speaks in lines:
//
//   line from the device  ->  message on lamp/says
//   message on lamp/set   ->  line to the device: "set " and the message
//
// When the device goes away, the bridge connects again. Without an address the
// script plays the device itself, on a free port of this machine; a lamp at
// another place is named behind "--", as HOST:PORT.
//
//   $ mqscript run examples/tcp-bridge.js
//   connected to the lamp
//   <- I am a lamp
//   $ mqscript pub -t lamp/set -m on
//   -> set on
//   <- lamp is on
//   $ mqscript pub -t lamp/set -m reboot
//   -> set reboot
//   the lamp is gone
//   connected to the lamp
//   <- I am a lamp
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t lamp/set examples/tcp-bridge.js

const net = require('net');

let lamp; // the connection to it
let address;

// Calls back with each line that comes, whole, however the network cuts it.
function onLine(socket, callback) {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(callback);
  });
}

function connect() {
  lamp = net.connect(address);
  lamp.setKeepAlive(true, 30000);
  lamp.on('connect', () => console.log('connected to the lamp'));
  onLine(lamp, (line) => {
    console.log('<-', line);
    publish('lamp/says', line, { qos: 1 });
  });
  lamp.on('error', (error) => console.error(error.message));
  lamp.on('close', () => {
    console.log('the lamp is gone');
    setTimeout(connect, 100);
  });
}

// A lamp to try the bridge with.
function playLamp(callback) {
  const server = net.createServer((socket) => {
    socket.write('I am a lamp\n');
    onLine(socket, (line) => {
      if (line === 'set reboot') socket.destroy();
      else socket.write(`lamp is ${line.slice('set '.length)}\n`);
    });
    socket.on('error', (error) => console.error('lamp:', error.message));
  });
  server.listen(0, '127.0.0.1', () => callback(server.address()));
}

/** @type {import('mqscript').Handlers} */
module.exports = {
  onConnect() {
    if (lamp) return; // it is the broker that came back
    const [given] = process.argv.slice(2);
    if (given) {
      const [host, port] = given.split(':');
      address = { host, port: Number(port) };
      connect();
      return;
    }
    playLamp(({ port }) => {
      address = { host: '127.0.0.1', port };
      connect();
    });
  },

  onMessage(topic, payload) {
    if (topic !== 'lamp/set') return;
    console.log('->', `set ${payload}`);
    lamp.write(`set ${payload}\n`);
  },
};
