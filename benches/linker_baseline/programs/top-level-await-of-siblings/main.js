import { slow } from './slow.js';
import { fast } from './fast.js';

log('main', slow, fast);
