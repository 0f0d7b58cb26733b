// Adds up what energy meters report, for ever: the sums are in the script's
// store and survive restarts and crashes. Each message is acknowledged when its
// amount is written.
//
//   $ mqscript run examples/meter.js
//   0 meters known
//   $ mqscript pub -t meter/kitchen/used -q 1 -m 1.5
//   kitchen: 1.5 kWh
//   $ mqscript pub -t meter/garage/used -q 1 -m 7
//   garage: 7 kWh
//   $ mqscript pub -t meter/kitchen/used -q 1 -m 0.75
//   kitchen: 2.25 kWh
//   ^C
//   (exit code 0)
//   $ mqscript run examples/meter.js
//   2 meters known
//   $ mqscript pub -t meter/garage/used -q 1 -m 0.5
//   garage: 7.5 kWh
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t meter/+/used --qos 1 examples/meter.js
//
// Several machines share the sums when each is given --store redis://HOST.

const { store } = require('mqscript');

/** @type {import('mqscript').Handlers} */
module.exports = {
  async onConnect() {
    console.log(`${(await store.keys('sum:')).length} meters known`);
  },

  async onMessage(topic, payload) {
    const meter = topic.split('/')[1];
    const amount = Number(payload.toString());
    if (!Number.isFinite(amount)) return console.warn(`${topic}: not a number: ${payload}`);
    const sum = await store.increment(`sum:${meter}`, amount);
    await store.set(`last:${meter}`, { amount, at: new Date() });
    console.log(`${meter}: ${sum} kWh`);
  },
};
