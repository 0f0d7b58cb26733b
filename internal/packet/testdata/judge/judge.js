'use strict'

// Answers each line of JSON with one line of JSON:
//   {"op": "parse", "hex", "version"}       {"packet"}, {"error"} or {"incomplete": true}
//   {"op": "generate", "packet", "version"} {"hex"} or {"error"}
// A Buffer is {"$hex": "00ff"} in both directions.

const readline = require('readline')
const mqtt = require('mqtt-packet')

const showBuffer = (_, value) =>
  value && value.type === 'Buffer' && Array.isArray(value.data)
    ? { $hex: Buffer.from(value.data).toString('hex') }
    : value

const readBuffer = (_, value) =>
  value && typeof value.$hex === 'string' ? Buffer.from(value.$hex, 'hex') : value

function parse ({ hex, version }) {
  let answer
  const first = (a) => { answer = answer || a }
  const parser = mqtt.parser({ protocolVersion: version })
  parser.on('packet', (packet) => first({ packet }))
  parser.on('error', (err) => first({ error: err.message }))
  try {
    parser.parse(Buffer.from(hex, 'hex'))
  } catch (err) {
    first({ error: `thrown: ${err.message}` })
  }
  return answer || { incomplete: true }
}

function generate ({ packet, version }) {
  try {
    return { hex: mqtt.generate(packet, { protocolVersion: version }).toString('hex') }
  } catch (err) {
    return { error: err.message }
  }
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line, readBuffer)
  const answer = request.op === 'parse' ? parse(request) : generate(request)
  process.stdout.write(JSON.stringify(answer, showBuffer) + '\n')
})
