// Watches devices come and go. A device leaves a last will with the broker,
// which publishes it when the connection breaks without a goodbye. pump.js is
// such a device; killing it is what a power cut does.
//
//   $ mqscript run examples/will-watcher.js
//   watching devices/+/status
//   $ mqscript run --url mqtt://127.0.0.1:1883 --will-topic devices/pump/status --will-message lost examples/pump.js &
//   pump is online
//   $ kill -9 $!
//   pump is lost
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t devices/+/status examples/will-watcher.js

/** @type {import('mqscript').Handlers} */
module.exports = {
  onConnect() {
    console.log('watching devices/+/status');
  },

  onMessage(topic, payload) {
    const [, device] = topic.match(/^devices\/([^/]+)\/status$/) ?? [];
    if (device) console.log(`${device} is ${payload}`);
  },
};
