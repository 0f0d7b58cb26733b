const equal = require('fast-deep-equal');
const equalWithMaps = require('fast-deep-equal/es6');

require('./same')((same) => {
  same([equal({ a: [1] }, { a: [1] }), equal({ a: 1 }, { a: 2 })], [true, false]);
  same(equalWithMaps(new Map([[1, 2]]), new Map([[1, 2]])), true);
});
