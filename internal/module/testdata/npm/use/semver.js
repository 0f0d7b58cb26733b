const semver = require('semver');

require('./same')((same) => {
  same([semver.gt('1.10.0', '1.9.9'), semver.satisfies('1.2.3', '^1.2.0'), semver.inc('1.2.3', 'minor')], [true, true, '1.3.0']);
});
