// Reads twenty fields of a binary frame and writes a shorter one.
const qos = Number(process.env.BENCH_QOS || 0)
const opts = qos > 0 ? { qos } : undefined
let count = 0

module.exports = {
  onConnect() {
    publish('out/ready', '')
  },

  onMessage(topic, frame) {
    if (topic === 'in/end') {
      publish('out/done', String(count), opts)
      count = 0
      return
    }
    count++
    let sum = frame[0] + frame[511] + frame.readUInt8(2) + frame.readInt8(3)
    sum += frame.readUInt16BE(4) + frame.readUInt16LE(6) + frame.readInt16BE(8) + frame.readInt16LE(10)
    sum += frame.readUInt32BE(12) + frame.readUInt32LE(16) + frame.readInt32BE(20) + frame.readInt32LE(24)
    sum += frame.readUInt32BE(600) + frame.readUInt32LE(604) + frame.readInt32BE(1016) + frame.readInt32LE(1020)
    const ratio = frame.readFloatBE(32)
    const scale = frame.readFloatLE(36)
    const height = frame.readDoubleBE(40)
    const width = frame.readDoubleLE(48)
    const answer = Buffer.alloc(64)
    answer.writeDoubleBE(sum, 0)
    answer.writeDoubleBE(height * width, 8)
    answer.writeFloatBE(ratio * scale, 16)
    answer.writeUInt32BE(count, 20)
    publish('out/bytes', answer, opts)
  },
}
