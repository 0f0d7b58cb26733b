import _ from 'lodash';
import * as all from 'lodash';
import merge from 'lodash/merge.js';
import run from './same.js';

run(async (same) => {
  same(merge({ a: { b: 1 } }, { a: { c: 2 } }), { a: { b: 1, c: 2 } });
  same([_.merge(1, {}) !== 1, all.default === _, (await import('lodash')).default === _], [true, true, true]);
});
