// A script that ends by itself. exit() ends it at once: the statement after it
// does not run, and no handler does, onWillExit included. What it published
// before is still sent.
//
//   $ mqscript run examples/exit.js
//   3
//   2
//   1
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST examples/exit.js

let count = 3;

setInterval(() => {
  if (count === 0) {
    publish('countdown', 'lift-off', { qos: 1 });
    exit();
    console.log('this line is never reached');
  }
  console.log(count);
  count -= 1;
}, 200);

/** @type {import('mqscript').Handlers} */
module.exports = {
  onWillExit() {
    console.log('nor is this one');
  },
};
