const cron = require('node-cron');

require('./same.js')(async (same) => {
  same(['*/5 * * * *', '0 7 * * mon-fri', '61 * * * *', 'never'].map((text) => cron.validate(text)), [true, true, false, false]);
  let ran = 0;
  await new Promise((resolve) => {
    const task = cron.schedule('* * * * * *', () => {
      ran++;
      task.stop();
      resolve();
    });
  });
  same(ran, 1);
});
