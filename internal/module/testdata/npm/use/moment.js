const moment = require('moment');

require('./same')((same) => {
  same(moment.utc('2024-02-29T12:00:00Z').add(1, 'year').format('YYYY-MM-DD HH:mm'), '2025-02-28 12:00');
  same(moment.duration(90, 'minutes').humanize(), '2 hours');
  same(moment('nonsense', 'YYYY', true).isValid(), false);
  moment.locale('de');
  same(moment.utc(0).format('MMMM'), 'Januar');
});
