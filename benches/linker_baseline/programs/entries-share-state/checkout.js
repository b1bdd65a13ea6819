import { add, items } from './cart.js';

add('pear');
export { items };
export const seen = () => items.length;
log(items);
