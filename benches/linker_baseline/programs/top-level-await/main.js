import { slow } from './slow.js';
import { fast } from './fast.js';

log('main', slow, fast);
export const settled = await Promise.allSettled([slow, Promise.reject(new Error('no'))]);
