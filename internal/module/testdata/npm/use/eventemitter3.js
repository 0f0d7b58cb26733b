const EventEmitter = require('eventemitter3');

require('./same')((same) => {
  const seen = [];
  const e = new EventEmitter();
  e.on('x', (v) => seen.push(v));
  e.once('x', (v) => seen.push(-v));
  e.emit('x', 1);
  e.emit('x', 2);
  same([seen, e.listenerCount('x')], [[1, -1, 2], 1]);
});
