import { right } from './right.js';

log('left runs');
export function left(depth) {
    return depth === 0 ? 'left' : right(depth - 1);
}
