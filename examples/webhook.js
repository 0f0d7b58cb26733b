// Forwards each message to a web service, which is here a server in the same
// script. What fails is tried again, twice.
//
//   $ mqscript run examples/webhook.js
//   ready
//   $ mqscript pub -t alarm/door -m open
//   the service got {"topic":"alarm/door","text":"open"}
//   alarm/door: forwarded at attempt 2
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t alarm/# examples/webhook.js

const http = require('http');

// The service. It is busy when it is first asked.
let asked = 0;
const service = http.createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  asked++;
  if (asked === 1) res.statusCode = 503;
  else console.log('the service got', body);
  res.end();
});

const url = new Promise((resolve) => {
  service.listen(0, '127.0.0.1', () => {
    const { port } = /** @type {import('net').AddressInfo} */ (service.address());
    resolve(`http://127.0.0.1:${port}/hook`);
  });
});

async function forward(message) {
  for (let attempt = 1; attempt <= 3; attempt++) {
    try {
      const answer = await fetch(await url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(5000),
      });
      if (answer.ok) return `forwarded at attempt ${attempt}`;
    } catch (/** @type {any} */ error) {
      console.error(`${error.message}: ${error.cause?.code}`);
    }
  }
  return 'given up';
}

/** @type {import('mqscript').Handlers} */
module.exports = {
  async onConnect() {
    await url;
    console.log('ready');
  },

  async onMessage(topic, payload) {
    const outcome = await forward({ topic, text: payload.toString() });
    console.log(`${topic}: ${outcome}`);
  },

  onWillExit() {
    service.close();
  },
};
