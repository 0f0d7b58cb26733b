// Writes each message into a file, one after the other, however fast they come,
// and says at the end how much it has written. The file is in the script's data
// folder, ./mqscript-data/recorder unless --data-dir says otherwise.
//
//   $ mqscript run examples/recorder.js
//   recording
//   $ mqscript pub -t garden/gate -m open
//   1 recorded
//   $ mqscript pub -t garden/gate -m closed
//   2 recorded
//   ^C
//   36 bytes in messages.log
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t garden/# examples/recorder.js

import { createWriteStream } from 'fs';
import events from 'events';

const log = createWriteStream('messages.log', { flags: 'a' });
let count = 0;

/** @type {import('mqscript').Handlers} */
export default {
  onConnect() {
    console.log('recording');
  },

  async onMessage(topic, payload) {
    // write is false when the disk is behind: the message counts as handled, and
    // is acknowledged, once there is room again.
    if (!log.write(`${topic}\t${payload}\n`)) await events.once(log, 'drain');
    count += 1;
    console.log(count, 'recorded');
  },

  async onWillExit() {
    log.end();
    await events.once(log, 'close');
    console.log(`${log.bytesWritten} bytes in messages.log`);
  },
};
