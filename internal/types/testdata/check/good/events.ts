// The module events by the names of its parts, and as the class itself.
import { once, on, EventEmitter } from 'events';
import events from 'events';
import emitters = require('node:events');

class Meter extends EventEmitter {
  read(value: number) {
    return this.emit('value', value);
  }
}

export async function first(meter: Meter, signal: AbortSignal): Promise<number> {
  for await (const [value] of on(meter, 'value', { signal, close: ['end'] })) if (value > 0) return value;
  const [last] = await once(meter, 'last');
  return last;
}

export class Other extends events {}
export const emitter: EventEmitter = new emitters();
export const limit: number = events.defaultMaxListeners;
