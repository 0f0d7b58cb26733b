const Mock = require('mockjs');

require('./same')((same) => {
  const data = Mock.mock({ 'list|3': [{ 'id|+1': 1, name: '@name', 'temperature|20-30.1': 1 }] });
  same(data.list.map((item) => item.id), [1, 2, 3]);
  same(data.list.every((item) => item.temperature >= 20 && item.temperature < 31 && item.name.includes(' ')), true);
  same(Mock.Random.integer(5, 5), 5);
  same(/^\d{3}$/.test(Mock.mock(/\d{3}/)), true);
});
