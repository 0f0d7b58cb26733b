const _ = require('lodash');
const chunk = require('lodash/chunk');

require('./same')((same) => {
  same(_.groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')), { odd: [1, 3], even: [2] });
  same(chunk([1, 2, 3], 2), [[1, 2], [3]]);
  same(_.template('<%= a %>!')({ a: 'hi' }), 'hi!');
  same(_.cloneDeep({ a: [new Date(0)] }).a[0].getTime(), 0);
  same(_.isBuffer(Buffer.alloc(1)), true);
  return new Promise((resolve) => _.debounce(resolve, 1)());
});
