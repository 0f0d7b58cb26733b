const YAML = require('yaml');

require('./same')((same) => {
  same(YAML.parse('a: &x 1\nb: *x\n'), { a: 1, b: 1 });
  same(String(YAML.parseDocument('# note\na: 1\n')), '# note\na: 1\n');
});
