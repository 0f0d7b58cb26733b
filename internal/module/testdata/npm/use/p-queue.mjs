import PQueue from 'p-queue';
import run from './same.js';

run(async (same) => {
  const queue = new PQueue({ concurrency: 2 });
  let running = 0;
  let most = 0;
  const done = await queue.addAll([1, 2, 3, 4].map((n) => async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    return n;
  }));
  same([done, most], [[1, 2, 3, 4], 2]);
});
