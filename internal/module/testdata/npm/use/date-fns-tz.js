const { formatInTimeZone, fromZonedTime, toZonedTime, getTimezoneOffset } = require('date-fns-tz');

require('./same.js')((same) => {
  const summer = new Date('2024-07-01T12:00:00Z');
  same(formatInTimeZone(summer, 'Europe/Berlin', 'yyyy-MM-dd HH:mm XXX'), '2024-07-01 14:00 +02:00');
  same(formatInTimeZone(summer, 'America/New_York', 'EEE d MMM, h a zzz'), 'Mon 1 Jul, 8 AM EDT');
  same(fromZonedTime('2024-01-01 09:30', 'Asia/Tokyo').toISOString(), '2024-01-01T00:30:00.000Z');
  same([toZonedTime(summer, 'Asia/Kolkata').getMinutes(), getTimezoneOffset('Australia/Sydney', summer)], [30, 36000000]);
});
