import { v4, v5, validate, version, NIL } from 'uuid';
import run from './same.js';

run((same) => {
  same(v5('hello', v5.DNS), '9342d47a-1bab-5709-9869-c840b2eac501');
  same([validate(NIL), validate('x'), version(v5('x', v5.URL))], [true, false, 5]);
  same([validate(v4()), version(v4()), v4() === v4()], [true, 4, false]);
});
