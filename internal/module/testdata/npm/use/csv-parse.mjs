import { parse } from 'csv-parse/sync';
import run from './same.js';

run((same) => same(parse('id,value\na,"1,5"\n', { columns: true }), [{ id: 'a', value: '1,5' }]));
