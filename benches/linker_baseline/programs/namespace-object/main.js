import * as counter from './counter.js';

log(Object.keys(counter), Object.prototype.toString.call(counter), Object.getPrototypeOf(counter));
log(Reflect.set(counter, 'count', 5), Reflect.set(counter, 'other', 5), 'other' in counter, Object.isExtensible(counter));
