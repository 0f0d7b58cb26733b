// What every script in the folder use is written with: it runs a test, prints
// "ok" or what went wrong, and ends.
function same(got, want) {
  const a = JSON.stringify(got);
  const b = JSON.stringify(want);
  if (a !== b) throw new Error(`${a}, want ${b}`);
}

module.exports = (test) =>
  Promise.resolve()
    .then(() => test(same))
    .then(
      () => console.log('ok'),
      (error) => console.log(error.stack),
    )
    .then(exit);
