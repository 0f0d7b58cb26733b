// Sends each message on to where the first of fifty rules says, as route does,
// by mqscript's TopicMap; where there is none, by the loop of route.
const qos = Number(process.env.BENCH_QOS || 0)
const opts = qos > 0 ? { qos } : undefined
const rooms = ['kitchen', 'hall', 'cellar', 'office', 'attic']
const things = ['lamp', 'door', 'heater', 'meter', 'window', 'pump', 'fan', 'valve', 'alarm', '+']
let count = 0

class Rules {
  constructor(rules) {
    this.rules = rules.map(([filter, target]) => [filter.split('/'), target])
  }

  first(topic) {
    const levels = topic.split('/')
    for (const [filter, target] of this.rules) if (matches(filter, levels)) return target
  }
}

function matches(filter, levels) {
  for (let i = 0; i < filter.length; i++) {
    if (filter[i] === '#') return true
    if (i >= levels.length) return false
    if (filter[i] !== '+' && filter[i] !== levels[i]) return false
  }
  return filter.length === levels.length
}

function topicMap() {
  try {
    return require('mqscript').TopicMap
  } catch {
    return Rules
  }
}

const rules = new (topicMap())(rooms.flatMap((room) => things.map((thing) => [
  'in/' + room + '/' + thing + '/#', 'out/' + room + '/' + (thing === '+' ? 'other' : thing),
])))

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
    publish(rules.first(topic) ?? 'out/unknown', payload, opts)
  },
}
