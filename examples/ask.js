// Asks the server in request-response.js, which says how to run both.

const { request } = require('mqscript');

async function add(a, b) {
  const answer = await request('calc/add', JSON.stringify({ a, b }), { timeout: 5000 });
  const { sum } = JSON.parse(answer.payload.toString());
  console.log(`${a} + ${b} = ${sum}`);
}

/** @type {import('mqscript').Handlers} */
module.exports = {
  async onConnect() {
    await add(2, 3);
    await add(20, 22);
    exit();
  },
};
