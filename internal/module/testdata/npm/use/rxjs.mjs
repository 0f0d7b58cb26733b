import { bufferCount, filter, firstValueFrom, from, interval, map, Subject, take, toArray } from 'rxjs';
import run from './same.js';

run(async (same) => {
  same(await firstValueFrom(from([1, 2, 3, 4]).pipe(filter((n) => n % 2 === 0), map((n) => n * 10), toArray())), [20, 40]);
  same(await firstValueFrom(interval(1).pipe(take(3), toArray())), [0, 1, 2]);
  const seen = [];
  const messages = new Subject();
  messages.pipe(bufferCount(2)).subscribe((pair) => seen.push(pair));
  for (const n of [1, 2, 3]) messages.next(n);
  messages.complete();
  same(seen, [[1, 2], [3]]);
});
