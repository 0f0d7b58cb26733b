// Counts messages by topic and keeps the counts: it saves them when it is
// stopped and goes on from there the next time. The file is in the script's
// data folder, ./mqscript-data/counter unless --data-dir says otherwise.
//
//   $ mqscript run examples/counter.js
//   0 messages so far
//   $ mqscript pub -t garden/gate -m open
//   garden/gate: 1
//   $ mqscript pub -t garden/gate -m closed
//   garden/gate: 2
//   ^C
//   counts saved
//   (exit code 0)
//   $ mqscript run examples/counter.js
//   2 messages so far
//   $ mqscript pub -t garden/gate -m open
//   garden/gate: 3
//   ^C
//   counts saved
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t garden/# examples/counter.js

const fs = require('fs');

const FILE = 'counts.json'; // a relative path: in the data folder

const counts = fs.existsSync(FILE) ? JSON.parse(fs.readFileSync(FILE, 'utf8')) : {};

/** @type {import('mqscript').Handlers} */
module.exports = {
  onConnect() {
    const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
    console.log(`${total} messages so far`);
  },

  onMessage(topic) {
    counts[topic] = (counts[topic] ?? 0) + 1;
    console.log(`${topic}: ${counts[topic]}`);
  },

  onWillExit() {
    fs.writeFileSync(FILE, JSON.stringify(counts));
    console.log('counts saved');
  },
};
