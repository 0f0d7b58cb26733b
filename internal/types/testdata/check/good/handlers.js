// Every handler, with what its arguments offer.
const { subscribe, unsubscribe, nextMessage, request, client, script } = require('mqscript');

/** @type {import('mqscript').Handlers} */
module.exports = {
  async onConnect(connack) {
    console.log(connack.sessionPresent, connack.reasonCode ?? connack.returnCode);
    console.log(connack.properties?.maximumQoS, connack.properties?.userProperties?.['a']);
    const granted = await subscribe(['a/+', 'b/#'], { qos: 1, nl: true, rap: false, rh: 2 });
    console.log(granted.map(({ topic, qos }) => topic + qos));
    await subscribe({ 'c/+': { qos: 2 }, d: { qos: 0, rh: 1 } }, { properties: { subscriptionIdentifier: 7 } });
    await unsubscribe('b/#');
  },
  onMessage(topic, payload, packet) {
    console.log(topic.split('/'), payload.readUInt16BE(0), payload.subarray(2).toString('hex'));
    console.log(packet.retain, packet.qos, packet.dup, packet.length, packet.messageId);
    const { correlationData, responseTopic } = packet.properties ?? {};
    if (responseTopic) return publish(responseTopic, 'done', { properties: { correlationData } });
  },
  onReconnect: () => console.log('again'),
  onDisconnect: (packet) => console.log(packet.reasonCode, packet.properties?.serverReference),
  onClose() {},
  onEnd() {},
  onError(error) {
    if (error.code === 'ECONNREFUSED' || error.code === 135) console.error(error.message);
  },
  onPublish(topic, message, opts) {
    console.log(topic, typeof message === 'string' ? message.length : message, opts.qos);
  },
  onPacketSend(packet) {
    if (packet.cmd === 'connect') console.log(packet.clientId, packet.will?.payload.toString());
    if (packet.cmd === 'subscribe') console.log(packet.subscriptions[0].topic);
  },
  onPacketReceive(packet) {
    if (packet.cmd === 'suback') console.log(packet.granted);
    if (packet.cmd === 'publish') console.log(packet.payload.length);
  },
  async onWillExit() {
    const answer = await request('ask', 'what', { timeout: 500, qos: 1 });
    const next = await nextMessage('a/#', { timeout: 100 });
    console.log(answer.payload.toString(), next.topic, next.packet.cmd);
    console.log(client.id, client.connected, client.url, client.protocolVersion === 5);
    console.log(script.name, script.dataDir, script.tmpDir);
    exit();
  },
};
