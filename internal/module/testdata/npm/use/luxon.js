const { DateTime, Duration, Interval, Settings, Info } = require('luxon');

require('./same')((same) => {
  const t = DateTime.fromISO('2024-03-31T00:30:00', { zone: 'Europe/Berlin' });
  same(t.toISO(), '2024-03-31T00:30:00.000+01:00');
  same(t.plus({ hours: 2 }).toISO(), '2024-03-31T03:30:00.000+02:00'); // the hour between is skipped
  same(t.setZone('America/New_York').toFormat('yyyy-LL-dd HH:mm ZZZZ'), '2024-03-30 19:30 EDT');
  same(t.isInDST, false);
  same(t.toLocaleString(DateTime.DATETIME_MED), 'Mar 31, 2024, 12:30 AM');
  same(t.setLocale('en-GB').toLocaleString(DateTime.DATE_HUGE), 'Sunday 31 March 2024'.replace('Sunday', 'Sunday,'));
  same(DateTime.fromFormat('05 Feb 2023 14:07', 'dd LLL yyyy HH:mm', { zone: 'utc' }).toISO(), '2023-02-05T14:07:00.000Z');
  same(DateTime.fromISO('2024-02-29').plus({ years: 1 }).toISODate(), '2025-02-28');
  same(Duration.fromObject({ minutes: 90 }).shiftTo('hours', 'minutes').toHuman(), '1 hour, 30 minutes');
  same(Interval.after(t, { days: 2 }).length('hours'), 47);
  same(t.toRelative({ base: t.plus({ days: 3 }) }), '3 days ago');
  same(Info.isValidIANAZone('Mars/Base'), false);
  same(Info.months('short')[8], 'Sep');
  same(DateTime.fromISO('2024-01-01', { zone: 'Nowhere' }).isValid, false);
  Settings.defaultZone = 'Asia/Tokyo';
  same(DateTime.fromMillis(0).toISO(), '1970-01-01T09:00:00.000+09:00');
});
