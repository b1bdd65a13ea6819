import makeGreeting, { Greeter, punctuation as mark } from './greeting.js';
import { add, multiply } from './arithmetic.js';

log(makeGreeting('world') + mark);
log(new Greeter('you').greet());
export const result = add(2, multiply(3, 4));
