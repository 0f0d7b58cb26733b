// A server that answers requests: it sends each answer to the response topic
// of the request and gives its correlation data back, so that the asker knows
// which question was answered. These are MQTT 5 properties.
//
// The script ask.js is the other side. Here both live on one client; -t makes
// it subscribe to the requests, its own included.
//
//   $ mqscript run -t calc/add examples/request-response.js examples/ask.js
//   *adding 2 and 3
//   *2 + 3 = 5
//   *adding 20 and 22
//   *20 + 22 = 42
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t calc/add examples/request-response.js examples/ask.js

/** @type {import('mqscript').Handlers} */
module.exports = {
  async onMessage(topic, payload, packet) {
    if (topic !== 'calc/add') return;
    const { responseTopic, correlationData } = packet.properties ?? {};
    if (!responseTopic) {
      console.warn('a request without a response topic');
      return;
    }
    const { a, b } = JSON.parse(payload.toString());
    console.log(`adding ${a} and ${b}`);
    await publish(responseTopic, JSON.stringify({ sum: a + b }), {
      properties: { correlationData, contentType: 'application/json' },
    });
  },
};
