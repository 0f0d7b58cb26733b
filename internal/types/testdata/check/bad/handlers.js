/** @type {import('mqscript').Handlers} */
const handlers = {
  onConnect(connack) {
    console.log(connack.sesionPresent); // expect TS2551
  },
  onMessage(topic, payload, packet) {
    topic.toFixed(); // expect TS2551
    payload.readInt(0); // expect TS2551
    packet.messageId.toFixed(); // expect TS18048
    packet.properties.contentType; // expect TS18048
  },
  onError(error) {
    error.code.length; // expect TS18048 TS2339
  },
  onPacketReceive(packet) {
    if (packet.cmd === 'connect') console.log(packet); // expect TS2367
  },
  onClose: 'closed', // expect TS2322
};
module.exports = handlers;
