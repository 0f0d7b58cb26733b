import { z } from 'zod';
import run from './same.js';

const Reading = z.object({ id: z.string().min(1), value: z.coerce.number(), unit: z.enum(['C', 'F']).default('C') });
type Reading = z.infer<typeof Reading>;

run((same: (got: unknown, want: unknown) => void) => {
  const reading: Reading = Reading.parse({ id: 'a', value: '21.5' });
  same(reading, { id: 'a', value: 21.5, unit: 'C' });
  const bad = Reading.safeParse({ id: '', value: 1 });
  same([bad.success, bad.error?.issues[0].path], [false, ['id']]);
});
