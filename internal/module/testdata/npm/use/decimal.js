const Decimal = require('decimal.js');

require('./same')((same) => same(Decimal.sqrt(2).toFixed(10), '1.4142135624'));
