// Publishes a message with every option there is and shows what arrives.
//
// Two of the options never reach the broker, and a warning on standard error
// says so: MQTT 5 forbids a client to send a subscriptionIdentifier, and a
// topicAlias above the broker's maximum is replaced by the full topic. The
// connection lives on.
//
// The -t makes the client hear its own message.
//
//   $ mqscript run -t demo/properties --qos 2 examples/properties.js
//   received hello with QoS 2
//   payloadFormatIndicator: true
//   messageExpiryInterval: 4321
//   responseTopic: topic
//   correlationData: <Buffer 01 02 03 04>
//   userProperties: test = test
//   contentType: test
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t demo/properties --qos 2 examples/properties.js

/** @type {import('mqscript').Handlers} */
module.exports = {
  async onConnect() {
    await publish('demo/properties', 'hello', {
      qos: 2,
      dup: false,
      retain: false,
      properties: {
        payloadFormatIndicator: true,
        messageExpiryInterval: 4321,
        topicAlias: 100,
        responseTopic: 'topic',
        correlationData: Buffer.from([1, 2, 3, 4]),
        userProperties: {
          test: 'test',
        },
        subscriptionIdentifier: 120,
        contentType: 'test',
      },
    });
  },

  onMessage(topic, payload, packet) {
    const properties = packet.properties ?? {};
    console.log(`received ${payload} with QoS ${packet.qos}`);
    console.log('payloadFormatIndicator:', properties.payloadFormatIndicator);
    console.log('messageExpiryInterval:', properties.messageExpiryInterval);
    console.log('responseTopic:', properties.responseTopic);
    console.log('correlationData:', properties.correlationData);
    for (const [name, value] of Object.entries(properties.userProperties ?? {})) {
      console.log(`userProperties: ${name} = ${value}`);
    }
    console.log('contentType:', properties.contentType);
    exit();
  },
};
