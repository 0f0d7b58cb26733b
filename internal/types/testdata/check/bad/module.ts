import { publish, subscribe, request, client, script, sleep } from 'mqscript'; // expect TS2305
import type { Handlers } from 'mqscript';

void sleep;
void subscribe(1); // expect TS2345
void subscribe('a', { rh: 3 }); // expect TS2322
void request('a', 'b', { timeout: '1s' }); // expect TS2322
client.connected = true; // expect TS2540
script.dataDir.length;

export default {
  onMessage: (topic) => publish(topic, topic.length), // expect TS2345
  onWilExit() {}, // expect TS2561
} satisfies Handlers;
