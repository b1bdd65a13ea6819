import { isEven } from './even.js';

log(isEven(10), isEven(7));
