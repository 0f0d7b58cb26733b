const Long = require('long');

require('./same')((same) => same(Long.fromString('9007199254740993').add(1).toString(), '9007199254740994'));
