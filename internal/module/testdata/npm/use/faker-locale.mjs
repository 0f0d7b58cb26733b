import { faker } from '@faker-js/faker/locale/de';
import run from './same.js';

run((same) => {
  same(faker.location.city().length > 0, true);
});
