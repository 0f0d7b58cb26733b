// Publishes what came.
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
    publish('out/echo', payload, opts)
  },
}
