const BigNumber = require('bignumber.js');

require('./same')((same) => same(new BigNumber('0.1').plus('0.2').times('1e20').toFixed(), '30000000000000000000'));
