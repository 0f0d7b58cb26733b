import { Ajv } from 'ajv';
import run from './same.js';

run((same) => {
  same(new Ajv().validate({ type: 'string', pattern: '^[^\\d😀]+$' }, 'höhe'), true);
});
