const ms = require('ms');

require('./same')((same) => same([ms('2 days'), ms(60000), ms(7200000, { long: true })], [172800000, '1m', '2 hours']));
