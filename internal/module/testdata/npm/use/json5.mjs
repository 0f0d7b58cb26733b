import JSON5 from 'json5';
import run from './same.js';

run((same) => same(JSON5.parse("{a: 'x', /* c */ b: [1, 0xff,],}"), { a: 'x', b: [1, 255] }));
