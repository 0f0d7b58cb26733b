const math = require('mathjs');

require('./same')((same) => {
  same(math.evaluate('sqrt(3^2 + 4^2)'), 5);
  same(math.unit('5 cm').to('inch').toNumber().toFixed(4), '1.9685');
  same(math.det([[1, 2], [3, 4]]), -2);
  same(math.derivative('x^2', 'x').toString(), '2 * x');
  same([math.mean([1, 2, 3]), math.std([1, 2, 3])], [2, 1]);
});
