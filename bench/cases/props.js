// Answers requests: MQTT 5 response topic, correlation data, user properties.
const qos = Number(process.env.BENCH_QOS || 0)
let count = 0

module.exports = {
  onConnect() {
    publish('out/ready', '')
  },

  onMessage(topic, payload, packet) {
    if (topic === 'in/end') {
      publish('out/done', String(count), { qos })
      count = 0
      return
    }
    count++
    const { responseTopic, correlationData, userProperties } = packet.properties
    publish(responseTopic, payload, {
      qos,
      properties: { correlationData, userProperties: { answered: userProperties.request } },
    })
  },
}
