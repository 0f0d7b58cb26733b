const dayjs = require('dayjs');
dayjs.extend(require('dayjs/plugin/utc'));
dayjs.extend(require('dayjs/plugin/duration'));

require('./same')((same) => {
  same(dayjs.utc('2024-01-31').add(1, 'month').format('YYYY-MM-DD'), '2024-02-29');
  same(dayjs.duration({ minutes: 90 }).asHours(), 1.5);
});
