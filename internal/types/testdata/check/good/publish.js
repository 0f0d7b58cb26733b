// Every kind of message and every option.
publish('t', 'text');
publish('t', Buffer.from([1, 2, 3]));
publish('t', new Uint8Array(4), { qos: 1 });
publish('t', new Float64Array(2));
publish('t', new ArrayBuffer(8), {});
publish('t', [1, 2, 255]);
publish('t', '', { retain: true }).catch((error) => console.error(error.code));

/** @type {import('mqscript').PublishOptions} */
const opts = {
  qos: 2,
  dup: false,
  retain: false,
  properties: {
    payloadFormatIndicator: true,
    messageExpiryInterval: 4321,
    topicAlias: 100,
    responseTopic: 'topic',
    correlationData: Buffer.from([1, 2, 3, 4]),
    userProperties: { test: 'test', several: ['a', 'b'] },
    subscriptionIdentifier: 120,
    contentType: 'test',
  },
};
publish('t', 'all', opts);
