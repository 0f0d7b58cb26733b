'use strict'
// Lets a script written for mqscript run in mqtt-scripts, which starts every
// file of this folder. BENCH_SCRIPT is the script's path, BENCH_QOS its QoS.

const process = require('process')
const text = require('fs').readFileSync(process.env.BENCH_SCRIPT, 'utf8')

// publish writes Buffers as JSON here, and texts as they are.
const send = (topic, payload, opts) => publish(topic, Buffer.isBuffer(payload) ? payload.toString() : payload, opts)

const module = { exports: {} }
new Function('module', 'process', 'publish', text)(module, process, send)
const script = module.exports
subscribe('in/#', (topic, val, obj, prev, packet) => script.onMessage(topic, packet.payload, packet))
script.onConnect() // scripts are started when there is a connection
