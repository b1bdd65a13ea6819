import { count, increment, state } from './counter.js';

log(count, state);
increment();
increment();
log(count, state);
log({ count, state });
export { count };
