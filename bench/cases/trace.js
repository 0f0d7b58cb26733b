// Has every handler and publishes what came. At the end it says what part of
// the packets it has seen.
let count = 0
let packets = 0
let published = 0

module.exports = {
  onConnect(connack) {
    publish('out/ready', connack.cmd)
  },

  onMessage(topic, payload, packet) {
    if (topic === 'in/end') {
      publish('out/done', count + ' ' + packets + ' ' + published)
      count = packets = published = 0
      return
    }
    count++
    publish('out/trace', payload, { qos: packet.qos })
  },

  onPublish(topic) {
    if (topic === 'out/trace') published++
  },

  onPacketSend(packet) {
    if (packet.cmd === 'publish') packets++
  },

  onPacketReceive(packet) {
    if (packet.cmd === 'publish') packets++
  },

  onReconnect() {
    console.log('reconnect')
  },

  onDisconnect(packet) {
    console.log(packet.reasonCode)
  },

  onClose() {
    console.log('close')
  },

  onEnd() {
    console.log('end')
  },

  onError(error) {
    console.error(error)
  },
}
