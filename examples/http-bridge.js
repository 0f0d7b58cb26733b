// A bridge from HTTP to MQTT: what is sent to a path of its server is published
// on the topic of that name, and a GET is answered with the last message there.
// It calls itself here, to show what a client sees.
//
//   $ mqscript run examples/http-bridge.js
//   PUT /lamp/on: 204
//   lamp/on = yes
//   GET /lamp/on: 200 yes
//   GET /nothing: 404
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t lamp/# examples/http-bridge.js

const http = require('http');
const { subscribe } = require('mqscript');

const PORT = 0; // any free one; choose one, such as 8080, for others to call

const last = new Map();

const server = http.createServer((req, res) => {
  const topic = decodeURIComponent(String(req.url).slice(1));
  if (req.method === 'GET') {
    if (!last.has(topic)) res.statusCode = 404;
    res.end(last.get(topic));
    return;
  }
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', async () => {
    await publish(topic, Buffer.concat(chunks), { qos: 1 });
    res.statusCode = 204;
    res.end();
  });
});

async function call(method, path, body) {
  const { port } = /** @type {import('net').AddressInfo} */ (server.address());
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body });
  console.log(`${method} ${path}: ${answer.status} ${await answer.text()}`.trim());
}

let arrived = () => {};
const message = new Promise((resolve) => { arrived = () => resolve(true); });

/** @type {import('mqscript').Handlers} */
module.exports = {
  async onConnect() {
    await subscribe('lamp/#');
    await new Promise((resolve) => { server.listen(PORT, '127.0.0.1', () => resolve(true)); });
    await call('PUT', '/lamp/on', 'yes');
    await message;
    console.log(`lamp/on = ${last.get('lamp/on')}`);
    await call('GET', '/lamp/on');
    await call('GET', '/nothing');
    exit();
  },

  onMessage(topic, payload) {
    last.set(topic, payload);
    arrived();
  },
};
