// Reads JSON, tests a field and answers in JSON.
const qos = Number(process.env.BENCH_QOS || 0)
const opts = qos > 0 ? { qos } : undefined
let count = 0

module.exports = {
  onConnect() {
    publish('out/ready', '')
  },

  onMessage(topic, payload) {
    if (topic === 'in/end') {
      publish('out/done', String(count), opts)
      count = 0
      return
    }
    count++
    const reading = JSON.parse(payload.toString())
    const alarm = reading.temperature > 25
    publish('out/json', JSON.stringify({ device: reading.device, alarm, count }), opts)
  },
}
