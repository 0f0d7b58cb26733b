const { Kafka, Partitioners, logLevel } = require('kafkajs');

require('./same.js')(async (same) => {
  const kafka = new Kafka({ clientId: 'meter', brokers: ['127.0.0.1:1'], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const error = await producer.connect().catch((problem) => problem);
  same([error.name, /ECONNREFUSED/.test(error.message)], ['KafkaJSNumberOfRetriesExceeded', true]);
  await producer.disconnect();
  const partition = Partitioners.DefaultPartitioner()({
    topic: 't', message: { key: Buffer.from('lamp') }, partitionMetadata: [0, 1, 2, 3, 4, 5, 6, 7].map((partitionId) => ({ partitionId, leader: 1 })),
  });
  same(Number.isInteger(partition), true);
});
