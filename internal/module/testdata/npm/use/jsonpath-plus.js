const { JSONPath } = require('jsonpath-plus');

require('./same')((same) => same(JSONPath({ path: '$.s[?(@.t>20)].n', json: { s: [{ n: 'a', t: 19 }, { n: 'b', t: 21 }] } }), ['b']));
