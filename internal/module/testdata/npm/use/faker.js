const { faker } = require('@faker-js/faker');

require('./same')((same) => {
  faker.seed(1);
  const first = faker.person.fullName();
  faker.seed(1);
  same(faker.person.fullName(), first);
  same(faker.number.int({ min: 5, max: 5 }), 5);
  same(faker.internet.email().includes('@'), true);
  same(/^[\da-f-]{36}$/.test(faker.string.uuid()), true);
  same(faker.date.between({ from: 0, to: 1000 }).getTime() <= 1000, true);
});
