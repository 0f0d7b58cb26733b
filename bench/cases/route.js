// Sends each message on to where the first of fifty rules says.
const qos = Number(process.env.BENCH_QOS || 0)
const opts = qos > 0 ? { qos } : undefined
const rooms = ['kitchen', 'hall', 'cellar', 'office', 'attic']
const things = ['lamp', 'door', 'heater', 'meter', 'window', 'pump', 'fan', 'valve', 'alarm', '+']
const rules = rooms.flatMap((room) => things.map((thing) => ({
  filter: ['in', room, thing, '#'],
  target: 'out/' + room + '/' + (thing === '+' ? 'other' : thing),
})))
let count = 0

function matches(filter, levels) {
  for (let i = 0; i < filter.length; i++) {
    if (filter[i] === '#') return true
    if (i >= levels.length) return false
    if (filter[i] !== '+' && filter[i] !== levels[i]) return false
  }
  return filter.length === levels.length
}

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
    const levels = topic.split('/')
    for (const rule of rules) {
      if (matches(rule.filter, levels)) {
        publish(rule.target, payload, opts)
        return
      }
    }
    publish('out/unknown', payload, opts)
  },
}
