// What goes along with timers and promises.
import { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId } from 'async_hooks';
import { setTimeout as sleep } from 'timers/promises';

const topics = new AsyncLocalStorage<{ topic: string }>();

export function onMessage(topic: string): Promise<void> {
  return topics.run({ topic }, async () => {
    await sleep(10);
    console.log(topics.getStore()?.topic);
  });
}

export const sum: number = topics.exit((a: number, b: number) => a + b, 1, 2);
export const later: (text: string) => string = AsyncLocalStorage.bind((text: string) => text);
export const text: string = AsyncLocalStorage.snapshot()((n: number) => String(n), executionAsyncId());
export const scope: number = new AsyncResource('METER').runInAsyncScope((n: number) => n, null, 5);
createHook({ init(id) { console.log(id); } }).disable();
