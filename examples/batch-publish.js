// Publishes a batch: one retained message for each line of devices.csv, the
// file beside this script. It ends by itself when the broker has them all.
//
//   $ mqscript run examples/batch-publish.js
//   config/cellar/pump {"interval":60}
//   config/kitchen/fridge {"interval":30}
//   config/hall/lamp {"interval":300}
//   config/garden/gate {"interval":120}
//   4 messages published
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST examples/batch-publish.js

const fs = require('fs');
const path = require('path');

function readDevices() {
  const text = fs.readFileSync(path.join(__dirname, 'devices.csv'), 'utf8');
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i], value])));
}

async function publishAll() {
  const published = readDevices().map(({ device, room, interval }) => {
    const topic = `config/${room}/${device}`;
    const message = JSON.stringify({ interval: Number(interval) });
    console.log(topic, message);
    return publish(topic, message, { qos: 1, retain: true });
  });
  await Promise.all(published);
  console.log(`${published.length} messages published`);
  exit();
}

publishAll();

module.exports = {};
