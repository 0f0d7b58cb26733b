const dayjs = require('dayjs');
dayjs.extend(require('dayjs/plugin/utc'));
dayjs.extend(require('dayjs/plugin/timezone'));

require('./same')((same) => {
  same(dayjs.tz('2024-07-01 12:00', 'America/New_York').toISOString(), '2024-07-01T16:00:00.000Z');
  same(dayjs.utc('2024-01-01T00:00:00Z').tz('Asia/Tokyo').format('YYYY-MM-DD HH:mm Z'), '2024-01-01 09:00 +09:00');
  same(dayjs.tz.guess().length > 0, true);
});
