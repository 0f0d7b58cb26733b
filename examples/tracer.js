// Shows every packet that goes over the connection, with the direction: what
// one wants to see when two devices do not understand each other.
//
//   $ mqscript run examples/tracer.js
//   ...
//   <- connack accepted
//   ...
//   <- suback granted *
//   $ mqscript pub -t hello -m world
//   ...
//   <- publish hello QoS 0, 5 bytes
//   ^C
//   ...
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t hello examples/tracer.js

function describe(packet) {
  switch (packet.cmd) {
    case 'connect':
      return `as ${packet.clientId}, MQTT level ${packet.protocolVersion}`;
    case 'connack': {
      const code = packet.reasonCode ?? packet.returnCode;
      return code === 0 ? 'accepted' : `refused with ${code}`;
    }
    case 'publish':
      return `${packet.topic} QoS ${packet.qos}, ${packet.payload.length} bytes`;
    case 'subscribe':
      return packet.subscriptions.map((s) => s.topic).join(' ');
    case 'suback':
      return `granted ${packet.granted}`;
    default:
      return packet.messageId === undefined ? '' : `#${packet.messageId}`;
  }
}

/** @type {import('mqscript').Handlers} */
module.exports = {
  onPacketSend: (packet) => console.log('->', packet.cmd, describe(packet)),
  onPacketReceive: (packet) => console.log('<-', packet.cmd, describe(packet)),
};
