// A bridge between two protocols. A device speaks in binary frames, the rest
// of the world in JSON:
//
//   bridge/device/out  frame -> bridge/json/out  JSON
//   bridge/json/in     JSON  -> bridge/device/in frame
//
// A frame has 6 bytes: 0xA5, device number, temperature in hundredths of a
// degree (16 bits, signed), humidity in percent, and the sum of the bytes
// before it. The file frame.bin holds one.
//
//   $ mqscript run examples/bridge.js
//   bridge is up
//   $ mqscript pub -t bridge/device/out -f examples/frame.bin
//   a50708b6359f -> {"device":7,"temperature":22.3,"humidity":53}
//   $ mqscript pub -t bridge/json/in -m '{"device":7,"temperature":-4.5,"humidity":80}'
//   {"device":7,"temperature":-4.5,"humidity":80} -> a507fe3e5038
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t bridge/device/out -t bridge/json/in examples/bridge.js

const START = 0xa5;

function checksum(bytes) {
  return bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);
}

function decode(frame) {
  if (frame.length !== 6 || frame[0] !== START) throw new Error(`not a frame: ${frame.toString('hex')}`);
  if (checksum(frame.subarray(0, 5)) !== frame[5]) throw new Error(`wrong checksum: ${frame.toString('hex')}`);
  return { device: frame[1], temperature: frame.readInt16BE(2) / 100, humidity: frame[4] };
}

function encode({ device, temperature, humidity }) {
  const frame = Buffer.alloc(6);
  frame[0] = START;
  frame.writeUInt8(device, 1);
  frame.writeInt16BE(Math.round(temperature * 100), 2);
  frame.writeUInt8(humidity, 4);
  frame[5] = checksum(frame.subarray(0, 5));
  return frame;
}

/** @type {import('mqscript').Handlers} */
module.exports = {
  onConnect() {
    console.log('bridge is up');
  },

  // An error in a handler goes to the console with its line, and the bridge
  // goes on with the next message.
  async onMessage(topic, payload) {
    if (topic === 'bridge/device/out') {
      const json = JSON.stringify(decode(payload));
      console.log(`${payload.toString('hex')} -> ${json}`);
      await publish('bridge/json/out', json, { qos: 1 });
    }
    if (topic === 'bridge/json/in') {
      const frame = encode(JSON.parse(payload.toString()));
      console.log(`${payload} -> ${frame.toString('hex')}`);
      await publish('bridge/device/in', frame, { qos: 1 });
    }
  },
};
