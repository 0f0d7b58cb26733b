import { addDays } from 'date-fns/addDays';
import { de } from 'date-fns/locale';
import { format } from 'date-fns';
import run from './same.js';

run((same) => same(format(addDays(new Date(2024, 0, 31), 1), 'd. MMMM', { locale: de }), '1. Februar'));
