const Chance = require('chance');

require('./same')((same) => {
  same(new Chance(7).name(), new Chance(7).name());
  same(new Chance(1).integer({ min: 3, max: 3 }), 3);
});
