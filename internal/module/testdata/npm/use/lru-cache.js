const { LRUCache } = require('lru-cache');

require('./same')((same) => {
  const cache = new LRUCache({ max: 2, ttl: 60000 });
  for (const key of ['a', 'b', 'c']) cache.set(key, key + 1);
  same([cache.get('a') ?? null, cache.get('c'), cache.size], [null, 'c1', 2]);
});
