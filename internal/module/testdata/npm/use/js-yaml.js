const yaml = require('js-yaml');

require('./same')((same) => {
  same(yaml.load('a: 1\nlist:\n  - x\n  - {y: true}\ntext: |\n  two\n  lines\n'), { a: 1, list: ['x', { y: true }], text: 'two\nlines\n' });
  same(yaml.dump({ a: [1, 2] }), 'a:\n  - 1\n  - 2\n');
});
