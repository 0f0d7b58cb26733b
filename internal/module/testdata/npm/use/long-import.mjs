import Long from 'long';
import run from './same.js';

run((same) => same(Long.fromBits(-1, 0x7fffffff).equals(Long.MAX_VALUE), true));
