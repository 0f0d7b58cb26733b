import { customAlphabet, nanoid } from 'nanoid';
import { nanoid as quick } from 'nanoid/non-secure';
import run from './same.js';

run((same) => {
  same([/^[\w-]{21}$/.test(nanoid()), /^[ab]{5}$/.test(customAlphabet('ab', 5)()), quick(10).length], [true, true, 10]);
});
