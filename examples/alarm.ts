// TypeScript: an alarm that rings once when a sensor is too hot, and again
// only after it has cooled down. Types are taken off when the script starts;
// an editor checks them.
//
//   $ mqscript run examples/alarm.ts
//   watching sensors/+/temperature
//   $ mqscript pub -t sensors/oven/temperature -m 92.5
//   oven is too hot: 92.5 °C
//   $ mqscript pub -t sensors/oven/temperature -m 93
//   $ mqscript pub -t sensors/oven/temperature -m 40
//   oven has cooled down: 40 °C
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t sensors/+/temperature examples/alarm.ts

import { publish, type Handlers } from 'mqscript';

const LIMIT = 80;
const HYSTERESIS = 5;

const ringing = new Set<string>();

async function check(sensor: string, temperature: number): Promise<void> {
  if (temperature > LIMIT && !ringing.has(sensor)) {
    ringing.add(sensor);
    console.log(`${sensor} is too hot: ${temperature} °C`);
    await publish(`alarms/${sensor}`, 'on', { qos: 1, retain: true });
  }
  if (temperature < LIMIT - HYSTERESIS && ringing.delete(sensor)) {
    console.log(`${sensor} has cooled down: ${temperature} °C`);
    await publish(`alarms/${sensor}`, 'off', { qos: 1, retain: true });
  }
}

export default {
  onConnect() {
    console.log('watching sensors/+/temperature');
  },

  async onMessage(topic, payload) {
    const [, sensor, kind] = topic.split('/');
    if (kind === 'temperature') await check(sensor, Number(payload.toString()));
  },
} satisfies Handlers;
