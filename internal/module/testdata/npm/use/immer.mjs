import { enableMapSet, produce } from 'immer';
import run from './same.js';

run((same) => {
  const before = { list: [{ n: 1 }, { n: 2 }] };
  const after = produce(before, (draft) => { draft.list[0].n = 5; });
  same([after.list[0].n, before.list[0].n, after.list[1] === before.list[1]], [5, 1, true]);
  enableMapSet();
  same([...produce(new Map([[1, 2]]), (draft) => { draft.set(3, 4); }).keys()], [1, 3]);
});
