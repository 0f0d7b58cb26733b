const { Effect, Option, Schedule } = require('effect');

require('./same.js')(async (same) => {
  let tries = 0;
  const flaky = Effect.suspend(() => (++tries < 3 ? Effect.fail(new Error('not yet')) : Effect.succeed(tries)));
  same(await Effect.runPromise(Effect.retry(flaky, Schedule.recurs(5))), 3);
  same(Effect.runSync(Effect.all([Effect.succeed(1), Effect.sync(() => 2)])), [1, 2]);
  same(await Effect.runPromise(Effect.delay(Effect.succeed('late'), '5 millis')), 'late');
  same([Option.getOrElse(Option.none(), () => 'none'), Option.isSome(Option.some(1))], ['none', true]);
});
