// TypeScript and ES modules.
import { publish, exit, type Handlers, type ReceivedPublish } from 'mqscript';
import { readFileSync } from 'node:fs';

export function onMessage(topic: string, payload: Buffer, packet: ReceivedPublish): void {
  if (packet.properties?.subscriptionIdentifier === 1) exit();
  void publish(topic + '/copy', payload, { retain: packet.retain });
}

export default {
  async onConnect(connack) {
    await publish('hello', readFileSync('hello.txt', 'utf8') + connack.sessionPresent);
  },
} satisfies Handlers;
