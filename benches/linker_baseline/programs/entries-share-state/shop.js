import { add, items } from './cart.js';

add('apple');
export { items };
export const seen = () => items.length;
