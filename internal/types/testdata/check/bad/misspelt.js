/** @type {import('mqscript').Handlers} */
const handlers = {
  onMesage() {}, // expect TS2561
};
module.exports = handlers;
