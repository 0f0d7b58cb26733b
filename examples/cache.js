// Remembers everything that it hears, and so needs more and more memory. In a
// process of its own it is ended when it has too much, alone, and starts again;
// what it must not forget is in its store.
//
//   $ mqscript run --isolate --memory 64MB --qos 1 examples/cache.js
//   life 1
//   $ mqscript pub -t cache/small -m 1000
//   life 1 holds 1000 bytes
//   $ mqscript pub -t cache/large -q 1 -m 500000000
//   life 2
//   life 2 holds 0 bytes
//   $ mqscript pub -t cache/small -m 2000
//   life 2 holds 2000 bytes
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --isolate --memory 64MB --url mqtt://HOST -t 'cache/#' --qos 1 examples/cache.js
//
// Its console says why it was ended and when it starts again. The message that
// was too much is given to the next process, because it was not acknowledged.

const { store } = require('mqscript');

const remembered = [];
let bytes = 0;
let life = 0;

/** @type {import('mqscript').Handlers} */
module.exports = {
  async onConnect() {
    life = await store.increment('life');
    console.log(`life ${life}`);
  },

  async onMessage(topic, payload) {
    const wanted = Number(payload.toString());
    const tooMuch = await store.get('too much');
    if (tooMuch !== wanted) {
      await store.set('too much', wanted); // unless we are here to take it back
      for (let rest = wanted; rest > 0; rest -= 1e6) remembered.push(Buffer.alloc(Math.min(rest, 1e6), 'x'));
      bytes += wanted;
    }
    console.log(`life ${life} holds ${bytes} bytes`);
  },
};
