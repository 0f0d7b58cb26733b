const async = require('async');

require('./same')(async (same) => {
  same(await async.mapLimit([1, 2, 3], 2, async (n) => n * 2), [2, 4, 6]);
  await new Promise((resolve, reject) => {
    const queue = async.queue((task, done) => setImmediate(done), 2);
    queue.error(reject);
    queue.drain(resolve);
    queue.push([1, 2, 3]);
  });
});
