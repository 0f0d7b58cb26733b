'use strict'

const { Buffer } = tools
const { Readable } = native.require('stream')

async function buffer(stream) {
  const chunks = await Readable.prototype.toArray.call(stream)
  return Buffer.concat(chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)))
}

async function arrayBuffer(stream) {
  const { buffer: memory, byteOffset, byteLength } = await buffer(stream)
  return memory.slice(byteOffset, byteOffset + byteLength)
}

async function text(stream) { return (await buffer(stream)).toString() }
async function json(stream) { return JSON.parse(await text(stream)) }

module.exports = { arrayBuffer, buffer, text, json }
tools.missing(module.exports, 'stream/consumers', 'blob')
