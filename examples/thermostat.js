// A thermostat that simulates itself: it measures a room, switches a heater
// and publishes every reading. A message on thermostat/set changes what it
// aims at.
//
//   $ mqscript run examples/thermostat.js
//   room 18.0 °C, target 21.0 °C, heater on
//   room 18.5 °C, target 21.0 °C, heater on
//   ...
//   $ mqscript pub -t thermostat/set -m 16.5
//   ...
//   target is now 16.5 °C
//   room * °C, target 16.5 °C, heater off
//   ...
//   ^C
//   ...
//   heater off, goodbye
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t thermostat/set examples/thermostat.js

const room = { temperature: 18, target: 21, heater: false };

function degrees(value) {
  return value.toFixed(1) + ' °C';
}

function control() {
  if (room.temperature < room.target - 0.5) room.heater = true;
  if (room.temperature > room.target + 0.5) room.heater = false;
  console.log(`room ${degrees(room.temperature)}, target ${degrees(room.target)}, heater ${room.heater ? 'on' : 'off'}`);
  publish('thermostat/state', JSON.stringify(room));
  room.temperature += room.heater ? 0.5 : -0.2;
}

control();
const timer = setInterval(control, 500);

/** @type {import('mqscript').Handlers} */
module.exports = {
  onMessage(topic, payload) {
    if (topic !== 'thermostat/set') return;
    const target = Number(payload.toString());
    if (!(target >= 5 && target <= 30)) {
      console.warn(`not a temperature between 5 and 30 °C: ${payload}`);
      return;
    }
    room.target = target;
    console.log(`target is now ${degrees(target)}`);
  },

  async onWillExit() {
    clearInterval(timer);
    room.heater = false;
    await publish('thermostat/state', JSON.stringify(room), { qos: 1, retain: true });
    console.log('heater off, goodbye');
  },
};
