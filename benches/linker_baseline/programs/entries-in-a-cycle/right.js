import { left } from './left.js';

log('right runs');
export function right(depth) {
    return depth === 0 ? 'right' : left(depth - 1);
}
log(right(3));
