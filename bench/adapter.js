'use strict'
// Lets scripts written for mqscript run on MQTT.js in Node.js:
// node adapter.js URL VERSION QOS SCRIPT...

const mqtt = require('mqtt')
const path = require('path')

const [url, version, qos, ...files] = process.argv.slice(2)
const events = {
  onConnect: 'connect', onMessage: 'message', onReconnect: 'reconnect', onDisconnect: 'disconnect', onClose: 'close',
  onEnd: 'end', onError: 'error', onPacketSend: 'packetsend', onPacketReceive: 'packetreceive',
}
const client = mqtt.connect(url, { protocolVersion: Number(version) })
client.setMaxListeners(0)
client.on('error', (err) => console.error(err))
client.on('connect', () => client.subscribe('in/#', { qos: Number(qos) }))

// No promise is made, since no script here looks at it.
global.publish = (topic, message, opts) => { client.publish(topic, message, opts) }
global.exit = () => process.exit()

const scripts = files.map((file) => {
  delete require.cache[path.resolve(file)]
  return require(path.resolve(file))
})
for (const script of scripts) {
  for (const name in events) {
    if (script[name]) client.on(events[name], script[name].bind(script))
  }
}
const observers = scripts.filter((script) => script.onPublish)
if (observers.length > 0) {
  global.publish = (topic, message, opts) => client.publish(topic, message, opts, (err) => {
    if (!err) for (const script of observers) script.onPublish(topic, message, opts)
  })
}
