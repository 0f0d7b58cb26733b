// Says in every line of the log which message it is about, also where the
// function that writes it was not given the message: what an AsyncLocalStorage
// holds goes along with timers and promises.
//
//   $ mqscript run examples/context.js
//   ready
//   $ mqscript pub -t lamp/hall -m on
//   lamp/hall: switching on
//   lamp/hall: switched
//   $ mqscript pub -t lamp/attic -m off
//   lamp/attic: switching off
//   lamp/attic: switched
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t lamp/# examples/context.js

const { AsyncLocalStorage } = require('async_hooks');
const { setTimeout: sleep } = require('timers/promises');

const message = new AsyncLocalStorage();

function log(text) {
  console.log(`${message.getStore()}: ${text}`);
}

// Stands for a device that takes a while.
async function switchTo(state) {
  log(`switching ${state}`);
  await sleep(20);
  log('switched');
}

/** @type {import('mqscript').Handlers} */
module.exports = {
  onConnect() {
    console.log('ready');
  },

  onMessage(topic, payload) {
    return message.run(topic, () => switchTo(payload.toString()));
  },
};
