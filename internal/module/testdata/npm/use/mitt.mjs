import mitt from 'mitt';
import run from './same.js';

run((same) => {
  const seen = [];
  const e = mitt();
  e.on('*', (type, v) => seen.push(type + v));
  e.emit('x', 1);
  same(seen, ['x1']);
});
