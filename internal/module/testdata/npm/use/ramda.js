const R = require('ramda');

require('./same')((same) => {
  same(R.pipe(R.filter((n) => n > 1), R.map(R.add(1)))([1, 2, 3]), [3, 4]);
  same(R.assocPath(['a', 'b'], 1, {}), { a: { b: 1 } });
});
