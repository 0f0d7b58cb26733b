// Counts messages and tells the sender how far it is, once in a hundred.
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
    if (count % 100 === 0) publish('out/progress', String(count), { qos })
  },
}
