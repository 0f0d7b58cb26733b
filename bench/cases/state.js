// Keeps the state of ten thousand devices.
const qos = Number(process.env.BENCH_QOS || 0)
const devices = new Map()
let count = 0

module.exports = {
  onConnect() {
    publish('out/ready', '')
  },

  onMessage(topic, payload) {
    if (topic === 'in/end') {
      let seen = 0
      for (const device of devices.values()) seen += device.seen
      publish('out/done', count + ' ' + devices.size + ' ' + seen, { qos })
      count = 0
      return
    }
    count++
    const id = topic.slice('in/'.length)
    const text = payload.toString()
    const value = Number(text.slice(0, text.indexOf(';')))
    const device = devices.get(id)
    if (device === undefined) {
      devices.set(id, { seen: 1, last: value, least: value, most: value })
      return
    }
    device.seen++
    device.last = value
    if (value < device.least) device.least = value
    if (value > device.most) device.most = value
  },
}
