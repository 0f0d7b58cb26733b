// Gives each message to the function for its topic: of the filters below the
// first one that matches. It takes as long for a thousand filters as for four.
//
//   $ mqscript run examples/dispatcher.js
//   waiting for messages
//   $ mqscript pub -t hall/temperature -m 21.5
//   hall has 21.5 °C
//   $ mqscript pub -t hall/door -m open
//   hall: the door is open
//   $ mqscript pub -t hall/lamp/left/state -m on
//   a lamp in hall says on
//   $ mqscript pub -t garden -m rain
//   nobody cares for garden
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t hall/# -t garden examples/dispatcher.js

const { TopicMap } = require('mqscript');

const handlers = new TopicMap([
  ['+/temperature', (room, payload) => console.log(`${room} has ${Number(payload)} °C`)],
  ['+/door', (room, payload) => console.log(`${room}: the door is ${payload}`)],
  ['+/lamp/#', (room, payload) => console.log(`a lamp in ${room} says ${payload}`)],
  ['#', (room, payload, topic) => console.log(`nobody cares for ${topic}`)],
]);

/** @type {import('mqscript').Handlers} */
module.exports = {
  onConnect() {
    console.log('waiting for messages');
  },

  onMessage(topic, payload) {
    const [room] = topic.split('/');
    handlers.first(topic)?.(room, payload, topic);
  },
};
