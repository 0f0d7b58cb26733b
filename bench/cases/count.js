// Counts messages.
const qos = Number(process.env.BENCH_QOS || 0)
let count = 0

module.exports = {
  onConnect() {
    publish('out/ready', '')
  },

  onMessage(topic) {
    if (topic === 'in/end') {
      publish('out/done', String(count), { qos })
      count = 0
      return
    }
    count++
  },
}
