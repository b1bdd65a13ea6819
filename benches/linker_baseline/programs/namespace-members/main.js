import * as counter from './counter.js';

const key = ['co', 'unt'].join('');
log(counter.count, counter[key]);
counter.increment();
log(counter.count, counter[key]);
