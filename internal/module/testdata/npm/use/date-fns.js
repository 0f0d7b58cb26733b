const { addMonths, differenceInDays, format, parseISO } = require('date-fns');

require('./same')((same) => {
  same(format(addMonths(new Date(2024, 0, 31), 1), 'yyyy-MM-dd EEEE'), '2024-02-29 Thursday');
  same(differenceInDays(parseISO('2024-03-01'), parseISO('2024-02-01')), 29);
});
