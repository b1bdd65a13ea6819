import { current, total, change } from './public.js';
import * as everything from './public.js';

log(current, total, everything.current);
change(7);
log(current, total, everything.current);
