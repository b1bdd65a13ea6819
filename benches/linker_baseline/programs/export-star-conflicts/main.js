import * as all from './all.js';
import { own, fromLeft } from './all.js';

log(Object.keys(all));
log(own, fromLeft, 'both' in all);
