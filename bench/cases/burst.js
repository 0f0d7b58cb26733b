// Publishes in a loop, as many times as it is told, without a look back.
const text = 'x'.repeat(64)
let count = 0

module.exports = {
  onConnect() {
    publish('out/ready', '')
  },

  onMessage(topic, payload) {
    if (topic === 'in/end') {
      publish('out/done', String(count))
      count = 0
      return
    }
    count++
    for (let n = Number(payload.toString()); n > 0; n--) publish('out/burst', text)
  },
}
