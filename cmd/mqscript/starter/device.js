// A device that publishes its temperature and can be told another one.
//
// Start it:  mqscript run device.js
// Watch it:  mqscript sub -v -t 'device/#'
// Tell it:   mqscript pub -t device/set -m 30

let temperature = 20

function report() {
  publish('device/temperature', temperature.toFixed(1), { qos: 1 })
}

/** @type {import('mqscript').Handlers} */
module.exports = {
  onConnect() {
    console.log('connected')
    report()
  },

  onMessage(topic, payload) {
    if (topic !== 'device/set') return
    const wanted = Number(payload.toString())
    if (Number.isNaN(wanted)) {
      console.warn('not a number:', payload.toString())
      return
    }
    temperature = wanted
    console.log('temperature is now', temperature)
    report()
  },

  onWillExit() {
    publish('device/state', 'stopped', { retain: true })
  },
}

setInterval(() => {
  temperature += Math.random() - 0.5
  report()
}, 2000)
