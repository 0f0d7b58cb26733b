'use strict'
// Settings and flow for Node-RED: mqtt in → function → mqtt out. The function
// node compiles a script written for mqscript when it starts, within its own
// sandbox, and what the script publishes while it handles a message goes on as
// the function's results. BENCH_SCRIPT is the script's path, BENCH_HOST,
// BENCH_PORT, BENCH_LEVEL (4 or 5) and BENCH_QOS say how to connect.

const { readFileSync } = require('fs')
const { BENCH_SCRIPT, BENCH_HOST, BENCH_PORT, BENCH_LEVEL, BENCH_QOS } = process.env

const start = `
const results = []
const publish = (topic, payload, opts = {}) => {
  results.push({ topic, payload, qos: opts.qos, ...opts.properties })
}
const module = { exports: {} }
new Function('module', 'process', 'publish', global.get('script'))(module, { env: global.get('env') }, publish)
context.set('script', module.exports)
context.set('results', results)`

const onMessage = `
const { responseTopic, correlationData, userProperties } = msg
msg.properties = { responseTopic, correlationData, userProperties }
context.get('script').onMessage(msg.topic, msg.payload, msg)
return [context.get('results').splice(0)]`

const flow = [
  { id: 'tab', type: 'tab', label: 'bench' },
  {
    id: 'broker', type: 'mqtt-broker', broker: BENCH_HOST, port: BENCH_PORT, protocolVersion: BENCH_LEVEL,
    clientid: '', keepalive: '60', cleansession: true, usetls: false, autoConnect: true,
    birthTopic: 'out/ready', birthPayload: 'ready', birthQos: '0', birthRetain: 'false', // it stands for onConnect
  },
  {
    id: 'in', z: 'tab', type: 'mqtt in', broker: 'broker', topic: 'in/#', qos: BENCH_QOS,
    datatype: 'buffer', inputs: 0, wires: [['script']],
  },
  {
    id: 'script', z: 'tab', type: 'function', initialize: start, func: onMessage, finalize: '',
    outputs: 1, libs: [], wires: [['out']],
  },
  { id: 'out', z: 'tab', type: 'mqtt out', broker: 'broker', topic: '', qos: '', retain: '', wires: [] },
]

const nothing = async () => ({})

module.exports = {
  // It listens nowhere, asks nobody for news, and keeps nothing.
  httpAdminRoot: false,
  httpNodeRoot: false,
  disableEditor: true,
  telemetry: { enabled: false },
  credentialSecret: false,
  logging: { console: { level: 'warn', metrics: false, audit: false } },
  functionGlobalContext: { script: readFileSync(BENCH_SCRIPT, 'utf8'), env: { BENCH_QOS } },
  storageModule: {
    init: nothing,
    getFlows: async () => flow,
    getCredentials: nothing,
    getSettings: nothing,
    saveSettings: nothing,
    getSessions: nothing,
  },
}
