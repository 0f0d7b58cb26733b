const moment = require('moment');
const { TimeUtil } = require('@ttqm/ttqm-support');

const formats = [
  undefined, 'YYYY-MM-DD HH:mm:ss', 'YYYY-MM-DD HH:mm', 'M Mo MM MMM MMMM', 'Q Qo', 'D Do DD DDD DDDo DDDD', 'd do dd ddd dddd e E',
  'w wo ww W Wo WW', 'YY YYYY YYYYY YYYYYY Y', 'gg gggg ggggg GG GGGG GGGGG', 'A a', 'H HH h hh k kk m mm s ss', 'S SS SSS SSSS SSSSSSSSS',
  'Z ZZ', 'X x', 'LT LTS L LL LLL LLLL l ll lll llll', '[quoted YYYY] [] YYYY[year]', 'hmm hmmss Hmm Hmmss', 'no letters: 1/2-3', 'YYYYMMDDHHmmssSSS', 'dddd, [the] Do [of] MMMM', 'z zz',
  '\\Y \\[x]', 'QQ wwww sss',
];
const times = [0, 1700000000123, 1709164799999, 951782400000, -1, -62135596800000, 253402300800000, 1704067200000, 1735603200000, 1609459199000, 1577836800000];
for (let i = 0; i < 90; i++) times.push(i * 86400000 * 41.3 + 43210987);
const texts = [
  '2023-01-01 12:34:56', '2023-01-01T12:34:56', '2023-01-01', '2023-01', '2023-01-01 12:34', '2023-01-01 12', '20230101T123456', '20230101', '2023-01-01 12:34:56.789',
  '2023-01-01T12:34:56Z', '2023-01-01T12:34:56+0800', '2023-01-01 12:34:56-05:30', '2023-13-01', '2023-02-29', '2024-02-29', '2023-01-01 24:00:00', '2023-01-01 25:00:00',
  '2023-01-01 12:60:00', '', 'nonsense', '2023-01-01T12:34:56+08', '+002023-01-01', '0099-01-01',
];

require('./same')((same) => {
  moment.suppressDeprecationWarnings = true;
  for (const time of times) {
    for (const format of formats) {
      same([format, time, TimeUtil.getFormatDateFromUnixMillisecond(format, time)], [format, time, moment(time).format(format)]);
      same(TimeUtil.getFormatDateFromUnixSecond(format, Math.floor(time / 1000)), moment.unix(Math.floor(time / 1000)).format(format));
    }
  }
  for (const text of texts) same([text, TimeUtil.getUnixSecondFromFormatDate(text)], [text, moment(text, moment.ISO_8601).unix()]);
});
